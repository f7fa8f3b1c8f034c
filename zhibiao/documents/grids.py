"""Grids in plain text: consecutive lines whose cells are parted by | or by tabs. The text itself is not touched."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zhibiao.documents.model import Cell, Table, address_of
from zhibiao.text import paragraphs

#: Bars that part cells: ASCII, full width, and those of drawn boxes.
_BAR = re.compile("[|｜│┃]")
_TAB = re.compile("\t")
#: A line of a drawn box, or Markdown's line under the head.
_RULE = re.compile(r"[\s|｜│┃:：+\-─━═┌┬┐├┼┤└┴┘┏┓┗┛╋—]+")
#: A line between two rows that is longer is no section's name.
_SECTION_LENGTH = 30
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class _Row:
    """A line: where it stands, and the extents of its cells without the white space around them."""

    start: int
    end: int
    cells: tuple[tuple[int, int], ...]


def grids_in(text: str) -> Iterator[Table]:
    """The grids of a text, from two rows and two columns on, with a digit somewhere.

    A grid whose rows differ in their number of cells has a `problem`: nothing tells which cell is missing.
    """
    number = 0
    for separator, run in _runs(text):
        rows = _without_captions(run)
        widths = {len(row.cells) for row in rows}
        if len(rows) < 2 or max(widths) < 2 or not _DIGIT.search(text, rows[0].start, rows[-1].end):
            continue
        if separator is _TAB and len(widths - {1}) > 1 and not _mostly_equal(rows):
            continue  # tabs that indent or align, as in a list
        number += 1
        yield _table(text, number, rows, widths)


def _runs(text: str) -> Iterator[tuple[re.Pattern[str], list[_Row]]]:
    """Consecutive lines with the same separator; a short line without one between two of them is a section's row."""
    run: list[_Row] = []
    current: re.Pattern[str] | None = None
    section: _Row | None = None
    last_end = 0
    for start, end in paragraphs(text):
        separator = next((mark for mark in (_BAR, _TAB) if mark.search(text, start, end)), None)
        is_rule = separator is not _TAB and _RULE.fullmatch(text, start, end) is not None
        has_gap = bool(run) and text.count("\n", last_end, start) > 1
        last_end = end
        row = _row(text, start, end, separator) if separator and not is_rule else None
        if row and run and not has_gap and separator is current:
            if section and len(row.cells) == len(run[-1].cells):
                run.append(section)
            elif section and current:
                yield current, run
                run = []
            run.append(row)
        elif is_rule and not has_gap:
            continue
        elif run and not has_gap and section is None and separator is None and _is_section(text[start:end]):
            section = _Row(start, end, (_stripped(text, start, end),))
            continue
        else:
            if run and current:
                yield current, run
            run, current = ([row], separator) if row else ([], None)
        section = None
    if run and current:
        yield current, run


def _is_section(line: str) -> bool:
    return len(line.strip()) <= _SECTION_LENGTH and line.rstrip()[-1] not in "。；;，,"


def _row(text: str, start: int, end: int, separator: re.Pattern[str]) -> _Row:
    edges = [found.start() for found in separator.finditer(text, start, end)]
    if separator is _BAR:  # bars at the ends of a line close it
        if not text[start : edges[0]].strip():
            start = edges.pop(0) + 1
        if edges and not text[edges[-1] + 1 : end].strip():
            end = edges.pop()
    bounds = [*zip([start, *(edge + 1 for edge in edges)], [*edges, end], strict=True)]
    return _Row(start, end, tuple(_stripped(text, first, last) for first, last in bounds))


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _without_captions(rows: Sequence[_Row]) -> list[_Row]:
    """Rows at the top with one filled cell where others have several are a caption."""
    widest = max(len(row.cells) for row in rows)
    first = 0
    while first < len(rows) and widest > 1 and sum(1 for start, end in rows[first].cells if end > start) < 2:
        first += 1
    return list(rows[first:]) or list(rows)


def _mostly_equal(rows: Sequence[_Row]) -> bool:
    widths = [len(row.cells) for row in rows]
    return max(map(widths.count, set(widths))) >= 0.6 * len(widths) and max(set(widths), key=widths.count) > 2


def _table(text: str, number: int, rows: Sequence[_Row], widths: set[int]) -> Table:
    problem = None
    if len(widths - {1}) > 1:
        problem = f"its rows have {min(widths)} to {max(widths)} cells"
    cells = tuple(
        Cell(row_number, column, start, end, text[start:end], address=address_of(row_number, column))
        for row_number, row in enumerate(rows)
        for column, (start, end) in enumerate(row.cells)
    )
    return Table(number, rows[0].start, rows[-1].end, len(rows), max(widths), cells, problem=problem)
