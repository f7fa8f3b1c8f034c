"""Tag scores -> spans, under what the guideline forbids.

A Viterbi search over IOB2 finds the sequence with the greatest sum of what the network says of each character and what
the CRF's weights say of each move, under rules: I follows only B or I of its own label, no span begins or ends with
white space or punctuation (guideline "Spans are flat …"), and none begins or ends inside a number. Spans never cross a
line break because every paragraph is decoded alone. A bracket without its partner is mended afterwards.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zhibiao.tagger.crf import Scores

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


@dataclass(frozen=True)
class _Batch:
    """Lines laid side by side, one row of each array a character; all lines end in at least one row of O.

    tags (rows, lines, tags), begin, end, inside (rows, lines, labels), single (rows, lines, labels); the flags of
    `Edges`, (rows, lines).
    """

    tags: Floats
    begin: Floats
    end: Floats
    inside: Floats
    single: Floats
    may_begin: Flags
    may_end: Flags
    glued: Flags

    @classmethod
    def lay(cls, scores: Sequence[Scores], limits: Sequence[Edges], single: Floats) -> _Batch:
        rows, lines, labels = max(len(line.tags) for line in scores) + 1, len(scores), len(single)
        tags = np.full((rows, lines, 2 * labels + 1), _FORBIDDEN, dtype=np.float32)
        tags[:, :, 0] = 0.0
        moves = np.zeros((4, rows, lines, labels), dtype=np.float32)
        flags = np.zeros((3, rows, lines), dtype=bool)
        for i, (line, limit) in enumerate(zip(scores, limits, strict=True)):
            stop = len(line.tags)
            tags[:stop, i] = line.tags
            moves[:3, :stop, i] = line.begin, line.end, line.inside
            moves[3, :stop, i] = single
            flags[:, :stop, i] = limit.may_begin, limit.may_end, limit.glued
        return cls(tags, *moves, *flags)


@dataclass(frozen=True)
class _Trail:
    """For each row and line: what the best path to a state came from. 0 is O, k + 1 a span of label k that ended.

    outside (rows, lines); begun (rows, lines, labels); whether the span that ended, and the one that went on, was of
    one character so far: was_single, from_first (rows, lines, labels).
    """

    outside: npt.NDArray[np.int64]
    begun: npt.NDArray[np.int64]
    was_single: Flags
    from_first: Flags


def best_tags(
    scores: Sequence[Scores], limits: Sequence[Edges], single: Floats, follows: Floats
) -> list[npt.NDArray[np.int64]]:
    """The best allowed tag sequence of each line; tags are ordered as in `TagSet`: O, B-x, I-x, B-y, ….

    `scores` are those of the lines, `single` (labels,) and `follows` (labels, labels) the weights that no line changes
    (`zhibiao.tagger.crf`). The lines are searched together, one step a character.
    """
    batch = _Batch.lay(scores, limits, single)
    rows, lines, labels = batch.begin.shape
    trail = _Trail(
        np.zeros((rows, lines), dtype=np.int64),
        np.zeros((rows, lines, labels), dtype=np.int64),
        np.zeros((rows, lines, labels), dtype=bool),
        np.zeros((rows, lines, labels), dtype=bool),
    )
    outside = batch.tags[0, :, 0]
    first = batch.tags[0, :, 1::2] + batch.begin[0] + np.where(batch.may_begin[0], 0, _FORBIDDEN)[:, None]
    inside = np.full_like(first, _FORBIDDEN)
    for at in range(1, rows):
        alone, ended = first + batch.single[at], inside
        trail.was_single[at] = alone > ended
        ended = np.maximum(alone, ended) + batch.end[at]
        ended[~batch.may_end[at - 1] | batch.glued[at]] = _FORBIDDEN
        best = ended.max(1)
        trail.outside[at] = np.where(best > outside, ended.argmax(1) + 1, 0)
        adjoining = ended[:, :, None] + follows
        best_before = adjoining.max(1)
        trail.begun[at] = np.where(best_before > outside[:, None], adjoining.argmax(1) + 1, 0)
        opened = np.maximum(best_before, outside[:, None]) + batch.begin[at] + batch.tags[at, :, 1::2]
        opened[~batch.may_begin[at] | batch.glued[at]] = _FORBIDDEN
        trail.from_first[at] = first > inside
        inside = np.maximum(first, inside) + batch.inside[at] + batch.tags[at, :, 2::2]
        outside = np.maximum(best, outside) + batch.tags[at, :, 0]
        first = opened
    return [_trace(trail, i, len(line.tags)) for i, line in enumerate(scores)]


def _trace(trail: _Trail, line: int, length: int) -> npt.NDArray[np.int64]:
    """Walk back from the O behind the last character."""
    tags = np.zeros(length, dtype=np.int64)
    at, label, is_first = length, -1, False  # label -1 is O
    while at > 0:
        if label >= 0 and not is_first:
            is_first = bool(trail.from_first[at, line, label])
        else:
            before = trail.outside[at, line] if label < 0 else trail.begun[at, line, label]
            label = int(before) - 1
            is_first = label >= 0 and bool(trail.was_single[at, line, label])
        at -= 1
        if label >= 0:
            tags[at] = 2 * label + (1 if is_first else 2)
    return tags


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
