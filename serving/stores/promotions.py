"""Which version was promoted when, by whom and why.

CURRENT names the newest change, and each change the one before it. So a change that was written down but whose process
was killed before CURRENT named it never came about, and nothing has to be mended afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from serving.stores import tables
from serving.stores.database import Database, now


class ChangeKind(StrEnum):
    """A version was promoted, or the one before it came back."""

    PROMOTE = "promote"
    ROLLBACK = "rollback"


@dataclass(frozen=True)
class Change:
    """One change of the model that is served; `figures` is what a promotion was judged by."""

    id: int
    kind: ChangeKind
    version: str
    previous: str
    author: str
    created: datetime
    is_forced: bool
    reason: str | None
    figures: dict[str, Any] | None


class PromotionStore:
    """The changes of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        kind: ChangeKind,
        version: str,
        previous: str,
        author: str,
        *,
        parent: int | None,
        is_forced: bool = False,
        reason: str | None = None,
        figures: dict[str, Any] | None = None,
    ) -> Change:
        """Write a change down, before CURRENT names it."""
        row = tables.Promotion(
            parent=parent,
            kind=kind,
            version=version,
            previous=previous,
            author=author,
            created=now(),
            is_forced=is_forced,
            reason=reason,
            figures=figures,
        )
        with self._database.writing() as session:
            session.add(row)
            session.flush()
            return _change(row)

    def until(self, newest: int | None) -> list[Change]:
        """The changes that led to `newest` (what CURRENT names), oldest first."""
        if newest is None:
            return []
        with self._database.reading() as session:
            rows = {row.id: row for row in session.scalars(select(tables.Promotion))}
        found: list[Change] = []
        at: int | None = newest
        while at is not None and (row := rows.pop(at, None)) is not None:
            found.append(_change(row))
            at = row.parent
        return found[::-1]


def line_of(changes: list[Change]) -> list[str]:
    """The versions that rolling back goes through, oldest first; the last one is served."""
    line: list[str] = []
    for change in changes:
        if change.kind is ChangeKind.PROMOTE:
            line = [*(line or [change.previous]), change.version]
        else:
            line = line[:-1]
            while line and line[-1] != change.version:  # Versions removed since were passed over.
                line.pop()
    return line


def _change(row: tables.Promotion) -> Change:
    return Change(
        row.id,
        ChangeKind(row.kind),
        row.version,
        row.previous,
        row.author,
        row.created,
        row.is_forced,
        row.reason,
        dict(row.figures) if row.figures is not None else None,
    )
