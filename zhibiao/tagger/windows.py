"""Paragraphs -> windows that the encoder can hold.

A paragraph is the unit: what a window shows of the text depends on its own paragraph alone, so that a paragraph is
tagged alike wherever it stands. A paragraph too long for one window is cut at sentence ends into cores, each shown
with what stands before and behind it; together the cores cover the paragraph, and each character's output is taken
from the window whose core it is in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from zhibiao.text import clauses

#: Most characters of a window; [CLS] and [SEP] fill the encoder's 512 positions.
LONGEST = 510
#: Most characters of a core, and of the context on either side of it.
CORE = 254
CONTEXT = 128


@dataclass(frozen=True)
class Window:
    """The encoder is shown `text[start:end]`; its outputs are kept for `text[first:last]`."""

    start: int
    end: int
    first: int
    last: int


def windows(text: str, start: int, end: int) -> Iterator[Window]:
    """The windows of the paragraph `text[start:end]`, in order; their cores cover it without overlap."""
    if end - start <= LONGEST:
        yield Window(start, end, start, end)
        return
    for first, last in _cores(text, start, end):
        yield Window(max(start, first - CONTEXT), min(end, last + CONTEXT), first, last)


def _cores(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    first = cut = start
    for _, stop in clauses(text, start, end):
        if stop - first > CORE and cut > first:
            yield first, cut
            first = cut
        while stop - first > CORE:
            last = _safe_cut(text, first, first + CORE)
            yield first, last
            first = last
        cut = stop
    if first < end:
        yield first, end


def _safe_cut(text: str, first: int, last: int) -> int:
    """The last place up to `last` where a clause without an end mark may be cut: after a comma, else at `last`."""
    at = max(text.rfind(mark, first + CORE // 2, last) for mark in "，、,：: \t|")
    return at + 1 if at > first else last
