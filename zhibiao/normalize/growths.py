"""Changes: direction, base and factor read from the words around the span, and the typed value."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from zhibiao.errors import NormalizeError
from zhibiao.normalize.expressions import Bounds, Expression, bound, skip
from zhibiao.normalize.ratios import parse_share
from zhibiao.normalize.tables import alternatives, fold, lines
from zhibiao.schema import Direction, Growth, GrowthUnit

_CLAUSE_END = re.compile("[。；;！？!?\n]")
_COMMA = re.compile("[,，、(（]")
_YEAR_BASE = re.compile("[比较]于? ?(?P<year>(?:19|20)\\d\\d) ?年")
_MULTIPLE_OF = re.compile("的 ?(?:约|近|超过?|逾|大约|将近|不到|不足)? ?(?:[0-9.]+倍[、和,]?)*$")
_LEVEL_WINDOW = 16
#: Beyond this 2^n has more digits than a decimal carries exactly.
_MOST_DOUBLINGS = 90


class _Cue(NamedTuple):
    start: int
    kind: str
    word: str


@cache
def _words() -> dict[str, tuple[str, ...]]:
    rows = (line.split() for line in lines("growth.txt"))
    return {kind: tuple(words) for kind, *words in rows}


@cache
def _cues(*kinds: str) -> re.Pattern[str]:
    return re.compile(alternatives(word for kind in kinds for word in _words()[kind]))


def parse_growth(text: str, *, before: str = "", after: str = "", unit: str | None = None) -> Growth:
    """The change that the whole text says, with direction, base and factor read from the words around it.

    `before` and `after` are the words on both sides of the span, of its sentence at most. `unit` governs a bare number
    (3.2 in a list whose 个百分点 stands at its end). `direction` is None where neither a sign nor a word says it.
    Raises NormalizeError with the place that does not fit.
    """
    expression = parse_share(text, unit)
    left, right = fold(before), fold(after)
    allowed, sign = _unsigned(bound(expression))
    name = _unit_name(text, expression)
    direction = _direction(allowed, sign, left, right, fold(text))
    is_multiple = name == "times" and _is_multiple_of(left)
    if is_multiple and allowed.value is not None:
        direction = "up" if allowed.value > 1 else "down" if allowed.value < 1 else "flat"
    return Growth(
        **allowed._asdict(),
        unit=name,
        direction=direction,
        factor=_factor(allowed, name, direction, is_multiple=is_multiple),
        base=_base(left, right),
    )


def _unit_name(text: str, expression: Expression) -> GrowthUnit:
    read = expression.unit
    names: dict[str, GrowthUnit] = {
        "percent": "percent",
        "percentage_point": "percentage_point",
        "permille": "permille",
        "basis_point": "basis_point",
        "times": "times",
        "doubling": "doubling",
    }
    if read is None or read.name not in names:
        raise NormalizeError("a number without a unit of change", text, skip(text, 0))
    return names[read.name]


def _unsigned(allowed: Bounds) -> tuple[Bounds, int]:
    """The bounds without a sign, and the sign: of a range over zero both ends keep theirs."""
    ends = [end for end in (allowed.value, allowed.low, allowed.high) if end is not None]
    if all(end >= 0 for end in ends):
        return allowed, 1
    if any(end > 0 for end in ends):
        return allowed, 0
    value, low, high = (None if end is None else -end for end in (allowed.value, allowed.high, allowed.low))
    turned = allowed._replace(value=value, low=low, high=high)
    return turned._replace(low_inclusive=allowed.high_inclusive, high_inclusive=allowed.low_inclusive), -1


def _direction(allowed: Bounds, sign: int, left: str, right: str, text: str) -> Direction | None:
    if allowed.value == 0:
        return "flat"
    said = _said(left) or _said_after(right)
    if text.lstrip()[:1] in ("+", "-") and sign:
        return _signed(sign, said)
    if sign == 0:
        return None
    return said


def _signed(sign: int, said: Direction | None) -> Direction:
    """A sign is the direction; 下降-3.2% repeats it and stays down, 下降+3.2% is taken by its word."""
    if said == "down":
        return "down"
    return "up" if sign > 0 else "down"


def _clause(left: str) -> str:
    """The part of the sentence before the span."""
    ends = [match.end() for match in _CLAUSE_END.finditer(left)]
    return left[ends[-1] :] if ends else left


def _found(pattern: re.Pattern[str], kinds: tuple[str, ...], text: str) -> list[_Cue]:
    kind_of = {word: kind for kind in reversed(kinds) for word in _words()[kind]}
    return [_Cue(match.start(), kind_of[match[0]], match[0]) for match in pattern.finditer(text)]


_DIRECTIONS = ("decline", "rate", "flat", "down", "up", "widen", "narrow")


def _said(left: str) -> Direction | None:
    """The direction that the nearest words before the span say, over a comma only where its own clause says none."""
    clause = _clause(left)
    pieces = _COMMA.split(clause)
    for piece in reversed(pieces):
        cues = _found(_cues(*_DIRECTIONS), _DIRECTIONS, piece)
        if cues:
            return _resolved(cues)
    return None


def _resolved(cues: list[_Cue]) -> Direction:
    last = cues[-1]
    earlier = {cue.kind for cue in cues[:-1]}
    if last.kind in ("widen", "narrow") or last.word in ("扩大", "收窄", "缩小"):
        is_wider = last.kind == "widen" or last.word == "扩大"
        return "up" if is_wider != ("decline" in earlier) else "down"
    if last.kind == "rate":
        return "up"
    if last.kind == "decline":
        return "down"
    direction: Direction = "down" if last.kind == "down" else "flat" if last.kind == "flat" else "up"
    return direction


def _said_after(right: str) -> Direction | None:
    """3.2%的降幅, 5%的增长, 两位数增长."""
    match = re.match(f"(?:以?上|左右)? ?的?(?:预期|预计|年均|平均|同比)?(?P<word>{_cues(*_DIRECTIONS).pattern})", right)
    if match is None:
        return None
    kind_of = {word: kind for kind in reversed(_DIRECTIONS) for word in _words()[kind]}
    return _resolved([_Cue(0, kind_of[match["word"]], match["word"])])


def _is_multiple_of(left: str) -> bool:
    """是上年的|2.3倍, 相当于…的|1.5倍, 增长到|2.3倍: a level of the base, not a rise by so much."""
    clause = _clause(left)
    if re.search("(?:到|至|为|是|相当于)(?:原来的|原有的|原先的)? ?(?:约|近|超过?|逾)? ?$", clause):
        return not re.search("(?:增幅|增速|涨幅|增长率)(?:达|达到)?为? ?$", clause)
    return _MULTIPLE_OF.search(clause) is not None


def _factor(allowed: Bounds, unit: str, direction: Direction | None, *, is_multiple: bool) -> Decimal | None:
    """new / old, where the words fix it: 增长17.95% -> 1.1795, 增长2.3倍 -> 3.3, 是…的2.3倍 -> 2.3, 翻两番 -> 4."""
    value = allowed.value
    if value is None or allowed.low != allowed.high or direction is None:
        return None
    if unit == "times":
        return value if is_multiple else value + 1 if direction == "up" else None
    if unit == "doubling":
        return Decimal(2) ** value if direction == "up" and value <= _MOST_DOUBLINGS else None
    share = {"percent": value / 100, "permille": value / 1000}.get(unit)
    if share is None:
        return None
    signed = {"up": share, "down": -share, "flat": Decimal(0)}[direction]
    return 1 + signed if signed >= -1 else None


def _base(left: str, right: str) -> str | None:
    """What the change is measured against: the nearest base before the span, or one in brackets after it."""
    clause = _clause(left)
    kinds = ("same_period", "prior_year", "prior_period")
    cues = _found(_cues(*kinds), kinds, clause)
    years = [_Cue(match.start(), match["year"], match[0]) for match in _YEAR_BASE.finditer(clause)]
    nearest = max((*cues, *years), key=lambda cue: cue.start, default=None)
    if nearest is None:
        after = _found(_cues(*kinds), kinds, re.match(r"(?:\([^)]*\))?", right)[0])  # type: ignore[index]
        nearest = after[0] if after else None
    return nearest.kind if nearest else None
