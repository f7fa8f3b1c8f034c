"""Collections of facts as `zhibiao batch` writes them, from a few words each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow

from zhibiao.normalize import parse_amount, parse_growth, parse_quantity, parse_ratio
from zhibiao.outputs.parquet import arrow_table
from zhibiao.outputs.rows import COLUMNS
from zhibiao.series import Series

_PARSERS = {"amount": parse_amount, "quantity": parse_quantity, "ratio": parse_ratio}
_IDENTITY = (
    "report", "sha256", "subject_name", "subject_kind", "subject_code", "subject_within",
    "report_subject_name", "report_subject_code", "indicator_id", "indicator_name", "indicator_kind",
)  # fmt: skip

Facts = list[dict[str, Any]]


def fact(
    written: str | None = None,
    *,
    report: str = "2021.txt",
    indicator: str = "一般公共预算收入",
    known: str | None = "",
    growth: str | None = None,
    down: bool = False,
    year: int | None = 2020,
    period: tuple[date | None, date | None] | None = None,
    kind: str = "amount",
    **more: Any,
) -> dict[str, Any]:
    """A fact whose value and growth are written as a report would; `known` is its identity, its name where left out."""
    row = dict.fromkeys(column.key for column in COLUMNS)
    row |= {"indicator": indicator, "status": "actual", "confidence": 0.9, "start": 0, "end": 10, "period_from": "span"}
    if year is not None:
        row |= {"period_start": date(year, 1, 1), "period_end": date(year, 12, 31)}
    if period is not None:
        row |= {"period_start": period[0], "period_end": period[1]}
    if written is not None:
        value = _PARSERS[kind](written)
        row |= {key: getattr(value, key) for key in ("value", "low", "high", "approximate", "unit")}
        row |= {"per": getattr(value, "per", None), "written": written}
    if growth is not None:
        read = parse_growth(growth)
        row |= {f"growth_{key}": getattr(read, key) for key in ("low", "high", "approximate", "unit")}
        row |= {"growth": read.value, "growth_written": growth, "growth_direction": "down" if down else "up"}
        row["growth_factor"] = read.factor
    row["sentence"] = f"{indicator}{written or ''}{f'，增长{growth}' if growth else ''}。"
    name = indicator if known == "" else known
    row |= {
        "report": report,
        "sha256": report,
        "subject_name": "祁阳市",
        "subject_kind": "county",
        "subject_code": "431181",
        "subject_within": "湖南省永州市祁阳市",
        "indicator_id": name,
        "indicator_name": name,
        "indicator_kind": kind if name else None,
    }
    return row | more


def tables(facts: Facts, years: dict[str, int] | None = None, titles: dict[str, str] | None = None) -> tuple[Any, Any]:
    """The two tables; a report is of the year that its name has, unless `years` says otherwise."""
    table = arrow_table(facts)
    for key in _IDENTITY:
        table = table.append_column(key, pyarrow.array([row.get(key) for row in facts], pyarrow.string()))
    names = sorted({row["report"] for row in facts})
    reports = {
        "report": names,
        "title": [(titles or {}).get(name) for name in names],
        "reference_year": [(years or {}).get(name, int(name[:4])) for name in names],
    }
    schema = pyarrow.schema(
        [("report", pyarrow.string()), ("title", pyarrow.string()), ("reference_year", pyarrow.int64())]
    )
    return table, pyarrow.table(reports, schema=schema)


def series_of(*facts: dict[str, Any], **more: Any) -> Series:
    """The series of these facts."""
    return Series.from_tables(*tables(list(facts), **more))


def findings(series: Series, kind: str | None = None) -> list[dict[str, Any]]:
    """The findings of a kind."""
    return [row for row in series.rows("found") if kind in (None, row["kind"])]


def number(text: str) -> Decimal:
    """A decimal."""
    return Decimal(text)
