"""Amounts in the unit that a caller asks for."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from zhibiao.schema import Amount, Shown

ShownUnit = Literal["元", "万元", "亿元"]
_POWERS: dict[ShownUnit, int] = {"元": 0, "万元": 4, "亿元": 8}


def shown(amount: Amount, unit: ShownUnit) -> Shown:
    """The amount in 元, 万元 or 亿元 of its own currency, exactly.

    >>> from zhibiao.normalize import parse_amount
    >>> shown(parse_amount("46.78亿元"), "万元").value
    Decimal('467800.00')
    """
    power = _POWERS[unit]
    value, low, high = (_down(number, power) for number in (amount.value, amount.low, amount.high))
    is_exact = amount.low is not None and amount.low == amount.high
    return Shown(value=value, unit=unit, low=None if is_exact else low, high=None if is_exact else high)


def _down(number: Decimal | None, power: int) -> Decimal | None:
    return None if number is None else number.scaleb(-power)
