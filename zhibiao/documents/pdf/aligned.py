"""Tables without vertical rules (三线表): lines of a page whose parts stand under each other in columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from zhibiao.documents.build import RawCell
from zhibiao.documents.pdf.grid import Grid
from zhibiao.documents.pdf.lines import Line
from zhibiao.documents.pdf.page import Box

#: Fewer rows or columns may stand under each other by chance.
_ROWS, _COLUMNS = 3, 3
#: Columns are at least this many character heights apart.
_GAP = 0.5


class Aligned(NamedTuple):
    """The tables of a page, the lines that are in none, and whether some of those look like a table."""

    grids: list[Grid]
    rest: list[Line]
    is_unclear: bool


def aligned_grids(lines: Sequence[Line]) -> Aligned:
    """Tables among the lines of a page.

    A run of lines in parts is a table where every line has the same number of parts, and the columns they make are
    apart from each other. A run that is nearly one (a wrapped name, a group of heads) stays text: nothing tells what
    its parts belong to.
    """
    grids: list[Grid] = []
    rest: list[Line] = []
    is_unclear = False
    for run in _runs(lines):
        if is_aligned(run):
            grids.append(_grid(run))
        else:
            rest.extend(run)
            is_unclear |= sum(len(line.segments) >= _COLUMNS for line in run) >= _ROWS
    return Aligned(grids, rest, is_unclear)


def _runs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines of one part one by one, and consecutive lines of several parts together."""
    run: list[Line] = []
    for line in lines:
        if len(line.segments) > 1 and (not run or len(run[-1].segments) > 1):
            run.append(line)
            continue
        if run:
            yield run
        run = [line]
    if run:
        yield run


def is_aligned(run: Sequence[Line]) -> bool:
    """Whether the parts of these lines stand in columns, with numbers in most rows."""
    widths = {len(line.segments) for line in run}
    if len(run) < _ROWS or len(widths) != 1 or min(widths) < _COLUMNS:
        return False
    columns = list(zip(*(line.segments for line in run), strict=True))
    edges = [(min(s.box.left for s in column), max(s.box.right for s in column)) for column in columns]
    gap = _GAP * run[0].size
    has_numbers = sum(any(c.isdigit() for s in line.segments[1:] for c in s.text) for line in run[1:])
    return has_numbers >= 0.8 * (len(run) - 1) and all(first[1] + gap < second[0] for first, second in pairwise(edges))


def _grid(run: Sequence[Line]) -> Grid:
    boxes = [line.box for line in run]
    box = Box(min(b.left for b in boxes), boxes[0].top, max(b.right for b in boxes), boxes[-1].bottom)
    cells = tuple(
        RawCell(row, column, segment.text)
        for row, line in enumerate(run)
        for column, segment in enumerate(line.segments)
    )
    return Grid(box, cells, ())
