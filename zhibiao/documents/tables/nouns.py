"""What a table states, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass

from zhibiao.documents.model import Cell
from zhibiao.documents.tables.cells import CellNumber
from zhibiao.documents.tables.heads import Measure
from zhibiao.schema import Notice, PeriodSource, Status


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the document's text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Names:
    """What a value is of. `indicator_text` is the indicator's whole name, where heads above it are part of it."""

    indicator: Piece | None = None
    indicator_text: str = ""
    project: Piece | None = None
    subject: Piece | None = None
    numerator: Piece | None = None


@dataclass(frozen=True, slots=True)
class Dating:
    """When a value holds: the piece that says so, the whole expression (2020年 over 1-6月: 2020年1-6月), its source."""

    piece: Piece
    text: str
    source: PeriodSource


@dataclass(frozen=True, slots=True)
class TableFact:
    """What one cell states.

    `value` is the cell as written, `unit` what governs it (万元, %, 个), `measure` what kind of number it is: a level,
    a growth, a share of a whole, or the progress of a plan; `head` is the head that says so. `parent` is the row that
    this one is part of, `joins` the start of the value that a growth belongs to.
    """

    table: int
    cell: Cell
    value: Piece
    number: CellNumber
    unit: str
    measure: Measure
    names: Names
    period: Dating | None = None
    status: Status = "actual"
    base: str | None = None
    head: str = ""
    is_total: bool = False
    parent: int | None = None
    joins: int | None = None


@dataclass(frozen=True, slots=True)
class TableReading:
    """What the tables of a document state, and which of them, or of their columns and rows, could not be read."""

    facts: tuple[TableFact, ...]
    notices: tuple[Notice, ...]
