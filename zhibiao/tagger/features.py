"""What the encoder is given for each character: a vocabulary row and a word-boundary type.

Token *i* is character *i*, so spans need no offset mapping and nothing of the text is lost. The hub tokenizer of the
base encoder would drop white space and merge Latin letters and digits into pieces; here every character is looked up
on its own.

Word boundaries come from jieba (without its HMM, so that a sentence always splits the same way) and enter the
encoder as BERT's token types: the five rows of `WordBoundary`.
"""

from __future__ import annotations

import logging
import unicodedata
import warnings
from collections.abc import Iterator
from enum import IntEnum
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

with warnings.catch_warnings():  # jieba 0.42.1 has invalid escapes and probes for pkg_resources when it is imported
    warnings.simplefilter("ignore")
    import jieba

jieba.setLogLevel(logging.WARNING)

#: Rows of the vocabulary that its authors left unused, taken for characters that it lacks.
LINE_BREAK_ROW = "[unused1]"
WHITE_SPACE_ROW = "[unused2]"

#: Characters that bert-base-chinese's vocabulary lacks -> one that it has and that means the same.
#: Every fold is one character long: a fold that changes the length would move the offsets.
FOLDS = {
    "“": "「", "”": "」", "‘": "『", "’": "』", "—": "-", "–": "-", "―": "-", "─": "-", "−": "-",
    "…": ".", "﹪": "%", "〇": "零", "〖": "【", "〗": "】", "﹣": "-",
}  # fmt: skip


class WordBoundary(IntEnum):
    """The place of a character in its word; the values are the encoder's token types."""

    NONE = 0
    SINGLE = 1
    BEGIN = 2
    INSIDE = 3
    END = 4


class Vocabulary:
    """Rows of a BERT vocabulary file (`vocab.txt`: one token a line, row = line number), looked up by character.

    `pad`, `unknown`, `begin`, `end` and `mask` are the special rows, `han` those of Han characters.
    """

    def __init__(self, tokens: list[str]) -> None:
        self._rows = {token: row for row, token in enumerate(tokens)}
        self.pad, self.unknown = self._rows["[PAD]"], self._rows["[UNK]"]
        self.begin, self.end, self.mask = self._rows["[CLS]"], self._rows["[SEP]"], self._rows["[MASK]"]
        self.han = [row for token, row in self._rows.items() if len(token) == 1 and "一" <= token <= "鿿"]
        self._cache: dict[str, int] = {}

    @classmethod
    def read(cls, path: Path) -> Vocabulary:
        """Read `vocab.txt`."""
        return cls(path.read_text("utf-8").rstrip("\n").split("\n"))

    def __len__(self) -> int:
        return len(self._rows)

    def rows(self, text: str) -> npt.NDArray[np.int64]:
        """The row of each character of `text`; shape (len(text),)."""
        known = self._cache
        return np.fromiter(
            (known[c] if c in known else self._remember(c) for c in text), dtype=np.int64, count=len(text)
        )

    def _remember(self, character: str) -> int:
        row = self._cache[character] = self._row(character)
        return row

    def _row(self, character: str) -> int:
        if character in "\n\r\v\f\x85\u2028\u2029":
            return self._rows.get(LINE_BREAK_ROW, self.unknown)
        if character.isspace():
            return self._rows.get(WHITE_SPACE_ROW, self.unknown)
        candidates = (character, FOLDS.get(character, ""), unicodedata.normalize("NFKC", character), character.lower())
        return next((self._rows[c] for c in candidates if len(c) == 1 and c in self._rows), self.unknown)


def words(text: str) -> Iterator[str]:
    """The words of `text` in order, nothing left out: `"".join(words(text)) == text`."""
    yield from _segmenter().cut(text, HMM=False)


def boundaries(text: str) -> npt.NDArray[np.int64]:
    """The `WordBoundary` of each character of `text`; shape (len(text),)."""
    types = np.empty(len(text), dtype=np.int64)
    at = 0
    for word in words(text):
        end = at + len(word)
        if len(word) == 1:
            types[at] = WordBoundary.SINGLE
        else:
            types[at:end] = WordBoundary.INSIDE
            types[at] = WordBoundary.BEGIN
            types[end - 1] = WordBoundary.END
        at = end
    return types


@cache
def _segmenter() -> jieba.Tokenizer:
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    return tokenizer
