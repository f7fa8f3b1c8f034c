"""Counts and measures: the grammar of their units, SI, and the typed value."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from functools import cache, partial

from zhibiao.errors import NormalizeError
from zhibiao.normalize.amounts import read_per, written
from zhibiao.normalize.expressions import (
    Bounds,
    Expression,
    Side,
    UnitRead,
    bound,
    number_and_unit,
    parse_expression,
    skip,
)
from zhibiao.normalize.numbers import NotANumberError, Numeral, joined, read_numeral
from zhibiao.normalize.tables import Unit, fold, unit_names, units
from zhibiao.schema import Quantity, SIValue

_UNKNOWN = re.compile(
    r"(?![至到] ?[\d零一二两三四五六七八九十百千万几数])"
    r"[一-龥A-Za-z°²³μ]{1,10}?(?=$| *(?:以上|以下|以内|左右|上下|[\-—~至到(/、,，]))"
)
_HALF_MONTHS = re.compile("个半(?P<unit>月|小时|星期|钟头|学期|季度)?")
_MORE_MONTHS = re.compile("个(?P<more>[多余])(?P<unit>月|小时|星期|钟头|学期|季度|工作日|交易日)")
_HALF = re.compile("半(?![一-龥])")


def parse_quantity(text: str, *, unit: str | None = None) -> Quantity:
    """The count or measure that the whole text says, in the unit written without its scale.

    `unit` governs a number without one (that of a table's head); a bare number without it has the unit "".
    Raises NormalizeError with the place that does not fit.
    """
    expression = _parse(text)
    if expression.unit is None and unit is not None:
        expression = _governed(expression, unit)
    return to_quantity(text, expression)


def _parse(text: str) -> Expression:
    folded = joined(fold(text))
    try:
        expression = parse_expression(folded, 0, partial(quantity_side, is_open=True))
    except NotANumberError as error:
        raise NormalizeError("number words that say no number", text, error.position) from None
    if expression is None:
        raise NormalizeError(
            "no number", text, skip(folded, 0), "a quantity is a number with a measure, such as 12万平方米"
        )
    end = skip(folded, expression.end)
    if end != len(folded):
        raise NormalizeError("not part of a quantity", text, end, "give the quantity alone")
    return expression


def _governed(expression: Expression, unit: str) -> Expression:
    """The expression with the unit of a table's head, which may have a scale of its own: 万人, 亿千瓦时."""
    read = _read_unit(fold(unit))
    if read is None:
        raise NormalizeError("no unit of a quantity", unit, 0, "name one such as 个, 万人, 亿千瓦时")
    first = _in_unit(expression.first, read)
    second = _in_unit(expression.second, read) if expression.second else None
    return expression._replace(first=first, second=second)


def _read_unit(unit: str) -> Side | None:
    """A unit with its scale, read as one of it: 万人 is 10000 人."""
    try:
        read = number_and_unit("1" + unit, 0, partial(_unit, is_open=True))
    except NotANumberError:
        return None
    return read if read and read.unit and read.end == len(unit) + 1 else None


def _in_unit(side: Side, read: Side) -> Side:
    factor = Decimal(1) if side.numeral.scale else read.low
    unit = read.unit._replace(start=0) if read.unit else None
    return side._replace(low=side.low * factor, high=side.high * factor, unit=unit)


def to_quantity(text: str, expression: Expression, known: Bounds | None = None) -> Quantity:
    """The typed value of a parsed quantity."""
    allowed = known or bound(expression)
    read = expression.unit
    name, per = (read.name, read.per) if read else ("", None)
    unit = read.as_written(text) if read and read.name == read.text and read.start else name
    return Quantity(
        **allowed._asdict(), unit=unit, per=per, written=written(text, expression), si=in_si(allowed, name, per)
    )


def quantity_side(text: str, position: int, *, is_open: bool) -> Side | None:
    """side = [ sign ] numeral [ after ] [ unit ]; `is_open` takes words that no data file lists as units too."""
    return number_and_unit(text, position, partial(_unit, is_open=is_open))


@cache
def _known() -> re.Pattern[str]:
    name = f"(?:{unit_names()})"
    bracket = rf" ?\((?!含|不含)[^()\d]{{1,12}}\)(?:{name})?"
    return re.compile(f"(?P<unit>{name}(?:{bracket})?)")


def _unit(text: str, position: int, numeral: Numeral, *, is_open: bool) -> UnitRead | None:
    """unit = name [ bracket [ name ] ] [ 半 | compound ] [ per ] | "个" ( 半 | 多 ) name

    台（套）, 吨/日, 3个多月, 一年半, 2小时30分钟
    """
    if more := _MORE_MONTHS.match(text, position):
        return UnitRead(more.end(), more[0], "个" + more["unit"], words=(more["more"],), start=position)
    if half := _HALF_MONTHS.match(text, position):
        return UnitRead(half.end(), half[0], _halved(half["unit"]), extra=Decimal("0.5"), start=position)
    match = _known().match(text, position)
    if is_open and (match is None or not _ends(text, match.end())):
        match = _UNKNOWN.match(text, position) or match
    if match is None:
        return None
    half_after = _HALF.match(text, match.end())
    extra, end = Decimal("0.5") if half_after else Decimal(0), half_after.end() if half_after else match.end()
    if not half_after and numeral.kind == "exact":
        extra, end = _compound(text, end, match[0])
    per, end = read_per(text, end)
    return UnitRead(end, match[0], match[0], per=per, extra=extra, start=position)


def _compound(text: str, end: int, name: str) -> tuple[Decimal, int]:
    """compound = { numeral smaller unit of the same kind }: the 30分钟 of 2小时30分钟 in hours, and where it ends."""
    whole = units().get(name)
    if whole is None or not whole.si or whole.offset:
        return Decimal(0), end
    extra, last = Fraction(0), whole
    while part := _part(text, end, last):
        number, last, end = part
        extra += number * last.factor / whole.factor
    return Decimal(extra.numerator) / Decimal(extra.denominator), end


def _part(text: str, end: int, above: Unit) -> tuple[Fraction, Unit, int] | None:
    try:
        numeral = read_numeral(text, end)
    except NotANumberError:
        return None
    if numeral is None or numeral.kind != "exact":
        return None
    match = _known().match(text, numeral.end)
    name = "分钟" if above.name == "小时" and text[numeral.end : numeral.end + 1] == "分" else match[0] if match else ""
    below = units().get(name)
    stop = numeral.end + 1 if match is None or name not in match[0] else match.end()
    if below is None or below.si != above.si or below.offset or below.factor >= above.factor:
        return None
    number = Fraction(numeral.low)
    return (number, below, stop) if number * below.factor < above.factor else None


_AFTER_UNIT = re.compile(r"$| *(?:[/每余多半左上以之不\-—~至到(、,，])")


def _ends(text: str, end: int) -> bool:
    """Whether a known unit may end here: 台套 must not end in 台."""
    return _AFTER_UNIT.match(text, end) is not None


def _halved(unit: str | None) -> str:
    """What 两个半 counts: 小时 by itself, 月 with its 个, and nothing more than 个 where no unit follows."""
    return {None: "个", "月": "个月", "季度": "个季度"}.get(unit, unit or "个")


def in_si(allowed: Bounds, name: str, per: str | None) -> SIValue | None:
    """The bounds in SI units, where the unit (and what it is counted by) is physical; exact to 28 digits."""
    unit = units().get(name)
    below = units().get(per) if per else None
    if unit is None or not unit.si or (per and (below is None or not below.si or below.offset)):
        return None
    symbol = f"{unit.si}/{below.si}" if below else unit.si
    value, low, high = (_converted(number, unit, below) for number in (allowed.value, allowed.low, allowed.high))
    if allowed.low == allowed.high:
        low = high = None
    return SIValue(value=value, unit=symbol, low=low, high=high)


def _converted(number: Decimal | None, unit: Unit, below: Unit | None) -> Decimal | None:
    if number is None:
        return None
    exact = Fraction(number) * unit.factor + unit.offset
    if below:
        exact /= below.factor
    return Decimal(exact.numerator) / Decimal(exact.denominator)
