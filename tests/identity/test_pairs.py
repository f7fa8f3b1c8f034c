"""The labelled pairs: nothing may be called the same that is not; the vocabulary holds together."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.identity import read_in_texts, score
from zhibiao.identity import identify_indicator
from zhibiao.identity.units import fits
from zhibiao.identity.vocabulary import vocabulary

PAIRS = [json.loads(line) for line in (Path(__file__).parent / "pairs.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(("split", "least"), [("tuning", 300), ("held-out", 200)])
def test_precision(split: str, least: int) -> None:
    scored = score(pair for pair in PAIRS if pair["split"] == split)
    assert scored["pairs"] >= least
    assert scored["precision"] >= 0.98, scored["wrong"]
    assert scored["recall"] >= 0.85


def test_facts_read_in_their_reports() -> None:
    said, right = read_in_texts()
    assert said >= 190
    assert right / said >= 0.97


def test_every_name_is_its_own_indicator() -> None:
    for indicator in vocabulary().indicators.values():
        for name in (indicator.name, *indicator.aliases):
            match = identify_indicator(name)
            assert match is not None
            assert match.id == indicator.name


def test_own_unit_fits() -> None:
    strange = [one.name for one in vocabulary().indicators.values() if not fits(one.unit, one.kind, one.unit)]
    assert strange == []


def test_broader_has_no_circle() -> None:
    known = vocabulary().indicators

    def wider(name: str, seen: tuple[str, ...] = ()) -> None:
        assert name not in seen, seen
        for above in known[name].broader:
            wider(above, (*seen, name))

    for name in known:
        wider(name)
