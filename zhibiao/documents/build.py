"""Puts a document's text together and keeps the place of every paragraph, page and cell in it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from zhibiao.documents.model import Cell, Document, Extent, Kind, Limits, Table, address_of
from zhibiao.errors import DocumentError
from zhibiao.schema import Notice

_BREAKS = re.compile("\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
_ENDS_SENTENCE = "。！？；：:;.!?"


@dataclass(frozen=True, slots=True)
class RawCell:
    """A cell before its place in the text is known. Rows and columns count from 0 within its table."""

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    is_head: bool = False


class Builder:
    """Collects paragraphs and tables in reading order; `finish` gives the document."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._deadline = time.monotonic() + limits.seconds
        self._parts: list[str] = []
        self._length = 0
        self._paragraphs: list[Extent] = []
        self._pages: list[Extent] = []
        self._tables: list[Table] = []
        self._notices: list[Notice] = []
        self._cells = 0

    def check_time(self) -> None:
        """DocumentError where the time for this document is used up."""
        if time.monotonic() > self._deadline:
            raise DocumentError(
                f"Reading the document took longer than {self.limits.seconds:g} s. Split it, or raise the limit."
            )

    @property
    def length(self) -> int:
        """Characters so far."""
        return self._length

    def begin_page(self, number: int, ahead: int = 0) -> None:
        """What is added from here on, or from `ahead` characters further, stands on this page."""
        start = self._length + ahead
        if self._pages:
            self._pages[-1] = replace(self._pages[-1], end=start)
        self._pages.append(Extent(number, start, start))

    def paragraph(self, text: str) -> None:
        """Add a paragraph, or several where the text has line breaks; an empty one is an empty line."""
        for line in _BREAKS.split(text):
            start = self._length
            self._add(line)
            if line.strip():
                self._paragraphs.append(Extent(len(self._paragraphs) + 1, start, self._length))
            self._add("\n")

    def table(
        self,
        cells: Iterable[RawCell],
        *,
        sheet: str | None = None,
        first: tuple[int, int] = (0, 0),
        pages: Mapping[int, int] | None = None,
        problem: str | None = None,
    ) -> None:
        """Add a table: a line a row, its columns parted by tabs.

        `first` is its corner's place in its sheet; `pages` gives the page that begins with a row.
        """
        by_place = {(cell.row, cell.column): cell for cell in cells}
        rows = max((cell.row + cell.row_span for cell in by_place.values()), default=0)
        columns = max((cell.column + cell.column_span for cell in by_place.values()), default=0)
        self._count(rows * columns)
        start, placed = self._length, []
        for row in range(rows):
            if pages and row in pages:
                self.begin_page(pages[row])
            for column in range(columns):
                self._add("\t" if column else "")
                raw = by_place.get((row, column))
                if raw:
                    placed.append(self._place(raw, first))
            self._add("\n")
        number = len(self._tables) + 1
        self._tables.append(
            Table(number, start, max(start, self._length - 1), rows, columns, tuple(placed), sheet, problem)
        )

    def notice(self, code: str, message: str, start: int | None = None, end: int | None = None) -> None:
        """Add a notice for the reader of the report."""
        self._notices.append(Notice(code=code, message=message, start=start, end=end))

    def finish(self, kind: Kind, title: str | None = None, encoding: str | None = None) -> Document:
        """The document; line breaks at its end are dropped."""
        if self._pages:
            self._pages[-1] = replace(self._pages[-1], end=self._length)
        text = "".join(self._parts).rstrip("\n")
        return Document(
            text=text,
            kind=kind,
            title=title or self.first_line(text),
            encoding=encoding,
            pages=tuple(replace(page, end=min(page.end, len(text))) for page in self._pages),
            paragraphs=tuple(self._paragraphs),
            tables=tuple(self._tables),
            notices=tuple(self._notices),
        )

    def first_line(self, text: str) -> str | None:
        """The first paragraph, if it reads as a title."""
        if not self._paragraphs:
            return None
        return title_of(text[self._paragraphs[0].start : self._paragraphs[0].end])

    def _place(self, raw: RawCell, first: tuple[int, int]) -> Cell:
        text = one_line(raw.text)
        start = self._length
        self._add(text)
        address = address_of(raw.row + first[0], raw.column + first[1])
        return Cell(raw.row, raw.column, start, self._length, text, raw.row_span, raw.column_span, address, raw.is_head)

    def _count(self, cells: int) -> None:
        self._cells += cells
        if self._cells > self.limits.cells:
            raise DocumentError(f"The tables have more than {self.limits.cells:,} cells. Split the document.")

    def _add(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)


def title_of(line: str) -> str | None:
    """A line if it reads as a title: short, and no sentence."""
    line = line.strip()
    return line if line and len(line) <= 80 and line[-1] not in "。；，：;,:" else None


def one_line(text: str) -> str:
    """A cell's text on one line: a broken name is joined, sentences are kept apart by a space."""
    return join_lines([line.strip() for line in re.split(r"[\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", text)])


def join_lines(lines: Sequence[str]) -> str:
    """Lines of one text as one: Chinese is joined without a space, other words and sentences with one."""
    joined = ""
    for line in filter(None, lines):
        needs_space = bool(joined) and (joined[-1] in _ENDS_SENTENCE or (_is_latin(joined[-1]) and _is_latin(line[0])))
        joined += (" " if needs_space else "") + line
    return joined


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
