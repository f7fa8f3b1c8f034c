"""Levels and changes in percent, per mille, 成, fractions, 倍 and 番: the grammar that ratios and growth share."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from zhibiao.errors import NormalizeError
from zhibiao.normalize.expressions import (
    Bounds,
    Expression,
    Side,
    UnitRead,
    bound,
    make_side,
    number_and_unit,
    parse_expression,
    skip,
)
from zhibiao.normalize.numbers import DIGITS, NotANumberError, Numeral, joined, read_numeral
from zhibiao.normalize.tables import fold
from zhibiao.schema import Ratio

_PERCENT_PREFIX = re.compile(r"(?P<of>[百千万]) *分 *之 *")
_FRACTION = re.compile(r" *分 *之 *")
_OVER = re.compile(r" ?/ ?")
_COLON = re.compile(r" ?[:∶] ?")
_HALVES = re.compile("(?:一半|半数|半壁|半)(?![成年个月天])")
_HUNDREDTH = re.compile("百分百|百分之百")
_TENTHS = re.compile(rf"成 ?(?P<next>半|[{''.join(DIGITS)}](?![{''.join(DIGITS)}十百千万]))?")
_DIGITS_WIDE = re.compile("(?P<word>[一两双二三四]|个) ?位数?")
_UNITS = (
    (re.compile(r"% ?"), "percent", Decimal(1)),
    (re.compile(r"‰ ?"), "permille", Decimal(1)),
    (re.compile(r"个? *(?:百 *分 *点|pcts?\b|PCTs?\b|ppt?s?\b)|个 ?点(?![一-龥])"), "percentage_point", Decimal(1)),
    (re.compile(r"个? ?(?:基点|基本点|[Bb][Pp][Ss]?\b)"), "basis_point", Decimal(1)),
    (re.compile(r"倍|[xX](?![A-Za-z0-9])"), "times", Decimal(1)),
    (re.compile(r"番"), "doubling", Decimal(1)),
)
_LEVELS: dict[str, Literal["percent", "permille", "times"]] = {
    "percent": "percent",
    "percentage_point": "percent",
    "permille": "permille",
    "times": "times",
}
_WIDTHS = {
    "个": (0, 10),
    "一": (0, 10),
    "两": (10, 100),
    "双": (10, 100),
    "二": (10, 100),
    "三": (100, 1000),
    "四": (1000, 10000),
}


def parse_ratio(text: str, *, unit: str | None = None) -> Ratio:
    """The level that the whole text says: 88.5%, 七成, 三分之二, 2.5‰, 1.32倍.

    `unit` (`%`, `‰`, `倍`) governs a bare number. Raises NormalizeError with the place that does not fit.
    """
    expression = parse_share(text, unit)
    ratio = to_ratio(expression)
    if ratio is None:
        raise NormalizeError("a change, not a level", text, expression.start, "read it with parse_growth")
    return ratio


def to_ratio(expression: Expression, known: Bounds | None = None) -> Ratio | None:
    """The typed value of a parsed level; None where its unit is one of changes only (番, 基点)."""
    name = _LEVELS.get(expression.unit.name if expression.unit else "")
    return Ratio(**(known or bound(expression))._asdict(), unit=name) if name else None


def parse_share(text: str, unit: str | None) -> Expression:
    """The parsed expression of a ratio or growth; NormalizeError where the text is none."""
    folded = joined(fold(text))
    try:
        expression = parse_expression(folded, 0, share_side)
    except NotANumberError as error:
        raise NormalizeError("number words that say no number", text, error.position) from None
    if expression is None:
        raise NormalizeError("no number", text, skip(folded, 0), "a ratio is a number with %, ‰, 成, 倍 or 分之")
    end = skip(folded, expression.end)
    if end != len(folded):
        raise NormalizeError(
            "not part of a ratio", text, end, "give the ratio alone; find_percentages reads running text"
        )
    if expression.unit is not None:
        return expression
    return _governed(text, expression, unit)


def _governed(text: str, expression: Expression, unit: str | None) -> Expression:
    if unit is None:
        raise NormalizeError("a number without a unit", text, expression.end, "give the unit that governs it: unit='%'")
    read = _unit(fold(unit), 0, expression.first.numeral)
    if read is None or read.end != len(unit):
        raise NormalizeError("no unit of a ratio", unit, 0, "name one of %, ‰, 倍, 个百分点, 基点")
    first = expression.first._replace(unit=read)
    return expression._replace(first=first)


def share_side(text: str, position: int) -> Side | None:
    """One number of a ratio or growth.

    side     = [ sign ] ( ( 百 | 千 | 万 ) 分之 numeral | fraction | tenths | wide | half | numeral [ after ] [ unit ] )
    fraction = numeral 分之 numeral | arabic "/" numeral | arabic ":" arabic
    tenths   = numeral 成 [ digit | 半 ]
    wide     = ( 个 | 两 | 双 | 三 ) 位数
    half     = 一半 | 半数 | 半
    """
    sign = re.compile("[+-] ?|负 ?").match(text, position)
    start = sign.end() if sign else position
    side = _worded(text, start) or _fraction(text, start) or number_and_unit(text, start, _unit)
    if side is None or sign is None or sign[0][0] == "+":
        return side._replace(start=position) if side else None
    return side._replace(start=position, low=-side.low, high=-side.high)


def plain_share_side(text: str, position: int) -> Side | None:
    """side = [ sign ] numeral [ after ] [ unit ], without fractions: in a list 2.66/1.47% are two numbers."""
    return number_and_unit(text, position, _unit)


def _worded(text: str, position: int) -> Side | None:
    if match := _HUNDREDTH.match(text, position):
        return _literal(text, position, match.end(), Decimal(100), Decimal(100))
    if match := _PERCENT_PREFIX.match(text, position):
        numeral = read_numeral(text, match.end())
        if numeral is None:
            return None
        name = {"百": "percent", "千": "permille", "万": "percent"}[match["of"]]
        factor = Decimal("0.01") if match["of"] == "万" else Decimal(1)
        return make_side(position, numeral, UnitRead(numeral.end, match[0].strip(), name, factor))
    if match := _DIGITS_WIDE.match(text, position):
        low, high = _WIDTHS[match["word"]]
        return _literal(text, position, match.end(), Decimal(low), Decimal(high))
    if match := _HALVES.match(text, position):
        return _literal(text, position, match.end(), Decimal(50), Decimal(50))
    return None


def _literal(text: str, start: int, end: int, low: Decimal, high: Decimal) -> Side:
    kind = "exact" if low == high else "some"
    numeral = Numeral(start, end, low, high, "exact" if kind == "exact" else "some", text[start:end], "")
    return make_side(start, numeral, UnitRead(end, "", "percent"))


def _fraction(text: str, position: int) -> Side | None:
    denominator = read_numeral(text, position)
    if denominator is None:
        return None
    if match := _FRACTION.match(text, denominator.end):
        numerator = read_numeral(text, match.end())
        return _divided(text, position, numerator, denominator)
    if not denominator.number[:1].isdigit():
        return None
    match = _OVER.match(text, denominator.end) or _COLON.match(text, denominator.end)
    if match is None:
        return None
    below = read_numeral(text, match.end())
    if below is None or _COLON.match(text, below.end):
        return None
    return _divided(text, position, denominator, below)


def _divided(text: str, start: int, numerator: Numeral | None, denominator: Numeral) -> Side | None:
    if numerator is None or not denominator.low or numerator.kind != "exact" or denominator.kind != "exact":
        return None
    end = max(numerator.end, denominator.end)
    share = numerator.low * 100 / denominator.low
    return _literal(text, start, end, share, share)


def _unit(text: str, position: int, _: Numeral) -> UnitRead | None:
    if match := _TENTHS.match(text, position):
        extra = {"": 0, "半": 5}.get(match["next"] or "", DIGITS.get(match["next"] or "", 0))
        return UnitRead(match.end(), match[0], "percent", Decimal(10), extra=Decimal(extra))
    for pattern, name, factor in _UNITS:
        if match := pattern.match(text, position):
            end = match.end() - (len(match[0]) - len(match[0].rstrip()))
            return UnitRead(end, match[0].strip(), name, factor)
    return None
