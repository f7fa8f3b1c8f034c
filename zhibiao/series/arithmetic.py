"""Exact arithmetic for the queries, as functions of DuckDB: its own division of decimals is that of binary floats."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, localcontext
from functools import wraps
from typing import TYPE_CHECKING, Any, Literal

from zhibiao.normalize.rounding import half_unit, last_unit
from zhibiao.outputs.extras import need
from zhibiao.schema import plain

if TYPE_CHECKING:
    import duckdb

#: As the Parquet of `zhibiao.outputs` has numbers.
DECIMAL = "DECIMAL(38, 10)"
_QUANTUM = Decimal("1e-10")
_LARGEST = Decimal("1e26")
#: What a scale can be left out or added by: 千, 万, 百万, 亿; by ten, where the point has moved.
SCALES = tuple(map(Decimal, (10, 100, 1_000, 10_000, 1_000_000, 100_000_000)))
#: With fewer digits one number is a multiple or a rearrangement of another by chance.
_TELLING_DIGITS = 3

#: What a function gives to DuckDB.
Answer = Decimal | str | None
Slip = Literal["scale", "digits"]


def slip(one: Decimal, other: Decimal) -> Slip | None:
    """By what slip of a writer one number may come from the other: its scale is off, or two digits changed places.

    >>> slip(Decimal("46.78"), Decimal("467800"))
    'scale'
    >>> slip(Decimal("46.78"), Decimal("46.87"))
    'digits'
    """
    first, second = (plain(abs(number)).replace(".", "").strip("0") for number in (one, other))
    if min(len(first), len(second)) < _TELLING_DIGITS or (one < 0) != (other < 0):
        return None
    if first == second:
        large, small = max(abs(one), abs(other)), min(abs(one), abs(other))
        return "scale" if large / small in SCALES else None
    differing = [place for place, pair in enumerate(zip(first, second, strict=False)) if pair[0] != pair[1]]
    is_near = one.adjusted() == other.adjusted() and len(first) == len(second)
    is_swapped = len(differing) == 2 and differing[1] == differing[0] + 1 and sorted(first) == sorted(second)
    return "digits" if is_near and is_swapped else None


def convert_unit(value: Decimal, numerator: int, denominator: int) -> Decimal | None:
    """A value in another unit, to ten places."""
    with localcontext(prec=60):
        return _fit(value * numerator / denominator)


def base_of(value: Decimal, growth: Decimal, half: Decimal) -> Decimal | None:
    """What grew by `growth` percent to `value`, as precise as a number with this half unit; None for a loss of all."""
    factor = 1 + growth / 100
    if not factor:
        return None
    step = 2 * half or Decimal(1)
    with localcontext(prec=60):
        return _fit((value / factor / step).quantize(Decimal(1)) * step)


def _half_unit(value: Decimal, written: str) -> Decimal | None:
    return _fit(half_unit(value, written)) if abs(value) < _LARGEST else Decimal(0)


def _last_unit(value: Decimal) -> Decimal | None:
    return _fit(last_unit(value))


def _rescale(value: Decimal, factor: Decimal) -> Decimal | None:
    return _fit(value * factor)


def _fit(value: Decimal) -> Decimal | None:
    """As many digits as a column holds; None for what no report means."""
    return value.quantize(_QUANTUM) if abs(value) < _LARGEST else None


def install(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the functions known to a connection; each gives NULL where an argument is NULL."""
    special = need("duckdb.func", "series", "Making series").SPECIAL
    functions: tuple[tuple[str, Callable[..., Answer], list[Any], str], ...] = (
        ("half_unit", _half_unit, [DECIMAL, "VARCHAR"], DECIMAL),
        ("last_unit", _last_unit, [DECIMAL], DECIMAL),
        ("rescale", _rescale, [DECIMAL, "DECIMAL(8, 3)"], DECIMAL),
        ("convert_unit", convert_unit, [DECIMAL, "HUGEINT", "HUGEINT"], DECIMAL),
        ("base_of", base_of, [DECIMAL, DECIMAL, DECIMAL], DECIMAL),
        ("slip", slip, [DECIMAL, DECIMAL], "VARCHAR"),
    )
    for name, function, arguments, result in functions:
        known = _null_for_null(function)
        connection.create_function(name, known, arguments, result, null_handling=special)


def _null_for_null(function: Callable[..., Answer]) -> Callable[..., Answer]:
    @wraps(function)
    def answer(*arguments: object) -> Answer:
        return None if None in arguments else function(*arguments)

    return answer
