"""`zhibiao normalize`: what the normaliser reads in a text."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any, NamedTuple

import typer
from rich.console import Console
from rich.table import Table

from zhibiao.errors import NormalizeError
from zhibiao.normalize import (
    find_amounts,
    find_percentages,
    find_quantities,
    parse_amount,
    parse_growth,
    parse_period,
    parse_quantity,
    parse_ratio,
    shown,
)
from zhibiao.schema import Amount, Growth, Noun, Period, Quantity, Ratio, plain


class Output(StrEnum):
    """How the values are printed."""

    table = "table"
    json = "json"


class Kind(StrEnum):
    """What the text is read as; `find` reads running text and lists every amount, quantity and percentage in it."""

    auto = "auto"
    running = "find"
    amount = "amount"
    quantity = "quantity"
    ratio = "ratio"
    growth = "growth"
    period = "period"


class AmountUnit(StrEnum):
    """The units that amounts may be shown in."""

    yuan = "元"
    ten_thousand = "万元"
    hundred_million = "亿元"


class Row(NamedTuple):
    """One value, where it stands in the text given."""

    kind: str
    start: int
    end: int
    text: str
    value: Noun


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("normalize")(normalize_cli)


def normalize_cli(
    text: Annotated[
        str, typer.Argument(help="An expression such as 350余万元, or a running text; - reads standard input.")
    ],
    kind: Annotated[
        Kind, typer.Option("--as", help="Read the whole text as this; auto tries each, then find.")
    ] = Kind.auto,
    year: Annotated[int | None, typer.Option("--year", help="The report's year, for periods such as 上半年.")] = None,
    unit: Annotated[
        str | None, typer.Option("--unit", help="The unit that governs a bare number, such as 万元.")
    ] = None,
    amount_unit: Annotated[AmountUnit | None, typer.Option("--amount-unit", help="Also show amounts in this.")] = None,
    output: Annotated[Output, typer.Option("--format", help="How to print what was read.")] = Output.table,
) -> None:
    """Read amounts, quantities, ratios, changes and periods exactly.

    Without --as the text is read as one expression if it is one, else as running text. An expression that cannot be
    read is shown with a caret under the place, and exit code 1.
    """
    given = sys.stdin.read().strip() if text == "-" else text
    rows = [_shown(row, amount_unit) for row in read(given, kind, year=year, unit=unit)]
    if output is Output.json:
        sys.stdout.write(json.dumps([_as_json(row) for row in rows], ensure_ascii=False, indent=1) + "\n")
    else:
        Console().print(_table(rows))


def read(text: str, kind: Kind = Kind.auto, *, year: int | None = None, unit: str | None = None) -> list[Row]:
    """The values of a text in its order. NormalizeError where it is none of its kind, or nothing is found in it."""
    if kind is Kind.running:
        return _found(text)
    if kind is not Kind.auto:
        return [Row(kind, 0, len(text), text, _parsed(text, kind, year, unit))]
    errors: list[NormalizeError] = []
    for one in (Kind.period, Kind.amount, Kind.ratio, Kind.growth, Kind.quantity):
        try:
            return [Row(one, 0, len(text), text, _parsed(text, one, year, unit))]
        except NormalizeError as error:
            errors.append(error)
    rows = _found(text)
    if not rows:
        raise max(errors, key=lambda error: error.position)
    return rows


def _parsed(text: str, kind: Kind, year: int | None, unit: str | None) -> Noun:
    if kind is Kind.amount:
        return parse_amount(text, unit=unit)
    if kind is Kind.quantity:
        return parse_quantity(text, unit=unit)
    if kind is Kind.ratio:
        return parse_ratio(text, unit=unit)
    if kind is Kind.growth:
        return parse_growth(text, unit=unit)
    return parse_period(text, reference_year=year)


def _found(text: str) -> list[Row]:
    def rows() -> Iterator[Row]:
        for kind, find in (("amount", find_amounts), ("quantity", find_quantities), ("ratio", find_percentages)):
            for found in find(text):
                yield Row(kind, found.start, found.end, found.text, found.value)

    return sorted(rows(), key=lambda row: (row.start, row.end))


def _shown(row: Row, unit: AmountUnit | None) -> Row:
    if unit is None or not isinstance(row.value, Amount):
        return row
    return row._replace(value=row.value.model_copy(update={"shown": shown(row.value, unit.value)}))


def _as_json(row: Row) -> dict[str, Any]:
    return {"kind": row.kind, "start": row.start, "end": row.end, "text": row.text, "value": row.value.model_dump()}


def _table(rows: list[Row]) -> Table:
    table = Table("text", "place", "kind", "value", "low", "high", "unit", "more")
    for row in rows:
        table.add_row(row.text, f"{row.start}–{row.end}", row.kind, *_cells(row.value))
    return table


def _cells(value: Noun) -> tuple[str, str, str, str, str]:
    """Value, low, high, unit, and the rest of what the value says."""
    if isinstance(value, Period):
        start, end = (day.isoformat() if day else "open" for day in (value.start, value.end))
        return f"{start} … {end}", start, end, value.granularity, ""
    assert isinstance(value, (Amount, Quantity, Ratio, Growth))
    numbers = ("" if number is None else plain(number) for number in (value.value, value.low, value.high))
    first, low, high = numbers
    return first, low, high, value.unit, ", ".join(_rest(value))


def _rest(value: Amount | Quantity | Ratio | Growth) -> Iterator[str]:
    if value.approximate:
        yield "approximate"
    if isinstance(value, (Amount, Quantity)) and value.per:
        yield f"per {value.per}"
    if isinstance(value, Amount) and value.shown and value.shown.value is not None:
        yield f"{plain(value.shown.value)} {value.shown.unit}"
    if isinstance(value, Quantity) and value.si and value.si.value is not None:
        yield f"{plain(value.si.value)} {value.si.unit}"
    if isinstance(value, Growth):
        yield value.direction or "direction not said"
        if value.factor is not None:
            yield f"factor {plain(value.factor)}"
