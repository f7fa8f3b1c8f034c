"""Paragraphs -> windows that the encoder can hold.

A paragraph is the unit: what a window shows of the text depends on its own paragraph alone, so that a paragraph is
tagged alike wherever it stands. A paragraph too long for one window is cut at sentence ends into cores, each shown
with what stands before and behind it; together the cores cover the paragraph, and each character's output is taken
from the window whose core it is in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from zhibiao.text import clauses, packed

Item = TypeVar("Item")

#: Most characters that the encoder holds; [CLS] and [SEP] fill its 512 positions.
LONGEST = 510
#: Most characters of a core, and of the context on either side of it. Together about what training shows: with windows
#: that are longer the same model finds less (training/LOG.md).
CORE = 222
CONTEXT = 32
#: Most characters of a paragraph that is shown as a whole.
WHOLE = CORE + 2 * CONTEXT


@dataclass(frozen=True)
class Window:
    """The encoder is shown `text[start:end]`; its outputs are kept for `text[first:last]`."""

    start: int
    end: int
    first: int
    last: int


def windows(text: str, start: int, end: int) -> Iterator[Window]:
    """The windows of the paragraph `text[start:end]`, in order; their cores cover it without overlap."""
    if end - start <= WHOLE:
        yield Window(start, end, start, end)
        return
    for first, last in _cores(text, start, end):
        yield Window(max(start, first - CONTEXT), min(end, last + CONTEXT), first, last)


def _cores(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    yield from packed(clauses(text, start, end), start, end, CORE, lambda first: _safe_cut(text, first, first + CORE))


def _safe_cut(text: str, first: int, last: int) -> int:
    """The last place up to `last` where a clause without an end mark may be cut: after a comma, else at `last`."""
    at = max(text.rfind(mark, first + CORE // 2, last) for mark in "，、,：: \t|")
    return at + 1 if at > first else last


def batched(items: Iterable[Item], tokens: Callable[[Item], int], limit: int) -> Iterator[list[Item]]:
    """Consecutive items, given in the order of their `tokens`, in batches of at most `limit` tokens with their padding.

    An item of more than `limit` tokens is a batch of its own.
    """
    batch: list[Item] = []
    for item in items:
        if batch and (len(batch) + 1) * tokens(item) > limit:
            yield batch
            batch = []
        batch.append(item)
    if batch:
        yield batch
