"""The name of an indicator, brought to one form.

    name -> folded -> rewritten (规上 -> 规模以上) -> stripped of whose, when and done -> key

The words are those of data/names.txt.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from zhibiao.identity.reading import sections

_BLANK = re.compile(r"\s+")
_QUOTES = str.maketrans(dict.fromkeys("“”\"'‘’「」《》〈〉", ""))
#: A bracket that only gives an abbreviation, a unit or a note on the name: （GDP）, （PM2.5）, （亿元）, （%）.
_NOTE = re.compile(r"\((?:[A-Za-z0-9&.]+|[千万百十亿]*(?:美)?元|[%‰]|[个家户人次]+|单位.*|简称.*|以下.*)\)")
_EDGE = re.compile(r"^[、,，;；:：.。\-—~·]+|[、,，;；:：.。\-—~·的]+$")


@dataclass(frozen=True)
class Rules:
    """data/names.txt as patterns."""

    same: tuple[tuple[str, str], ...]
    leading: re.Pattern[str]
    trailing: re.Pattern[str]
    growth: re.Pattern[str]
    change: re.Pattern[str]
    budget: re.Pattern[str]
    light: frozenset[str]


@cache
def rules() -> Rules:
    """The rules of data/names.txt, read once."""
    read: dict[str, list[str]] = {}
    for section, _, line in sections("names.txt"):
        read.setdefault(section, []).append(line.strip())
    same = [
        (written.translate(_QUOTES), target.strip().translate(_QUOTES))
        for line in read["same"]
        for names, _, target in (line.partition("="),)
        for written in names.split()
    ]
    return Rules(
        tuple((a, b) for a, b in same if a != b),
        re.compile(f"(?:{'|'.join(read['leading'])})"),
        re.compile(f"(?:{'|'.join(read['trailing'])})$"),
        re.compile(f"(?:{'|'.join(read['growth'])})$"),
        re.compile(f"(?:{'|'.join(read['change'])})$"),
        re.compile(f"(?:{'|'.join(read['budget'])})$"),
        frozenset(word for line in read["light"] for word in line.split()),
    )


def folded(name: str) -> str:
    """Width folded, without blanks, quotation marks and brackets; notes in brackets left out.

    >>> folded("地区生产总值（ＧＤＰ）")
    '地区生产总值'
    """
    text = _BLANK.sub("", unicodedata.normalize("NFKC", name)).translate(_QUOTES)
    bare = _NOTE.sub("", text)
    return _EDGE.sub("", (bare or text).replace("(", "").replace(")", ""))


@lru_cache(maxsize=65536)
def key(name: str) -> str:
    """What is compared: folded, words of one meaning written alike.

    >>> key("规上工业增加值") == key("规模工业增加值") == "规模以上工业增加值"
    True
    """
    text = folded(name)
    for written, target in rules().same:
        if written in text and target not in text:
            text = text.replace(written, target)
    return _TIDY.sub("", text)


_TIDY = re.compile("[的、,]")


def stripped(text: str) -> str:
    """A key without the words at its ends that say whose it is, when, and that it was done; never empty.

    >>> stripped(key("全县累计完成规模工业增加值"))
    '规模以上工业增加值'
    """
    while True:
        shorter = rules().trailing.sub("", text)
        if found := rules().leading.match(shorter):
            shorter = shorter[found.end() :]
        if not shorter or shorter == text:
            return text
        text = shorter
