"""Every sum of money in a running text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache, partial
from itertools import chain

from zhibiao.normalize.amounts import parse_money
from zhibiao.normalize.expressions import Expression, words_before
from zhibiao.normalize.find.engine import HAN, Found, Kind, found, runs_before
from zhibiao.normalize.find.lists import bracketed, items_after, items_to
from zhibiao.normalize.numbers import syntax
from zhibiao.normalize.tables import alternatives, bounds, currencies, exceptions, fold
from zhibiao.schema import Amount


def find_amounts(text: str) -> Iterator[Found[Amount]]:
    """Every sum of money in a running text, in its order.

    Bounding words that touch it belong to the span (近4亿元); 突破 and the like do not, but bound its value. A number
    without a unit is money where it is an item of a list whose unit stands at the end (8.42 of 8.42、0.94亿元), and
    where it has a scale, ends its phrase and follows the name of a sum (投资超20亿); other bare numbers are none.
    """
    folded = fold(text)
    items = list(bracketed(text, folded))
    for read in found(folded, money()):
        items += items_to(text, folded, read)
        if read.expression.unit is None and read.mark is None:
            items += items_after(text, folded, read)
    done = 0
    for start, end, amount in sorted(items, key=lambda item: (item.start, -item.end)):
        if start >= done:
            done = end
            yield Found(start, end, text[start:end], amount)


@cache
def money() -> Kind:
    """Where money may stand, how it is parsed, and what is none."""
    firsts = "".join(sorted({re.escape(name[0]) for name in currencies().after}))
    unit = re.compile(f" {{0,4}}(?:(?:以上|左右) ?)?[{firsts}]")
    return Kind(partial(_money_places, unit, (_marked(), _sums())), parse_money, _is_money, _is_range)


@cache
def _marked() -> re.Pattern[str]:
    """The mark of a currency right before a number, where it is no other word."""
    number = "[-+]?[0-9零一二两三四五六七八九十百千万亿几数]"
    return re.compile(f"(?:{alternatives(currencies().before.keys() - currencies().weak)}) ?(?={number})")


def _money_places(unit: re.Pattern[str], leads: tuple[re.Pattern[str], ...], text: str) -> list[tuple[int, int]]:
    places = list(runs_before(unit, text))
    run = syntax().run
    for lead in chain.from_iterable(pattern.finditer(text) for pattern in leads):
        number = run.match(text, lead.end())
        if number:
            places.append(number.span())
    return sorted(places)


@cache
def _sums() -> re.Pattern[str]:
    """The name of a sum of money with the light words after it, right before a number."""
    words = alternatives([*bounds(), *exceptions()["light"]])
    return re.compile(
        f"(?:{alternatives(exceptions()['sum'])})(?:(?:{words}) ?){{0,4}}(?=[-0-9零一二两三四五六七八九十百千几数])"
    )


_SUM_WINDOW = 24
_PHRASE_END = re.compile(r" *(?:$|[,。;、:!?()\n…”])")


def _is_left_bare(text: str, expression: Expression) -> bool:
    """投资超20亿: a scale of its own, at the end of its phrase, after the name of a sum of money."""
    last = expression.second or expression.first
    if not (last.numeral.scale and last.numeral.scale[-1] in "万亿") or not _PHRASE_END.match(text, expression.end):
        return False
    start = max(expression.start - _SUM_WINDOW, 0)
    return any(match.end() >= expression.start for match in _sums().finditer(text, start, expression.first.end))


def _is_money(text: str, expression: Expression, mark: str | None) -> bool:
    read = expression.unit
    if read is None:
        return mark is not None or _is_left_bare(text, expression)
    if is_bare_scale(text, expression, mark) or _is_excepted(text, expression):
        return False
    if read.text in ("分钱", "毛钱") and text[expression.first.numeral.start : expression.first.numeral.end] == "一":
        return False  # 不多花一分钱
    if text[expression.first.numeral.start] == ".":
        return False  # .9亿元 has lost a digit
    money = currencies().after.get(read.text)
    is_part = money is not None and (money.is_part or money.is_bare) and not read.text.endswith("钱")
    return not is_part or mark is not None or _is_compound(expression) or _is_spending(text, expression)


_BARE_PARTS = frozenset("毛毫仙")


def _is_compound(expression: Expression) -> bool:
    """块 and 角 with a part after it, 分 and 厘 by a unit: 三块五毛, 5分/千瓦时; 九毛九 is a name."""
    read = expression.unit
    assert read is not None
    if read.text in _BARE_PARTS:
        return False
    return read.extra != 0 or (read.per is not None and read.text != "块")


def is_bare_scale(text: str, expression: Expression, mark: str | None) -> bool:
    """亿元以上项目, 万元GDP: a scale alone is a level only where a word bounds or reaches it (超千亿元, 站稳千亿元)."""
    numeral = expression.first.numeral
    if text[numeral.start] not in "百千万亿兆" or mark is not None:
        return False
    before, _ = words_before(text, numeral.start, places=("before", "verb"))
    is_bounded_after = any(bounds()[word].place == "after" for word in expression.words)
    if text[numeral.start - 1 : numeral.start] == "/":
        return True  # 0.6人/百亿元
    if before or _is_level(text, numeral.start, expression.end):
        return False
    return not is_bounded_after or HAN.match(text, expression.end) is not None


@cache
def _level() -> tuple[re.Pattern[str], re.Pattern[str]]:
    reached = re.compile(f"(?:{alternatives(exceptions()['reach'])})了? ?$")
    return reached, re.compile(f"(?![一-龥])|{alternatives(exceptions()['mark'])}")


def _is_level(text: str, start: int, end: int) -> bool:
    """规模达万亿元, 站稳千元大关: a word of reaching before a bare scale, and no noun after it (达百亿元企业)."""
    reached, goes_on = _level()
    return bool(reached.search(text, max(start - 6, 0), start) and goes_on.match(text, end))


#: 二元, 三元 and the like are more often a structure, a battery or a name than money.
_FEW = frozenset("一二三四五六七八九")


def _is_excepted(text: str, expression: Expression) -> bool:
    read, numeral = expression.unit, expression.first.numeral
    assert read is not None
    rest = text[expression.end : expression.end + 3]
    is_spoken = not text[numeral.start].isdigit()
    if read.text == "元" and text[numeral.start : numeral.end] in _FEW:
        is_money = read.extra or read.per or _is_spending(text, expression)
        return not is_money or rest.startswith(exceptions()["yuan"])
    if read.text == "元" and is_spoken and rest.startswith("年"):
        return True
    if "个" in text[numeral.start : numeral.end] and read.text == "元":
        return rest.startswith(exceptions()["steps"])
    return rest.startswith(exceptions()["money"])


def _is_spending(text: str, expression: Expression) -> bool:
    """Whether a bare 块, 毛, 角, 分 is money: it ends its phrase, and a word of paying stands shortly before it."""
    read = expression.unit
    assert read is not None
    if read.text == "角":
        is_shape = text[expression.end : expression.end + 1].startswith(exceptions()["jiao"])
        return not is_shape and text[expression.first.numeral.start].isdigit()
    if HAN.match(text, expression.end) or text[expression.start - 1 : expression.start] in ("时", "点", ":"):
        return False  # 7小时16分
    before = text[max(expression.start - 6, 0) : expression.start]
    return any(word in before for word in exceptions()["spending"])


#: A change by so much to so much is two amounts (增加107亿元至209亿元); a range of it is narrower than this.
_NARROW = Decimal("1.5")
_FROM = re.compile("[从由自](?:约|近|超过?|逾)? ?$")
_CHANGE = re.compile(
    "(?:增长|增加|减少|下降|提高|上升|上涨|下跌|下滑|回升|回落|减免|降低|提升|缩减|扩大|增|减|降|升|涨|跌)了? ?"
    "(?:约|近|超过?|逾)? ?$"
)
_EXPECTED = re.compile("预计|预期|拟|将|力争|有望|区间|预增|预减|预告")


def _is_range(text: str, expression: Expression) -> bool:
    """Whether two numbers are the ends of a range.

    Not a change and its result (减少7.58亿元至5.48亿元), a start and a goal (从1亿元到2亿元), or a label and an amount.
    """
    first, second = expression.first, expression.second
    assert second is not None
    joiner = text[first.end : second.start]
    if first.unit is None and first.numeral.scale == "":
        is_shared = second.numeral.scale == "" or first.low > first.numeral.low
        return is_shared or (("到" in joiner or "至" in joiner) and first.low >= 100)
    if not ("到" in joiner or "至" in joiner):
        return True
    before = text[max(expression.start - _WINDOW, 0) : first.numeral.start]
    if _FROM.search(before):
        return False
    if _CHANGE.search(before) is None:
        return True
    is_rising = first.low < second.low
    return is_rising and (second.low <= first.low * _NARROW or _EXPECTED.search(before) is not None)


_WINDOW = 24
