"""Entities and links -> facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import prod

from zhibiao.facts.breakdown import find_parents
from zhibiao.facts.consistency import check
from zhibiao.facts.dating import Dating
from zhibiao.facts.drafts import Draft, drafts
from zhibiao.facts.growth import join_growths
from zhibiao.facts.values import fact_growth, fact_value
from zhibiao.schema import (
    Entity,
    Fact,
    FactPeriod,
    Link,
    Name,
    Notice,
)

#: Turns the product of the confidences of a fact's entities and links into the share of such facts that are right.
Calibrate = Callable[[float], float]


def build_facts(
    text: str,
    entities: Sequence[Entity],
    links: Iterable[Link],
    *,
    reference_year: int | None = None,
    calibrate: Calibrate | None = None,
) -> tuple[list[Fact], list[Notice]]:
    """The facts that entities and their links state, and a notice wherever the report's own figures disagree.

    Entities carry their exact values (`quantity`, `ratio`, `growth`, `period`) and, if they are values, their `status`.
    Facts come in the order of their values. `reference_year` dates what the report does not date itself. A fact's
    confidence is the product of those of its entities and links, put through `calibrate` where it is given.
    """
    found = join_growths([draft for draft in drafts(text, entities, links) if not _is_unread_growth(draft)])
    find_parents(found)
    dating = Dating(text, entities, reference_year)
    by_id = {entity.id: entity for entity in entities}
    numbers = {id(draft): f"f{number}" for number, draft in enumerate(found, 1)}
    facts = [
        _fact(draft, numbers, dating.period(draft), by_id, calibrate or (lambda confidence: confidence))
        for draft in found
    ]
    return facts, check(list(zip(found, facts, strict=True)))


def _fact(
    draft: Draft,
    numbers: dict[int, str],
    period: FactPeriod | None,
    by_id: dict[str, Entity],
    calibrate: Calibrate,
) -> Fact:
    dated = by_id[period.entity] if period and period.entity else None
    own = [draft.value, draft.growth, draft.indicator, draft.numerator, draft.project, dated]
    used = [entity for entity in own if entity is not None]
    raw = prod(entity.confidence for entity in used) * prod(link.confidence for link in _links(draft))
    return Fact(
        id=numbers[id(draft)],
        indicator=_name(draft.indicator),
        numerator=_name(draft.numerator),
        project=_name(draft.project),
        value=None if draft.is_growth else fact_value(draft.value, draft.change),
        growth=fact_growth(draft.value if draft.is_growth else draft.growth),
        period=period,
        status=draft.value.status or "actual",
        parent=numbers[id(draft.parent)] if draft.parent else None,
        confidence=round(calibrate(raw), 3),
        start=min(entity.start for entity in used),
        end=max(entity.end for entity in used),
    )


def _is_unread_growth(draft: Draft) -> bool:
    """Whether a fact would be of a growth alone that could not be read: it would state nothing."""
    return draft.is_growth and draft.value.growth is None


def _links(draft: Draft) -> list[Link]:
    """The links of a fact: its own, and that of its growth to the indicator."""
    return [*draft.links, *(link for link in draft.growth_links if link.type == "indicator")]


def _name(entity: Entity | None) -> Name | None:
    return Name(entity=entity.id, text=entity.text) if entity else None
