"""Whether a value in some unit can be one of an indicator of some kind."""

from __future__ import annotations

import re

from zhibiao.normalize.tables import units

_CURRENCY = re.compile(r"[A-Z]{3}|[千万百十亿]*(?:美|欧|日|港)?元(?:/.*)?")
_SHARES = frozenset(
    {"percent", "permille", "percentage_point", "times", "basis_point", "%", "％", "‰", "倍", "个百分点"}
)
_LEVELS = frozenset({"amount", "price"})
_NUMBERS = frozenset({"ratio", "rate", "index"})


def fits(unit: str | None, kind: str, own: str) -> bool:
    """Whether `unit` (of a fact: CNY, percent, 亩 …; None where unknown) can be that of a `kind` given in `own`."""
    return not unit or _fits(unit, kind, own)


def _fits(unit: str, kind: str, own: str) -> bool:
    if _CURRENCY.fullmatch(unit):
        return kind in _LEVELS
    if unit in _SHARES:
        return kind in _NUMBERS
    if kind in _LEVELS:
        return False
    if kind in _NUMBERS:
        return unit == own or (own == "分" and unit == "点") or ("/" in own and _dimension(unit) == "")
    if kind == "quantity":
        return unit == own or "" != _dimension(unit) == _dimension(own)
    return kind == "score" or _dimension(unit) in {"", "s"}


def _dimension(unit: str) -> str:
    """The SI unit of a physical unit (亩: m²), of the part above the line of a rate; "" for a measure word."""
    found = units().get(unit.partition("/")[0])
    return found.si or "" if found else ""
