"""Characters on a page -> lines in reading order -> paragraphs, with the writer's line breaks undone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from zhibiao.documents.pdf.page import Box, Glyph

#: A gap of this many character heights parts two columns of a line.
_COLUMN_GAP = 1.5
_TERMINAL = "。！？!?；;：:"
#: What cannot end a line, and so moves to the next one with the character that follows.
_OPENING = "（(“‘《〈【〔「『"
#: What cannot begin a line, and so keeps the character before it on its line.
_CLOSING_MARKS = "）)”’》〉】〕」』"
_CLOSING = f"{_CLOSING_MARKS}，。、；：！？%％‰,.;:!?"
_HEADING = re.compile(
    r"(?:第?[一二三四五六七八九十百]+[、.．章节条]|[（(][一二三四五六七八九十\d]+[)）]|\d+[、.．](?!\d)"
    r"|——|\[\d+\])"
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of characters on one line without a wide gap; `starts` and `edges` are their left and right edges."""

    text: str
    box: Box
    starts: tuple[float, ...]
    edges: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page, or of one column of it."""

    segments: tuple[Segment, ...]
    box: Box

    @property
    def text(self) -> str:
        """Its text, with a tab at each wide gap."""
        return "\t".join(segment.text for segment in self.segments)

    @property
    def size(self) -> float:
        """The height of its characters."""
        return self.segments[0].box.height


@dataclass(frozen=True, slots=True)
class Margins:
    """Where the lines of a column begin and end."""

    left: float
    right: float


def lines_of(glyphs: Iterable[Glyph]) -> list[Line]:
    """The lines of a page from top to bottom, characters from left to right."""
    rows: list[list[Glyph]] = []
    for glyph in sorted((g for g in glyphs if g.box.height > 0), key=lambda g: (g.box.middle, g.box.left)):
        if rows and _is_beside(rows[-1], glyph):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    lines = (line_of(sorted(row, key=lambda g: g.box.left)) for row in rows)
    return [line for line in lines if line]


def _is_beside(row: Sequence[Glyph], glyph: Glyph) -> bool:
    """On one line: the middles of the two overlap the other's inner half."""
    height = min(row[-1].box.height, glyph.box.height)
    return abs(row[-1].box.middle - glyph.box.middle) < 0.45 * height


def line_of(glyphs: Sequence[Glyph]) -> Line | None:
    """A line of these characters; None where they are all white space."""
    segments: list[Segment] = []
    run: list[Glyph] = []
    for glyph in glyphs:
        if glyph.character in "\r\n":
            continue
        inked = next((g for g in reversed(run) if not g.character.isspace()), None)
        is_far = inked is not None and glyph.box.left - inked.box.right > _COLUMN_GAP * inked.box.height
        if is_far and not glyph.character.isspace():
            segments.extend(_segment(run))
            run = []
        run.append(glyph)
    segments.extend(_segment(run))
    return make_line(segments) if segments else None


def make_line(segments: Sequence[Segment]) -> Line:
    """A line of these segments, from left to right."""
    boxes = [segment.box for segment in segments]
    box = Box(
        min(b.left for b in boxes), min(b.top for b in boxes), max(b.right for b in boxes), max(b.bottom for b in boxes)
    )
    return Line(tuple(segments), box)


def _segment(run: Sequence[Glyph]) -> Iterator[Segment]:
    """The run as a segment: white space at its ends left out, spaces that pdfium made kept between Latin words."""
    while run and run[0].character.isspace():
        run = run[1:]
    while run and run[-1].character.isspace():
        run = run[:-1]
    if not run:
        return
    kept = [g for place, g in enumerate(run) if not (g.is_made and g.character.isspace()) or _parts_words(run, place)]
    boxes = [glyph.box for glyph in kept]
    box = Box(boxes[0].left, min(b.top for b in boxes), max(b.right for b in boxes), max(b.bottom for b in boxes))
    yield Segment("".join(g.character for g in kept), box, tuple(b.left for b in boxes), tuple(b.right for b in boxes))


def _parts_words(run: Sequence[Glyph], place: int) -> bool:
    before, after = run[place - 1].character, run[place + 1].character
    return before.isascii() and after.isascii() and before.isalnum() and after.isalnum()


