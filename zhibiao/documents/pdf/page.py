"""What stands on a PDF's page: its characters and its ruled lines, upright, in points from the upper left corner."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import pypdfium2
from pypdfium2 import raw

from zhibiao.errors import DocumentError

#: Paths that are looked at on one page; charts and maps have more.
_PATHS = 20_000
#: More characters than the largest sheet of small print has.
_CHARACTERS = 200_000
#: A rule is at most this thick, in points, and its ends may miss an axis by as much.
_THIN = 2.5


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> float:
        """The height of its centre."""
        return (self.top + self.bottom) / 2

    @property
    def center(self) -> float:
        """The horizontal place of its centre."""
        return (self.left + self.right) / 2

    @property
    def width(self) -> float:
        """Its width."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Its height: of a character's box, about the size of its font."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character of the page; `is_made` where pdfium made a space of a gap."""

    character: str
    box: Box
    is_made: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A ruled line: `at` is its y (horizontal) or x (vertical), `start` to `end` its extent."""

    is_horizontal: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Turn:
    """Turns a point of the page's own space to how it is read; `quarters` clockwise."""

    quarters: int
    left: float
    bottom: float
    width: float
    height: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        """The point in the upright page; y grows downwards."""
        x, y = x - self.left, y - self.bottom
        return ((x, self.height - y), (y, x), (self.width - x, y), (self.height - y, self.width - x))[self.quarters]

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """The box in the upright page."""
        (x1, y1), (x2, y2) = self.point(left, bottom), self.point(right, top)
        return Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the upright page."""
        return (self.width, self.height) if self.quarters % 2 == 0 else (self.height, self.width)


@dataclass(frozen=True, slots=True)
class Page:
    """A page's content; `has_image` where text may stand in a picture."""

    glyphs: tuple[Glyph, ...]
    rules: tuple[Rule, ...]
    width: float
    height: float
    has_image: bool = False


def read_page(page: pypdfium2.PdfPage) -> Page:
    """Characters and rules of a page, turned upright; text that lies across (watermarks) is left out.

    DocumentError where it holds more characters than any page does.
    """
    text = page.get_textpage()
    if text.count_chars() > _CHARACTERS:
        raise DocumentError(f"A page of the PDF holds more than {_CHARACTERS:,} characters, which no page does.")
    left, bottom, right, top = page.get_bbox()
    angles = [_quarters(raw.FPDFText_GetCharAngle(text, place)) for place in range(text.count_chars())]
    # The text itself says how the page is read: landscape tables lie on upright pages as well as on turned ones.
    counted = Counter(angle for angle in angles if angle is not None)
    lying = counted.most_common(1)[0][0] if counted else 0
    turn = Turn(lying, left, bottom, right - left, top - bottom)
    glyphs = tuple(_glyphs(text, angles, lying, turn))
    text.close()
    width, height = turn.size
    has_image = next(iter(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4)), None) is not None
    return Page(glyphs, tuple(_rules(page, turn)), width, height, has_image)


def _quarters(angle: float) -> int | None:
    """A clockwise angle in radians as quarter turns to undo it; None where it is no multiple of one."""
    turns = angle / (math.pi / 2)
    return -round(turns) % 4 if angle >= 0 and abs(turns - round(turns)) < 0.05 else None


def _glyphs(text: pypdfium2.PdfTextPage, angles: list[int | None], lying: int, turn: Turn) -> Iterator[Glyph]:
    rectangle = raw.FS_RECTF()
    last: Glyph | None = None
    for place, angle in enumerate(angles):
        code = raw.FPDFText_GetUnicode(text, place)
        is_made = raw.FPDFText_IsGenerated(text, place) == 1
        if code in (0, 0xFFFE, 0xFFFF) or 0xD800 <= code <= 0xDFFF or (angle != lying and not is_made):
            continue
        if not raw.FPDFText_GetLooseCharBox(text, place, ctypes.byref(rectangle)):
            continue
        box = turn.box(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
        glyph = Glyph(chr(code), box, is_made)
        if not (last and _is_twin(last, glyph)):
            yield glyph
        last = glyph


def _is_twin(first: Glyph, second: Glyph) -> bool:
    """Some writers print bold by printing twice, a hair apart."""
    shift = max(abs(first.box.left - second.box.left), abs(first.box.top - second.box.top))
    return first.character == second.character and not second.is_made and shift < 0.15 * second.box.height


def _rules(page: pypdfium2.PdfPage, turn: Turn) -> Iterator[Rule]:
    for item in islice(page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=4), _PATHS):
        for first, second in _edges(item):
            rule = _rule(turn.point(*first), turn.point(*second))
            if rule:
                yield rule


def _rule(first: tuple[float, float], second: tuple[float, float]) -> Rule | None:
    wide, high = abs(first[0] - second[0]), abs(first[1] - second[1])
    if high <= _THIN < wide:
        return Rule(True, (first[1] + second[1]) / 2, min(first[0], second[0]), max(first[0], second[0]))
    if wide <= _THIN < high:
        return Rule(False, (first[0] + second[0]) / 2, min(first[1], second[1]), max(first[1], second[1]))
    return None


def _edges(item: pypdfium2.PdfObject) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """The straight edges of a path, in the page's space."""
    matrix = item.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    start = last = None
    for place in range(raw.FPDFPath_CountSegments(item)):
        segment = raw.FPDFPath_GetPathSegment(item, place)
        raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        point = matrix.on_point(x.value, y.value)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO and last:
            yield last, point
        if raw.FPDFPathSegment_GetClose(segment) and start and start != point:
            yield point, start
        last = point
