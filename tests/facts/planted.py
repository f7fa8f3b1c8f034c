"""Sentences with known facts (`planted.jsonl`) or marked spans: entities are given, links, statuses and facts found."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from zhibiao.errors import NormalizeError
from zhibiao.facts import build_facts, decide_status, link
from zhibiao.normalize import normalize
from zhibiao.schema import VALUE_LABELS, Amount, Entity, Fact, Growth, Label, Notice, Period, Ratio

CASES: list[dict[str, Any]] = [
    json.loads(line) for line in (Path(__file__).parent / "planted.jsonl").read_text(encoding="utf-8").splitlines()
]

_CONTEXT = 40


def entity(text: str, written: dict[str, Any], year: int | None) -> Entity:
    """An entity of a text with its exact value, as the extractor gives it."""
    start, end, label = written["start"], written["end"], written["label"]
    plain = Entity(id=written["id"], label=label, start=start, end=end, text=text[start:end])
    if label not in {*VALUE_LABELS, Label.PERIOD}:
        return plain
    before, after = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
    try:
        value = normalize(label, plain.text, before=before, after=after, reference_year=year)
    except NormalizeError:
        return plain
    match value:
        case None:
            return plain
        case Ratio():
            field = "ratio"
        case Growth():
            field = "growth"
        case Period():
            field = "period"
        case _:
            field = "quantity"
            assert isinstance(value, Amount) == (label == Label.AMOUNT)
    return plain.model_copy(update={field: value})


def extract(text: str, written: list[dict[str, Any]], year: int | None = None) -> tuple[list[Fact], list[Notice]]:
    """The facts and notices of a text whose entities are given; links and statuses come from the grammar alone."""
    entities = [entity(text, one, year) for one in written]
    links = link(text, entities)
    statuses = decide_status(text, entities)
    stated = [one.model_copy(update={"status": statuses[one.id]}) if one.id in statuses else one for one in entities]
    return build_facts(text, stated, links, reference_year=year)


def stated(fact: Fact, by_id: dict[str, Fact]) -> dict[str, Any]:
    """A fact in the terms of `planted.jsonl`: the ids of its entities, and what differs from the usual."""
    period = fact.period
    whole = by_id[fact.parent] if fact.parent else None
    found = {
        "indicator": fact.indicator and fact.indicator.entity,
        "numerator": fact.numerator and fact.numerator.entity,
        "project": fact.project and fact.project.entity,
        "value": fact.value and fact.value.entity,
        "growth": fact.growth and fact.growth.entity,
        "period": (period.entity or "report") if period else None,
        "from": period.source if period and period.source == "heading" else None,
        "status": fact.status if fact.status != "actual" else None,
        "parent": whole.value.entity if whole and whole.value else None,
        "change": fact.value.change if fact.value else None,
    }
    return {key: value for key, value in found.items() if value is not None}


_SPAN = re.compile(r"⟦([IAQRGPT]\d+):([^⟦⟧]*)⟧")
_LABELS = {"I": "INDICATOR", "A": "AMOUNT", "Q": "QUANTITY", "R": "RATIO", "G": "GROWTH", "P": "PROJECT", "T": "PERIOD"}


def marked(text: str) -> tuple[str, list[dict[str, Any]]]:
    """A text whose spans are written ⟦I1:name⟧, without them, and the spans."""
    plain, spans, position = "", [], 0
    for found in _SPAN.finditer(text):
        plain += text[position : found.start()]
        name, words = found.groups()
        spans.append({"id": name, "label": _LABELS[name[0]], "start": len(plain), "end": len(plain) + len(words)})
        plain += words
        position = found.end()
    return plain + text[position:], spans
