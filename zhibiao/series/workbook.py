"""Series as an Excel workbook, written row by row: memory does not grow with it.

An overview; a sheet an indicator, its subjects and measures as rows and its periods as columns, each value linked to
its sentence; what has no sheet of its own; what does not fit; the sources.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhibiao.outputs.extras import need
from zhibiao.outputs.rows import Language
from zhibiao.schema import AmountUnit, plain
from zhibiao.series.engine import Series, sql
from zhibiao.series.files import named_rows
from zhibiao.series.sheets import ROWS, Names, Sheet, Styles
from zhibiao.series.words import head, shown, shown_unit, word

if TYPE_CHECKING:
    import xlsxwriter

#: More sheets than these are more than a reader looks through, and Excel is slow with them.
MOST_SHEETS = 250
_NAMES = {
    "overview": ("概览", "overview"), "others": ("其他指标", "others"), "findings": ("提示", "findings"),
    "sources": ("来源", "sources"),
}  # fmt: skip
#: What a row of an indicator's sheet begins with, and how wide; all but these only where a row has it.
_ROW_HEADS = {
    "subject_name": 18, "subject_within": 22, "measure": 10, "unit": 9, "status": 8, "numerator": 16, "project": 18,
    "prices": 9, "base": 10,
}  # fmt: skip
_ALWAYS = frozenset({"subject_name", "subject_within", "measure", "unit", "status"})
_OTHER_KEYS = (
    "indicator_name", "subject_name", "measure", "time_period", "status", "value", "unit", "low", "high", "numerator",
    "project", "statements", "is_disputed", "why", "report", "sentence",
)  # fmt: skip

Row = dict[str, Any]


def write_workbook(series: Series, path: Path, *, language: Language = "zh", amount_unit: AmountUnit = "元") -> None:
    """Write `series.xlsx`. Amounts are shown in `amount_unit`, exact; a number of more digits than Excel keeps is text.

    Raises ZhibiaoError where XlsxWriter is not installed.
    """
    xlsxwriter = need("xlsxwriter", "series", "Writing Excel")
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        _Book(workbook, series, language, amount_unit).write()


class _Book:
    def __init__(
        self, workbook: xlsxwriter.Workbook, series: Series, language: Language, amount_unit: AmountUnit
    ) -> None:
        self._workbook, self._series, self._language, self._amount_unit = workbook, series, language, amount_unit
        self._names, self._styles = Names(), Styles(workbook)
        indicators = [row for batch in series.batches(sql("indicators")) for row in batch.to_pylist()]
        self._indicators: list[Row] = indicators
        # Their names first: the others may not take them.
        self._fixed = {key: self._names.take(pair[language == "en"]) for key, pair in _NAMES.items()}
        for row in indicators[:MOST_SHEETS]:
            row["tab"] = self._names.take(row["indicator_name"]) if row["has_sheet"] else None

    def write(self) -> None:
        self._overview()
        for indicator in self._indicators:
            if indicator.get("tab"):
                self._indicator(indicator)
        self._others()
        self._findings()
        self._sources()

    def _sheet(self, name: str) -> Sheet:
        return Sheet(self._workbook.add_worksheet(name), self._styles)

    def _overview(self) -> None:
        sheet = self._sheet(self._fixed["overview"])
        keys = (
            "indicator_name", "tab", "is_identified", "subjects", "first_year", "last_year", "cells", "statements",
            "findings",
        )  # fmt: skip
        sheet.heads([head(key, self._language) for key in keys], [32, 32, 9, 9, 9, 9, 9, 9, 9], frozen_columns=1)
        for indicator in self._indicators:
            for column, key in enumerate(keys):
                tab = indicator.get("tab") or self._fixed["others"]
                is_tab = key == "tab"
                link, marks = (_place(tab, 1), ("link",)) if is_tab else (None, ())
                sheet.cell(column, tab if is_tab else indicator[key], *marks, link=link)
            sheet.row += 1
        sheet.filter(0, len(keys))

    def _indicator(self, indicator: Row) -> None:
        sheet = self._sheet(indicator["tab"])
        query = (
            "SELECT * FROM cells WHERE indicator_id = ? "
            "ORDER BY measure <> 'level', measure, subject_code, subject_name, series_id, status, period_start, cell_id"
        )
        cells = list(self._rows(query, [indicator["indicator_id"]]))
        periods = sorted({_period(cell) for cell in cells})
        keys = [key for key in _ROW_HEADS if key in _ALWAYS or any(cell[key] is not None for cell in cells)]
        columns = {period: number for number, period in enumerate(periods, len(keys))}
        heads = [head(key, self._language) for key in keys] + [name or "—" for _, name in periods]
        sheet.heads(heads, [*(_ROW_HEADS[key] for key in keys), *[15] * len(periods)], frozen_columns=1)
        for _, group in groupby(cells, key=lambda cell: (cell["series_id"], cell["status"])):
            line = list(group)
            for column, key in enumerate(keys):
                sheet.cell(column, self._unit(line[0]) if key == "unit" else word(key, line[0][key], self._language))
            for cell in line:
                value, marks = self._value(cell)
                sheet.cell(columns[_period(cell)], value, *marks, link=self._source(cell["statement_id"]))
            sheet.row += 1
        sheet.filter(0, len(heads))

    def _value(self, cell: Row) -> tuple[object, tuple[str, ...]]:
        """What a cell shows: its number, or its bounds where it has none; with the marks of what it is."""
        marks = [
            mark
            for mark, is_set in (
                ("disputed", cell["is_disputed"]),
                ("loose", not cell["is_exact"]),
                ("goal", cell["status"] != "actual"),
            )
            if is_set
        ]
        value, low, high = (self._shown(cell[key], cell["unit"]) for key in ("value", "low", "high"))
        if value is not None:
            return value, tuple(marks)
        return "…".join("" if bound is None else plain(bound) for bound in (low, high)), tuple(marks)

    def _others(self) -> None:
        """The cells of the indicators without a sheet, one a row."""
        sheet = self._sheet(self._fixed["others"])
        heads = [head(key, self._language) for key in _OTHER_KEYS]
        sheet.heads(heads, [28, 18, 9, 12, 8, 16, 9, 14, 14, 14, 18, 8, 8, 14, 24, 60], frozen_columns=1)
        left = {row["indicator_id"] for row in self._indicators if not row.get("tab")}
        for row in self._rows(sql("series"), []):
            if row["indicator_id"] not in left or sheet.row >= ROWS - 1:
                continue
            sheet.line([self._word(key, row) for key in _OTHER_KEYS])
        sheet.filter(0, len(heads))

    def _findings(self) -> None:
        keys, rows = named_rows(self._series, "findings", self._language)
        keys = [key for key in keys if key not in ("subject_id", "indicator_id", "cell_id", "finding_id")]
        sheet = self._sheet(self._fixed["findings"])
        sheet.heads([head(key, self._language) for key in keys], [60, *[14] * (len(keys) - 1)], frozen_columns=1)
        for row in rows:
            if sheet.row >= ROWS - 1:
                break
            for column, key in enumerate(keys):
                is_link = key in ("first_id", "second_id", "third_id") and row[key] is not None
                link, marks = (self._source(row[key]), ("link",)) if is_link else (None, ())
                sheet.cell(column, row[key], *marks, link=link)
            sheet.row += 1
        sheet.filter(0, len(keys))

    def _sources(self) -> None:
        """Every statement in the order of its number, so that its row is known; as many sheets as they need."""
        keys, rows = named_rows(self._series, "statements", self._language)
        widths = [_WIDTHS.get(key, 12) for key in keys]
        sheet: Sheet | None = None
        for row in rows:
            if sheet is None or sheet.row > _SOURCES:
                name = self._fixed["sources"] if sheet is None else self._names.take(self._fixed["sources"])
                sheet = self._sheet(name)
                sheet.heads([head(key, self._language) for key in keys], widths, frozen_columns=1)
            sheet.line(list(row.values()))

    def _source(self, statement_id: int) -> str:
        """The place of a statement in the sheets of sources."""
        sheet, row = divmod(statement_id - 1, _SOURCES)
        name = self._fixed["sources"] + (f"~{sheet + 1}" if sheet else "")
        return _place(name, row + 2)

    def _rows(self, query: str, values: Sequence[object]) -> Iterator[Row]:
        for batch in self._series.batches(query, values):
            yield from batch.to_pylist()

    def _word(self, key: str, row: Row) -> object:
        if key == "unit":
            return self._unit(row)
        value = row[key]
        return self._shown(value, row["unit"]) if isinstance(value, Decimal) else word(key, value, self._language)

    def _unit(self, row: Row) -> str:
        return shown_unit(row["unit"], self._language, self._amount_unit)

    def _shown(self, value: Decimal | None, unit: str) -> Decimal | None:
        return shown(value, unit, self._amount_unit)


_WIDTHS = {"sentence": 80, "title": 28, "report": 24, "indicator_name": 24}
#: Statements a sheet of sources, below its head.
_SOURCES = 1_000_000


def _period(cell: Row) -> tuple[str, str]:
    """Where a period stands among the columns, and its head; years before all else."""
    name = cell["time_period"] or ""
    return ("" if cell["year"] else str(cell["period_end"] or "~")) + name, name


def _place(sheet: str, row: int) -> str:
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!A{row}"
