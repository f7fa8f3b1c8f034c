"""What a table's cell holds: a number with its own unit, nothing, or words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhibiao.documents.tables.heads import fold, unit_of

_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_NUMBER = re.compile(
    r"(?P<sign>[+\-−–↑↓])?\s*(?P<open>\()?(?P<about>约|近|超|逾|≈|>|<|≥|≤)?\s*"
    rf"(?P<number>{_DIGITS}(?:%?\s*[-—–~至]+\s*{_DIGITS})?)(?P<more>[余多])?\s*(?P<close>\))?\s*"
    r"(?P<unit>[^\d\s()（）余多左以*①②③]{1,8})?(?:[余多]|左右|以上|以下)?\s*[*＊①②③]?"
)
_BLANK = re.compile(r"[\s\-—–－―/\\*…\.·、×~]*|无|空|不详|N/?A|n/?a|暂无|未统计")
_YEARS = re.compile(r"(?:19|20)\d{2}\s*[-—–~至]+\s*(?:19|20)?\d{2}")
_YEAR = re.compile(r"(?:19|20)\d{2}")
#: Units of dates and ranks: a cell of these is no value.
_NO_UNITS = frozenset(["年", "月", "日", "号", "期", "届", "位", "点", "时"])


@dataclass(frozen=True, slots=True)
class CellNumber:
    """A number in a cell: `written` without sign, brackets and unit, `unit` its own one."""

    written: str
    unit: str | None
    is_negative: bool
    has_sign: bool


def is_blank(text: str) -> bool:
    """Whether a cell says nothing: empty, a dash, 无."""
    return _BLANK.fullmatch(fold(text)) is not None


def number_in(text: str) -> CellNumber | None:
    """The number that a cell states; None where it holds words, a date, or a number that cannot be read for certain.

    >>> number_in("(1,234.5)"), number_in("2020年"), number_in("12,34")
    (CellNumber(written='1,234.5', unit=None, is_negative=True, has_sign=True), None, None)
    """
    folded = fold(text).strip()
    found = _NUMBER.fullmatch(folded)
    if not found or bool(found["open"]) != bool(found["close"]):
        return None
    if _YEARS.fullmatch(found["number"]):
        return None
    unit = found["unit"]
    if unit is not None and (unit in _NO_UNITS or unit_of(unit) is None):
        return None
    is_negative = found["sign"] in ("-", "−", "–", "↓") or bool(found["open"])
    start = found.start("about") if found["about"] else found.start("number")
    end = found.end("more") if found["more"] else found.end("number")
    return CellNumber(folded[start:end].strip(), unit, is_negative, bool(found["sign"] or found["open"]))


def is_year(text: str) -> bool:
    """A bare year, as heads of time series have them."""
    return _YEAR.fullmatch(fold(text).strip()) is not None


def is_column_numbers(texts: list[str]) -> bool:
    """A row that numbers the columns: 甲 1 2 3 or 栏次 1 2 3=1+2."""
    words = [fold(text).strip() for text in texts if text.strip()]
    numbers = [int(found[0]) for word in words if (found := re.match(r"\d+(?=$|\s*=)", word))]
    rest = [word for word in words if not re.match(r"\d+(?=$|\s*=)", word)]
    return (
        len(numbers) >= 2
        and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        and numbers[0] <= 2
        and all(re.fullmatch(r"[甲乙丙丁]|栏次|行次|列次|序号|栏号", word) for word in rest)
    )
