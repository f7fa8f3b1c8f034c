"""Whether a value in some unit can be one of an indicator of some kind."""

from __future__ import annotations

import re

from zhibiao.normalize.tables import units

_CURRENCY = re.compile(r"[A-Z]{3}|[千万百十亿]*(?:美|欧|日|港)?元(?:/.*)?")
_SHARES = frozenset(
    {"percent", "permille", "percentage_point", "times", "basis_point", "%", "％", "‰", "倍", "个百分点"}
)
_PEOPLE = frozenset({"人", "名", "位", "人次", "员", "人天", "人日"})
_LEVELS = frozenset({"amount", "price"})
_NUMBERS = frozenset({"ratio", "rate", "index"})


def fits(unit: str | None, kind: str, own: str) -> bool:
    """Whether `unit` (of a fact: CNY, percent, 亩 …; None where unknown) can be that of a `kind` given in `own`."""
    return not unit or _fits(unit, kind, own)


def _fits(unit: str, kind: str, own: str) -> bool:
    if _CURRENCY.fullmatch(unit) or kind in _LEVELS:
        return kind in _LEVELS and bool(_CURRENCY.fullmatch(unit))
    if unit in _SHARES or kind in _NUMBERS:
        return kind in _NUMBERS and _is_number(unit, own)
    if kind == "quantity":
        return unit == own or "" != _dimension(unit) == _dimension(own)
    if kind == "count":
        return _dimension(unit) == "" and _counts_people(unit, own)
    return _dimension(unit) in {"", "s"}


def _is_number(unit: str, own: str) -> bool:
    """Whether it is a share, or the unit of a rate that is given per something (人/亿元) or in points."""
    return unit in _SHARES or unit == own or (own == "分" and unit == "点") or ("/" in own and _dimension(unit) == "")


def _counts_people(unit: str, own: str) -> bool:
    """Whether both count people or both count things; 个 counts either (岗位)."""
    return unit == "个" or (unit in _PEOPLE) == (own in _PEOPLE)


def _dimension(unit: str) -> str:
    """The SI unit of a physical unit (亩: m²), of the part above the line of a rate; "" for a measure word."""
    found = units().get(unit.partition("/")[0])
    return found.si or "" if found else ""
