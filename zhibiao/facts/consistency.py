"""Where a report's own figures disagree. Nothing here changes a value: each check names both places.

    parts-differ     the parts of a whole (其中) add up to more than it, or a total (合计) is not that of its parts
    share-differs    a share is not what its two amounts give
    growth-differs   a value and its growth do not fit the value of the year before
    values-differ    one indicator has two values in one period

Rounding is allowed for: two figures agree where any numbers that round to them do.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from zhibiao.facts.breakdown import is_total
from zhibiao.facts.drafts import Draft, is_share
from zhibiao.normalize.rounding import half_unit
from zhibiao.schema import Amount, Fact, Notice, Quantity, Ratio

_Dated = tuple[Draft, Fact]

_THRESHOLD = re.compile(r"以上|以下|亿元|万元|规上|规模以上|重点|新增|其中")
# Their growth is published at constant prices, so it does not follow from the values.
_REAL_GROWTH = re.compile("生产总值|增加值|GDP|产业$|人均.*收入")
# What is around the name of the whole in a share: 占基本支出的比重.
_AROUND_WHOLE = re.compile(r"^占(?:当年|本年|年度)?|的?(?:比重|比例|份额|比|百分比)$")
_HUNDRED = Decimal(100)
_NEAR = Decimal("1.2")


def check(facts: Sequence[_Dated]) -> list[Notice]:
    """Every disagreement between the facts of one report, in the order of the text."""
    found = [*_growths(facts), *_twice(facts)]
    for _, group in groupby(facts, key=lambda dated: id(dated[0].scene)):
        paragraph = list(group)
        found += [*_parts(paragraph), *_totals(paragraph), *_shares(paragraph)]
    return sorted(found, key=lambda notice: (notice.start or 0, notice.code))


def _parts(facts: Sequence[_Dated]) -> Iterator[Notice]:
    """Parts that add up to more than their whole."""
    for whole, _ in facts:
        parts = list(
            {draft.value.id: draft for draft, _ in facts if draft.parent is whole and _is_exact(draft)}.values()
        )
        names = [part.indicator.text if part.indicator else "" for part in parts]
        if len(parts) < 2 or not _is_exact(whole) or any(_THRESHOLD.search(name) for name in names):
            continue
        parts = [part for part in parts if _depth(part) == _depth(parts[0])]
        total = sum((_number(part) for part in parts), Decimal(0))
        is_more = total - _number(whole) > sum(_rounding(draft) for draft in (whole, *parts))
        if is_more and not _is_cut_anew(whole, parts):
            yield _notice("parts-differ", f"the parts add up to {_shown(total)}, the whole is", [whole, *parts])


def _is_cut_anew(whole: Draft, parts: Sequence[Draft]) -> bool:
    """Whether the first parts make up the whole already: the others cut it in another way (按性质分, 按主体分)."""
    left = _number(whole)
    leeway = _rounding(whole)
    for part in parts:
        left -= _number(part)
        leeway += _rounding(part)
        if abs(left) <= leeway:
            return True
    return False


def _depth(draft: Draft) -> int:
    return draft.scene.depth[draft.place]


def _totals(facts: Sequence[_Dated]) -> Iterator[Notice]:
    """A total said at the end (合计) that its parts do not give."""
    for at, (total, _) in enumerate(facts):
        if not (is_total(total) and _is_exact(total)):
            continue
        parts = _run_of_parts([draft for draft, _ in facts[:at]], total)
        if len(parts) < 2:
            continue
        added = sum((_number(part) for part in parts), Decimal(0))
        if abs(added - _number(total)) > sum(_rounding(draft) for draft in (total, *parts)):
            yield _notice("parts-differ", f"the parts add up to {_shown(added)}, the total is", [total, *parts])


def _run_of_parts(before: Sequence[Draft], total: Draft) -> list[Draft]:
    """The parts right before a total: of its sentence and unit, under one whole."""
    parts: list[Draft] = []
    for draft in reversed(before):
        is_near = draft.scene is total.scene and draft.scene.sentence[draft.place] == total.scene.sentence[total.place]
        if not is_near or draft.unit != total.unit or not _is_exact(draft) or draft.parent is None:
            break
        if parts and draft.parent is not parts[0].parent:
            break
        parts.append(draft)
    return parts


def _shares(facts: Sequence[_Dated]) -> Iterator[Notice]:
    """Shares that their numerator and whole do not give."""
    for draft, fact in facts:
        ratio = draft.value.ratio
        if ratio is None or ratio.unit != "percent" or not _is_single(ratio):
            continue
        part = _part_of_share(facts, draft)
        whole = _whole_of_share(facts, draft, fact, part) if part else None
        if part is None or whole is None or not _number(whole):
            continue
        low, high = _quotient(part, whole)
        step = half_unit(ratio.value or Decimal(0), draft.value.text)
        if not low - step <= (ratio.value or Decimal(0)) <= high + step:
            given = _shown(_HUNDRED * _number(part) / _number(whole))
            yield _notice("share-differs", f"the amounts give {given}%, the share is", [draft, part, whole])


def _part_of_share(facts: Sequence[_Dated], share: Draft) -> Draft | None:
    """The value of a share's numerator: the nearest before it in its paragraph."""
    numerator = share.numerator or (share.indicator if _is_bare_share(share) else None)
    if numerator is None:
        return None
    fitting = [
        draft
        for draft, _ in facts
        if draft.indicator is numerator and draft.place < share.place and draft.change is None and _is_exact(draft)
    ]  # fmt: skip
    return fitting[-1] if fitting else None


