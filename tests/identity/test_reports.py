"""Whom our own annotated reports are about, as read by a person against their titles and texts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from zhibiao.formats.native import read
from zhibiao.identity import subject_of_report
from zhibiao.schema import AnnotatedDocument

HERE = Path(__file__).parent
ANNOTATIONS = HERE.parent.parent / "annotations"
READ = {
    case["id"]: case["is"]
    for case in map(json.loads, (HERE / "reports.jsonl").read_text(encoding="utf-8").splitlines())
}


def reports() -> Iterator[AnnotatedDocument]:
    for name in ("seeds.jsonl", "written.jsonl"):
        yield from read((ANNOTATIONS / name).read_text(encoding="utf-8"), name)


@pytest.mark.parametrize("report", [pytest.param(report, id=report.id) for report in reports()])
def test_subject(report: AnnotatedDocument) -> None:
    subject = subject_of_report(report.text, title=report.meta.get("title"))
    found = [subject.name, subject.kind, subject.code, subject.within] if subject else None
    assert found == READ[report.id]


@pytest.mark.parametrize("report", [pytest.param(report, id=report.id) for report in reports()])
def test_subject_without_a_title(report: AnnotatedDocument) -> None:
    """The heading or opening of the text says the same as the title."""
    subject = subject_of_report(report.text)
    assert (subject and [subject.name, subject.code]) == (READ[report.id] and [READ[report.id][0], READ[report.id][2]])
