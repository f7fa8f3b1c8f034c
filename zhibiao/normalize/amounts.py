"""Sums of money: the grammar of their units, and the typed value."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache, partial

from zhibiao.errors import NormalizeError
from zhibiao.normalize.expressions import (
    Bounds,
    Expression,
    Side,
    UnitRead,
    bound,
    finish,
    number_and_unit,
    skip,
    take,
)
from zhibiao.normalize.numbers import DIGITS, NotANumberError, Numeral, joined, read_numeral
from zhibiao.normalize.tables import alternatives, currencies, fold, per_names, scales
from zhibiao.schema import Amount, Written

_GENERIC = frozenset({"元", "圆", "块"})
#: What no data file lists is a unit only where the expression ends with it.
_UNKNOWN_PER = re.compile(r" ?/ ?(?P<per>[一-龥A-Za-z·]{1,8}?)(?=(?:以上|以下|以内|左右|上下)?$)")
#: In a table (123.45) is -123.45.
_ACCOUNTING = re.compile(r" *\((?P<number>[\d,. ]+)\) *")
#: What a caption or head has around its unit: 单位：人民币万元, 投资额（万元）, （金额单位：万元）, 万元（人民币）.
_GOVERNING = re.compile(r"[ (]*(?:[^:()]*: *)?(?P<before>[^()]*?) *(?:\((?:[^:()]*: *)?(?P<inside>[^()]*)\))?[ )]*")
_NATIONAL = re.compile("^(?:人民币|RMB|CNY) *")


def parse_amount(text: str, *, unit: str | None = None) -> Amount:
    """The sum of money that the whole text says: 46.78亿元, 近4亿元, 300万至500万元, 3元5角, 5分/千瓦时.

    `unit` is the unit that governs a bare number: that of a table's caption or head (`万元`, `单位：亿美元`). A number
    with a scale and no unit (204.81万) is money in 元. Raises NormalizeError with the place that does not fit.
    """
    if unit is not None and (match := _ACCOUNTING.fullmatch(fold(text))):
        return parse_amount(f"{text[: match.start('number') - 1]}-{match['number']}", unit=unit)
    expression, mark = _parse(text)
    read = expression.unit
    if read is None and mark is None and unit is None and not _has_scale(expression):
        raise NormalizeError(
            "a number without a unit of money", text, expression.end, "give the unit that governs it: unit='万元'"
        )
    if read is None and unit is not None:
        return _governed(text, expression, mark, governing_unit(unit))
    return to_amount(text, expression, mark)


def to_amount(text: str, expression: Expression, mark: str | None, known: Bounds | None = None) -> Amount:
    """The typed value of a parsed expression of money."""
    read = expression.unit
    code = mark or (read.name if read else "CNY")
    per = read.per if read else None
    return Amount(**(known or bound(expression))._asdict(), unit=code, per=per, written=written(text, expression))


def written(text: str, expression: Expression) -> Written:
    """Number, scale and unit as the text has them; of a range, from the first number to the last."""
    last = expression.second or expression.first
    number = text[expression.first.numeral.start : last.numeral.start + len(last.numeral.number)]
    return Written(
        number=number, scale=last.numeral.scale, unit=expression.unit.as_written(text) if expression.unit else ""
    )


def governing_unit(unit: str) -> UnitRead:
    """A unit as a table's caption or head names it, as the factor on its bare numbers and the currency.

    caption = [ words ":" ] unit [ "(" words ")" ] | words "(" unit ")"
    unit    = [ 人民币 ] { scale } [ currency [ per ] ]     NormalizeError where it is none of money
    """
    folded = fold(unit)
    match = _GOVERNING.fullmatch(folded)
    parts = [part for part in match.groups() if part] if match else []
    reads = [read for part in parts if (read := _governing(part.replace(" ", "")))]
    if not reads:
        place = match.start("before") if match else 0
        raise NormalizeError("no unit of money", unit, place, "name one such as 元, 万元, 亿元, 万美元, 元/吨")
    return max(reads, key=lambda read: read.factor)


def _governing(part: str) -> UnitRead | None:
    rest = _NATIONAL.sub("", part) or part
    scale_words = re.match(f"(?:{alternatives(w for w, s in scales().items() if s.kind != 'latin')})*", rest)
    scale = scale_words[0] if scale_words else ""
    factor = Decimal(1)
    for word in scale:
        factor *= scales()[word].factor
    if rest == scale and scale:
        return UnitRead(len(rest), scale, "CNY", factor)
    read = read_money(rest, len(scale), None)
    if read is None or read.end != len(rest):
        return None
    return read._replace(text=scale + read.text, factor=factor * read.factor)


def _governed(text: str, expression: Expression, mark: str | None, unit: UnitRead) -> Amount:
    factor = Decimal(1) if _has_scale(expression) else unit.factor
    first, second = (side and _times(side, factor) for side in (expression.first, expression.second))
    assert first is not None
    scaled = expression._replace(first=first, second=second)
    amount = to_amount(text, scaled, mark or unit.name)
    return amount.model_copy(update={"per": unit.per})


def _times(side: Side, factor: Decimal) -> Side:
    return side._replace(low=side.low * factor, high=side.high * factor)


def _has_scale(expression: Expression) -> bool:
    sides = (expression.first, expression.second)
    return any(
        side is not None and (side.numeral.scale or any(word in side.numeral.number for word in "万亿兆"))
        for side in sides
    )


_FROM = re.compile(" *[从由自](?= ?\\d|[^一-龥]|[零一二两三四五六七八九十百千万亿])")


def _parse(text: str) -> tuple[Expression, str | None]:
    """The expression of money that the whole text is; a range may begin with 从."""
    folded = joined(fold(text))
    lead = _FROM.match(folded)
    try:
        parsed = parse_money(folded, lead.end() if lead else 0)
    except NotANumberError as error:
        raise NormalizeError("number words that say no number", text, error.position) from None
    if parsed is None:
        raise NormalizeError("no number", text, skip(folded, 0), "an amount is a number with a unit, such as 3.2亿元")
    expression, mark = parsed
    if lead and expression.second is None:
        raise NormalizeError("not part of an amount", text, 0, "a preposition belongs to none but a range")
    end = skip(folded, expression.end)
    if end != len(folded):
        raise NormalizeError(
            "not part of an amount", text, end, "give the amount alone; find_amounts reads running text"
        )
    return expression, mark


def parse_money(text: str, position: int) -> tuple[Expression, str | None] | None:
    """An expression of money at this offset of a folded text, and the currency that stands before its number.

    money  = { before } [ mark ] { before } side [ joiner [ mark ] side ] { after }
    """
    words: list[str] = []
    start = skip(text, position)
    position = take(text, start, ("before", "verb"), words)
    mark = read_mark(text, position)
    if mark:
        position = take(text, skip(text, position + len(mark)), ("before", "verb"), words)
    code = currencies().before[mark] if mark else None
    first = money_side(text, position, code)
    if first is None:
        return None
    return finish(text, start, words, first, partial(money_side, code=code)), code


def money_side(text: str, position: int, code: str | None) -> Side | None:
    """side = [ mark ] [ sign ] numeral [ after ] [ money ]."""
    mark = read_mark(text, position)
    if mark:
        position = skip(text, position + len(mark))
    return number_and_unit(text, position, partial(_money_unit, code=code))


def _money_unit(text: str, position: int, numeral: Numeral, code: str | None) -> UnitRead | None:
    return read_money(text, position, code, numeral)


@cache
def _names() -> re.Pattern[str]:
    return re.compile(f"(?:{alternatives(currencies().after)})")


@cache
def _marks() -> re.Pattern[str]:
    return re.compile(f"(?:{alternatives(currencies().before)})")


def money_names() -> str:
    """A regular expression for every name of a currency or of a part of one."""
    return alternatives(currencies().after)


def read_mark(text: str, position: int) -> str | None:
    """The mark or name of a currency before a number: ¥, 人民币, US$."""
    match = _marks().match(text, position)
    return match[0] if match else None


def read_money(text: str, position: int, code: str | None, numeral: Numeral | None = None) -> UnitRead | None:
    """The unit of money at this offset.

    money     = name [ compound ] [ 钱 ] [ per ]
    compound  = { [ 又 | 零 ] numeral part } [ digit ]      3元5角, 两美元又三美分, 一块二, 三块零四
    per       = ( "/" | 每 ) unit { ( "·" | "/" ) unit }     万元/亩, 元/平方米·月
    """
    match = _names().match(text, position)
    if match is None:
        return _pieces(text, position, code)
    if match[0] == "元" and (foreign := _names().match(text, match.end())) and _is_foreign(text, foreign):
        match = foreign  # 9000元日币
    money = currencies().after[match[0]]
    is_generic = match[0] in _GENERIC
    name = code if code and (is_generic or money.code == code) else money.code
    extra, end = Decimal(0), match.end()
    if numeral is not None and numeral.kind == "exact":
        extra, end = _compound(text, end, money.code, money.factor)
    per, end = read_per(text, end)
    return UnitRead(end, match[0], name, money.factor, per, extra, start=position)


def _is_foreign(text: str, name: re.Match[str]) -> bool:
    """Whether a name of another currency stands at the end of its phrase (3亿元美元债 may be either)."""
    money = currencies().after[name[0]]
    return money.code != "CNY" and not money.is_part and re.compile("[一-龥]").match(text, name.end()) is None


def _pieces(text: str, position: int, code: str | None) -> UnitRead | None:
    """After a currency, 个 is its main unit: 港币三个一毫四."""
    if code is None or text[position : position + 1] != "个":
        return None
    extra, end = _compound(text, position + 1, "CNY", Decimal(1))
    return UnitRead(end, "个", code, extra=extra, start=position)


def _compound(text: str, end: int, code: str, factor: Decimal) -> tuple[Decimal, int]:
    extra = Decimal(0)
    while part := _part(text, end, code, factor):
        value, factor, end = part
        extra += value
    digit = re.compile(f"(?P<zero>零?)(?P<digit>[{''.join(DIGITS)}])(?![{''.join(DIGITS)}十百千万亿点个])").match(
        text, end
    )
    if digit and text[end - 1] in "块毛毫蚊角" and _is_word_end(text, digit.end()):
        place = factor / (100 if digit["zero"] else 10)
        return extra + DIGITS[digit["digit"]] * place, digit.end()
    if text[end : end + 1] == "钱" and extra:
        end += 1
    return extra, end


def _is_word_end(text: str, end: int) -> bool:
    """After 一块二 and the like no measure word may follow (一块二层楼板)."""
    return not re.compile("[一-龥]").match(text, end) or text[end] in "到至以左上的和与"


def _part(text: str, end: int, code: str, factor: Decimal) -> tuple[Decimal, Decimal, int] | None:
    start = end + 1 if text[end : end + 1] in ("又", "零") else end
    try:
        numeral = read_numeral(text, skip(text, start))
    except NotANumberError:
        return None
    if numeral is None or numeral.kind != "exact":
        return None
    match = _names().match(text, skip(text, numeral.end))
    if match is None:
        return None
    money = currencies().after[match[0]]
    if not money.is_part or money.code != code or money.factor >= factor or numeral.low >= 100:
        return None
    return numeral.low * money.factor, money.factor, match.end()


@cache
def _known_per() -> re.Pattern[str]:
    unit = f"(?:{per_names()})"
    return re.compile(f" ?(?:/|每) ?(?P<per>{unit}(?:[·/.]{unit})*|\\({unit}(?:[·/.]{unit})*\\))")


def read_per(text: str, end: int) -> tuple[str | None, int]:
    """The unit that a value is counted by, and where it ends: /亩, 每股, /平方米·月."""
    match = _known_per().match(text, end) or _UNKNOWN_PER.match(text, end)
    if match is None:
        return None, end
    return match["per"].strip("()"), match.end()
