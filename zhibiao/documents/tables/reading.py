"""Tables -> what each cell states: of which indicator, project or subject, in which unit, when, and with what status.

A value is given out only where its row and its column say what it is. Everything else is a notice and no fact: a number
under a wrong head is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from zhibiao.documents.model import Cell, Document, Table
from zhibiao.documents.tables.cells import is_blank, number_in
from zhibiao.documents.tables.dating import date_of, is_dated, status_of
from zhibiao.documents.tables.frames import Column, Frame, distinct, frame_of
from zhibiao.documents.tables.heads import read_head, units_in_caption
from zhibiao.documents.tables.joining import joined
from zhibiao.documents.tables.naming import RowHead, is_total, names_of, piece_of, row_name
from zhibiao.documents.tables.nouns import Names, Piece, TableFact, TableReading
from zhibiao.documents.tables.units import govern
from zhibiao.schema import Notice
from zhibiao.text import paragraphs

#: List numbers of accounts, from the outermost level inwards.
_LEVEL_MARKS = (
    re.compile(r"[一二三四五六七八九十]+\s*[、.．]"),
    re.compile(r"[（(][一二三四五六七八九十]+[)）]"),
    re.compile(r"\d{1,2}\s*[、.．](?!\d)"),
    re.compile(r"[（(]\d{1,2}[)）]"),
)
_OF_WHICH = re.compile(r"\s*其\s*中")
_NOTE = re.compile(r"\s*(?:备?注|说明|数据来源|资料来源)\s*[:：\d]")
#: Lines above a table that may be its caption, and how long they may be.
_CAPTION_LINES, _CAPTION_LENGTH = 3, 60


def table_facts(document: Document) -> list[TableFact]:
    """What every cell of the document's tables states, in the order of the text."""
    return list(read_tables(document).facts)


def read_tables(document: Document) -> TableReading:
    """Facts and notices of all tables of a document."""
    facts: list[TableFact] = []
    notices: list[Notice] = []
    for table in document.tables:
        reader = _TableReader(table, _caption_lines(document, table))
        facts += reader.facts()
        notices += reader.notices()
    return TableReading(tuple(sorted(facts, key=lambda fact: fact.value.start)), tuple(notices))


def _caption_lines(document: Document, table: Table) -> list[Piece]:
    """The short lines just above a table, the nearest first."""
    floor = max((other.end for other in document.tables if other.end <= table.start), default=0)
    floor = max(floor, table.start - 4 * _CAPTION_LINES * _CAPTION_LENGTH)
    pieces: list[Piece] = []
    for start, end in reversed(list(paragraphs(document.text[floor : table.start]))[-_CAPTION_LINES:]):
        text = document.text[floor + start : floor + end]
        if len(text.strip()) > _CAPTION_LENGTH or text.rstrip().endswith(("。", "；", ";")):
            break
        pieces.append(Piece(text, floor + start, floor + end))
    return pieces


@dataclass(slots=True)
class _Tree:
    """The rows of one panel that may be parents: the last at each level of list numbers, and the last of all.

    `head` is that of the last row with a name, which a row of growth below it goes with.
    """

    rows: dict[int, int] = field(default_factory=dict)
    last: int | None = None
    head: RowHead | None = None


@dataclass(slots=True)
class _Context:
    """What rows above the current one said: a section's unit and period, each panel's tree, the facts just above."""

    captions: Sequence[Piece]
    unit: str | None = None
    period: Piece | None = None
    trees: dict[int, _Tree] = field(default_factory=dict)
    above: dict[int, TableFact] = field(default_factory=dict)


