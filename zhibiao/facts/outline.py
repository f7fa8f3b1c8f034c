"""The headings of a report, and which of them stand above a place in it.

A heading is a short line that is numbered (一、 （一） 1. （1）) or ends without a full stop; its level is that of its
numbering. Above a place stand the last heading of each level, outermost first, as long as no outer one has come since.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from zhibiao.text import paragraphs, sentences

_HAN = "一二三四五六七八九十百"
_NUMBERINGS = (
    re.compile(rf"第[{_HAN}\d]+[章部编篇]"),
    re.compile(rf"第[{_HAN}\d]+节|[{_HAN}]{{1,3}}[、．.]"),
    re.compile(rf"[（(][{_HAN}]{{1,3}}[）)]"),
    re.compile(r"\d{1,2}\s*[、．.](?!\d)"),
    re.compile(r"[（(]\d{1,2}[）)]|[①-⑳]"),
    re.compile(rf"[{_HAN}](?:是|要)"),
)
_UNNUMBERED = 1.5  # a line without a number closes everything below 一、
_VALUE = re.compile(r"\d\s*(?:[%％‰元个家户人项亩]|万|亿|平方|公里|吨)")
_LONGEST = 40
_LONGEST_RUN_IN = 30
_LONGEST_OUTER = 70
_LONGEST_TITLE = 60
_SHORT = 16


@dataclass(frozen=True)
class Heading:
    """A heading: its offsets in the text, its words, and its level (0 for the outermost)."""

    start: int
    end: int
    text: str
    level: float


@dataclass(frozen=True)
class Outline:
    """The headings of a text in order, a title first where there is one."""

    text: str

    @cached_property
    def title(self) -> str:
        """The report's first line where it reads as a title, else empty."""
        start, end = next(paragraphs(self.text), (0, 0))
        line = self.text[start:end].strip()
        is_title = len(line) <= _LONGEST_TITLE and _level(line) == _UNNUMBERED and not re.search(r"[。；;]", line)
        return line if is_title else ""

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        """Every heading, also one that opens a paragraph of text (1.招商有力。…)."""
        found = []
        for start, end in paragraphs(self.text):
            line = self.text[start:end]
            heading = _whole_line(line) or _run_in(line)
            if heading is not None:
                found.append(Heading(start, start + len(heading), heading.strip(), _level(heading.strip())))
        return tuple(found)

    def above(self, offset: int) -> tuple[Heading, ...]:
        """The headings that govern what stands at `offset`, outermost first; one that holds it is left out."""
        last = bisect_right(self._starts, offset) - 1
        if last >= 0 and self.headings[last].end > offset:
            last -= 1
        return self._chains[last] if last >= 0 else ()

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return tuple(heading.start for heading in self.headings)

    @cached_property
    def _chains(self) -> tuple[tuple[Heading, ...], ...]:
        """For each heading those that govern what comes after it, itself the last."""
        chains: list[tuple[Heading, ...]] = []
        chain: tuple[Heading, ...] = ()
        for heading in self.headings:
            chain = (*(outer for outer in chain if outer.level < heading.level), heading)
            chains.append(chain)
        return tuple(chains)


def _whole_line(line: str) -> str | None:
    """The line, where the whole of it is a heading."""
    words = line.strip()
    if not words or len(words) > _LONGEST:
        return line if _is_long_heading(words) else None
    if re.search(r"[。；;，,！!]", words[:-1]) or words[-1] in "；;，,！!":
        return None
    is_numbered = _level(words) != _UNNUMBERED
    return line if is_numbered or not ((words[-1] == "。" and len(words) > _SHORT) or _VALUE.search(words)) else None


def _is_long_heading(words: str) -> bool:
    """Whether a line with commas is a heading all the same: a numbered sentence of the outer levels without a value."""
    is_outer = _level(words) in {0, 1, 2} and len(words) <= _LONGEST_OUTER
    return is_outer and not re.search("[。；;]", words[:-1]) and not _VALUE.search(words)


def _run_in(line: str) -> str | None:
    """The first sentence of a numbered paragraph, or what stands before its first colon, where it is short."""
    words = line.strip()
    if _level(words) == _UNNUMBERED:
        return None
    start, end = next(sentences(line))
    first = line[start:end]
    colon = re.match(r"[^：:，,；;]{2,24}[：:]", first)
    if colon:
        return colon.group()
    return first if len(first.strip()) <= _LONGEST_RUN_IN else None


def _level(words: str) -> float:
    return next((level for level, pattern in enumerate(_NUMBERINGS) if pattern.match(words)), _UNNUMBERED)
