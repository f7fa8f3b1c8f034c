"""Names told by their words: light words of data/names.txt may be there or not.

A name is like one of the vocabulary where both have the same other words (jieba's) in the same order, and no other
indicator has them. How alike they are is the Dice coefficient of their pairs of characters.
"""

from __future__ import annotations

import logging
import warnings
from collections import Counter
from functools import cache

from zhibiao.identity.naming import rules
from zhibiao.identity.vocabulary import Indicator, vocabulary

with warnings.catch_warnings():  # jieba 0.42.1 has invalid escapes and probes for pkg_resources when it is imported
    warnings.simplefilter("ignore")
    import jieba

jieba.setLogLevel(logging.WARNING)

#: Names less alike than this are not the same: below it stand mostly names of which one says more than the other.
LEAST = 0.6

Words = tuple[str, ...]


def likest(key: str) -> tuple[Indicator, float] | None:
    """The indicator with the words of this key and how alike the names are; None where there is none, or several."""
    found = _table().get(_words(key), [])
    if not found or len({one.name for one, _ in found}) > 1:
        return None
    indicator = found[0][0]
    score = max(dice(key, other) for _, other in found)
    return (indicator, round(score, 3)) if score >= LEAST else None


def dice(one: str, other: str) -> float:
    """The Dice coefficient of the character pairs of two names, 0 to 1."""
    a, b = _pairs(one), _pairs(other)
    return 2 * (a & b).total() / max(1, a.total() + b.total())


def _pairs(name: str) -> Counter[str]:
    return Counter(name[at : at + 2] for at in range(len(name) - 1))


@cache
def _table() -> dict[Words, list[tuple[Indicator, str]]]:
    table: dict[Words, list[tuple[Indicator, str]]] = {}
    for key, indicator in vocabulary().keys.items():
        if words := _words(key):
            table.setdefault(words, []).append((indicator, key))
    return table


def _words(key: str) -> Words:
    """The words that weigh; none where there is but one, which is too little to tell a name by."""
    words = tuple(word for word in _segmenter().cut(key, HMM=False) if word not in rules().light)
    return words if len(words) > 1 else ()


@cache
def _segmenter() -> jieba.Tokenizer:
    return jieba.Tokenizer()
