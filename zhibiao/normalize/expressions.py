"""Parse: an expression of one number or a range of two, with its unit and the words that bound it, as plain tuples.

    expression = { before } side [ joiner side ] { after }
    side       = what the reader of the kind takes, mostly: [ sign ] numeral [ after ] [ unit ]
    joiner     = "-" | "—" | "~" | "至" | "到", alone or doubled
    before     = 约 | 近 | 超 | 不低于 | …                   bounds.txt
    after      = 左右 | 以上 | 余 | …                        bounds.txt

A side without a unit takes the other's, and one without a scale the other's scale (3至5亿元, 一百二十到一百五十万元).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from zhibiao.normalize.numbers import Kind, Numeral, read_numeral, step_of
from zhibiao.normalize.tables import Bound, bounds, scales


class UnitRead(NamedTuple):
    """A unit in the text: what it is called there, what it means, and the factor that it puts on the number.

    `extra` is what a compound adds (3元5角: 0.5), `per` the unit that it is counted by (万元/亩), `words` are bounding
    words inside the unit (3个多月), `start` is where it begins in the text.
    """

    end: int
    text: str
    name: str
    factor: Decimal = Decimal(1)
    per: str | None = None
    extra: Decimal = Decimal(0)
    words: tuple[str, ...] = ()
    start: int = 0

    def as_written(self, text: str) -> str:
        """The unit with the characters of the text, which the folded copy may have changed."""
        return text[self.start : self.start + len(self.text)]


class Side(NamedTuple):
    """One number of an expression with its unit, in the main unit; `words` are the bounds between number and unit."""

    start: int
    end: int
    low: Decimal
    high: Decimal
    kind: Kind
    numeral: Numeral
    unit: UnitRead | None
    words: tuple[str, ...]


class Expression(NamedTuple):
    """A parsed expression: its extent, one or two sides, and its bounding words in the order of the text."""

    start: int
    end: int
    first: Side
    second: Side | None
    words: tuple[str, ...]

    @property
    def unit(self) -> UnitRead | None:
        """The unit that governs the expression: the last one written."""
        return (self.second.unit if self.second else None) or self.first.unit


class Bounds(NamedTuple):
    """What an expression allows: the fields of `schema.Bounded`, as a plain tuple."""

    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    approximate: bool = False
    low_inclusive: bool = True
    high_inclusive: bool = True


#: Reads the unit at an offset; the numeral before it is given because some units depend on it.
ReadUnit = Callable[[str, int, Numeral], UnitRead | None]
#: Reads one side of an expression at an offset.
ReadSide = Callable[[str, int], Side | None]

_JOINER = re.compile(r" *(?:\(含\) *)?(?:—{1,2}|-{1,2}|~{1,2}|至|到) *")
_MOST_WORDS = 2
_SIGN = re.compile(r"[+\-负] *")


@cache
def _placed(*places: str) -> re.Pattern[str]:
    words = sorted((word for word, entry in bounds().items() if entry.place in places), key=len, reverse=True)
    return re.compile("|".join(re.escape(word) + _following(bounds()[word]) for word in words))


def _following(entry: Bound) -> str:
    if entry.place == "after":
        return f"(?![{entry.not_beside}])" if entry.not_beside else ""
    return f"(?= ?[{entry.only_before}])" if entry.only_before else ""


def parse_expression(text: str, position: int, read_side: ReadSide) -> Expression | None:
    """The expression that begins at this offset of a folded text, or None; see the module for the grammar."""
    words: list[str] = []
    start = skip(text, position)
    first = read_side(text, take(text, start, ("before", "verb"), words))
    if first is None:
        return None
    return finish(text, start, words, first, read_side)


def finish(text: str, start: int, words: list[str], first: Side, read_side: ReadSide) -> Expression:
    """The rest of an expression after its first side: the range, and the words after it."""
    second, end = _range(text, first, read_side)
    if second is not None:
        first, second = _shared(first, second)
    words = [*words, *first.words, *(second.words if second else ())]
    end = take(text, end, ("after",), words)
    return Expression(start, end, first, second, tuple(words))


def skip(text: str, position: int) -> int:
    """The offset after blanks."""
    while text[position : position + 1] == " ":
        position += 1
    return position


def take(text: str, position: int, places: tuple[str, ...], words: list[str]) -> int:
    """Adds the bounding words from here to `words`; where they end: after the blanks if they stand before a number."""
    end = position
    while match := _placed(*places).match(text, position):
        words.append(match[0])
        end = match.end()
        position = skip(text, end)
    return position if "after" not in places else end


def number_and_unit(text: str, position: int, read_unit: ReadUnit) -> Side | None:
    """side = [ sign ] numeral [ after ] [ unit ]; NotANumberError where the number words say none."""
    start = position
    sign = _SIGN.match(text, position)
    numeral = read_numeral(text, sign.end() if sign else position)
    if numeral is None:
        return None
    words: list[str] = []
    unit = read_unit(text, skip(text, numeral.end), numeral)
    if unit is None:
        after = take(text, numeral.end, ("after",), words)
        unit = read_unit(text, skip(text, after), numeral) if words else None
        words = words if unit else []
    is_negative = sign is not None and sign[0][0] in "-负"
    return make_side(start, numeral, unit, tuple(words), is_negative=is_negative)


def make_side(
    start: int, numeral: Numeral, unit: UnitRead | None, words: tuple[str, ...] = (), *, is_negative: bool = False
) -> Side:
    """A side in its main unit."""
    factor = unit.factor if unit else Decimal(1)
    extra = unit.extra if unit else Decimal(0)
    low, high = numeral.low * factor + extra, numeral.high * factor + extra
    if is_negative:
        low, high = -low, -high
    words = (*words, *unit.words) if unit else words
    return Side(start, unit.end if unit else numeral.end, low, high, numeral.kind, numeral, unit, words)


def _range(text: str, first: Side, read_side: ReadSide) -> tuple[Side | None, int]:
    joiner = _JOINER.match(text, first.end)
    if joiner is None:
        return None, first.end
    second = read_side(text, joiner.end())
    if second is None or (second.unit is None and first.unit is not None):
        return None, first.end
    if text[second.numeral.start] in "百千万亿兆" and joiner[0].strip() not in ("至", "到"):
        return None, first.end  # 0.7-亿元 has lost a number
    return second, second.end


def _shared(first: Side, second: Side) -> tuple[Side, Side]:
    """Both sides with the unit and the scale that only the second has."""
    if first.unit is None and second.unit is not None:
        first = first._replace(low=first.low * second.unit.factor, high=first.high * second.unit.factor)
    if first.numeral.scale == "" and first.kind == "exact":
        for factor in _scales_of(first.numeral, second.numeral):
            if first.low * factor <= second.high:
                return first._replace(low=first.low * factor, high=first.high * factor), second
    return first, second


def _scales_of(first: Numeral, second: Numeral) -> Iterable[Decimal]:
    """The scales of the second number that the first one may share, the fullest first.

    三到五百万 shares 百万 because 三 has no scale of its own; 一百二十到一百五十万 shares 万.
    """
    large = Decimal(1)
    for word in re.findall("|".join(scales()), second.scale):
        large *= scales()[word].factor
    small = re.search("[十百千]$", second.number)
    if small and not re.search("[十百千万亿]", first.number):
        yield large * scales()[small[0]].factor
    if large > 1:
        yield large


def bound(expression: Expression) -> Bounds:
    """What the numbers and the bounding words of an expression allow together."""
    result, step = _numbers(expression.first, expression.second)
    for word in expression.words:
        result = apply(result, bounds()[word], step)
    return result


def _numbers(first: Side, second: Side | None) -> tuple[Bounds, Decimal]:
    if second is not None:
        low, high = sorted((_one(first), _one(second)), key=lambda side: side.low or side.value or Decimal(0))
        is_vague = low.approximate or high.approximate
        return Bounds(None, low.low, high.high, is_vague, low.low_inclusive, high.high_inclusive), Decimal(0)
    return _one(first), step_of(first.low)


def _one(side: Side) -> Bounds:
    low, high = side.low, side.high
    if side.kind == "exact":
        return Bounds(low, low, low)
    least, most = (low, high) if low <= high else (high, low)
    if side.kind == "more":
        return Bounds(low, least, most, True, False, False)
    return Bounds(None, least, None if most.is_infinite() else most, True, True, side.kind == "either")


def apply(known: Bounds, word: Bound, step: Decimal) -> Bounds:
    """The bounds after one more word; `step` is one in the last digit of the number, for 余 and 多."""
    return _RULES[word.kind](known, step)


def _about(known: Bounds, _: Decimal) -> Bounds:
    if _is_exact(known):
        return Bounds(known.value, None, None, True)
    return known._replace(approximate=True)


def _near(known: Bounds, step: Decimal) -> Bounds:
    return _under(known, step)._replace(approximate=True)


def _under(known: Bounds, _: Decimal) -> Bounds:
    return known._replace(low=None, high=_edge(known, known.high), high_inclusive=False)


def _at_most(known: Bounds, _: Decimal) -> Bounds:
    return known._replace(low=None, high=_edge(known, known.high))


def _over(known: Bounds, _: Decimal) -> Bounds:
    return known._replace(low=_edge(known, known.low), high=_upper(known), low_inclusive=False)


def _at_least(known: Bounds, _: Decimal) -> Bounds:
    return known._replace(low=_edge(known, known.low), high=_upper(known))


def _more(known: Bounds, step: Decimal) -> Bounds:
    if known.value is None:
        return known._replace(approximate=True)
    edge = known.value + step if known.value >= 0 else known.value - step
    low, high = sorted((known.value, edge))
    return Bounds(known.value, low, high, True, False, False)


def _exact(known: Bounds, _: Decimal) -> Bounds:
    return known


def _is_exact(known: Bounds) -> bool:
    return known.low is not None and known.low == known.high


def _edge(known: Bounds, edge: Decimal | None) -> Decimal | None:
    return known.value if known.value is not None else edge


def _upper(known: Bounds) -> Decimal | None:
    """超350余万 keeps the upper end that 余 sets; 超过3亿元 has none."""
    return known.high if known.approximate and known.value is not None else None


_RULES: dict[str, Callable[[Bounds, Decimal], Bounds]] = {
    "about": _about,
    "near": _near,
    "under": _under,
    "at_most": _at_most,
    "over": _over,
    "at_least": _at_least,
    "more": _more,
    "exact": _exact,
}


def words_before(text: str, end: int, *, places: tuple[str, ...] = ("before",)) -> tuple[tuple[str, ...], int]:
    """The bounding words that touch this offset from the left, with blanks between or none, and where they begin."""
    words: list[str] = []
    while len(words) < _MOST_WORDS:
        touching = end
        while text[touching - 1 : touching] == " ":
            touching -= 1
        word = _word_before(text, touching, text[end : end + 1], places)
        if word is None:
            break
        words.insert(0, word)
        end = touching - len(word)
    return tuple(words), end


@cache
def _lengths(places: tuple[str, ...]) -> tuple[dict[str, tuple[int, ...]], dict[str, Bound]]:
    """The words that stand before a number by their last character, the longest first, and what they mean."""
    entries = {word: entry for word, entry in bounds().items() if entry.place in places}
    lengths: dict[str, set[int]] = {}
    for word in entries:
        lengths.setdefault(word[-1], set()).add(len(word))
    return {last: tuple(sorted(found, reverse=True)) for last, found in lengths.items()}, entries


def _word_before(text: str, end: int, following: str, places: tuple[str, ...]) -> str | None:
    lengths, entries = _lengths(places)
    for length in lengths.get(text[end - 1 : end], ()):
        word = text[max(end - length, 0) : end]
        entry = entries.get(word)
        if entry is None or (entry.only_before and following not in entry.only_before):
            continue
        if text[end - length - 1 : end - length] not in (*entry.not_beside,):
            return word
    return None
