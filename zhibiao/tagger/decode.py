"""Tag scores -> spans, under what the guideline forbids.

A Viterbi search over IOB2 finds the best sequence in which I follows only B or I of its own label, no span begins or
ends with white space or punctuation (guideline "Spans are flat …"), and none begins or ends inside a number. Spans
never cross a line break because every paragraph is decoded alone. A bracket without its partner is mended afterwards.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

_PAIRS = {
    "（": "）",
    "(": ")",
    "“": "”",
    "‘": "’",
    "《": "》",
    "〔": "〕",
    "【": "】",
    "[": "]",
    "「": "」",
    "『": "』",
    "〈": "〉",
}
_OPENERS = frozenset(_PAIRS)
_CLOSERS = {closer: opener for opener, closer in _PAIRS.items()}
_MAY_BEGIN = _OPENERS | frozenset('+-＋－−–￥¥$＄€£<>≥≤＞＜~≈"')
_MAY_END = frozenset(_CLOSERS) | frozenset('%％‰‱℃°㎡㎥+"')
_NUMBER = re.compile(r"\d+(?:[,，]\d{3}(?!\d))*(?:[.．]\d+)?")
_FORBIDDEN = np.float32(-1e9)


@dataclass(frozen=True)
class Edges:
    """For each character of a line: may a span begin here, may one end here, and is a number running into it."""

    may_begin: Flags
    may_end: Flags
    glued: Flags


def edges(line: str) -> Edges:
    """Where spans of `line` may begin and end; three arrays of shape (len(line),)."""
    begin = np.fromiter((_is_word(c) or c in _MAY_BEGIN for c in line), dtype=bool, count=len(line))
    end = np.fromiter((_is_word(c) or c in _MAY_END for c in line), dtype=bool, count=len(line))
    glued = np.zeros(len(line), dtype=bool)
    for number in _NUMBER.finditer(line):
        glued[number.start() + 1 : number.end()] = True
    return Edges(begin, end, glued)


def _is_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character) in ("So", "Sc", "Sm", "No", "Nl", "Mn")


def best_tags(scores: Sequence[Floats], limits: Sequence[Edges]) -> list[npt.NDArray[np.int64]]:
    """The best allowed tag sequence of each line.

    scores: one (length, tags) array of log-probabilities a line, tags ordered as in `TagSet`: O, B-x, I-x, B-y, ….
    The lines are searched together, one step a character.
    """
    lengths = [len(line) for line in scores]
    lines, longest = len(scores), max(lengths)
    table = np.full((longest, lines, scores[0].shape[1]), _FORBIDDEN, dtype=np.float32)
    table[:, :, 0] = 0.0
    may_begin, may_end = np.zeros((longest, lines), dtype=bool), np.zeros((longest, lines), dtype=bool)
    glued = np.zeros((longest, lines), dtype=bool)
    for i, (line, limit) in enumerate(zip(scores, limits, strict=True)):
        stop = lengths[i]
        table[:stop, i] = line
        may_begin[:stop, i], may_end[:stop, i], glued[:stop, i] = limit.may_begin, limit.may_end, limit.glued
    labels = (table.shape[2] - 1) // 2
    outside = table[0, :, 0]
    inside = table[0, :, 1::2] + np.where(may_begin[0], 0, _FORBIDDEN)[:, None]
    came_from = np.zeros((longest, lines), dtype=np.int64)  # 0 = O, k + 1 = a span of label k that ended before
    began = np.zeros((longest, lines, labels), dtype=bool)
    began[0] = True
    for at in range(1, longest):
        ended = np.where(may_end[at - 1][:, None], inside, _FORBIDDEN)
        best = ended.argmax(1)
        best_score = ended[np.arange(lines), best]
        is_span = (best_score > outside) & ~glued[at]
        before = np.where(is_span, best_score, outside)
        came_from[at] = np.where(is_span, best + 1, 0)
        opened = before[:, None] + table[at, :, 1::2]
        opened[~may_begin[at] | glued[at]] = _FORBIDDEN
        continued = inside + table[at, :, 2::2]
        began[at] = opened > continued
        inside = np.where(began[at], opened, continued)
        outside = before + table[at, :, 0]
    return [
        _trace(came_from[:, i], began[:, i], int(_final(inside[i], outside[i], may_end[-1, i])), lengths[i])
        for i in range(lines)
    ]


def _final(inside: Floats, outside: np.float32, may_end: bool) -> int:
    best = int(inside.argmax())
    return best + 1 if may_end and inside[best] > outside else 0


def _trace(came_from: npt.NDArray[np.int64], began: Flags, state: int, length: int) -> npt.NDArray[np.int64]:
    """Walk back from the last state: 0 is O, k + 1 a span of label k."""
    tags = np.zeros(len(came_from), dtype=np.int64)
    for at in range(len(came_from) - 1, -1, -1):
        if state == 0:
            state = int(came_from[at])
        elif began[at, state - 1]:
            tags[at] = 2 * state - 1
            state = int(came_from[at])
        else:
            tags[at] = 2 * state
    return tags[:length]


def spans(tags: npt.NDArray[np.int64]) -> list[tuple[int, int, int]]:
    """The (label number, start, end) of each span of a valid tag sequence."""
    found = []
    for start in np.flatnonzero(tags % 2 == 1).tolist():
        end = start + 1
        while end < len(tags) and tags[end] == tags[start] + 1:
            end += 1
        found.append((int(tags[start]) // 2, start, end))
    return found


def mend_brackets(line: str, start: int, end: int, *, left: int, right: int) -> tuple[int, int] | None:
    """Give a bracket its partner, or leave it out; None where nothing of the span is left.

    The partner is taken in where it touches the span and lies within [left, right), the room that other spans leave;
    a bracket that stays alone is cut off at the edge where it stands. One in the middle of the span stays.
    """
    opened, stray = _unpaired(line, start, end)
    if opened and end < right and line[end] == _PAIRS[line[opened[-1]]]:
        end += 1
    elif stray and start > left and line[start - 1] == _CLOSERS[line[stray[0]]]:
        start -= 1
    opened, stray = _unpaired(line, start, end)
    while opened and opened[-1] == end - 1:
        end = opened.pop()
    while stray and stray[0] == start:
        start = stray.pop(0) + 1
    if opened and opened[0] == start:
        start += 1
    if stray and stray[-1] == end - 1:
        end -= 1
    return (start, end) if start < end else None


def _unpaired(line: str, start: int, end: int) -> tuple[list[int], list[int]]:
    """The places of openers and of closers in `line[start:end]` that have no partner there."""
    opened: list[int] = []
    stray: list[int] = []
    for at in range(start, end):
        character = line[at]
        if character in _OPENERS:
            opened.append(at)
        elif character in _CLOSERS:
            if opened and line[opened[-1]] == _CLOSERS[character]:
                opened.pop()
            else:
                stray.append(at)
    return opened, stray
