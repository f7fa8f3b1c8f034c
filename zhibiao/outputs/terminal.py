"""Rows as a table in the terminal, narrow or wide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from zhibiao.outputs.rows import WORDS, Language, Row, word
from zhibiao.schema import plain

_WIDE = 110
_ARROWS = {"up": "↑", "down": "↓", "flat": "→"}
_STATUS_STYLES = {"actual": "", "target": "cyan", "forecast": "yellow", "budget": "magenta"}


@dataclass(frozen=True, slots=True)
class _Column:
    heads: tuple[str, str]
    show: Callable[[Row, Language], str | Text]
    ratio: int | None = None
    is_right: bool = False
    needs_width: int = 0


def table(rows: Sequence[Row], *, language: Language = "zh", width: int = 80) -> Table:
    """A rich table of these rows, for a terminal of `width` columns; wider ones show more of each fact.

    Columns that no row fills are left out. Amounts stand in the unit asked for, else as the report writes them.
    """
    columns = [column for column in _COLUMNS if width >= column.needs_width]
    shown = [[column.show(row, language) for column in columns] for row in rows]
    used = [place for place, _ in enumerate(columns) if any(str(line[place]) for line in shown)]
    rendered = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold", width=width)
    for place in used:
        column = columns[place]
        rendered.add_column(
            column.heads[language == "en"],
            ratio=column.ratio,
            justify="right" if column.is_right else "left",
            overflow="fold",
            no_wrap=column.ratio is None,
        )
    for line in shown:
        rendered.add_row(*(line[place] for place in used))
    return rendered


def _name(row: Row, _: Language) -> str:
    names = [row["subject"], row["indicator"]]
    name = " · ".join(filter(None, names))
    return f"{name}（{row['numerator']}）" if row["numerator"] else name


def _value(row: Row, language: Language) -> str:
    """The amount in the unit asked for, else as written; an arrow before one that is a change and no level."""
    arrow = _ARROWS.get(row["change"] or "", "")
    if row["shown_value"] is not None:
        return f"{arrow}{_grouped(row['shown_value'])}{row['shown_unit']}"
    if row["written"] is None:
        return ""
    written = str(row["written"])
    # A table's cell holds the bare number: its unit, from the head, is added.
    if row["unit"] is not None and row["value"] is not None and written.strip("0123456789.,，-+ ") == "":
        return f"{arrow}{_grouped(row['value'])}{word('unit', row['unit'], language)}"
    return f"{arrow}{written}"


def _growth(row: Row, _: Language) -> str:
    if row["growth_written"] is None:
        return ""
    arrow = _ARROWS.get(row["growth_direction"] or "", "")
    if row["growth"] is None:
        return f"{arrow}{row['growth_written']}"
    return f"{arrow}{plain(row['growth'])}{WORDS['growth_unit'].get(row['growth_unit'], '')}"


def _period(row: Row, _: Language) -> str:
    """The shortest unambiguous writing: 2020, 2020-06, 2020-01…06, 2020-06-24, ISO days else."""
    start, end = row["period_start"], row["period_end"]
    if start is None or end is None:
        return "…".join(part.isoformat() if part else "" for part in (start, end)) if start or end else ""
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        return str(start.year) if start.year == end.year else f"{start.year}…{end.year}"
    if start == end:
        return str(start.isoformat())
    if start.day == 1 and _is_month_end(end):
        return _months(start, end)
    return f"{start.isoformat()}…{end.isoformat()}"


def _months(start: date, end: date) -> str:
    if (start.year, start.month) == (end.year, end.month):
        return f"{start:%Y-%m}"
    return f"{start:%Y-%m}…{end:%m}" if start.year == end.year else f"{start:%Y-%m}…{end:%Y-%m}"


def _is_month_end(day: date) -> bool:
    return day == date.max or (day + timedelta(days=1)).day == 1


def _status(row: Row, language: Language) -> Text:
    return Text(str(word("status", row["status"], language)), style=_STATUS_STYLES[row["status"]])


def _source(row: Row, language: Language) -> str:
    """Page, paragraph or cell where the document has them, else the offsets."""
    marks = ("第{}页", "第{}段", "表{}") if language == "zh" else ("p. {}", "par. {}", "table {}")
    parts = [mark.format(row[key]) for key, mark in zip(("page", "paragraph", "table"), marks, strict=True) if row[key]]
    place = "!".join(filter(None, (row["sheet"], row["cell"])))
    return " ".join([*parts, place] if place else parts) or f"{row['start']}–{row['end']}"


def _grouped(number: Decimal) -> str:
    whole, point, part = plain(number).partition(".")
    return f"{int(whole):,}{point}{part}" if whole not in ("-0", "") else f"{whole}{point}{part}"


_COLUMNS = (
    _Column(("指标", "indicator"), _name, ratio=3),
    _Column(("项目", "project"), lambda row, _: row["project"] or "", ratio=2),
    _Column(("数值", "value"), _value, is_right=True),
    _Column(("增长", "growth"), _growth, is_right=True),
    _Column(("时期", "period"), _period),
    _Column(("状态", "status"), _status),
    _Column(("置信", "conf."), lambda row, _: f"{row['confidence']:.2f}", is_right=True, needs_width=_WIDE),
    _Column(("出处", "source"), _source, needs_width=_WIDE),
)
