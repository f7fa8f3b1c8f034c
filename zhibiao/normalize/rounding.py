"""How precisely a number is written: two figures agree where any numbers that round to them do."""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS = re.compile(r"[0-9][0-9,，]*(?:\.([0-9]+))?")
_HALF = Decimal("0.5")


def half_unit(value: Decimal, text: str) -> Decimal:
    """Half a unit of the last digit that `text` writes, in the unit of `value`; zero for whole numbers without a scale.

    >>> half_unit(Decimal(4678000000), "46.78亿元")
    Decimal('500000')
    """
    written = _DIGITS.search(text)
    if written is None:
        return Decimal(0)
    shown = Decimal(re.sub("[,，]", "", written[0]))
    scale = abs(value) / shown if shown else Decimal(1)
    decimals = len(written[1] or "")
    return Decimal(0) if not decimals and scale == 1 else scale * _HALF / 10**decimals


def last_unit(value: Decimal) -> Decimal:
    """One unit of the last digit of `value` that is not zero: how coarse a round number is; zero for zero.

    >>> last_unit(Decimal(4300))
    Decimal('1E+2')
    """
    exponent = value.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return Decimal(1).scaleb(exponent) if value else Decimal(0)