def _is_bare_share(draft: Draft) -> bool:
    """Whether a ratio is a share of a whole that is not named (占62.0%)."""
    return draft.scene.fillers[draft.place].strip().endswith("占")


def _whole_of_share(facts: Sequence[_Dated], share: Draft, fact: Fact, part: Draft) -> Draft | None:
    if share.numerator is None:
        return part.parent if part.parent and _is_exact(part.parent) and part.parent.change is None else None
    if share.indicator is None or not share.indicator.text.startswith("占"):
        return None
    name = _AROUND_WHOLE.sub("", share.indicator.text)
    fitting = [
        draft
        for draft, other in facts
        if draft is not part and draft.indicator and draft.indicator.text == name and draft.unit == part.unit
        and draft.change is None and _is_exact(draft) and _span(other) == _span(fact)
    ]  # fmt: skip
    return fitting[-1] if fitting else None


def _growths(facts: Sequence[_Dated]) -> Iterator[Notice]:
    """Values that the value of the year before and their growth do not give."""
    levels: dict[tuple[object, ...], Draft] = {}
    for draft, fact in facts:
        if draft.change is None and _is_exact(draft):
            levels.setdefault((*_subject(draft), _span(fact)), draft)
    for draft, fact in facts:
        growth, years = draft.growth.growth if draft.growth else None, _span(fact)
        if growth is None or growth.factor is None or not _is_exact(draft) or years is None or draft.change:
            continue
        if draft.indicator is None or _REAL_GROWTH.search(draft.indicator.text) or growth.base not in _YEARLY_BASES:
            continue
        earlier = levels.get((*_subject(draft), _year_before(years)))
        if earlier is not None and not _fits_growth(earlier, draft, growth.factor):
            given = _shown(_number(draft) / _number(earlier))
            message = f"the values give a factor of {given}, the growth {_shown(growth.factor)} to"
            yield _notice("growth-differs", message, [draft, earlier])


_YEARLY_BASES = {None, "prior_year", "same_period"}


def _fits_growth(earlier: Draft, later: Draft, factor: Decimal) -> bool:
    if not _number(earlier):
        return True
    low = (_number(later) - _rounding(later)) / (_number(earlier) + _rounding(earlier))
    high = (_number(later) + _rounding(later)) / max(_number(earlier) - _rounding(earlier), Decimal("1e-9"))
    # A value that is not even near the other is that of another subject with the same name.
    if not Decimal("0.5") < _number(later) / _number(earlier) / max(factor, Decimal("1e-9")) < 2:
        return True
    step = Decimal("0.0006") if later.growth and "." in later.growth.text else Decimal("0.006")
    return low - step <= factor <= high + step


