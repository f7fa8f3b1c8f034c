import json
import xml.etree.ElementTree as ET

import pytest
from annotated import documents
from hypothesis import given
from hypothesis import strategies as st

from zhibiao.errors import AnnotationError
from zhibiao.formats import labelstudio
from zhibiao.formats.utf16 import Utf16
from zhibiao.schema import Label

TEXT = "🙂税收3亿元"


def region(start, end, label, words=None, identity="a", **more):
    value = {"start": start, "end": end, "labels": [label]} | ({"text": words} if words is not None else {})
    return {"id": identity, "from_name": "label", "to_name": "text", "type": "labels", "value": value} | more


def task(*items, text=TEXT, **more):
    return {"id": 17, "data": {"text": text}, "annotations": [{"result": list(items)}]} | more


def read(*tasks):
    return labelstudio.read(json.dumps(tasks), "export.json")


def words(document):
    return [document.text[one.start : one.end] for one in document.entities]


@given(documents())
def test_a_round_trip_is_an_identity(document):
    document = document.model_copy(update={"meta": {"year": 2020}})
    assert labelstudio.read(labelstudio.write([document])) == [document]


@given(documents())
def test_offsets_are_those_of_javascript(document):
    units = document.text.encode("utf-16-le")
    for found in labelstudio.result(document):
        if found["type"] == "labels":
            start, end = found["value"]["start"], found["value"]["end"]
            assert units[2 * start : 2 * end].decode("utf-16-le") == found["value"]["text"]


@given(st.text(alphabet="a税🙂\U00020000", max_size=12))
def test_units_and_code_points_are_each_other_s_inverse(text):
    both = Utf16(text)
    for at in range(len(text) + 1):
        assert both.units(at) == len(text[:at].encode("utf-16-le")) // 2
        assert both.code_points(both.units(at)) == at
    places = [both.code_points(unit) for unit in range(both.units(len(text)) + 1)]
    assert [place for place in places if place is not None] == list(range(len(text) + 1))
    assert both.code_points(-1) is None
    assert both.code_points(both.units(len(text)) + 1) is None


def test_both_ways_of_counting_are_read_by_the_words_that_a_region_says():
    assert words(*read(task(region(2, 4, "INDICATOR", "税收")))) == ["税收"]  # a browser's units
    assert words(*read(task(region(1, 3, "INDICATOR", "税收")))) == ["税收"]  # code points
    assert words(*read(task(region(2, 4, "INDICATOR")))) == ["税收"]  # units where no words are said


def test_line_breaks_in_a_region_s_words_may_be_written_out():
    assert words(*read(task(region(0, 5, "PROJECT", "甲路\\n二期"), text="甲路\n二期"))) == ["甲路\n二期"]


def test_ground_truth_goes_before_the_last_before_a_prediction():
    ours, other, guess = ({"result": [region(2, 4, label)]} for label in ("INDICATOR", "PROJECT", "PERIOD"))
    early, late = {"updated_at": "2024-01-01T00:00:00Z"}, {"updated_at": "2024-02-01T00:00:00Z"}

    def label(**found):
        (document,) = read({"data": {"text": TEXT}} | found)
        return [one.label for one in document.entities]

    assert label(annotations=[ours | late, other | early], predictions=[guess]) == ["INDICATOR"]
    assert label(annotations=[ours | late, other | early | {"ground_truth": True}]) == ["PROJECT"]
    assert label(annotations=[ours | {"was_cancelled": True}], predictions=[guess]) == ["PERIOD"]
    assert label(annotations=[]) == []


def test_a_relation_s_direction_and_missing_type_are_read():
    spans = region(2, 4, "INDICATOR", identity="i"), region(4, 7, "AMOUNT", identity="v")
    right = {"type": "relation", "from_id": "v", "to_id": "i", "direction": "right", "labels": ["indicator"]}
    left = {"type": "relation", "from_id": "i", "to_id": "v", "direction": "left"}
    for relation in (right, left):
        (document,) = read(task(*spans, relation))
        (found,) = document.relations
        assert (found.source, found.target, found.type) == ("v", "i", "indicator")


