"""The year that a report is about, found where reports name it."""

from __future__ import annotations

import re
from collections import Counter
from typing import Literal

from zhibiao.normalize.tables import fold

YearSource = Literal["title", "heading", "text"]

#: A year as reports write it: not in a document's number 〔2019〕17号, a decimal or a longer number.
_YEAR = re.compile("(?<![0-9〔\\[\\-—~])(?<![0-9][.,])(?P<year>(?:19[5-9]|20[0-4])[0-9])(?= ?(?:年|[HQ][1-4]))")
_TITLE_YEAR = re.compile("(?<![0-9〔\\[])(?<![0-9][.,])(?P<year>(?:19[5-9]|20[0-4])[0-9])(?![0-9.,〕\\]])")
_HAN_YEAR = re.compile("(?P<year>[一二][零一二三四五六七八九]{3})(?=年)")
_SENTENCE = re.compile("[,。;；，]")
_NUMBERED = re.compile("[(（]?[一二三四五六七八九十0-9]{1,3}[)）、.]|第[一二三四五六七八九十]+部分")
_LONGEST_TITLE = 60
_TITLE_LINES = 3


def find_reference_year(text: str) -> tuple[int, YearSource] | None:
    """The report's year and where it was found: in its title, a heading, or by majority in its text; None if nowhere.

    The title is the first line that is short and no sentence (it may go over three lines); the first year in it is
    the year that is reported (关于2020年计划执行情况和2021年计划草案的报告: 2020). Headings are the other such lines:
    the first with a year. In the text the year named most often wins, of several the latest.
    """
    folded = fold(text)
    lines = [line.strip() for line in folded.splitlines() if line.strip()]
    titles = _leading_titles(lines)
    for line in titles:
        if (year := _first_year(line)) is not None:
            return year, "title"
    for line in lines[len(titles) :]:
        if _is_heading(line) and (year := _first_year(line)) is not None:
            return year, "heading"
    named = Counter(int(match["year"]) for match in _YEAR.finditer(folded))
    named.update(_from_han(match["year"]) for match in _HAN_YEAR.finditer(folded))
    if not named:
        return None
    most = max(named.values())
    return max(year for year, count in named.items() if count == most), "text"


def _leading_titles(lines: list[str]) -> list[str]:
    titles: list[str] = []
    for line in lines[:_TITLE_LINES]:
        if not _is_heading(line) or (titles and _NUMBERED.match(line)):
            break
        titles.append(line)
    return titles


def _is_heading(line: str) -> bool:
    return len(line) <= _LONGEST_TITLE and _SENTENCE.search(line) is None


def _first_year(line: str) -> int | None:
    match = _TITLE_YEAR.search(line) if _YEAR.search(line) is None else _YEAR.search(line)
    if match:
        return int(match["year"])
    han = _HAN_YEAR.search(line)
    return _from_han(han["year"]) if han else None


def _from_han(year: str) -> int:
    return int("".join(str("零一二三四五六七八九".index(digit)) for digit in year))
