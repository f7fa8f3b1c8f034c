"""Facts as they are compared: by the places of their names and the exact values that they state.

The gold has spans, links and statuses; its facts are what the normaliser and the fact builder make of those. Comparing
them with a report's facts shows what the model's errors cost a reader; it does not judge the normaliser, which stands
on both sides and has golden cases of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

from zhibiao.errors import NormalizeError
from zhibiao.evaluate.annotation import FactKey, Place, Stated
from zhibiao.facts import build_facts
from zhibiao.normalize import normalize
from zhibiao.schema import AnnotatedDocument, Entity, Fact, FactGrowth, FactValue, Label, Link

_FIELDS: dict[str, str] = {
    Label.AMOUNT: "quantity",
    Label.QUANTITY: "quantity",
    Label.RATIO: "ratio",
    Label.GROWTH: "growth",
    Label.PERIOD: "period",
}
# How much of the text on either side of a span the normaliser is shown; as much as in extraction.
_CONTEXT = 40


def fact_keys(facts: Iterable[Fact], entities: Iterable[Entity]) -> dict[FactKey, float]:
    """Each fact's key and its confidence."""
    places = {entity.id: (entity.start, entity.end) for entity in entities}
    return {
        FactKey(
            indicator=places[fact.indicator.entity] if fact.indicator else None,
            numerator=places[fact.numerator.entity] if fact.numerator else None,
            project=places[fact.project.entity] if fact.project else None,
            value=_stated(fact.value, places),
            growth=_stated(fact.growth, places),
            status=fact.status,
            period=(fact.period.start, fact.period.end) if fact.period else None,
        ): fact.confidence
        for fact in facts
    }


def gold_facts(document: AnnotatedDocument, reference_year: int | None) -> dict[FactKey, float]:
    """The facts that a gold document's spans, links and statuses state; `reference_year` is what 全年 means in it."""
    entities = list(_entities(document, reference_year))
    links = [Link(value=one.source, target=one.target, type=one.type) for one in document.relations]
    facts, _ = build_facts(document.text, entities, links, reference_year=reference_year)
    return fact_keys(facts, entities)


def _entities(document: AnnotatedDocument, reference_year: int | None) -> Iterator[Entity]:
    """The gold spans with their exact values; what the normaliser cannot read stays without."""
    text = document.text
    for gold in document.entities:
        words, field = text[gold.start : gold.end], _FIELDS.get(gold.label)
        before, after = text[max(0, gold.start - _CONTEXT) : gold.start], text[gold.end : gold.end + _CONTEXT]
        exact: dict[str, object] = {}
        if field is not None:
            with suppress(NormalizeError):
                exact[field] = normalize(gold.label, words, before=before, after=after, reference_year=reference_year)
        yield Entity(
            id=gold.id, label=gold.label, start=gold.start, end=gold.end, text=words, status=gold.status, **exact
        )


def _stated(part: FactValue | FactGrowth | None, places: dict[str, Place]) -> Stated | None:
    if part is None:
        return None
    direction = part.direction if isinstance(part, FactGrowth) else None
    return Stated(places[part.entity], part.value, part.low, part.high, part.unit, direction)
