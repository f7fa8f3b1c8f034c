"""What the finders share: places are proposed, parsed, and judged by what stands beside them.

A fast regular expression proposes places where number characters touch a unit; the parser of `expressions` reads from
there, and each finder decides whether what it read is a value at all (data/exceptions.txt). Spans never overlap, and
never begin or end inside a number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Generic, NamedTuple, TypeVar

from zhibiao.normalize.expressions import Bounds, Expression, apply, bound, words_before
from zhibiao.normalize.numbers import NotANumberError, step_of, syntax
from zhibiao.normalize.tables import alternatives, bounds, currencies, unit_names

T_co = TypeVar("T_co", covariant=True)

#: What numbers are made of, for the regular expressions that propose places.
NUMBER_CHARACTERS = "0-9零一二两三四五六七八九十百千万亿兆廿卅半几数点余多来个.,"
HAN = re.compile("[一-龥]")


@dataclass(frozen=True, slots=True)
class Found(Generic[T_co]):
    """One value in a running text: `text[start:end]` is `Found.text`, in code points."""

    start: int
    end: int
    text: str
    value: T_co


class Kind(NamedTuple):
    """What a kind of value needs: where it may stand, how it is parsed, and whether it is one, or two are a range."""

    places: Callable[[str], Iterable[tuple[int, int]]]
    parse: Callable[[str, int], tuple[Expression, str | None] | None]
    is_value: Callable[[str, Expression, str | None], bool]
    is_range: Callable[[str, Expression], bool] = lambda text, expression: True  # noqa: ARG005  every two are


class Read(NamedTuple):
    """A value as read: its span, its expression, the currency before it, and what it allows with the words around."""

    start: int
    end: int
    expression: Expression
    mark: str | None
    known: Bounds


def found(text: str, kind: Kind) -> Iterator[Read]:
    """Every value of a kind in a folded text, in its order."""
    done = 0
    for first, last in kind.places(text):
        for place in _number_starts(text, max(first, done), last):
            read = _read(text, place, done, kind)
            if read is not None:
                done = read.end
                yield read
                break


#: Characters of numbers that a unit may begin with: 30|千瓦, 30|个, 3|兆帕.
_UNIT_STARTS = "千百兆个半 "
_UNIT_START = re.compile(f"[{_UNIT_STARTS}]*")
_RUNS = re.compile(f"[{NUMBER_CHARACTERS}](?: {{0,4}}[{NUMBER_CHARACTERS}])*+")
_MOST_GIVEN_BACK = 6


def runs_before(unit: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """The runs of number characters that touch a unit, each from its first character to where the unit begins."""
    for match in _RUNS.finditer(text):
        start, end = match.start(), match.start() + len(match[0].rstrip(".,"))
        for place in range(end, max(start, end - _MOST_GIVEN_BACK), -1):
            if place < end and text[place] not in _UNIT_STARTS:
                break
            if unit.match(text, place):
                yield start, place
                break


def _number_starts(text: str, start: int, end: int) -> Iterator[int]:
    """Where numbers begin in a run of number characters that reaches its unit: 两个10亿 does at 两 and at 10.

    A run that no number begins is read from its first character: 百分之五, 对折.
    """
    run = syntax().run
    if start < end and run.match(text, start) is None:
        yield start
    while start < end:
        match = run.match(text, start)
        if match is None:
            start += 1
            continue
        if _UNIT_START.fullmatch(text, min(match.end(), end), end):
            yield start
        start = match.end()


def _read(text: str, place: int, done: int, kind: Kind) -> Read | None:
    """The value whose number, or whose range's second number, stands here."""
    if _is_inside_number(text, place):
        return None
    text, place = _spaced(text, _exponent_start(text, place))
    first = _range_start(text, place, done)
    if first != place:
        read = _read_from(text, first, done, kind)
        if read and read.expression.second and read.end > place and kind.is_range(text, read.expression):
            return read
    return _read_from(text, place, done, kind)


def _read_from(text: str, place: int, done: int, kind: Kind) -> Read | None:
    start = _lead_start(text, place, done)
    try:
        parsed = kind.parse(text, start)
    except NotANumberError:
        return None
    if parsed is None:
        return None
    expression, mark = parsed
    if expression.second and not kind.is_range(text, expression):
        return _read_from(text[: expression.first.end], place, done, kind)
    if expression.end <= place or not kind.is_value(text, expression, mark):
        return None
    return Read(start, expression.end, expression, mark, _bounded(text, start, expression))


