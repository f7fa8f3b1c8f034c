"""Lines and grids of a PDF's pages, in reading order -> paragraphs and tables, across page breaks too."""

from __future__ import annotations

from dataclasses import replace

from zhibiao.documents.build import Builder, RawCell, join_lines
from zhibiao.documents.pdf.grid import Grid
from zhibiao.documents.pdf.lines import Line, Margins, is_continued

#: Column rules of a table that goes on overleaf stand at the same places, within this many points.
_SHIFT = 4.0


class Assembler:
    """Takes lines and grids one by one; adds a paragraph or table to the builder when it is whole."""

    def __init__(self, builder: Builder, *, has_indents: bool) -> None:
        self._builder = builder
        self._has_indents = has_indents
        self._page = 0
        self._lines: list[tuple[int, Line]] = []
        self._margins: Margins | None = None
        self._grid: Grid | None = None
        self._rows: list[list[RawCell]] = []
        self._row_pages: dict[int, int] = {}
        self._table_page = 0

    def add_line(self, page: int, line: Line, margins: Margins) -> None:
        """Add a line: to the open paragraph if it goes on with it, else as the first of a new one."""
        self._end_table()
        if self._lines and self._margins and not self._goes_on(line, margins):
            self._end_paragraph()
        self._lines.append((page, line))
        self._margins = margins

    def add_table(self, page: int, grid: Grid) -> None:
        """Add a table, or the rest of the one that the page before ended with."""
        self._end_paragraph()
        if self._grid and self._is_rest(page, grid):
            self._continue_table(page, grid)
        else:
            self._end_table()
            self._grid, self._rows, self._row_pages = grid, _rows(grid), {0: page}
        self._table_page = page

    def finish(self) -> None:
        """Add what is still open."""
        self._end_paragraph()
        self._end_table()

    def _goes_on(self, line: Line, margins: Margins) -> bool:
        last = self._lines[-1][1]
        return self._margins is not None and is_continued(
            last, line, self._margins, margins, has_indents=self._has_indents
        )

    def _end_paragraph(self) -> None:
        if not self._lines:
            return
        texts = [line.text.strip() for _, line in self._lines]
        for place, (page, _) in enumerate(self._lines):
            if page != self._page:
                whole = join_lines(texts[: place + 1])
                self._builder.begin_page(page, len(whole) - len(texts[place]))
                self._page = page
        self._builder.paragraph(join_lines(texts))
        self._lines = []

    def _is_rest(self, page: int, grid: Grid) -> bool:
        edges = self._grid.edges if self._grid else ()
        return (
            page == self._table_page + 1
            and len(edges) > 0
            and len(edges) == len(grid.edges)
            and all(abs(first - second) < _SHIFT for first, second in zip(edges, grid.edges, strict=True))
        )

    def _continue_table(self, page: int, grid: Grid) -> None:
        """Add the rows of the next page; a head that is printed again there is left out."""
        rows = _rows(grid)
        repeated = 0
        while repeated < min(len(rows), len(self._rows)) and _texts(rows[repeated]) == _texts(self._rows[repeated]):
            repeated += 1
        shift = len(self._rows) - repeated
        self._row_pages[len(self._rows)] = page
        self._rows += [[replace(cell, row=cell.row + shift) for cell in row] for row in rows[repeated:]]
        if grid.problem and self._grid:
            self._grid = replace(self._grid, problem=grid.problem)

    def _end_table(self) -> None:
        if self._grid is None:
            return
        pages = {row: page for row, page in self._row_pages.items() if page != self._page}
        self._builder.table([cell for row in self._rows for cell in row], pages=pages, problem=self._grid.problem)
        self._page, self._grid = self._table_page, None


def _rows(grid: Grid) -> list[list[RawCell]]:
    """The cells by row; a row that is covered by merged cells is empty."""
    rows: list[list[RawCell]] = [[] for _ in range(max(cell.row + cell.row_span for cell in grid.cells))]
    for cell in grid.cells:
        rows[cell.row].append(cell)
    return [sorted(row, key=lambda cell: cell.column) for row in rows]


def _texts(row: list[RawCell]) -> list[str]:
    return [cell.text for cell in row]
