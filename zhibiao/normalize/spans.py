"""One span that a tagger found, as its exact value, with the words around it taken into account."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial

from zhibiao.errors import NormalizeError
from zhibiao.normalize.amounts import money_side, parse_amount
from zhibiao.normalize.expressions import ReadSide, words_before
from zhibiao.normalize.find.lists import list_lead
from zhibiao.normalize.growths import parse_growth
from zhibiao.normalize.numbers import NotANumberError
from zhibiao.normalize.periods import parse_period
from zhibiao.normalize.quantities import parse_quantity, quantity_side
from zhibiao.normalize.ratios import parse_ratio, plain_share_side
from zhibiao.normalize.tables import alternatives, bounds, fold
from zhibiao.schema import Amount, Growth, Label, Period, Quantity, Ratio

Value = Amount | Quantity | Ratio | Growth | Period

_AND = re.compile(" *(?:、|,|和|及|以及|与|或|至|到|—{1,2}|-|~|/) *")
_LONGEST_LIST = 20
_SIDES: dict[str, ReadSide] = {
    Label.AMOUNT: partial(money_side, code=None),
    Label.QUANTITY: partial(quantity_side, is_open=False),
    Label.RATIO: plain_share_side,
    Label.GROWTH: plain_share_side,
}


def normalize(
    label: str,
    text: str,
    *,
    before: str = "",
    after: str = "",
    reference_year: int | None = None,
    unit: str | None = None,
    anchor: Period | None = None,
) -> Value:
    """The exact value of a labelled span.

    `before` and `after` are the words on both sides of it (a sentence is enough). They give a change its direction and
    base, a bounding word that stands outside the span its effect (突破|100亿元), and an item of a list the unit that
    stands at the list's end (3、|5亿元) and the words that bound its first item (超过3、|5亿元). `unit` is the unit of
    a table's head or caption, for a number without one; `reference_year` the report's year, `anchor` the period that
    同期 repeats. Raises NormalizeError where the span is no value of its label, or the label has none.
    """
    if label == Label.PERIOD:
        return parse_period(text, reference_year=reference_year, anchor=anchor)
    if label not in _SIDES:
        known = ", ".join([*_SIDES, Label.PERIOD])
        raise NormalizeError(f"{label} has no value", text, 0, f"labels with a value: {known}")
    unit = _unit_of_list(fold(after), _SIDES[label]) or unit or _unit_of_name(label, fold(before))
    if label in (Label.RATIO, Label.GROWTH):
        text = text.removesuffix("个")
    parse = partial(_parse, label, before=before, after=after, unit=unit)
    lead, trail = _words_around(fold(before), fold(text), fold(after))
    return _first_that_fits(parse, [lead + text + trail, lead + text, text + trail, text])


def _parse(label: str, text: str, *, before: str, after: str, unit: str | None) -> Value:
    if label == Label.AMOUNT:
        return parse_amount(text, unit=unit)
    if label == Label.QUANTITY:
        return parse_quantity(text, unit=unit)
    if label == Label.RATIO:
        return parse_ratio(text, unit=unit)
    return parse_growth(text, before=before, after=after, unit=unit)


def _first_that_fits(parse: Callable[[str], Value], texts: list[str]) -> Value:
    for text in texts[:-1]:
        try:
            return parse(text)
        except NormalizeError:
            continue
    return parse(texts[-1])


#: Levels that are written without a unit, by the end of the words before them.
_BARE_LEVELS = (
    (re.compile("(?:倍差|倍数|收入比|收入之比|比值|市盈率|市净率|PE|PB|容积率)[^,。;、]{0,16}$"), "倍"),
    (re.compile("(?:率|比重|占比|ROE|ROA|幅)[^,。;、]{0,16}$"), "%"),
)


def _unit_of_name(label: str, before: str) -> str | None:
    if label != Label.RATIO:
        return None
    return next((unit for pattern, unit in _BARE_LEVELS if pattern.search(before)), None)


@cache
def _after_words() -> re.Pattern[str]:
    words = (word for word, bound in bounds().items() if bound.place == "after" and bound.kind not in ("more", "exact"))
    return re.compile(alternatives(words))


def _words_around(before: str, text: str, after: str) -> tuple[str, str]:
    words, _ = words_before(before, len(before), places=("before", "verb"))
    if not words and text[:1].isdigit():
        words = list_lead(before)
    match = _after_words().match(after)
    return "".join(words), match[0] if match else ""


def _unit_of_list(after: str, read_side: ReadSide) -> str | None:
    """The scale and unit of the first later item that has one, of a list that goes on right after the span."""
    position = 0
    for _ in range(_LONGEST_LIST):
        joiner = _AND.match(after, position)
        if joiner is None:
            return None
        try:
            side = read_side(after, joiner.end())
        except NotANumberError:
            return None
        if side is None:
            return None
        if side.unit is not None:
            return side.numeral.scale + side.unit.text + (f"/{side.unit.per}" if side.unit.per else "")
        if side.numeral.scale:
            return side.numeral.scale
        position = side.end
    return None
