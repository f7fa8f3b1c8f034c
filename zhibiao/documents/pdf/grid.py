"""Ruled lines and the characters between them -> tables.

Rules that touch make a grid. Its elementary cells, those between neighbouring rules, are one cell where no rule parts
them. The grid is clear where every such cell is a rectangle and no text runs across a rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zhibiao.documents.build import RawCell, join_lines
from zhibiao.documents.pdf.lines import lines_of
from zhibiao.documents.pdf.page import Box, Glyph, Rule

#: Rules closer than this, in points, are one; ends closer than this touch.
_CLOSE = 3.0
_COVERED = 0.75
#: Characters closer than this share of their height are of one word: where a rule parts them, text runs across it.
_TOUCHING = 0.1
#: Lines that a drawing, not a table, has.
_MOST_RULES = 2_000


@dataclass(frozen=True, slots=True)
class Grid:
    """A table on a page. `edges` are the x of its column rules; `problem` says why it is not clear, where it is not."""

    box: Box
    cells: tuple[RawCell, ...]
    edges: tuple[float, ...]
    problem: str | None = None

    def holds(self, box: Box) -> bool:
        """Whether the centre of `box` lies in the table."""
        return self.box.left <= box.center <= self.box.right and self.box.top <= box.middle <= self.box.bottom


def grids_of(rules: Sequence[Rule], glyphs: Sequence[Glyph]) -> list[Grid]:
    """The tables of a page, from top to bottom. One that has a single column only frames text, and is none."""
    merged = _merged(rules)
    if len(merged) > _MOST_RULES:
        return []
    grids = [grid for group in _groups(merged) if (grid := _grid(group, glyphs))]
    return sorted(grids, key=lambda grid: (grid.box.top, grid.box.left))


def _merged(rules: Iterable[Rule]) -> list[Rule]:
    """Rules on one line that touch as one: thin boxes have two edges, and many writers rule cell by cell."""
    merged: list[Rule] = []
    for rule in sorted(rules, key=lambda r: (r.is_horizontal, round(r.at / _CLOSE), r.start)):
        for place in range(len(merged) - 1, max(-1, len(merged) - 40), -1):
            other = merged[place]
            if _is_one(other, rule):
                merged[place] = Rule(
                    other.is_horizontal, other.at, min(other.start, rule.start), max(other.end, rule.end)
                )
                break
        else:
            merged.append(rule)
    return merged


def _is_one(first: Rule, second: Rule) -> bool:
    return (
        first.is_horizontal == second.is_horizontal
        and abs(first.at - second.at) < _CLOSE
        and second.start <= first.end + _CLOSE
        and first.start <= second.end + _CLOSE
    )


def _groups(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Rules that touch, directly or through others."""
    left = list(rules)
    groups: list[list[Rule]] = []
    while left:
        group = [left.pop()]
        for rule in group:
            touching = [other for other in left if _touch(rule, other)]
            left = [other for other in left if other not in touching]
            group.extend(touching)
        groups.append(group)
    return groups


def _touch(first: Rule, second: Rule) -> bool:
    if first.is_horizontal == second.is_horizontal:
        return _is_one(first, second)
    return (
        first.start - _CLOSE <= second.at <= first.end + _CLOSE
        and second.start - _CLOSE <= first.at <= second.end + _CLOSE
    )


