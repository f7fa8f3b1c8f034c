"""Growth joined to the value that grew, within a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from zhibiao.documents.tables.dating import last_year
from zhibiao.documents.tables.nouns import TableFact


def joined(facts: Sequence[TableFact]) -> list[TableFact]:
    """The facts of a row, each growth joined to the value that it can only belong to, and dated and judged as that is.

    An absolute change stays a fact of its own, and so does a second growth of one value (环比 beside 同比).
    """
    taken: set[int] = set()
    result = []
    for fact in facts:
        value = _value_of(fact, facts) if fact.measure in ("growth", "change") else None
        if value is None:
            result.append(fact)
            continue
        joins = value.value.start if fact.measure == "growth" and value.value.start not in taken else None
        taken |= {joins} if joins is not None else set()
        result.append(replace(fact, joins=joins, period=value.period, status=value.status))
    return result


def _value_of(growth: TableFact, facts: Sequence[TableFact]) -> TableFact | None:
    """The level that grew: of the same names, and of several the one of its own period, else of the latest year."""
    levels = [
        fact
        for fact in facts
        if fact.measure == "level" and fact.value.start < growth.value.start and fact.names == growth.names
    ]
    same = [fact for fact in levels if fact.period == growth.period]
    if len(same) == 1 or len(levels) < 2:
        return next(iter(same or levels), None)
    years = [last_year(fact.period) for fact in levels]
    if None in years:
        return None
    latest = max(year for year in years if year is not None)
    newest = [fact for fact, year in zip(levels, years, strict=True) if year == latest]
    settled = [fact for fact in newest if fact.status == "actual"]
    return newest[0] if len(newest) == 1 else settled[0] if len(settled) == 1 else None
