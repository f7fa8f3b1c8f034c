"""A line plot as SVG that needs nothing else, readable on light and dark pages."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

_COLOURS = ("#0b6e69", "#c2571a", "#4457b5", "#8a3d8f")
_WIDTH, _HEIGHT = 640, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 616, 24, 340


class Line(NamedTuple):
    """A named curve through its points, in the order of the first coordinate."""

    name: str
    points: Sequence[tuple[float, float]]


def plot(lines: Sequence[Line], *, across: str, up: str) -> str:
    """The lines with axes, ticks at round numbers, and a legend; `across` and `up` name the axes."""
    middle, ink = (_LEFT + _RIGHT) / 2, 'text-anchor="middle" fill="#1b2430"'
    x = _Axis([point[0] for line in lines for point in line.points], _LEFT, _RIGHT)
    y = _Axis([point[1] for line in lines for point in line.points], _BOTTOM, _TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        'font-family="system-ui, sans-serif" font-size="13">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
        *_grid(x, y),
        *(part for number, line in enumerate(lines) for part in _curve(line, number, x, y)),
        f'<text x="{middle}" y="{_HEIGHT - 12}" {ink}>{escape(across)}</text>',
        f'<text x="{_LEFT}" y="14" {ink}>{escape(up)}</text>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


class _Axis:
    """Values along a stretch of pixels, from the round number below the least to that above the greatest."""

    def __init__(self, values: Sequence[float], first: float, last: float) -> None:
        low, high = (min(values), max(values)) if values else (0.0, 1.0)
        self.step = _round_step((high - low or 1.0) / 5)
        self._first, self._last = first, last
        self._low = math.floor(low / self.step) * self.step
        self._high = max(math.ceil(high / self.step), math.floor(low / self.step) + 1) * self.step

    def at(self, value: float) -> float:
        """The pixel of a value."""
        share = (value - self._low) / (self._high - self._low)
        return round(self._first + share * (self._last - self._first), 1)

    def ticks(self) -> Iterator[tuple[float, str]]:
        """The round values, and how they are written."""
        digits = max(0, -math.floor(math.log10(self.step)))
        for number in range(round((self._high - self._low) / self.step) + 1):
            value = self._low + number * self.step
            yield value, f"{value:.{digits}f}"


def _round_step(least: float) -> float:
    """The least of 1, 2, 5, 10, 20 … (or their tenths) that is not below `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= least * (1 - 1e-9))


def _grid(x: _Axis, y: _Axis) -> Iterator[str]:
    for value, written in y.ticks():
        at = y.at(value)
        yield f'<line x1="{_LEFT}" x2="{_RIGHT}" y1="{at}" y2="{at}" stroke="#dde3ea"/>'
        yield f'<text x="{_LEFT - 8}" y="{at + 4}" text-anchor="end" fill="#5c6878">{written}</text>'
    for value, written in x.ticks():
        at = x.at(value)
        yield f'<line x1="{at}" x2="{at}" y1="{_TOP}" y2="{_BOTTOM}" stroke="#eef1f5"/>'
        yield f'<text x="{at}" y="{_BOTTOM + 20}" text-anchor="middle" fill="#5c6878">{written}</text>'


def _curve(line: Line, number: int, x: _Axis, y: _Axis) -> Iterator[str]:
    colour = _COLOURS[number % len(_COLOURS)]
    places = [(x.at(across), y.at(up)) for across, up in line.points]
    points = " ".join(f"{across},{up}" for across, up in places)
    yield f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
    for (across, up), (_, value) in zip(places, line.points, strict=True):
        yield f'<circle cx="{across}" cy="{up}" r="3.5" fill="{colour}"><title>{value}</title></circle>'
    at = _BOTTOM - 16 - 20 * number
    yield f'<line x1="{_RIGHT - 130}" x2="{_RIGHT - 106}" y1="{at}" y2="{at}" stroke="{colour}" stroke-width="2"/>'
    yield f'<text x="{_RIGHT - 98}" y="{at + 4}" fill="#1b2430">{escape(line.name)}</text>'
