"""Golden cases: data files of this folder, one case a line. Each states a fact of the language, reasoned out by hand.

{"id", "call", "text", "with"?: keyword arguments, "gives": what the JSON holds (a part of it) | "raises": position}
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from zhibiao import normalize as normaliser
from zhibiao.errors import NormalizeError

CASES = [
    pytest.param(case, id=case["id"])
    for path in sorted(Path(__file__).parent.glob("*.jsonl"))
    for case in map(json.loads, path.read_text(encoding="utf-8").splitlines())
]


def call(case: dict[str, Any]) -> Any:
    text, options = case["text"], dict(case.get("with", {}))
    if case["call"] == "normalize":
        return normaliser.normalize(options.pop("label"), text, **options)
    if case["call"] == "shown":
        return normaliser.shown(normaliser.parse_amount(text), options["unit"])
    return getattr(normaliser, case["call"])(text, **options)


def said(value: Any) -> Any:
    """A value as JSON; of finders, each value with its text."""
    if isinstance(value, tuple) or value is None:
        return None if value is None else list(value)
    return value.model_dump(mode="json")


@pytest.mark.parametrize("case", CASES)
def test_golden(case: dict[str, Any]) -> None:
    if "raises" in case:
        with pytest.raises(NormalizeError) as error:
            call(case)
        assert error.value.position == case["raises"]
        assert "^" in str(error.value)
        return
    if case["call"].startswith("find_") and case["call"] != "find_reference_year":
        found = list(call(case))
        assert [one.text for one in found] == [wanted["text"] for wanted in case["gives"]]
        for one, wanted in zip(found, case["gives"], strict=True):
            holds({**said(one.value), "text": one.text}, wanted)
            assert case["text"][one.start : one.end] == one.text
        return
    got = said(call(case))
    if isinstance(case["gives"], dict):
        holds(got, case["gives"])
    else:
        assert got == case["gives"]


def holds(got: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert {key: got.get(key) for key in wanted} == wanted


def test_there_are_a_thousand_and_half_are_sentences() -> None:
    sentences = [
        case
        for (case,) in (param.values for param in CASES)
        if case["call"] in ("find_amounts", "find_quantities", "find_percentages") or case.get("with", {}).get("before")
    ]
    assert len(CASES) >= 1000
    assert len(sentences) >= 500
    assert len({param.id for param in CASES}) == len(CASES)
