"""Every count and measure in a running text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, partial

from zhibiao.normalize.expressions import Expression, parse_expression
from zhibiao.normalize.find.amounts import is_bare_scale
from zhibiao.normalize.find.engine import Found, Kind, found, runs_before
from zhibiao.normalize.quantities import quantity_side, to_quantity
from zhibiao.normalize.tables import exceptions, fold, unit_names
from zhibiao.schema import Quantity


def find_quantities(text: str) -> Iterator[Found[Quantity]]:
    """Every count or measure in a running text that is not money; dates, ordinals and phases are none."""
    for start, end, expression, _, known in found(fold(text), _quantities()):
        yield Found(start, end, text[start:end], to_quantity(text, expression, known))


@cache
def _quantities() -> Kind:
    unit = re.compile(f" {{0,4}}(?:(?:以上|左右) ?)?(?:{unit_names()}|个|半)")
    return Kind(partial(runs_before, unit), _parse_quantity, _is_quantity)


def _parse_quantity(text: str, position: int) -> tuple[Expression, str | None] | None:
    expression = parse_expression(text, position, partial(quantity_side, is_open=False))
    return (expression, None) if expression and expression.unit else None


_DATE_UNITS = frozenset({"年", "日", "点", "分", "时", "期", "级", "线", "代", "班", "路", "号", "两", "度", "票"})
_NAME_PART = re.compile("[A-Za-z0-9+/._〔\\[第之号№]")


def _is_quantity(text: str, expression: Expression, _: str | None) -> bool:
    """No date, ordinal, phase, code or article: 2020年, 第3次, 二期, G20峰会, 一个."""
    read, numeral = expression.unit, expression.first.numeral
    assert read is not None
    before = text[expression.start - 1 : expression.start]
    if _NAME_PART.match(before) or before.startswith(exceptions()["ordinal"]) or is_bare_scale(text, expression, None):
        return False
    if text[numeral.start : numeral.end] == "一" and read.text.startswith(exceptions()["article"]):
        return False
    rest = text[numeral.end : numeral.end + 4]
    if rest.startswith(exceptions()["titled"]) or text.startswith(exceptions()["name"], numeral.start):
        return False
    if read.text == "年":
        return _is_duration(text, expression)
    return read.text not in _DATE_UNITS or _is_measured(expression)


def _is_duration(text: str, expression: Expression) -> bool:
    start = expression.first.numeral.start
    follows = text[expression.end : expression.end + 1]
    return expression.first.numeral.low < 200 and not _HAN_YEAR.match(text, start) and follows not in ("度", "代")


_HAN_YEAR = re.compile("[一二][零一二三四五六七八九]{3}年")


def _is_measured(expression: Expression) -> bool:
    """Whether a unit that dates and names use too is a measure here: 3.5亿度, 95.6分, 12万票."""
    read, numeral = expression.unit, expression.first.numeral
    assert read is not None
    if read.text not in ("度", "分", "票", "点"):
        return False
    return bool(numeral.scale) or "." in numeral.number