class _TableReader:
    """Reads one table; one use."""

    def __init__(self, table: Table, captions: Sequence[Piece]) -> None:
        self._table = table
        self._grid = table.grid()
        self._captions = list(captions)
        self._problems: dict[str, list[str]] = {}

    def facts(self) -> list[TableFact]:
        """The facts of the table, each part of it under its own head."""
        if self._table.problem:
            self._problem(self._table.problem, "it")
            return []
        facts: list[TableFact] = []
        first = 0
        while first < self._table.rows:
            frame = frame_of(self._table, first)
            if isinstance(frame, str):
                if frame:
                    self._problem(frame, f"its rows from {first + 1} on")
                break
            facts += self._part(frame)
            first = frame.last_row
        return facts

    def notices(self) -> Iterator[Notice]:
        """One notice for each kind of problem; call after `facts`."""
        for problem, places in self._problems.items():
            shown = ", ".join(places[:5]) + (f" and {len(places) - 5} more" if len(places) > 5 else "")
            yield Notice(
                code="table_unclear",
                message=f"Table {self._table.number}: {problem}; no facts were taken from {shown}.",
                start=self._table.start,
                end=self._table.end,
            )

    def _problem(self, problem: str, place: str) -> None:
        places = self._problems.setdefault(problem, [])
        if place not in places:
            places.append(place)

    def _part(self, frame: Frame) -> list[TableFact]:
        above = [Piece(cell.text, cell.start, cell.end) for cell in reversed(frame.captions)]
        context = _Context([*above, *self._captions])
        facts: list[TableFact] = []
        for column in frame.columns:
            if column.role == "value" and column.problem:
                self._problem(column.problem, f"column {column.index + 1}")
        for number in range(frame.first_row, frame.last_row):
            cells = distinct(self._grid[number])
            if len(cells) == 1 and not number_in(cells[0].text):
                _enter_section(context, cells[0])
            elif cells:
                row = [_joined_above(fact, context.above) for fact in joined(list(self._row(frame, number, context)))]
                context.above = {fact.cell.column: fact for fact in row}
                facts += row
        return facts

    def _row(self, frame: Frame, number: int, context: _Context) -> Iterator[TableFact]:
        heads: dict[int, RowHead | None] = {}
        for column in frame.columns:
            if column.role != "value" or column.problem or column.name_column is None:
                continue
            cell = self._grid[number][column.index]
            if cell is None or is_blank(cell.text):
                continue
            if column.name_column not in heads:
                heads[column.name_column] = self._row_head(frame, number, column, context)
            row = heads[column.name_column]
            fact = self._fact(frame, column, row, cell, context) if row and self._is_single(cell, row.cell) else None
            if fact:
                yield fact

    def _row_head(self, frame: Frame, number: int, column: Column, context: _Context) -> RowHead | None:
        cell = self._grid[number][column.name_column or 0]
        groups = [self._grid[number][index] for index in column.group_columns]
        if cell is None or not cell.text.strip():
            cell = next((group for group in reversed(groups) if group and is_total(group.text)), None)
        if cell is None:
            self._problem("a row has no name", f"row {number + 1}")
            return None
        if cell.row_span > 1 and cell.column == column.name_column:
            self._problem("one name covers several rows", f"row {number + 1}")
            return None
        name_column = next(c for c in frame.columns if c.index == column.name_column)
        head = read_head(cell.text)
        group = next((g for g in reversed(groups) if g and g is not cell and g.text.strip()), None)
        tree = context.trees.setdefault(name_column.index, _Tree())
        name = row_name(cell, head)
        if name is None and head.measure == "growth" and tree.head and tree.last == number - 1:
            return replace(tree.head, cell=cell, head=head)
        tree.head = RowHead(cell, head, name, group, _parent(tree, cell, number), name_column)
        return tree.head

    def _is_single(self, cell: Cell, row: Cell) -> bool:
        """Whether a cell stands under one head, beside one name."""
        if cell is row:
            return False
        if cell.row_span > 1 or cell.column_span > 1:
            self._problem("a merged cell spans several rows or columns", cell.address)
            return False
        return True

    def _fact(self, frame: Frame, column: Column, row: RowHead, cell: Cell, context: _Context) -> TableFact | None:
        number = number_in(cell.text)
        if number is None:
            if any(character.isdigit() for character in cell.text):
                self._problem("a number cannot be read for certain", cell.address)
            return None
        measure = column.measure if column.measure != "level" else row.head.measure
        names = names_of(frame, column, row, measure, context.captions)
        beside = self._grid[cell.row][frame.unit_column] if frame.unit_column is not None else None
        unit = govern(number, measure, column, row, beside, context.unit, context.captions)
        problem = _problem_of(column, row, names, unit)
        if names is None or unit is None or problem:
            self._problem(problem or "", cell.address)
            return None
        start = cell.start + len(cell.text) - len(cell.text.lstrip())
        return TableFact(
            table=self._table.number,
            cell=cell,
            value=Piece(cell.text.strip(), start, start + len(cell.text.strip())),
            number=number,
            unit=unit,
            measure=measure,
            names=names,
            period=date_of(column, row, context.period, context.captions),
            status=status_of(column, row, context.captions),
            base=next((h.head.base for h in reversed(column.heads) if h.head.base), row.head.base),
            head=column.text if column.measure != "level" else row.cell.text,
            is_total=is_total(row.cell.text),
            parent=row.parent,
        )


def _problem_of(column: Column, row: RowHead, names: Names | None, unit: str | None) -> str | None:
    """Why a number can give no fact."""
    if names is None:
        return "it is not clear what its rows and columns name"
    if unit is None:
        return f"“{column.text}” has no unit" if column.text else "no unit is given"
    is_prior = any(h.head.is_prior for h in column.heads) or row.head.is_prior
    return f"the date of “{column.text}” is not given" if is_prior and not is_dated(column, row) else None


def _enter_section(context: _Context, cell: Cell) -> None:
    """A row of one cell: the unit and the period of the rows below it. A note says neither."""
    if _NOTE.match(cell.text):
        return
    units = units_in_caption(cell.text)
    context.unit = units[0] if len(units) == 1 else None
    context.period = piece_of(cell, read_head(cell.text).period)
    context.trees.clear()
    context.above.clear()


def _joined_above(fact: TableFact, above: Mapping[int, TableFact]) -> TableFact:
    """A growth in a row of its own (增速 under its indicator), joined to the value above it."""
    value = above.get(fact.cell.column)
    if fact.measure != "growth" or fact.joins is not None or value is None:
        return fact
    if value.measure != "level" or value.names != fact.names or value.cell.row != fact.cell.row - 1:
        return fact
    return replace(fact, joins=value.value.start, period=value.period, status=value.status)


def _parent(tree: _Tree, cell: Cell, number: int) -> int | None:
    """The row that this one is part of, as far as list numbers and 其中 say."""
    parent, level = tree.last, None
    if not _OF_WHICH.match(cell.text):
        level = next((depth for depth, mark in enumerate(_LEVEL_MARKS) if mark.match(cell.text.strip())), None)
        tree.rows = {depth: row for depth, row in tree.rows.items() if level is not None and depth < level}
        parent = tree.rows[max(tree.rows)] if tree.rows else None
    if level is not None:
        tree.rows[level] = number
    if not _OF_WHICH.match(cell.text):
        tree.last = number
    return parent