def _grid(group: Sequence[Rule], glyphs: Sequence[Glyph]) -> Grid | None:
    across = [rule for rule in group if rule.is_horizontal]
    down = [rule for rule in group if not rule.is_horizontal]
    if len(across) < 2 or not down:
        return None
    # Tables are often left open at their sides: the horizontal rules then reach further than the vertical ones.
    xs = _places([*(rule.at for rule in down), min(r.start for r in across), max(r.end for r in across)])
    ys = _places([*(rule.at for rule in across), min(r.start for r in down), max(r.end for r in down)])
    if len(xs) < 3 or len(ys) < 3:
        return None
    owners = _owners(xs, ys, across, down)
    regions = _regions(owners)
    box = Box(xs[0], ys[0], xs[-1], ys[-1])
    inside = [g for g in glyphs if box.left < g.box.center < box.right and box.top < g.box.middle < box.bottom]
    texts, problem = _texts(inside, xs, ys, owners)
    cells = []
    for owner, places in regions.items():
        rows, columns = {row for row, _ in places}, {column for _, column in places}
        if len(places) != len(rows) * len(columns):
            problem = "its rules do not part it into rectangles"
        cells.append(RawCell(min(rows), min(columns), texts.get(owner, ""), len(rows), len(columns)))
    return Grid(box, tuple(cells), tuple(xs), problem)


def _places(values: Iterable[float]) -> list[float]:
    """Values closer than `_CLOSE` as one, in order."""
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] >= _CLOSE:
            places.append(value)
    return places


_Place = tuple[int, int]


def _owners(
    xs: Sequence[float], ys: Sequence[float], across: Sequence[Rule], down: Sequence[Rule]
) -> dict[_Place, _Place]:
    """For each elementary cell the first one of the cell that it is part of."""
    owners = {(row, column): (row, column) for row in range(len(ys) - 1) for column in range(len(xs) - 1)}

    def root(place: _Place) -> _Place:
        while owners[place] != place:
            place = owners[place]
        return place

    def unite(first: _Place, second: _Place) -> None:
        a, b = sorted((root(first), root(second)))
        owners[b] = a

    for row, column in list(owners):
        if column + 1 < len(xs) - 1 and not _is_ruled(down, xs[column + 1], ys[row], ys[row + 1]):
            unite((row, column), (row, column + 1))
        if row + 1 < len(ys) - 1 and not _is_ruled(across, ys[row + 1], xs[column], xs[column + 1]):
            unite((row, column), (row + 1, column))
    return {place: root(place) for place in owners}


def _is_ruled(rules: Sequence[Rule], at: float, start: float, end: float) -> bool:
    """Whether rules at this place cover most of the way from start to end."""
    covered = sum(max(0.0, min(rule.end, end) - max(rule.start, start)) for rule in rules if abs(rule.at - at) < _CLOSE)
    return covered >= _COVERED * (end - start)


def _regions(owners: dict[_Place, _Place]) -> dict[_Place, list[_Place]]:
    regions: dict[_Place, list[_Place]] = {}
    for place, owner in owners.items():
        regions.setdefault(owner, []).append(place)
    return regions


def _texts(
    glyphs: Sequence[Glyph], xs: Sequence[float], ys: Sequence[float], owners: dict[_Place, _Place]
) -> tuple[dict[_Place, str], str | None]:
    """The text of each cell, and the problem where text runs across a rule."""
    by_cell: dict[_Place, list[Glyph]] = {}
    problem = None
    for glyph in glyphs:
        place = (_slot(ys, glyph.box.middle), _slot(xs, glyph.box.center))
        by_cell.setdefault(owners[place], []).append(glyph)
    for line in lines_of(glyphs):
        for segment in line.segments:
            starts = segment.starts
            row = _slot(ys, segment.box.middle)
            slots = [owners[row, _slot(xs, (a + b) / 2)] for a, b in zip(starts, segment.edges, strict=True)]
            for at in range(1, len(slots)):
                is_touching = starts[at] - segment.edges[at - 1] < _TOUCHING * segment.box.height
                if slots[at] != slots[at - 1] and is_touching:
                    problem = f"{segment.text} runs across a rule"
    return {cell: join_lines([line.text for line in lines_of(inside)]) for cell, inside in by_cell.items()}, problem


def _slot(places: Sequence[float], value: float) -> int:
    slot = sum(1 for place in places[1:-1] if place <= value)
    return min(slot, len(places) - 2)
