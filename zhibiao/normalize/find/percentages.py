"""Every percentage in a running text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache, partial

from zhibiao.normalize.expressions import Expression, Side, UnitRead, make_side, parse_expression
from zhibiao.normalize.find.engine import NUMBER_CHARACTERS, Found, Kind, found, runs_before
from zhibiao.normalize.numbers import DIGITS, Numeral
from zhibiao.normalize.ratios import share_side, to_ratio
from zhibiao.normalize.tables import exceptions, fold
from zhibiao.schema import Ratio


def find_percentages(text: str) -> Iterator[Found[Ratio]]:
    """Every percentage, per mille, 成, 折 and 百分点 in a running text."""
    for start, end, expression, _, known in found(fold(text), percentages()):
        ratio = to_ratio(expression, known)
        if ratio is not None:
            yield Found(start, end, text[start:end], ratio)


_URL = re.compile(r"https?://[^\s一-龥，。]+")


@cache
def percentages() -> Kind:
    """Where percentages may stand, how they are parsed, and what is none."""
    blanks = " {0,4}"
    scale = f"(?:[kKwWM]{blanks}|(?:以上|以下|左右) ?(?=%))?"
    points = f"(?:pct|PCT)s?(?![A-Za-z])|个?{blanks}百{blanks}分{blanks}点|个点(?![一-龥])"
    unit = re.compile(f"{blanks}{scale}(?:[%‰成折]|{points})")
    others = re.compile(
        f"[百千万]{blanks}分{blanks}之{blanks}(?=[-+{NUMBER_CHARACTERS}])|(?<=打)对折"
        f"|(?<![{NUMBER_CHARACTERS}]){_DIGIT}(?= {{1,4}}{_DIGIT}{blanks}折)"
    )
    return Kind(partial(_share_places, unit, others), _parse_share, _is_share)


def _share_places(unit: re.Pattern[str], others: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    text = _URL.sub(lambda match: " " * len(match[0]), text)
    return sorted([*runs_before(unit, text), *(match.span() for match in others.finditer(text))])


def _parse_share(text: str, position: int) -> tuple[Expression, str | None] | None:
    expression = parse_expression(text, position, _percentage_side)
    return (expression, None) if expression and expression.unit else None


_DIGIT = f"[0-9{''.join(DIGITS)}]"
_HALF_PRICE = re.compile("对折|半 ?折")
_OFF = re.compile(f"(?P<tens>{_DIGIT}) *(?:(?P<dot>[.点]) *)?(?P<ones>{_DIGIT})? *折")


def _percentage_side(text: str, position: int) -> Side | None:
    """side = price | share     price = ( 对 | 半 ) 折 | digit [ "." ] [ digit ] 折     七五折 and 7.5折 are 75 %."""
    if half := _HALF_PRICE.match(text, position):
        return _price(text, position, half.end(), 50)
    if off := _OFF.match(text, position):
        tens, ones = (
            DIGITS.get(word, int(word) if word.isdigit() else 0) for word in (off["tens"], off["ones"] or "0")
        )
        return _price(text, position, off.end(), tens * 10 + ones)
    return share_side(text, position)


def _price(text: str, start: int, end: int, percent: int) -> Side:
    share = Decimal(percent)
    numeral = Numeral(start, end, share, share, "exact", text[start:end], "")
    return make_side(start, numeral, UnitRead(end, "折", "percent"))


def _is_share(text: str, expression: Expression, _: str | None) -> bool:
    read, numeral = expression.unit, expression.first.numeral
    assert read is not None
    if read.text.startswith("成"):
        is_word = text.startswith(exceptions()["tenths"], expression.end)
        return not is_word and numeral.high <= 10
    if read.text == "折":
        return text[expression.end : expression.end + 1] not in ("合", "算", "旧", "线", "页", "叠", "中", "扣")
    before = text[expression.start - 1 : expression.start]
    return not (text[expression.start] in "百千万" and before and before in "零一二两三四五六七八九十百千万亿")
