"""Which units mean the same dimension, and by what factor: a series has one."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from zhibiao.normalize.tables import units

#: The measure words by which reports count enterprises, shops and farms alike, of one known indicator.
_ENTERPRISES = frozenset({"个", "家", "户"})
_SHARES = {"percent": Fraction(1), "permille": Fraction(1, 10)}

UnitRow = tuple[str, str, int, int]


def unit_rows(names: Iterable[str]) -> list[UnitRow]:
    """(unit, dimension, numerator, denominator) of each unit that is convertible; a name may have a divisor: 元/亩."""
    return [row for name in sorted(set(names)) if (row := _row(name))]


def _row(name: str) -> UnitRow | None:
    if name in _ENTERPRISES:
        return name, "enterprises", 1, 1
    if name in _SHARES:
        return name, "share", _SHARES[name].numerator, _SHARES[name].denominator
    above, slash, below = name.partition("/")
    factor, dimension = _physical(above)
    if not slash:
        return (name, dimension, factor.numerator, factor.denominator) if dimension else None
    divisor, counted = _physical(below)
    # 元/亩 and 元/公顷: what is above stays, where it is no physical unit.
    if not counted:
        return None
    whole = (factor if dimension else Fraction(1)) / divisor
    return name, f"{dimension or above}/{counted}", whole.numerator, whole.denominator


def _physical(name: str) -> tuple[Fraction, str]:
    """The factor to SI and the SI unit; ("", 1) for what is none, or has an offset as ℃ has."""
    unit = units().get(name)
    if unit is None or not unit.si or unit.offset:
        return Fraction(1), ""
    return Fraction(unit.factor), unit.si