def test_the_choices_of_another_tag_are_passed_over():
    value = {"start": 2, "end": 4, "choices": ["doubtful"]}
    other = {"id": "a", "from_name": "quality", "to_name": "text", "type": "choices", "value": value}
    (document,) = read(task(region(2, 4, "INDICATOR"), other))
    assert document.entities[0].status is None


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"data": {}}, "task 1: it has no `data` with a text"),
        (task(region(2, 5, "INDICATOR", "支出")), "[2:5] does not fit the text, which says '支出'"),
        (task(region(1, 3, "INDICATOR")), "do not lie|INDICATOR|税"),
        (task(region(0, 99, "INDICATOR")), "task 1 (17), region a"),
        (task(region("0", 1, "INDICATOR")), "it has not one label, start and end"),
        (task({"id": "a", "type": "rectanglelabels", "value": {}}), "a region of type 'rectanglelabels'"),
        (
            task(region(2, 4, "AMOUNT"), {"id": "a", "type": "choices", "from_name": "status", "value": {}}),
            "None is no status",
        ),
        (task({"type": "relation", "from_id": "x", "to_id": "y", "labels": ["indicator"]}), "there is no entity 'x'"),
        (
            task(
                region(2, 4, "INDICATOR", identity="i"),
                region(4, 7, "AMOUNT", identity="v"),
                {"type": "relation", "from_id": "v", "to_id": "i", "direction": "bi", "labels": ["indicator"]},
            ),
            "its type or direction is not clear",
        ),
    ],
)
def test_a_fault_is_told_with_its_task_and_region(found, said):
    if "|" in said:  # code points where units were meant: a pair is cut, so the other reading is taken
        assert words(*read(found)) == ["税收"]
        return
    with pytest.raises(AnnotationError) as caught:
        read(found)
    assert said in str(caught.value)


def test_what_is_no_export_is_told():
    with pytest.raises(AnnotationError, match="export the project as JSON"):
        labelstudio.read("{")
    with pytest.raises(AnnotationError, match="it is no list of tasks"):
        labelstudio.read('{"data": {}}')


def test_the_configuration_has_the_model_s_labels_whatever_they_are():
    config = ET.fromstring(labelstudio.label_config([*Label, 'A "B" & C']))
    assert [tag.get("value") for tag in config.iter("Label")] == [*Label, 'A "B" & C']
    assert len({tag.get("background") for tag in config.iter("Label")}) == 8
    (choices,) = config.iter("Choices")
    assert choices.get("whenLabelValue") == "AMOUNT,QUANTITY,RATIO,GROWTH"
    assert [tag.get("value") for tag in config.iter("Choice")] == ["actual", "target", "forecast", "budget"]
    assert [tag.get("value") for tag in config.iter("Relation")] == ["indicator", "project", "period"]


def test_a_prediction_carries_its_confidences():
    (document,) = read(task(region(2, 4, "INDICATOR"), region(4, 7, "AMOUNT", identity="b")))
    found = labelstudio.prediction(document, "m1", {"a": 0.9, "b": 0.5})
    assert (found["model_version"], found["score"]) == ("m1", 0.7)
    assert [item["score"] for item in found["result"]] == [0.9, 0.5]


@given(documents())
def test_label_studio_s_own_sdk_takes_our_predictions_and_tasks(document):
    interfaces = pytest.importorskip("label_studio_sdk.label_interface")
    interface = interfaces.LabelInterface(labelstudio.label_config(list(Label)))
    interface.validate()
    predicted = labelstudio.prediction(document, "m1", dict.fromkeys((one.id for one in document.entities), 0.5))
    assert interface.validate_task(labelstudio.task(document))
    assert not interface.validate_prediction(predicted, return_errors=True)
    assert interface.validate_annotation({"result": labelstudio.result(document)})
