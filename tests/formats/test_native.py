import json

import pytest
from annotated import documents
from hypothesis import given
from hypothesis import strategies as st

from zhibiao.errors import AnnotationError
from zhibiao.formats import native
from zhibiao.schema import AnnotatedDocument, AnnotatedEntity

TEXT = "全县实现总产值46.78亿元。"
GOOD = {
    "id": "d1",
    "text": TEXT,
    "entities": [
        {"id": "e1", "label": "INDICATOR", "start": 4, "end": 7},
        {"id": "e2", "label": "AMOUNT", "start": 7, "end": 14, "status": "actual"},
    ],
    "relations": [{"from": "e2", "to": "e1", "type": "indicator"}],
    "meta": {"year": 2020},
}


def entity(**changes):
    return [GOOD["entities"][0], GOOD["entities"][1] | changes]


def relation(**changes):
    return [GOOD["relations"][0] | changes]


@given(st.lists(documents(), max_size=3))
def test_what_was_written_is_read(some):
    unlike = [document.model_copy(update={"id": f"d{number}"}) for number, document in enumerate(some)]
    assert native.read(native.write(unlike)) == unlike


def test_blank_lines_and_a_byte_order_mark_are_no_documents():
    (document,) = native.read("\ufeff\n" + json.dumps(GOOD) + "\n\n")
    assert document.text[document.entities[1].start : document.entities[1].end] == "46.78亿元"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"entities": entity(end=16)}, "do not lie in the text of 15 characters"),
        ({"entities": entity(start=-1)}, "do not lie in the text"),
        ({"entities": entity(start=14, end=14)}, "it is empty"),
        ({"entities": entity(start=6)}, "overlaps INDICATOR e1"),
        ({"entities": entity(id="e1"), "relations": []}, "its id is used 2 times"),
        ({"entities": entity(start=7.5)}, "entities.1.start = 7.5"),
        ({"entities": entity(start="7")}, "entities.1.start = '7'"),
        ({"entities": entity(status="planned")}, "'actual', 'target', 'forecast' or 'budget'"),
        ({"entities": entity(label="PERIOD"), "relations": []}, "only values have one"),
        ({"entities": entity(colour="red")}, "entities.1.colour: this key is unknown"),
        ({"entities": [{"id": "e1", "label": "PERIOD", "start": 0}]}, "entities.0.end"),
        ({"relations": relation(to="e9")}, "there is no entity 'e9'"),
        ({"relations": relation(type="place")}, "use one of: indicator, project, period"),
        ({"relations": relation(type="period")}, "it ends at INDICATOR"),
        ({"relations": relation(**{"from": "e1", "to": "e1"})}, "joins an entity with itself"),
        ({"relations": relation() * 2}, "it stands there 2 times"),
        ({"meta": {"earlier_period": ["e7"]}}, "there is no entity 'e7'"),
        ({"text": TEXT + "\ud83d"}, "half a surrogate pair"),
        ({"title": "x"}, "title: this key is unknown"),
    ],
)
def test_a_fault_is_told_with_its_line(changes, said):
    with pytest.raises(AnnotationError) as caught:
        native.read(json.dumps(GOOD) + "\n" + json.dumps(GOOD | {"id": "d2"} | changes), "gold.jsonl")
    assert all(fault.startswith("gold.jsonl, line 2: ") for fault in caught.value.faults)
    assert said in str(caught.value)


def test_all_faults_are_told_at_once():
    lines = ["{broken", json.dumps(GOOD), json.dumps(GOOD), json.dumps(GOOD | {"id": "x", "entities": entity(end=99)})]
    with pytest.raises(AnnotationError) as caught:
        native.read("\n".join(lines))
    first, second, third = caught.value.faults
    assert "line 1" in first
    assert "line 3: the id 'd1' is that of line 2 too" in second
    assert "line 4" in third


def test_a_label_of_ones_own_is_taken():
    own = AnnotatedDocument(
        id="d", text="财政局", entities=(AnnotatedEntity(id="e1", label="AGENCY", start=0, end=3, status="target"),)
    )
    assert native.read(native.write([own])) == [own]


def test_nothing_broken_is_written():
    broken = AnnotatedDocument(id="d", text="短", entities=(AnnotatedEntity(id="e1", label="PERIOD", start=0, end=5),))
    with pytest.raises(AnnotationError, match="do not lie in the text"):
        native.write([broken])
