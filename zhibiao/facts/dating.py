"""The period of a fact, and how it was found.

A value's own period comes first. Where its paragraph has none, a period in a heading above it dates it, and else the
report's own year. Not everything has a date: what a thing is planned or built as (规划面积, 总投资, 人员编制) holds
without one, and neither a target nor an expected yearly yield is of the report's year because nothing else is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from zhibiao.facts.drafts import Draft
from zhibiao.facts.outline import Heading, Outline
from zhibiao.schema import Entity, FactPeriod, Label

_STANDING = re.compile(
    r"规划.*面积|总面积|占地|建筑面积|控制面积|编制|总投资|概算|计划投资|投资额|设计|产能|全长|总长|注册资[本金]|协议|定员|辖|年产"
)
_YEARLY = re.compile(r"每年|达产|投产后|建成后|年产值|年税收|年产|年销售|年纳税|年利润")


class Dating:
    """Dates the facts of one text."""

    def __init__(self, text: str, entities: Iterable[Entity], reference_year: int | None) -> None:
        self._outline = Outline(text)
        self._year = reference_year
        self._in_headings = self._heading_periods(entities)

    def period(self, draft: Draft) -> FactPeriod | None:
        """The period of a fact, None where the report does not date it."""
        if draft.period is not None:
            return _of_entity(draft.period, is_heading=False)
        if self._is_undated(draft):
            return None
        for heading in reversed(self._outline.above(draft.value.start)):
            entity = self._in_headings.get(heading.start)
            if entity is not None:
                return _of_entity(entity, is_heading=True)
        if self._year is None or draft.value.status == "target":
            return None
        return FactPeriod(entity=None, start=date(self._year, 1, 1), end=date(self._year, 12, 31), source="report")

    def _is_undated(self, draft: Draft) -> bool:
        name = draft.indicator.text if draft.indicator else ""
        before = re.split("[，,；;。]", draft.scene.text[: draft.value.start - draft.scene.start])[-1]
        if draft.value.status == "forecast" and _YEARLY.search(before):
            return True
        return bool(_STANDING.search(name))

    def _heading_periods(self, entities: Iterable[Entity]) -> Mapping[int, Entity]:
        """The period of each heading, by the heading's offset."""
        periods: Sequence[Entity] = [entity for entity in entities if entity.label == Label.PERIOD]
        found: dict[int, Entity] = {}
        for heading in self._outline.headings:
            inside = [entity for entity in periods if _is_within(entity, heading)]
            if inside:
                found[heading.start] = inside[0]
        return found


def _is_within(entity: Entity, heading: Heading) -> bool:
    return heading.start <= entity.start and entity.end <= heading.end


def _of_entity(entity: Entity, *, is_heading: bool) -> FactPeriod:
    exact = entity.period
    return FactPeriod(
        entity=entity.id,
        start=exact.start if exact else None,
        end=exact.end if exact else None,
        source="heading" if is_heading else "span",
    )
