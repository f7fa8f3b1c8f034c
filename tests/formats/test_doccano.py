import json

import pytest
from annotated import documents, spans
from hypothesis import given

from zhibiao.errors import AnnotationError
from zhibiao.formats import doccano
from zhibiao.schema import Relation


@given(documents())
def test_a_round_trip_is_an_identity(document):
    document = document.model_copy(update={"meta": {"year": 2020, "earlier_period": []}})
    assert doccano.read(doccano.write([document])) == [document]


@given(documents())
def test_spans_alone_lose_only_what_is_said(document):
    (again,) = doccano.read(doccano.write([document], with_relations=False))
    assert spans(again) == spans(document)
    assert bool(document.relations) == bool(doccano.losses_of_spans(document))


def test_an_export_with_relations_is_read():
    line = {
        "id": 6400,
        "text": "税收3亿元🙂，支出2亿元",
        "Comments": [],
        "batch": "甲",
        "entities": [
            {"id": 1662, "label": "INDICATOR", "start_offset": 0, "end_offset": 2},
            {"id": 1663, "label": "AMOUNT", "start_offset": 2, "end_offset": 5},
            {"id": 1670, "label": "AMOUNT", "start_offset": 9, "end_offset": 12},
        ],
        "relations": [{"id": 273, "from_id": 1663, "to_id": 1662, "type": "indicator"}],
    }
    (document,) = doccano.read(json.dumps(line, ensure_ascii=False))
    assert (document.id, document.meta) == ("6400", {"batch": "甲"})
    assert [document.text[one.start : one.end] for one in document.entities] == ["税收", "3亿元", "2亿元"]
    assert document.relations == (Relation(source="e1663", target="e1662", type="indicator"),)


@pytest.mark.parametrize("key", ["label", "labels"])
def test_an_export_of_spans_is_read(key):
    (document,) = doccano.read(json.dumps({"id": 1, "text": "税收3亿元", key: [[0, 2, "INDICATOR"]]}))
    assert spans(document) == [(0, 2, "INDICATOR", None)]


def test_a_status_whose_value_was_moved_is_not_applied_elsewhere():
    line = {"text": "税收3亿元", "label": [[2, 4, "AMOUNT"]], "status": [[2, 5, "target"]]}
    (document,) = doccano.read(json.dumps(line))
    assert document.entities[0].status is None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 1"),
        ("[]", "no object with a `text`"),
        ('{"text": "税收", "label": [[0, 2]]}', "it is no span"),
        ('{"text": "税收", "label": [[0, 9, "INDICATOR"]]}', "do not lie in the text of 2 characters"),
        ('{"text": "税收", "entities": [{"id": 1}]}', "it is no entity"),
        ('{"text": "税收", "entities": [], "relations": [{"from_id": 1}]}', "it is no relation"),
        ('{"text": "税收", "entities": [], "relations": [{"from_id": 1, "to_id": 2, "type": "period"}]}', "'e1'"),
        ('{"text": "税收", "label": [], "status": [[0, 2, "maybe"]]}', "it is no status"),
    ],
)
def test_a_fault_is_told(line, said):
    with pytest.raises(AnnotationError) as caught:
        doccano.read(line, "export.jsonl")
    assert said in str(caught.value)
    assert all("export.jsonl, line 1" in fault for fault in caught.value.faults)