def _twice(facts: Sequence[_Dated]) -> Iterator[Notice]:
    """Indicators with two values in one period that are near, or the same digits at another scale (5.2万元, 5.2亿元).

    Short names (投资, 项目) mean another thing in each place, and so does a name whose values are far apart: it is of
    another account, company or level (省级补助 of each budget).
    """
    seen: dict[tuple[object, ...], list[Draft]] = {}
    for draft, fact in facts:
        if draft.indicator is None or len(draft.indicator.text) < 5 or is_share(draft.indicator.text):
            continue
        if draft.change or draft.parent or not _is_dated(fact) or not _is_exact(draft) or len(draft.links) > 3:
            continue
        project = draft.project.text if draft.project else None
        key = (draft.indicator.text, project, _span(fact), fact.status, draft.unit, draft.value.label)
        others = seen.setdefault(key, [])
        if any(_is_equal(draft, other) for other in others):
            continue
        elsewhere = [other for other in others if other.scene is not draft.scene and _may_be_slip(draft, other)]
        if elsewhere:
            yield _notice("values-differ", "another place gives another value than", [draft, elsewhere[0]])
        others.append(draft)


def _is_dated(fact: Fact) -> bool:
    """Whether both ends of the period are known: of two days in an unknown year nothing can be said."""
    return fact.period is not None and fact.period.start is not None and fact.period.end is not None


def _may_be_slip(one: Draft, other: Draft) -> bool:
    """Whether two unequal values may be meant for one: they are near, or of the same three digits and more."""
    small, large = sorted((abs(_number(one)), abs(_number(other))))
    digits = {_digits(small), _digits(large)}
    return small > 0 and (large < small * _NEAR or (len(digits) == 1 and len(digits.pop()) > 2))


def _digits(number: Decimal) -> str:
    return format(number, "f").replace(".", "").strip("0")


def _is_equal(one: Draft, other: Draft) -> bool:
    return abs(_number(one) - _number(other)) <= _rounding(one) + _rounding(other)


def _is_exact(draft: Draft) -> bool:
    exact = draft.value.quantity or draft.value.ratio
    return exact is not None and _is_single(exact)


def _is_single(exact: Amount | Quantity | Ratio) -> bool:
    return exact.value is not None and not exact.approximate and exact.low == exact.high == exact.value


def _number(draft: Draft) -> Decimal:
    exact = draft.value.quantity or draft.value.ratio
    return exact.value if exact is not None and exact.value is not None else Decimal(0)


def _rounding(draft: Draft) -> Decimal:
    """Half a unit of the last digit that is written, in the base unit."""
    return half_unit(_number(draft), draft.value.text)


def _quotient(part: Draft, whole: Draft) -> tuple[Decimal, Decimal]:
    """The least and the greatest percentage that two rounded figures allow."""
    large = _number(whole)
    low = _HUNDRED * (_number(part) - _rounding(part)) / (large + _rounding(whole))
    high = _HUNDRED * (_number(part) + _rounding(part)) / max(large - _rounding(whole), Decimal("1e-9"))
    return low, high


def _span(fact: Fact) -> tuple[date | None, date | None] | None:
    return (fact.period.start, fact.period.end) if fact.period and fact.period.end else None


def _year_before(span: tuple[date | None, date | None]) -> tuple[date | None, date | None]:
    start, end = span
    return _day_before(start), _day_before(end)


def _day_before(day: date | None) -> date | None:
    """The same day a year before; the last of February stays the last of February."""
    if day is None:
        return None
    is_last = day.month == 2 and (day + timedelta(days=1)).month == 3
    return day.replace(year=day.year - 1, day=monthrange(day.year - 1, 2)[1] if is_last else day.day)


def _subject(draft: Draft) -> tuple[str | None, str | None, str]:
    """What a fact is about by its names, and its unit: the same in every place that speaks of it."""
    indicator = draft.indicator.text if draft.indicator else None
    return indicator, draft.project.text if draft.project else None, draft.unit


def _shown(number: Decimal) -> str:
    written = format(number.quantize(Decimal("0.0001")).normalize(), "f")
    return f"{int(number):,}" if number == number.to_integral_value() else written


def _notice(code: str, message: str, drafts: Sequence[Draft]) -> Notice:
    first, *others = drafts
    name = first.indicator.text if first.indicator else first.project.text if first.project else ""
    beside = ", ".join(f"{one.value.text} at {one.value.start}" for one in others)
    return Notice(
        code=code,
        message=f"{name}: {message} {first.value.text} at {first.value.start} (beside {beside})",
        start=first.value.start,
        end=first.value.end,
        entities=tuple(one.value.id for one in drafts),
    )
