"""Every plain number in a running text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Context, Decimal
from functools import cache
from itertools import chain

from zhibiao.normalize.expressions import Bounds, bound, finish, make_side
from zhibiao.normalize.find.amounts import money
from zhibiao.normalize.find.engine import HAN, NUMBER_CHARACTERS, Found, found
from zhibiao.normalize.find.percentages import percentages
from zhibiao.normalize.numbers import NotANumberError, Numeral, evaluate, read_numeral
from zhibiao.normalize.tables import exceptions, fold, measures, unit_names
from zhibiao.schema import Bounded


def find_numbers(text: str) -> Iterator[Found[Bounded]]:
    """Every number in a running text that no percent sign, 分之百 or currency makes something else.

    Fractions (三分之二, 3/5, 3又1/2), powers of ten and others (2e5, 2^5) and 双, 对, 打 (三双 = 6) are numbers.
    """
    folded = fold(text)
    taken = _taken(folded)
    place = 0
    while match := _START.search(folded, place):
        start, place = match.start(), match.start() + 1
        if start in taken or _is_inside_word(folded, start):
            continue
        read = _read_number(folded, start)
        if read is None or not _is_number(folded, start, read[0]):
            continue
        place, known = read
        yield Found(start, place, text[start:place], Bounded(**known._asdict()))


_SIGN_OF = f"(?<![-+])[-+负](?= ?[.]?[{NUMBER_CHARACTERS}])"
_START = re.compile(f"{_SIGN_OF}|[0-9零一二两三四五六七八九十百千万亿兆廿卅半几数]|(?<![.])[.](?=[0-9])")


def _is_inside_word(text: str, start: int) -> bool:
    """Whether a number would begin in the middle of a word or of another number: H1, 2020."""
    before = text[start - 1 : start]
    return before.isascii() and before.isalnum()


def _taken(text: str) -> frozenset[int]:
    """The places that belong to percentages and money."""
    spans = (range(read.start, read.end) for kind in (percentages(), money()) for read in found(text, kind))
    return frozenset(chain.from_iterable(spans))


_SCALES_ONLY = re.compile("[万亿兆]+")


def _is_number(text: str, start: int, end: int) -> bool:
    """A single Chinese digit is a number only before a measure, a mark or the end: 一切 and 四川 are none."""
    word = text[start:end]
    if text.startswith(exceptions()["name"], start) or _SCALES_ONLY.fullmatch(word):
        return False
    if len(word) > 1 or word.isascii():
        return True
    following = text[end : end + 1]
    return not HAN.match(following) or _measure().match(text, end) is not None or following in "点又分"


@cache
def _measure() -> re.Pattern[str]:
    return re.compile(unit_names())


_SIGN = re.compile("[-+负] ?")
_POWER = re.compile(r"(?P<base>\d+(?:\.\d+)?)\^(?P<sign>[-+]*)(?P<exponent>\d{1,3})(?![\d.])")
_MIXED = re.compile(r"(?:(?P<whole>\d+) )?(?P<numerator>\d+) ?/ ?(?P<denominator>\d+)(?![\d/])")
_CHARACTER = "[0-9零一二两三四五六七八九十百千万亿]"
_DENOMINATOR = re.compile(f"(?P<denominator>{_CHARACTER}(?: {{0,4}}{_CHARACTER}){{0,60}}) *分 *之 *(?P<sign>负 *)?")
_AND = re.compile(" *又 *")
_DOTTED = re.compile(r"\d+(?:\.\d+){2,}|(?<=\.)\d+\.\d+(?=\.)|(?<=[.\d]\.)\d+(?:\.\d+)?")
_DIGITS = re.compile("[0-9]+")
#: The published suites give powers to fifteen digits; a few more cost nothing.
_POWERS = Context(prec=28)


def _read_number(text: str, position: int) -> tuple[int, Bounds] | None:
    """number = [ sign ] ( power | [ whole ] fraction | numeral [ 双 | 对 | 打 ] ); its end and what it allows."""
    sign = _SIGN.match(text, position)
    start = sign.end() if sign else position
    read = _power(text, start) or _mixed(text, start) or _fraction(text, start) or _numeral(text, start)
    if read is None or sign is None or sign[0][0] == "+":
        return read
    end, known = read
    value, low, high = (None if edge is None else -edge for edge in (known.value, known.high, known.low))
    return end, known._replace(value=value, low=low, high=high)


def _exactly(value: Decimal) -> Bounds:
    return Bounds(value, value, value)


def _power(text: str, position: int) -> tuple[int, Bounds] | None:
    match = _POWER.match(text, position)
    if match is None:
        return None
    exponent = int(match["exponent"]) * (-1) ** match["sign"].count("-")
    return match.end(), _exactly(_POWERS.power(Decimal(match["base"]), exponent))


def _mixed(text: str, position: int) -> tuple[int, Bounds] | None:
    match = _MIXED.match(text, position)
    if match is None or not int(match["denominator"]):
        return None
    value = Decimal(match["whole"] or 0) + Decimal(match["numerator"]) / Decimal(match["denominator"])
    return match.end(), _exactly(value)


def _fraction(text: str, position: int) -> tuple[int, Bounds] | None:
    """[ numeral 又 ] numeral 分之 numeral."""
    whole, start = Decimal(0), position
    numeral = _plain(text, position)
    joint = _AND.match(text, numeral.end) if numeral else None
    if numeral and joint:
        whole, start = numeral.low, joint.end()
    match = _DENOMINATOR.match(text, start)
    if match is None:
        return None
    numerator = _plain(text, match.end())
    try:
        denominator = evaluate(match["denominator"])[0]
    except NotANumberError:
        return None
    if numerator is None or not denominator:
        return None
    share = numerator.low / denominator
    return numerator.end, _exactly(whole + (-share if match["sign"] else share))


def _plain(text: str, position: int) -> Numeral | None:
    try:
        return read_numeral(text, position)
    except NotANumberError:
        return None


def _numeral(text: str, position: int) -> tuple[int, Bounds] | None:
    if _DOTTED.match(text, position) and (digits := _DIGITS.match(text, position)):
        end = digits.end()
        return end, _exactly(Decimal(text[position:end]))
    numeral = _plain(text, position)
    if numeral is None:
        return None
    side = make_side(position, numeral, None)
    known = bound(finish(text[: numeral.end], position, [], side, lambda *_: None))
    end = position + len(text[position : numeral.end].rstrip("余多 "))
    return _times(text, end, known)


def _times(text: str, end: int, known: Bounds) -> tuple[int, Bounds]:
    times = measures().get(text[end : end + 1], 1)
    if times == 1 or known.value is None:
        return end, known
    value, low, high = (None if edge is None else edge * times for edge in (known.value, known.low, known.high))
    return end + 1, known._replace(value=value, low=low, high=high)