_DECIMAL_BEFORE = re.compile(r"\d\.\d+,$")


def _is_inside_number(text: str, place: int) -> bool:
    before = text[place - 1 : place]
    if before.isdigit():
        return True
    if before == "," and _DECIMAL_BEFORE.search(text, max(place - 20, 0), place):
        return False  # a comma after decimals parts the items of a list: 50.0，62.8亿元
    return before in (".", ",") and text[place - 2 : place - 1].isdigit() and text[place].isdigit()


_SPACED = re.compile(r"(?<=[一-龥])\d{1,3}(?: \d{3})* $")
_GROUP = re.compile(r"\d{3}(?!\d)")


def _spaced(text: str, place: int) -> tuple[str, int]:
    """The text with marks for the blanks in a number of blank thousands (税费5 600万元), and where that begins.

    Only right after a Han character: between the cells of a table a blank parts two numbers.
    """
    if text[place - 1 : place] != " " or not text[place - 2 : place - 1].isdigit() or not _GROUP.match(text, place):
        return text, place
    match = _SPACED.search(text, max(place - 20, 0), place)
    if match is None:
        return text, place
    return text[: match.start()] + match[0].replace(" ", ",") + text[place:], match.start()


_EXPONENT = re.compile(r"(?<![\d.,A-Za-z])\d+(?:\.\d+)?[eE][+-]?$")


def _exponent_start(text: str, place: int) -> int:
    """Where the number begins whose exponent stands here: 1.771e+10."""
    if text[place - 1 : place] not in ("e", "E", "+", "-"):
        return place
    match = _EXPONENT.search(text, max(place - 30, 0), place)
    return match.start() if match else place


@cache
def _first_side() -> re.Pattern[str]:
    names = alternatives([*currencies().after, "%", "‰", "成", "倍"])
    return re.compile(
        f"(?<![0-9])(?<![0-9][.,])[+-]?(?:{syntax().run.pattern})(?: ?(?:{names}|{unit_names()}))?"
        " ?(?:—{1,2}|-{1,2}|~{1,2}|至|到) ?$"
    )


_JOINERS = frozenset("—-~至到")
_FIRST_SIDE_WINDOW = 24


def _range_start(text: str, place: int, done: int) -> int:
    """Where the range begins whose second number stands here, or this place."""
    before = text[place - 1 : place]
    if before == " ":
        before = text[place - 2 : place - 1]
    if before not in _JOINERS:
        return place
    low = max(place - _FIRST_SIDE_WINDOW, done)
    match = _first_side().search(text, low, place)
    return match.start() if match else place


@cache
def _mark_ends() -> tuple[frozenset[str], re.Pattern[str]]:
    marks = currencies().before.keys() - currencies().weak
    return frozenset(mark[-1] for mark in marks), re.compile(f"(?:{alternatives(marks)}) ?$")


def _lead_start(text: str, place: int, done: int) -> int:
    """Where the expression begins whose number stands here: before its sign, currency and bounding words."""
    start = _sign_start(text, place)
    start = _words_start(text, start, done)
    lasts, marks = _mark_ends()
    if text[start - 1 : start] in lasts or (text[start - 1 : start] == " " and text[start - 2 : start - 1] in lasts):
        match = marks.search(text, max(start - 8, done), start)
        if match:
            start = _words_start(text, match.start(), done)
    return start


#: Latin words that a signed change stands after: YoY-575元/吨.
_RATES_OF_CHANGE = frozenset({"yoy", "qoq", "mom", "hoh"})


def _sign_start(text: str, place: int) -> int:
    sign, before = text[place - 1 : place], text[place - 2 : place - 1]
    if sign in ("-", "+") and not (before.isalnum() and before.isascii()) and before not in ("-", ")", "%"):
        return place - 1
    if sign in ("-", "+") and text[max(place - 4, 0) : place - 1].lower() in _RATES_OF_CHANGE:
        return place - 1
    if sign == "负" and (before in ("", "为", "是", "至", "到", "于") or not HAN.match(before)):
        return place - 1
    return place


def _words_start(text: str, start: int, done: int) -> int:
    words, begin = words_before(text, start)
    return begin if words and begin >= done else start


def _bounded(text: str, start: int, expression: Expression) -> Bounds:
    known = bound(expression)
    verbs, _ = words_before(text, start, places=("verb",))
    for word in verbs:
        known = apply(known, bounds()[word], step_of(expression.first.low))
    return known
