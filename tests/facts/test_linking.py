"""Links as one assignment a paragraph: from the grammar alone, and with a model's scores beside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.facts.planted import CASES, entity, marked
from zhibiao.facts import link
from zhibiao.facts.grammar import Grammar
from zhibiao.schema import Entity, Link

TEXT, SPANS = marked("全区⟦I1:税收⟧⟦A1:8.6亿元⟧、⟦I2:非税收入⟧⟦A2:3.1亿元⟧，增长⟦G1:6.1%⟧。")
ENTITIES = [entity(TEXT, span, None) for span in SPANS]


def pairs(links):
    return {(one.value, one.target) for one in links}


def test_the_grammar_alone_takes_the_nearest_indicator():
    assert pairs(link(TEXT, ENTITIES)) == {("A1", "I1"), ("A2", "I2"), ("G1", "I2")}


def test_a_sure_model_outweighs_the_grammar():
    scored = [
        Link(value="A1", target="I1", type="indicator", confidence=0.99),
        Link(value="A2", target="I2", type="indicator", confidence=0.99),
        Link(value="G1", target="I1", type="indicator", confidence=0.995),
        Link(value="G1", target="I2", type="indicator", confidence=0.01),
    ]
    sure = Grammar(weights={"indicator": {}, "project": {}, "period": {}, "companion": {"companion": -9.0}})
    assert ("G1", "I1") in pairs(link(TEXT, ENTITIES, scored, grammar=sure))


def test_a_model_decides_what_it_scores_and_the_grammar_what_it_does_not():
    scored = [Link(value="A1", target="I1", type="indicator", confidence=0.97)]
    assert ("A1", "I1") in pairs(link(TEXT, ENTITIES, scored))


def test_links_stay_within_a_paragraph():
    text, spans = marked("⟦T1:2023年⟧⟦I1:收入⟧⟦A1:5万元⟧。\n⟦A2:6万元⟧。")
    found = link(text, [entity(text, span, None) for span in spans])
    assert {one.value for one in found} == {"A1"}


def test_confidences_are_probabilities():
    found = [
        one
        for case in CASES[:40]
        for one in link(case["text"], [entity(case["text"], e, None) for e in case["entities"]])
    ]
    assert found
    assert all(0 < one.confidence <= 1 for one in found)


def test_labels_that_a_model_adds_are_left_alone():
    strange = Entity(id="x", label="OFFICE", start=0, end=2, text="全区")
    assert pairs(link(TEXT, [strange, *ENTITIES])) == pairs(link(TEXT, ENTITIES))


def test_nothing_gives_nothing():
    assert link("", []) == []
    assert link(TEXT, []) == []


@given(st.lists(st.sampled_from("IAQRGPT"), max_size=14), st.text("，。；、和的其中分别为 \n", max_size=14))
def test_every_value_has_at_most_one_project_and_period(kinds, fillers):
    text, spans = marked(
        "".join(f"⟦{kind}{n}:{kind}1⟧{fillers[n % max(len(fillers), 1) :][:2]}" for n, kind in enumerate(kinds))
    )
    labels = {span["id"]: span["label"] for span in spans}
    entities = [Entity(text=text[one["start"] : one["end"]], **one) for one in spans]
    links = link(text, entities)
    assert len({(one.value, one.target) for one in links}) == len(links)
    for kind in ("project", "period"):
        values = [one.value for one in links if one.type == kind]
        assert len(values) == len(set(values))
    assert all(labels[one.target].lower() == one.type for one in links)
    assert all(labels[one.value] in {"AMOUNT", "QUANTITY", "RATIO", "GROWTH"} for one in links)


@pytest.mark.parametrize("count", range(2, 9))
def test_distributive_lists_of_any_length(count):
    names = "、".join(f"⟦I{n}:第{n}类产品产量⟧" for n in range(1, count + 1))
    values = "、".join(f"⟦Q{n}:{10 + n}万吨⟧" for n in range(1, count + 1))
    text, spans = marked(f"全年{names}分别为{values}。")
    found = pairs(link(text, [entity(text, span, None) for span in spans]))
    assert found == {(f"Q{n}", f"I{n}") for n in range(1, count + 1)}
