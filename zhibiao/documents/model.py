"""What a document is once read: its text, and where each part of that text stood.

Offsets are half-open, in Unicode code points, into `Document.text`; every page, paragraph and cell is a range of it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeVar

from zhibiao.schema import Notice, Source

Kind = Literal["txt", "md", "html", "docx", "pdf", "xlsx"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one document may cost; past any of these it is refused with a DocumentError.

    `file_bytes` is the size of the file, `unpacked_bytes` of what a zipped one holds, `pages` of a PDF, `cells` of all
    its tables together, `seconds` the time for reading (checked between pages, sheets and paragraphs).
    """

    file_bytes: int = 64 * 2**20
    unpacked_bytes: int = 100 * 2**20
    pages: int = 2_000
    cells: int = 500_000
    seconds: float = 300.0


@dataclass(frozen=True, slots=True)
class Extent:
    """A page or a paragraph: its number, from 1, and the range of the text that it fills."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table, a merged one counted once, at its upper left corner. Rows and columns count from 0."""

    row: int
    column: int
    start: int
    end: int
    text: str
    row_span: int = 1
    column_span: int = 1
    address: str = ""
    is_head: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A grid of cells that fills the range `start`:`end` of the text.

    `problem` says why its grid is not clear, where it is not; then no cell can be trusted to stand under its head.
    """

    number: int
    start: int
    end: int
    rows: int
    columns: int
    cells: tuple[Cell, ...]
    sheet: str | None = None
    problem: str | None = None

    def grid(self) -> list[list[Cell | None]]:
        """Rows of cells; a merged cell stands at every place that it covers, None where there is no cell."""
        grid: list[list[Cell | None]] = [[None] * self.columns for _ in range(self.rows)]
        for cell in self.cells:
            for row in range(cell.row, min(cell.row + cell.row_span, self.rows)):
                for column in range(cell.column, min(cell.column + cell.column_span, self.columns)):
                    grid[row][column] = cell
        return grid


@dataclass(frozen=True, slots=True)
class Document:
    """A document as read. `encoding` is set for those that are text files."""

    text: str
    kind: Kind
    title: str | None = None
    encoding: str | None = None
    pages: tuple[Extent, ...] = ()
    paragraphs: tuple[Extent, ...] = ()
    tables: tuple[Table, ...] = ()
    notices: tuple[Notice, ...] = field(default=())

    def source_of(self, start: int, end: int) -> Source:
        """The page, paragraph, sheet, table and cell in which the range `start`:`end` begins."""
        page, paragraph = _at(self.pages, start), _at(self.paragraphs, start)
        table = _at(self.tables, start)
        cell = _at(table.cells, start) if table else None
        return Source(
            page=page.number if page else None,
            paragraph=paragraph.number if paragraph and not table else None,
            sheet=table.sheet if table else None,
            table=table.number if table else None,
            cell=cell.address if cell and end <= cell.end else None,
        )


class _Placed(Protocol):
    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


_P = TypeVar("_P", bound=_Placed)


def _at(places: Sequence[_P], offset: int) -> _P | None:
    """The last of these, which are in order, that begins at or before `offset`, if it reaches that far."""
    index = bisect_right(places, offset, key=lambda place: place.start) - 1
    # Empty cells begin where the next one does.
    while index > 0 and places[index].start == places[index].end == places[index - 1].start:
        index -= 1
    return places[index] if index >= 0 and offset < places[index].end else None


def address_of(row: int, column: int) -> str:
    """A cell's address in A1 notation; rows and columns count from 0.

    >>> address_of(4, 27)
    'AB5'
    """
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"