def in_reading_order(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines in columns: a page of one column is one list; each run of two-column lines is left, then right."""
    gutter = _gutter(lines)
    if gutter is None:
        return [list(lines)]
    ordered: list[list[Line]] = []
    band: list[Line] = []
    for line in lines:
        if any(s.box.left < gutter < s.box.right for s in line.segments):
            ordered += [*_sides(band, gutter), [line]]
            band = []
        else:
            band.append(line)
    return [column for column in [*ordered, *_sides(band, gutter)] if column]


def _sides(band: Sequence[Line], gutter: float) -> list[list[Line]]:
    sides: list[list[Line]] = [[], []]
    for line in band:
        for side, is_right in zip(sides, (False, True), strict=True):
            segments = [s for s in line.segments if (s.box.center > gutter) == is_right]
            if segments:
                side.append(make_line(segments))
    return sides


def _gutter(lines: Sequence[Line]) -> float | None:
    """The x of the gap between two columns of running text, if the page has them.

    Both sides of it must be filled as columns of text are, not as those of a table: most lines reach across.
    """
    if len(lines) < 8:
        return None
    left, right = min(line.box.left for line in lines), max(line.box.right for line in lines)
    middle, width = (left + right) / 2, right - left
    parted = [line for line in lines if not any(s.box.left < middle < s.box.right for s in line.segments)]
    both = [line for line in parted if line.box.left < middle < line.box.right]
    if len(both) < 6 or len(both) < 0.5 * len(lines):
        return None
    filled = [
        line for line in both if len(line.segments) == 2 and sum(s.box.width for s in line.segments) > 0.75 * width
    ]
    return middle if len(filled) >= 0.6 * len(both) else None


def margins_of(lines: Sequence[Line], fallback: Margins | None = None) -> Margins:
    """The margins of a column; where it has few lines, `fallback` (those of the document) where it is wider."""
    left, right = min(line.box.left for line in lines), max(map(_right_edge, lines))
    if fallback and len(lines) < 6:
        return Margins(min(left, fallback.left), max(right, fallback.right))
    return Margins(left, right)


def _right_edge(line: Line) -> float:
    """Where a line ends; punctuation at its end may hang over the margin."""
    segment = line.segments[-1]
    hangs = len(segment.edges) > 1 and segment.text[-1] in _CLOSING
    return segment.edges[-2] if hangs else line.box.right


def typical(margins: Sequence[Margins]) -> Margins | None:
    """The margins of most pages."""
    if not margins:
        return None
    return Margins(median(m.left for m in margins), median(m.right for m in margins))


def is_continued(first: Line, second: Line, before: Margins, after: Margins, *, has_indents: bool) -> bool:
    """Whether `second` goes on with the paragraph of `first`.

    It does where the line was full (the next word would not have fitted), is of the same size, and the next line is not
    indented. In a document without indents a numbered line after the end of a sentence begins a new paragraph.
    """
    if len(first.segments) > 1 or len(second.segments) > 1 or abs(first.size - second.size) > 0.25 * first.size:
        return False
    if _is_centered(first, before) and _is_centered(second, after):
        return first.box.width > 0.6 * (before.right - before.left) and first.text[-1] not in _TERMINAL
    if second.box.left > after.left + 0.8 * first.size:
        return False
    if second.text[0] in _CLOSING_MARKS:
        return True
    is_full = first.box.right + _first_word(second) > before.right - 0.25 * first.size
    if not is_full:
        return False
    return has_indents or not (first.text[-1] in _TERMINAL and _HEADING.match(second.text))


def has_indents(columns: Iterable[tuple[Sequence[Line], Margins]]) -> bool:
    """Whether paragraphs begin with an indent: a fair share of the lines starts one to three characters in."""
    indented = total = 0
    for lines, margins in columns:
        for line in lines:
            total += 1
            indented += 1.2 < (line.box.left - margins.left) / line.size < 3.2
    return indented >= max(1, 0.05 * total)


def _is_centered(line: Line, margins: Margins) -> bool:
    """Both sides stand in by the same, and by more than an indent."""
    before, after = line.box.left - margins.left, margins.right - line.box.right
    return before > 2.5 * line.size and abs(before - after) < line.size


def _first_word(line: Line) -> float:
    """The width of what a line break could not have split at the start of a line."""
    segment = line.segments[0]
    text, end = segment.text, 0
    while end < len(text) - 1 and text[end] in _OPENING:
        end += 1
    while end < len(text) - 1 and _holds(text[end], text[end + 1]):
        end += 1
    return segment.edges[end] - segment.box.left


def _holds(first: str, second: str) -> bool:
    """No break between the two: within a number or Latin word, or before closing punctuation."""
    return second in _CLOSING or (_is_word(first) and _is_word(second))


def _is_word(character: str) -> bool:
    return (character.isascii() and not character.isspace()) or character in "∶·～—–"
