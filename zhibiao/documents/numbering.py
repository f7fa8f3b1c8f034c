"""Word's automatic list numbers: 一、 （一） 1. ① as the reader of the page sees them.

Source of the counting rules: ECMA-376 part 1, 17.9 (numbering) and 17.18.59 (ST_NumberFormat).
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"
_FORMAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"


@dataclass(frozen=True, slots=True)
class _Level:
    format: str
    pattern: str
    start: int


class Numbering:
    """Counts the numbered paragraphs of one document, in their order."""

    def __init__(self, root: etree._Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._lists: dict[str, str] = {}
        if root is None:
            return
        kinds = {kind.get(f"{W}abstractNumId", ""): _levels(kind) for kind in root.iter(f"{W}abstractNum")}
        for instance in root.iter(f"{W}num"):
            kind = _value(instance.find(f"{W}abstractNumId")) or ""
            number = instance.get(f"{W}numId", "")
            levels = dict(kinds.get(kind, {}))
            for override in instance.iter(f"{W}lvlOverride"):
                levels.update(_overridden(override, levels))
            self._levels[number] = levels
            # Lists of one kind go on counting; an instance that starts anew counts for itself.
            self._lists[number] = number if instance.find(f"{W}lvlOverride") is not None else f"kind {kind}"

    def label(self, number: str, level: int) -> str:
        """The label of the next paragraph of list `number` at this level (from 0); empty for a bullet or no list."""
        levels = self._levels.get(number, {})
        if level not in levels:
            return ""
        counts = self._counts[self._lists[number]]
        counts[level] = counts.get(level, levels[level].start - 1) + 1
        for deeper in [key for key in counts if key > level]:
            del counts[deeper]
        if levels[level].format in ("bullet", "none"):
            return ""

        def written(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            shown = levels.get(place, levels[level])
            return spell(counts.get(place, shown.start), shown.format)

        return re.sub(r"%(\d)", written, levels[level].pattern)


def _levels(kind: etree._Element) -> dict[int, _Level]:
    return {int(level.get(f"{W}ilvl", "0")): _level(level) for level in kind.iter(f"{W}lvl")}


def _level(level: etree._Element) -> _Level:
    start = _value(level.find(f"{W}start"))
    return _Level(
        format=_value(level.find(f"{W}numFmt")) or "decimal",
        pattern=_value(level.find(f"{W}lvlText")) or "",
        start=int(start) if start and start.lstrip("-").isdigit() else 1,
    )


def _overridden(override: etree._Element, levels: dict[int, _Level]) -> dict[int, _Level]:
    place = int(override.get(f"{W}ilvl", "0"))
    level = override.find(f"{W}lvl")
    if level is not None:
        return {place: _level(level)}
    start = _value(override.find(f"{W}startOverride"))
    if place in levels and start and start.isdigit():
        return {place: _Level(levels[place].format, levels[place].pattern, int(start))}
    return {}


def _value(element: etree._Element | None) -> str | None:
    return element.get(f"{W}val") if element is not None else None


def spell(number: int, style: str) -> str:
    """A list number in Word's style.

    >>> spell(12, "chineseCountingThousand"), spell(3, "decimalEnclosedCircleChinese"), spell(4, "lowerRoman")
    ('十二', '③', 'iv')
    """
    if style in ("chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "japaneseCounting"):
        return _chinese(number)
    if style in ("chineseLegalSimplified", "ideographLegalTraditional"):
        return "".join(_FORMAL[int(digit)] for digit in str(number))
    if style.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if style == "decimalEnclosedParen" and 1 <= number <= 20:
        return chr(0x2474 + number - 1)
    return _simple(number, style)


def _simple(number: int, style: str) -> str:
    written = str(number)
    if style in ("upperLetter", "lowerLetter") and number > 0:
        written = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
    elif style in ("upperRoman", "lowerRoman") and 0 < number < 4000:
        written = _roman(number)
    elif style == "ideographTraditional" and 1 <= number <= 10:
        written = _STEMS[number - 1]
    elif style == "decimalZero":
        written = f"{number:02d}"
    elif style.startswith("decimalFullWidth"):
        written = written.translate({0x30 + digit: 0xFF10 + digit for digit in range(10)})
    return written.upper() if style.startswith("upper") else written.lower()


def _chinese(number: int) -> str:
    """1 to 99 as 一 … 九十九, digits one by one beyond, where lists do not go."""
    if not 0 < number < 100:
        return "".join(_DIGITS[int(digit)] for digit in str(abs(number)))
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else _DIGITS[tens]) + ("十" if tens else "") + (_DIGITS[ones] if ones else "")


def _roman(number: int) -> str:
    written = ""
    for value, letters in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    ):
        count, number = divmod(number, value)
        written += letters * count
    return written
