"""Two annotations settled into one gold."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.annotated import documents, links, spans
from zhibiao.annotate import decisions, numbered, settle
from zhibiao.annotate.page import render_disagreements
from zhibiao.errors import AnnotationError
from zhibiao.evaluate import from_document, pair
from zhibiao.formats import markup
from zhibiao.formats.consistency import inconsistencies
from zhibiao.schema import VALUE_LABELS

FIRST = "⟦T1:2020年⟧，⟦I1:税收⟧⟦A>I1,T1:3亿元⟧，⟦I2:支出⟧⟦A>I2!t:5亿元⟧，占⟦R:七成⟧。"
SECOND = "⟦T1:2020年⟧，⟦I1:税收⟧⟦A>I1:3亿⟧元，⟦I2:支出⟧⟦A>I2:5亿元⟧，⟦I3:占⟧七成。"


def both(first=FIRST, second=SECOND):
    return [markup.read(first, "a", "d")], [markup.read(second, "b", "d")]


def listed(first, second):
    return list(numbered(pair([from_document(one) for one in first], [from_document(one) for one in second])))


def without_default(document):
    """Spans with the status that the guideline takes for granted."""
    return [
        (start, end, label, status or ("actual" if label in VALUE_LABELS else None))
        for start, end, label, status in spans(document)
    ]


@st.composite
def two_annotations(draw):
    """Two annotations of one text: subsets of one document's spans and links."""
    whole = draw(documents())
    sides = []
    for _ in range(2):
        kept = [one for one in whole.entities if draw(st.booleans())]
        ids = {one.id for one in kept}
        relations = tuple(one for one in whole.relations if {one.source, one.target} <= ids and draw(st.booleans()))
        sides.append(whole.model_copy(update={"entities": tuple(kept), "relations": relations}))
    return sides


@given(two_annotations())
def test_deciding_for_one_side_gives_that_side(sides):
    for choice, side in zip(("first", "second"), sides, strict=True):
        (gold,) = settle([sides[0]], [sides[1]], {}, undecided=choice)
        assert without_default(gold) == without_default(side)
        assert links(gold) == links(side)
        assert list(inconsistencies(gold)) == []


@given(two_annotations(), st.data())
def test_whatever_is_decided_the_gold_holds_together(sides, data):
    first, second = [sides[0]], [sides[1]]
    choices = {one["id"]: data.draw(st.sampled_from(decisions.DECISIONS)) for one in listed(first, second)}
    (gold,) = settle(first, second, choices)
    assert list(inconsistencies(gold)) == []
    assert set(spans(gold)) >= set(spans(sides[0])) & set(spans(sides[1])) or "none" in choices.values()


def test_each_disagreement_is_settled_on_its_own():
    first, second = both()
    records = {one["kind"]: one["id"] for one in listed(first, second)}
    assert records.keys() == {"boundary", "status", "missed", "spurious"}
    wanted = {"boundary": "second", "status": "first", "missed": "none", "spurious": "second"}
    choices = {records[kind]: choice for kind, choice in wanted.items()}
    (gold,) = settle(first, second, choices)
    words = {gold.text[one.start : one.end]: one for one in gold.entities}
    assert words.keys() == {"2020年", "税收", "3亿", "支出", "5亿元", "占"}
    assert words["5亿元"].status == "target"
    assert [one.type for one in gold.relations if one.source == words["3亿"].id] == ["indicator"]


def test_what_is_not_decided_or_cannot_be_followed_is_told():
    first, second = both()
    ids = [one["id"] for one in listed(first, second)]
    with pytest.raises(AnnotationError) as caught:
        settle(first, second, {ids[0]: "first", ids[1]: "both", "d/missed/x": "first"})
    told = "\n".join(caught.value.faults)
    assert "'both' is no decision" in told
    assert "d/missed/x: there is no such disagreement" in told
    assert all(name in told for name in ids[2:])


def test_spans_that_overlap_cannot_both_be_chosen():
    first, second = both("⟦I1:税收收入⟧和支出⟦A:3亿元⟧", "⟦I1:税收⟧⟦I2:收入和支出⟧⟦A>I1:3亿元⟧")
    choices = {one["id"]: "first" if one["kind"] == "boundary" else "second" for one in listed(first, second)}
    with pytest.raises(AnnotationError, match="overlap, and both were chosen"):
        settle(first, second, choices)


def test_a_period_of_an_earlier_paragraph_stays_until_a_link_says_which():
    first, second = both("⟦T1:2020年⟧\n⟦I1:税收⟧⟦A>I1,T0:3亿元⟧", "⟦T1:2020年⟧\n⟦I1:税收⟧⟦A>I1,T0:3亿元⟧")
    (gold,) = settle(first, second, {})
    assert gold.meta == {"earlier_period": [gold.entities[2].id]}


@pytest.mark.parametrize("name", ["d.jsonl", "d.csv", "d.xlsx"])
def test_decisions_come_back_from_the_file_that_they_were_made_in(tmp_path, name):
    first, second = both("=⟦I1:税收⟧⟦A>I1:3亿元⟧", "=⟦I1:税收⟧3亿元")
    records = listed(first, second)
    decisions.write(records, tmp_path / name)
    assert decisions.read(tmp_path / name) == {}
    decisions.write([one | {"decision": "Second "} for one in records], tmp_path / name)
    assert decisions.read(tmp_path / name) == {one["id"]: "second" for one in records}
    decisions.write([one | {"decision": "maybe"} for one in records], tmp_path / name)
    with pytest.raises(AnnotationError, match="'maybe' is no decision"):
        decisions.read(tmp_path / name)


def test_files_of_decisions_that_cannot_be_read_are_told(tmp_path):
    with pytest.raises(AnnotationError, match="no such file"):
        decisions.read(tmp_path / "none.jsonl")
    (tmp_path / "a.jsonl").write_text("{}\n[]\n", "utf-8")
    with pytest.raises(AnnotationError, match="line 2: it has no id"):
        decisions.read(tmp_path / "a.jsonl")
    (tmp_path / "a.jsonl").write_text("{\n", "utf-8")
    with pytest.raises(AnnotationError, match="one JSON object"):
        decisions.read(tmp_path / "a.jsonl")


def test_the_page_holds_every_disagreement_and_cannot_be_broken_out_of():
    first, second = both("</script><b>⟦I1:税收⟧⟦A>I1:3亿元⟧", "</script><b>⟦I1:税收⟧3亿元")
    records = listed(first, second)
    shown = render_disagreements(records, "甲", "乙")
    data = shown.split('id="data">')[1].split("</script>")[0]
    assert json.loads(data)["records"] == json.loads(json.dumps(records))
    assert "</script><b>" not in shown
