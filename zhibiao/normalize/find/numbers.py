"""Every plain number in a running text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Context, Decimal, InvalidOperation, Overflow
from functools import cache
from itertools import chain

from zhibiao.normalize.expressions import Bounds, bound, finish, make_side
from zhibiao.normalize.find.engine import HAN, NUMBER_CHARACTERS, Found, Read, found
from zhibiao.normalize.find.percentages import percentages
from zhibiao.normalize.numbers import NotANumberError, Numeral, evaluate, read_numeral
from zhibiao.normalize.tables import alternatives, exceptions, fold, measures, unit_names
from zhibiao.schema import Bounded


def find_numbers(text: str) -> Iterator[Found[Bounded]]:
    """Every number in a running text that no percent sign makes something else.

    The number words of 百分之五 and 五个百分点 are numbers, and so are those of money; 5%, 七折 and 三成 are none.
    Fractions (三分之二, 3/5, 3又1/2), powers (2e5, 2^5) and dozens (三打 = 36) are numbers.
    """
    folded = fold(text)
    taken = _taken(folded)
    place = 0
    while match := _START.search(folded, place):
        start, place = match.start(), match.start() + 1
        if start in taken or _is_inside_word(folded, start):
            continue
        if none := _UNDEFINED.match(folded, start) or _names().match(folded, start) or _SCALES_RUN.match(folded, start):
            place = none.end()
            continue
        read = _read_number(folded, start)
        if read is None:
            continue
        place, known = read
        if _is_number(text, folded, start, place):
            yield Found(start, place, text[start:place], Bounded(**known._asdict()))


_SIGN_OF = f"(?<![-+])[-+负](?= ?[.]?[{NUMBER_CHARACTERS}])"
_START = re.compile(f"{_SIGN_OF}|[0-9零一二两三四五六七八九十百千万亿兆廿卅半几数]|(?<![.])[.](?=[0-9])")
#: Zero has no negative power.
_UNDEFINED = re.compile(r"[-+负]?0+(?:\.0+)?\^\+*-[-+]*\d{1,3}(?![\d.])")


def _is_inside_word(text: str, start: int) -> bool:
    """Whether a number would begin in the middle of a word or of another number: H1, 2020."""
    before = text[start - 1 : start]
    return before.isascii() and before.isalnum()


_SPOKEN_PREFIX = re.compile("[百千万] *分 *之")
_SPOKEN_UNIT = ("点", "pct", "pp", "PCT")


def _taken(text: str) -> frozenset[int]:
    """The places that belong to percentages; where 百分之 or 百分点 stands in words, the number is left free."""
    return frozenset(chain.from_iterable(_taken_of(text, read) for read in found(text, percentages())))


def _taken_of(text: str, read: Read) -> range:
    if prefix := _SPOKEN_PREFIX.search(text, read.start, read.end):
        return range(read.start, prefix.end())
    unit = read.expression.first.unit
    is_spoken = unit is not None and unit.name == "percentage_point" and "百" in unit.text
    return range(0) if is_spoken else range(read.start, read.end)


_SCALES_ONLY = re.compile("[百千万亿兆]+")
#: A number begins with no more than three scales (千万亿); this many say none, up to the last three of them.
_SCALES_RUN = re.compile("[百千万亿兆]+(?=[百千万亿兆]{3})")
_DIGITS_ONLY = re.compile("[零一二两三四五六七八九]+")
#: What may follow a single Chinese digit besides measures: a point, a fraction, a pronoun or conjunction.
_GOES_ON = re.compile("[点又分的]|[这那不也还而却更但]是")
#: Financial numerals that are common words of their own: 大陆, 队伍, 放肆, 收拾.
_WORDS_TOO = frozenset("肆伍陆陸拾")


def _is_number(text: str, folded: str, start: int, end: int) -> bool:
    """Chinese digits alone are a number only before a measure, a mark or the end: 一切, 四川 and 大陆 hold none."""
    word = folded[start:end]
    if _SCALES_ONLY.fullmatch(word):
        return False
    if text[start:end] in _WORDS_TOO and (HAN.match(folded, end) or HAN.match(folded[start - 1 : start])):
        return False
    if not _DIGITS_ONLY.fullmatch(word):
        return True
    return not HAN.match(folded, end) or bool(_measure().match(folded, end) or _GOES_ON.match(folded, end))


@cache
def _names() -> re.Pattern[str]:
    return re.compile(alternatives(exceptions()["name"]))


@cache
def _measure() -> re.Pattern[str]:
    return re.compile(unit_names())


_SIGN = re.compile("[-+负] ?")
_POWER = re.compile(r"(?P<base>\d+(?:\.\d+)?)\^(?P<sign>[-+]*)(?P<exponent>\d{1,3})(?![\d.])")
_MIXED = re.compile(r"(?:(?P<whole>\d+) )?(?P<numerator>\d+) ?/ ?(?P<denominator>\d+)(?![\d/])")
_CHARACTER = "[0-9零一二两三四五六七八九十百千万亿]"
_DENOMINATOR = re.compile(f"(?P<denominator>{_CHARACTER}(?: {{0,4}}{_CHARACTER}){{0,60}}) *分 *之 *(?P<sign>负 *)?")
_AND = re.compile(" *又 *")
_DOTTED = re.compile(r"\d+\.\d+\.\d|(?<=\.)\d+\.\d+(?=\.)|(?<=[.\d]\.)\d+(?:\.\d+)?")
_DIGITS = re.compile("[0-9]+")
#: The published suites give powers to fifteen digits; a few more cost nothing.
_POWERS = Context(prec=28)


def _read_number(text: str, position: int) -> tuple[int, Bounds] | None:
    """number = [ sign ] ( power | [ whole ] fraction | numeral [ 打 ] ); its end and what it allows."""
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
    try:
        return match.end(), _exactly(_POWERS.power(Decimal(match["base"]), exponent))
    except (InvalidOperation, Overflow):
        return None


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


def _longest(text: str, position: int) -> Numeral | None:
    """The number here; of number words that say none together, those before the one that does not fit: 五十|千."""
    try:
        return read_numeral(text, position)
    except NotANumberError as error:
        return _plain(text[: error.position], position) if error.position > position else None


def _numeral(text: str, position: int) -> tuple[int, Bounds] | None:
    if _DOTTED.match(text, position) and (digits := _DIGITS.match(text, position)):
        end = digits.end()
        return end, _exactly(Decimal(text[position:end]))
    numeral = _longest(text, position)
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
