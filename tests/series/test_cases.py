"""Golden cases: facts as reports write them -> cells and findings."""

import json
from datetime import date
from pathlib import Path

import pytest

from tests.series.made import fact, findings, series_of
from zhibiao.schema import plain

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases.jsonl").read_text(encoding="utf-8").splitlines()]


def _fact(given):
    given = {"report": "2020"} | given
    if "period" in given:
        given["period"] = tuple(date.fromisoformat(day) if day else None for day in given["period"])
    return fact(given.pop("written", None), **given)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_case(case):
    with series_of(*map(_fact, case["facts"])) as series:
        cells = list(series.rows("cells"))
        told = [[row["kind"], row["detail"], row["slip"]] for row in findings(series)]
    assert told == case["findings"]
    assert all(cell["is_identified"] != case.get("literal", False) for cell in cells)
    if "cells" in case:
        keys = ("indicator_name", "measure", "time_period", "status", "value", "unit", "why")
        assert sorted([plain(cell[key]) if key == "value" else cell[key] for key in keys] for cell in cells) == sorted(
            case["cells"]
        )
