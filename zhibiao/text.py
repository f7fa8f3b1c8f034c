"""Paragraphs, sentences and clauses of a text, as half-open offsets into it.

A paragraph is a line: it ends at any line break that Unicode knows (as `str.splitlines` does), a CRLF being one. The
text is never altered; `text[start:end]` is the paragraph, sentence or clause itself, line breaks left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

Offsets = tuple[int, int]

# What str.splitlines breaks at: \r\n is tried first so that it counts once.
_BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_BREAK = re.compile(f"\r\n|[{_BREAKS}]")

# Closing quotation marks and brackets after an end mark still belong to the sentence that it ends: “……吗？”
_CLOSERS = "”’」』》〉）)】〕\"'"
_SENTENCE_END = re.compile(f"[。！？!?]+[{_CLOSERS}]*")
_CLAUSE_END = re.compile(f"[。！？!?；;]+[{_CLOSERS}]*")


def paragraphs(text: str, start: int = 0) -> Iterator[Offsets]:
    """Every line that holds more than white space, in order, without its line break; from a line's `start` on.

    >>> list(paragraphs("甲。\\r\\n\\n乙。"))
    [(0, 2), (5, 7)]
    """
    for found in _BREAK.finditer(text, start):
        if not _is_blank(text, start, found.start()):
            yield start, found.start()
        start = found.end()
    if not _is_blank(text, start, len(text)):
        yield start, len(text)


def trimmed(text: str, start: int, end: int) -> Offsets:
    """Where `text[start:end]` begins and ends without the white space around it; it must hold more than that.

    >>> trimmed("　甲。 ", 0, 4)
    (1, 3)
    """
    words = text[start:end]
    return end - len(words.lstrip()), start + len(words.rstrip())


def line_start(text: str, at: int) -> int:
    """Where the line that holds the character `at` begins.

    >>> line_start("甲。\\r\\n乙。", 5)
    4
    """
    return 1 + max(text.rfind(mark, 0, at) for mark in _BREAKS)


def sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[Offsets]:
    """The sentences of `text[start:end]`: together they cover each paragraph without a gap, and none crosses a break.

    A sentence ends after 。！？ and the closing quotation marks that follow; a paragraph's end ends it too.

    >>> list(sentences("甲增长5%。乙下降！丙"))
    [(0, 6), (6, 10), (10, 11)]
    """
    yield from _split(text, start, end, _SENTENCE_END)


def clauses(text: str, start: int = 0, end: int | None = None) -> Iterator[Offsets]:
    """Sentences, cut at semicolons too: one clause of a list is seldom linked to the next."""
    yield from _split(text, start, end, _CLAUSE_END)


def packed(
    parts: Iterable[Offsets], start: int, end: int, limit: int, cut: Callable[[int], int] | None = None
) -> Iterator[Offsets]:
    """`start`:`end` as stretches of at most `limit` characters, cut between `parts`, which cover it in order.

    A part that is longer than `limit` is cut again and again where `cut(first)` says, `first` being where the stretch
    begins; without `cut` it stays whole.

    >>> list(packed([(0, 3), (3, 5), (5, 9)], 0, 9, 5))
    [(0, 5), (5, 9)]
    """
    first = last = start
    for _, stop in parts:
        if stop - first > limit and last > first:
            yield first, last
            first = last
        while cut is not None and stop - first > limit:
            at = cut(first)
            yield first, at
            first = at
        last = stop
    if first < end:
        yield first, end


def _split(text: str, start: int, end: int | None, mark: re.Pattern[str]) -> Iterator[Offsets]:
    part = text[start:end]
    for first, last in paragraphs(part):
        cut = first
        for found in mark.finditer(part, first, last):
            yield start + cut, start + found.end()
            cut = found.end()
        if cut < last:
            yield start + cut, start + last


def _is_blank(text: str, start: int, end: int) -> bool:
    return not text[start:end].strip()
