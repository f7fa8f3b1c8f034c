"""The calls on reports that are there already."""

from __future__ import annotations

import io

import openpyxl

from tests.serving.conftest import TEXT, problem_of

ANNOTATED = {
    "id": "r",
    "text": TEXT,
    "entities": [
        {"id": "t", "label": "PERIOD", "start": 0, "end": 5},
        {"id": "i", "label": "INDICATOR", "start": 6, "end": 13},
        {"id": "a", "label": "AMOUNT", "start": 13, "end": 20, "status": "target"},
    ],
    "relations": [{"from": "a", "to": "i", "type": "indicator"}, {"from": "a", "to": "t", "type": "period"}],
}


def test_annotations_state_facts(client):
    report = client.post("/v1/reports/facts", json={"document": ANNOTATED, "amount_unit": "亿元"}).json()
    [fact] = report["facts"]
    assert fact["indicator"] == {"entity": "i", "text": "规模工业增加值"}
    assert fact["value"]["value"] == "4678000000"
    assert fact["value"]["shown"] == {"value": "46.78", "unit": "亿元"}
    assert (fact["status"], fact["confidence"], fact["period"]["end"]) == ("target", 1.0, "2020-12-31")


def test_annotations_that_contradict_themselves_are_refused(client):
    overlapping = ANNOTATED | {
        "entities": [*ANNOTATED["entities"], {"id": "x", "label": "PERIOD", "start": 4, "end": 8}]
    }
    answer = client.post("/v1/reports/facts", json={"document": overlapping})
    assert answer.status_code == 422
    assert "overlaps" in problem_of(answer)["errors"][0]["detail"]


def test_a_report_becomes_a_table_without_being_read_again(client):
    report = client.post("/v1/reports/facts", json={"document": ANNOTATED}).json() | {"text": TEXT}
    asked = {"report": report, "name": "一号.docx"}
    answer = client.post("/v1/reports/file?format=xlsx&language=en", json=asked)
    assert "%E4%B8%80%E5%8F%B7.xlsx" in answer.headers["content-disposition"]
    head, row = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))[:2]
    found = dict(zip(head, row, strict=True))
    assert (found["indicator"], found["value"], found["sentence"]) == ("规模工业增加值", 4678000000, TEXT)
    assert "规模工业增加值" in client.post("/v1/reports/file?format=csv", json=asked).text


def test_a_number_that_would_fill_the_memory_is_refused(client):
    report = client.post("/v1/reports/facts", json={"document": ANNOTATED}).json()
    report["facts"][0]["value"]["high"] = "1e999999999"
    answer = client.post("/v1/reports/file", json={"report": report})
    assert answer.status_code == 422
    assert problem_of(answer)["errors"][0]["pointer"] == "#/report"
