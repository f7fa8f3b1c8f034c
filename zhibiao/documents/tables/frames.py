"""The frame of a table: which rows are its head, what each column is for, and which column names the rows of which.

A table may stand in panels side by side (收入 | 金额 | 支出 | 金额): each value column then belongs to the name column
that begins its panel. What is not clear has no frame, or the column a `problem`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from zhibiao.documents.model import Cell, Table
from zhibiao.documents.tables.cells import is_blank, is_column_numbers, is_year, number_in
from zhibiao.documents.tables.heads import Head, Measure, Role, fold, read_head, unit_of
from zhibiao.schema import Status

_Row = Sequence[Cell | None]
#: Figures that are no number, and no head either: 12,34.
_NUMERIC = re.compile(r"(?!(?:19|20)\d{2}$)[+\-(（]?\d[\d,.，%％\s\-—–~]*[)）]?")
#: Head rows that a table may have; more are no head but words in a form.
_MOST_HEAD_ROWS = 6
#: Groups of rows that say whom the values are of.
_SUBJECT = re.compile(r".*(?:地区|区域|县|市|区|镇|乡|街道|园区|单位|部门|企业|公司|机构)(?:名称)?")
_PROJECT = re.compile(
    r"(?:建设|重点|重大|招商|产业)?(?:项目|工程)(?:（工程）|\(工程\))?名称|(?:建设|重点|重大|在建|招商)(?:项目|工程)"
)
_INDICATOR = re.compile(r".*(?:指标|科目|收入|支出|资产|负债|来源|运用|税种)(?:名称|项目)?")


@dataclass(frozen=True, slots=True)
class HeadCell:
    """A head's cell and what it says."""

    cell: Cell
    head: Head


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heads from top to bottom, and what they say together.

    `name_column` is the column that names its rows, for one of values; `of` are the heads of the value column before
    it, where it is a nameless growth or progress of that. `problem` says why its values cannot be used.
    """

    index: int
    heads: tuple[HeadCell, ...]
    role: Role
    name_column: int | None = None
    group_columns: tuple[int, ...] = ()
    of: tuple[HeadCell, ...] = ()
    problem: str | None = None

    @property
    def measure(self) -> Measure:
        """What its numbers are: the lowest head that says so decides."""
        return next((h.head.measure for h in reversed(self.heads) if h.head.measure != "level"), "level")

    @property
    def unit(self) -> str | None:
        """The unit that its heads give."""
        return next((h.head.unit for h in reversed(self.heads) if h.head.unit), None)

    @property
    def status(self) -> Status | None:
        """The status that its heads give."""
        return next((h.head.status for h in reversed(self.heads) if h.head.status), None)

    @property
    def names(self) -> tuple[HeadCell, ...]:
        """The heads that name something, from top to bottom."""
        return tuple(h for h in self.heads if h.head.name) or tuple(h for h in self.of if h.head.name)

    @property
    def text(self) -> str:
        """Its heads as one text."""
        return "".join(h.cell.text for h in self.heads)


@dataclass(frozen=True, slots=True)
class Frame:
    """A table's frame: rows before `first_row` are captions and heads, `last_row` is the first that is not its own."""

    columns: tuple[Column, ...]
    captions: tuple[Cell, ...]
    first_row: int
    last_row: int
    unit_column: int | None = None


@dataclass(slots=True)
class _Draft:
    """A column while its role is being found."""

    index: int
    heads: list[HeadCell] = field(default_factory=list)
    numbers: int = 0
    words: int = 0
    years: int = 0
    units: int = 0
    role: Role = "value"


def frame_of(table: Table, first: int = 0) -> Frame | str:
    """The frame of the table from row `first` on, or why it has none; an empty reason where it holds no numbers."""
    rows = table.grid()[first:]
    captions, start = _captions(rows)
    body = _first_number_row(rows, start)
    if body is None:
        return ""
    while body - 1 > start and len(distinct(rows[body - 1])) == 1:
        body -= 1  # a section's name between head and numbers
    after = _after_column_numbers(rows, start, body)
    head_end = max([body, *(_bottom(cell) - first for row in rows[start:body] for cell in row if cell)])
    if head_end > body:
        return "its head reaches into its rows"
    if body == start:
        return _headless(rows, captions, first, start)
    if body - start > _MOST_HEAD_ROWS or any(_NUMERIC.fullmatch(c.text) for r in rows[start:body] for c in distinct(r)):
        return "its head cannot be told from its rows"
    drafts = [_draft(rows, column, start, body, after) for column in range(table.columns)]
    end = _next_head(rows, after, drafts)
    columns = _with_panels(drafts, rows[after:end])
    unit_column = next((draft.index for draft in drafts if draft.role == "unit"), None)
    return Frame(tuple(columns), tuple(captions), first + after, first + end, unit_column)


