"""Numbers of money whose unit stands further right: the items of a list, and a number with a change in brackets.

list  = item { joiner item } joiner last
item  = number [ scale ] [ change ]
last  = amount | number change scale money          4.16(+3.65%)亿元
joiner = "、" | "/" | 和 | 及 | 以及 | 与
change = "(" … "%" … ")"

Words that bound the first item bound all of them: 不低于3.4/4.6亿元.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from zhibiao.normalize.amounts import money_names, parse_money, read_per, to_amount
from zhibiao.normalize.expressions import Expression, bound, words_before
from zhibiao.normalize.find.engine import HAN, Read
from zhibiao.normalize.numbers import NotANumberError
from zhibiao.schema import Amount, Written

_NUMBER = r"[-+]?(?<![\d.,])\d+(?:,\d{3})*(?:\.\d+)?(?![\d.])"
_CHANGE = r" ?\([^()\n]{0,16}?\d%[^()\n]{0,8}\)"
_JOINER = "(?: ?(?:、|/|以及|和|及|与) ?)"
_LAST_OF_JOINERS = frozenset("、/和及与 ")
_WINDOW = 160
_SCALE = "(?: ?[万亿]{1,2})"
_ITEMS = re.compile(f"(?:{_NUMBER}{_SCALE}?(?:{_CHANGE})?{_JOINER})+$")
_ITEM = re.compile(f"(?P<number>{_NUMBER})(?P<scale>{_SCALE})?(?:{_CHANGE})?{_JOINER}")
_NEXT = re.compile(f"{_JOINER}(?P<item>{_NUMBER}{_SCALE})(?= *(?:$|[,。;、:!?()\\n]|{_JOINER}[-+]?\\d))")
_YEAR = re.compile("(?:19|20)[0-9]{2}")


class Item(NamedTuple):
    """A number of money without its own unit: where it stands, and what it is."""

    start: int
    end: int
    amount: Amount


def items_to(text: str, folded: str, read: Read) -> list[Item]:
    """This amount, after the items of the list that it ends: 8.42, 1.79 and 0.94亿元 of 分别为8.42、1.79、0.94亿元."""
    items, lead = _items_before(text, folded, read)
    known = bound(read.expression._replace(words=lead)) if lead else read.known
    return [*items, Item(read.start, read.end, to_amount(text, read.expression, read.mark, known))]


def _items_before(text: str, folded: str, read: Read) -> tuple[list[Item], tuple[str, ...]]:
    numeral, unit = read.expression.first.numeral, read.expression.unit
    if folded[read.start - 1 : read.start] not in _LAST_OF_JOINERS or unit is None or read.mark is not None:
        return [], ()
    if read.expression.words or not folded[numeral.start].isdigit():
        return [], ()
    last = read.expression.second or read.expression.first
    return _items(text, folded, read.start, last.numeral.scale, folded[unit.start : last.end])


def items_after(text: str, folded: str, read: Read) -> Iterator[Item]:
    """The further items of a list of numbers with scales and no unit: 0.53亿 and 3.3亿 of 收入36.3亿、0.53亿和3.3亿."""
    lead, _ = _lead(folded, read.expression.first.start)
    end = read.end
    while match := _NEXT.match(folded, end):
        start, end = match.span("item")
        parsed = _parsed(match["item"])
        if parsed is not None:
            expression, mark = parsed
            yield Item(start, end, to_amount(text[start:end], expression, mark, bound(expression._replace(words=lead))))


def _lead(folded: str, start: int) -> tuple[tuple[str, ...], int]:
    """The words that bound the number here, and where its span begins with them."""
    words, begin = words_before(folded, start)
    verbs, _ = words_before(folded, begin, places=("verb",))
    return words + verbs, begin


def list_lead(folded: str) -> tuple[str, ...]:
    """The words that bound the list of bare numbers that this text ends with: 不低于 of 利润不低于3.4/4.6/."""
    match = _ITEMS.search(folded, max(len(folded) - _WINDOW, 0))
    return _lead(folded, match.start())[0] if match else ()


def _items(text: str, folded: str, end: int, scale: str, unit: str) -> tuple[list[Item], tuple[str, ...]]:
    """The items of a list that end here, and the words that bound them and what follows."""
    match = _ITEMS.search(folded, max(end - _WINDOW, 0), end)
    if match is None or not _is_list(folded, match, scale):
        return [], ()
    lead, begin = _lead(folded, match.start())
    items = []
    for item in _ITEM.finditer(folded, match.start(), end):
        start, stop = item.start("number"), item.end("scale") if item["scale"] else item.end("number")
        own = (item["scale"] or "").strip()
        written = Written(number=text[start : item.end("number")], scale=own)
        shared = scale if scale.startswith(own) else own  # 100万、110万亿元: both are 万亿
        parsed = _parsed(item["number"] + shared + unit)
        if parsed is not None:
            items.append(Item(begin if start == match.start() else start, stop, _amount(written, *parsed, lead)))
    return items, lead


def _parsed(text: str) -> tuple[Expression, str | None] | None:
    """The money that a number with its unit says; None where the number is too long for one."""
    try:
        return parse_money(text, 0)
    except NotANumberError:
        return None


def _amount(written: Written, expression: Expression, mark: str | None, words: tuple[str, ...] = ()) -> Amount:
    known = bound(expression._replace(words=words))
    return to_amount("", expression, mark, known).model_copy(update={"written": written})


def _is_list(folded: str, match: re.Match[str], scale: str) -> bool:
    """No heading (1、3亿元…), years, fraction or number of something: the list follows words, and fits its unit."""
    before = folded[max(match.start() - 3, 0) : match.start()].rstrip(" ")[-1:]
    is_word = HAN.match(before) or (before.isascii() and before.isalpha()) or before in ("(", ":", ")", "%")
    if before in ("", "第", "号") or not is_word:
        return False
    numbers = [item["number"] for item in _ITEM.finditer(match[0])]
    beside = folded[match.start() - 1 : match.start()]
    if beside.isascii() and beside.isalpha() and "." not in numbers[0]:
        return False  # Q1/2亿元
    if all(_YEAR.fullmatch(number) for number in numbers):
        return False
    is_plain = len(numbers) == 1 and "." not in numbers[0]
    return not is_plain or scale != "" or "/" not in match[0]


@cache
def _bracketed() -> re.Pattern[str]:
    return re.compile(f"(?P<number>{_NUMBER})(?:{_CHANGE}) ?(?P<scale>[百千]?[万亿]{{0,2}}) ?(?P<unit>{money_names()})")


def bracketed(text: str, folded: str) -> Iterator[Item]:
    """Amounts whose change stands in brackets before their unit, with the items of the list that they end."""
    if ")" not in folded:
        return
    for match in _bracketed().finditer(folded):
        start, end = match.span("number")
        before = folded[start - 1 : start]
        unit = folded[match.start("unit") : read_per(folded, match.end())[1]]
        parsed = _parsed(match["number"] + match["scale"] + unit)
        if parsed is None or (before.isascii() and before.isalnum()):
            continue
        items, lead = _items(text, folded, start, match["scale"], unit)
        yield from items
        yield Item(start, end, _amount(Written(number=text[start:end]), *parsed, lead))
