"""Golden cases: names of indicators and what they are, titles and whom they are about."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from zhibiao.identity import identify_indicator, subject_of_fact, subject_of_report
from zhibiao.schema import DocumentInfo, Entity, Fact, Name, Report

HERE = Path(__file__).parent


def cases(name: str) -> list[Any]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [pytest.param(case, id=case["id"]) for case in map(json.loads, lines)]


@pytest.mark.parametrize("case", cases("indicators.jsonl"))
def test_indicators(case: dict[str, Any]) -> None:
    match = identify_indicator(case["name"], unit=case.get("unit"))
    assert (match and match.id) == case["is"]


@pytest.mark.parametrize("case", cases("subjects.jsonl"))
def test_subjects(case: dict[str, Any]) -> None:
    subject = subject_of_report(case["text"], title=case["title"], name=case.get("file"))
    if case["name"] is None:
        assert subject is None
    else:
        assert subject is not None
        assert [subject.name, subject.kind, subject.code, subject.within] == [
            case[key] for key in ("name", "kind", "code", "within")
        ]


@pytest.mark.parametrize("case", cases("facts.jsonl"))
def test_subjects_of_facts(case: dict[str, Any]) -> None:
    text = case["text"]
    of = case["name"] or case["subject"]
    start = text.rindex(of)
    entity = Entity(id="e1", label="INDICATOR", start=start, end=start + len(of), text=of)
    name = Name(entity="e1", text=of)
    fact = Fact(
        id="f1",
        indicator=name if case["name"] else None,
        project=None,
        subject=None if case["name"] else name,
        value=None,
        growth=None,
        period=None,
        status="actual",
        confidence=1,
        start=entity.start,
        end=entity.end,
    )
    report = Report(model="", characters=len(text), document=DocumentInfo(), entities=(entity,), facts=(fact,))
    found = subject_of_fact(report, fact, text, subject_of_report("", title=case["of"]))
    if case["is"] is None:
        assert found is None
    else:
        assert found is not None
        assert [found.name, found.code] == [case["is"], case["code"]]


def test_no_name_takes_long() -> None:
    """A name of any length is looked up without going over it again and again."""
    assert identify_indicator("累计" * 100_000) is None
    assert identify_indicator("占" * 100_000) is None
    assert subject_of_report("一季度" * 100_000) is None