def is_project_head(column: Column) -> bool:
    """Whether this name column names projects."""
    return bool(_PROJECT.fullmatch(_squeezed(column.text)))


def is_indicator_head(column: Column) -> bool:
    """Whether this name column names indicators or accounts."""
    return bool(_INDICATOR.fullmatch(_squeezed(column.text)))


def is_subject_head(column: Column) -> bool:
    """Whether this name column names places or organisations."""
    return bool(_SUBJECT.fullmatch(_squeezed(column.text)))


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _bottom(cell: Cell) -> int:
    return cell.row + cell.row_span


def distinct(row: _Row) -> list[Cell]:
    """The filled cells of a row, a merged one once."""
    cells = {id(cell): cell for cell in row if cell and cell.text.strip()}
    return list(cells.values())


def _captions(rows: Sequence[_Row]) -> tuple[list[Cell], int]:
    """The rows at the top that hold one cell of words: the table's title, its unit."""
    captions: list[Cell] = []
    for number, row in enumerate(rows):
        cells = distinct(row)
        if len(cells) > 1 or (cells and number_in(cells[0].text)):
            return captions, number
        captions += cells
    return captions, len(rows)


def _first_number_row(rows: Sequence[_Row], start: int) -> int | None:
    """The first row with a number that is no year of a head."""
    for number in range(start, len(rows)):
        if any(number_in(cell.text) for cell in distinct(rows[number])):
            above = rows[number - 1] if number > start else None
            if not _is_year_head(rows[number], above):
                return number
    return None


def _is_year_head(row: _Row, above: _Row | None = None) -> bool:
    """Whether the numbers of a row are the years of a head: 1995 and 2003 may also be counts.

    They are where its other cell names rows (指标 | 2019 | 2020), is empty, or comes down from the head row above.
    """
    numbers = [cell for cell in distinct(row) if number_in(cell.text)]
    years = {fold(cell.text).strip() for cell in numbers if is_year(cell.text)}
    if not numbers or len(years) < len(numbers):
        return False
    labels = [cell for cell in distinct(row) if cell not in numbers]
    comes_down = above is not None and any(cell is other for cell in labels for other in above)
    return row[0] not in numbers and (comes_down or all(read_head(cell.text).role != "value" for cell in labels))


def _after_column_numbers(rows: Sequence[_Row], start: int, body: int) -> int:
    """The row after the head, and after the one that numbers the columns."""
    is_numbering = body > start and is_column_numbers([cell.text for cell in distinct(rows[body])])
    return body + 1 if is_numbering else body


def _headless(rows: Sequence[_Row], captions: Sequence[Cell], first: int, start: int) -> Frame | str:
    """Two columns, names and values with their own units, need no head."""
    body = rows[start:]
    is_pairs = all(len(row) == 2 and row[0] and row[1] and row[0] is not row[1] for row in body)
    if not is_pairs or any(row[0] and number_in(row[0].text) for row in body):
        return "it has no head row"
    columns = (Column(0, (), "name"), Column(1, (), "value", name_column=0))
    return Frame(columns, tuple(captions), first + start, first + len(rows))


def _draft(rows: Sequence[_Row], column: int, start: int, body: int, after: int) -> _Draft:
    draft = _Draft(column)
    for row in rows[start:body]:
        cell = row[column]
        if cell and cell.text.strip() and all(cell is not h.cell for h in draft.heads):
            draft.heads.append(HeadCell(cell, read_head(cell.text)))
    for row in rows[after:]:
        cell = row[column]
        if cell is None or is_blank(cell.text):
            continue
        is_number = number_in(cell.text) is not None
        draft.numbers += is_number
        draft.words += not is_number
        draft.years += is_year(cell.text) or (not is_number and read_head(cell.text).period is not None)
        draft.units += unit_of(cell.text) is not None
    draft.role = _role(draft, [row[column] for row in rows[after:]])
    return draft


def _role(draft: _Draft, cells: Sequence[Cell | None]) -> Role:
    said: Role = draft.heads[-1].head.role if draft.heads else "value"
    filled = draft.numbers + draft.words
    if said in ("ordinal", "remark"):
        return said
    if draft.units and draft.units >= 0.6 * filled:
        return "unit"
    if said == "value" and not draft.heads and _counts_up(cells):
        return "ordinal"
    if draft.years == filled and filled and (said == "name" or not draft.heads):
        return "name"
    if draft.numbers and draft.numbers >= draft.words:
        return "value"
    return "name" if draft.words or said in ("name", "unit") else "remark"


