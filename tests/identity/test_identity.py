"""Golden cases: names of indicators and what they are, titles and whom they are about."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from zhibiao.identity import identify_indicator, subject_of_report

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