def _counts_up(cells: Sequence[Cell | None]) -> bool:
    numbers = [cell.text.strip() for cell in cells if cell and cell.text.strip()]
    return len(numbers) > 1 and numbers == [str(n) for n in range(1, len(numbers) + 1)]


def _next_head(rows: Sequence[_Row], after: int, drafts: Sequence[_Draft]) -> int:
    """The row with which another head begins: words in the value columns that read as heads, and no numbers."""
    values = [draft.index for draft in drafts if draft.role == "value"]
    for number in range(after + 1, len(rows)):
        cells = [cell for cell in distinct([rows[number][index] for index in values]) if not is_blank(cell.text)]
        has_numbers = any(number_in(cell.text) for cell in cells)
        if len(cells) < min(2, len(values)) or (has_numbers and not _is_year_head(rows[number])):
            continue
        if any(_reads_as_head(cell.text) for cell in cells):
            while number > after + 1 and len(distinct(rows[number - 1])) == 1:
                number -= 1  # noqa: PLW2901 - the caption of what follows
            return number
    return len(rows)


def _reads_as_head(text: str) -> bool:
    head = read_head(text)
    return bool(head.unit or head.period or head.status or head.measure != "level" or not head.name)


def _with_panels(drafts: Sequence[_Draft], body: Sequence[_Row]) -> list[Column]:
    """The columns, each value column with the column that names its rows."""
    columns: list[Column] = []
    panel: list[_Draft] = []
    has_values = False
    for draft in drafts:
        heads = tuple(draft.heads)
        if draft.role == "name":
            if has_values and _begins_panel(draft, panel):
                panel, has_values = [draft], False
            elif not has_values:
                panel.append(draft)
            columns.append(Column(draft.index, heads, "name"))
        elif draft.role == "value":
            has_values = True
            columns.append(_value_column(draft, panel, body))
        else:
            columns.append(Column(draft.index, heads, draft.role))
    return _without_twins(_with_changes(columns))


_CHANGES = ("growth", "progress", "change")


def _with_changes(columns: Sequence[Column]) -> list[Column]:
    """A growth or progress without a name is of the value column just before it, if that one has a name."""
    result: list[Column] = []
    for column in columns:
        if column.role != "value" or column.problem or column.names or column.measure not in _CHANGES:
            result.append(column)
            continue
        before = next((c for c in reversed(result) if c.role == "value" and c.measure == "level"), None)
        named = [c for c in columns if c.role == "value" and c.name_column == column.name_column and c.names]
        if not named:
            result.append(column)
        elif before is not None and before in named and column.heads[:-1] == before.heads[:-1]:
            result.append(replace(column, of=before.heads))
        else:
            result.append(replace(column, problem=f"it is not clear whose “{column.text}” it is"))
    return result


def _value_column(draft: _Draft, panel: Sequence[_Draft], body: Sequence[_Row]) -> Column:
    heads = tuple(draft.heads)
    if not panel:
        return Column(draft.index, heads, "value", problem="no column to its left names its rows")
    if not heads:
        return Column(draft.index, heads, "value", problem="it has no head")
    name = _row_names(panel, body)
    groups = tuple(other.index for other in panel if other.index < name.index)
    return Column(draft.index, heads, "value", name.index, groups)


def _row_names(panel: Sequence[_Draft], body: Sequence[_Row]) -> _Draft:
    """Of several columns of words the one that names the rows: the last that says so and tells them apart."""
    named = [draft for draft in panel if not draft.heads or draft.heads[-1].head.role == "name"]
    candidates = named or list(panel[:1])
    for draft in reversed(candidates):
        texts = [cell.text for row in body if (cell := row[draft.index]) and cell.text.strip()]
        if len(set(texts)) >= 0.8 * len(texts):
            return draft
    return candidates[-1]


def _begins_panel(draft: _Draft, panel: Sequence[_Draft]) -> bool:
    """A column of words after values begins a new panel if its head names rows as that of the panel before does."""
    if not draft.heads or not panel:
        return False
    text = _squeezed(draft.heads[-1].cell.text)
    same = any(other.heads and _squeezed(other.heads[-1].cell.text) == text for other in panel)
    return same or draft.heads[-1].head.role == "name"


def _without_twins(columns: list[Column]) -> list[Column]:
    """Value columns of one panel under the very same heads cannot be told apart: each gets a problem."""
    seen: dict[tuple[int | None, tuple[str, ...]], int] = {}
    result = list(columns)
    for place, column in enumerate(columns):
        if column.role != "value" or column.problem:
            continue
        key = (column.name_column, tuple(_squeezed(h.cell.text) for h in (*column.of, *column.heads)))
        if key in seen:
            for twin in (seen[key], place):
                result[twin] = replace(columns[twin], problem="another column has the same head")
        seen.setdefault(key, place)
    return result
