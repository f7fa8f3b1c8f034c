"""Sheets of a workbook: legal names, texts that are never formulas, links, numbers whose every digit is shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from zhibiao.outputs.xlsx import cell_text, is_long, number_format
from zhibiao.schema import plain

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

#: Excel's own limits of a sheet.
ROWS, LINKS, _NAME = 1_048_576, 65_530, 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
#: Excel keeps this name for itself.
_RESERVED = "history"

Style = tuple[str, ...]


class Names:
    """Sheet names that Excel takes: legal, at most 31 UTF-16 units, and unlike in any case."""

    def __init__(self) -> None:
        self._taken: set[str] = {_RESERVED}

    def take(self, wanted: str) -> str:
        """The name nearest to `wanted` that is free."""
        clean = _FORBIDDEN.sub("_", wanted).strip("' ") or "_"
        name, number = _cut(clean, _NAME), 1
        while name.casefold() in self._taken:
            number += 1
            mark = f"~{number}"
            name = _cut(clean, _NAME - len(mark)) + mark
        self._taken.add(name.casefold())
        return name


def _cut(text: str, units: int) -> str:
    while len(text.encode("utf-16-le")) // 2 > units:
        text = text[:-1]
    return text.rstrip("' ") or "_"


class Styles:
    """The formats of a workbook, made once each."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        self._workbook, self._made = workbook, dict[tuple[str, Style], Any]()

    def get(self, number: str = "General", *marks: str) -> Format:
        """A number format with marks: head, title, disputed, loose, goal, link, wrap."""
        key = (number, marks)
        if key not in self._made:
            properties: dict[str, Any] = {"num_format": number}
            for mark in marks:
                properties |= _MARKS[mark]
            self._made[key] = self._workbook.add_format(properties)
        return self._made[key]


_MARKS: dict[str, dict[str, Any]] = {
    "head": {"bold": True, "bg_color": "#DDE6F0", "valign": "vcenter"},
    "title": {"bold": True, "font_size": 14},
    "disputed": {"bg_color": "#FBE3B5"},
    "loose": {"italic": True},
    "goal": {"font_color": "#1F5FA8"},
    "link": {"font_color": "#1F5FA8", "underline": 1},
    "wrap": {"text_wrap": True, "valign": "top"},
}


class Sheet:
    """A sheet that is written from its first row on."""

    def __init__(self, worksheet: Worksheet, styles: Styles) -> None:
        self._worksheet, self._styles = worksheet, styles
        self._links = 0
        self.row = 0

    @property
    def name(self) -> str:
        """The sheet's name."""
        return str(self._worksheet.get_name())

    def heads(self, names: Sequence[str], widths: Sequence[float], *, frozen_columns: int = 0) -> None:
        """A head row, frozen."""
        for column, width in enumerate(widths):
            self._worksheet.set_column(column, column, width)
        self.line(names, *["head"])
        self._worksheet.freeze_panes(self.row, frozen_columns)
        self._worksheet.repeat_rows(0)
        self._worksheet.set_landscape()
        self._worksheet.fit_to_pages(1, 0)

    def filter(self, first_row: int, columns: int) -> None:
        """Let the reader filter the rows below the head at `first_row`."""
        self._worksheet.autofilter(first_row, 0, max(self.row - 1, first_row), columns - 1)

    def line(self, values: Sequence[object], *marks: str) -> None:
        """One more row."""
        for column, value in enumerate(values):
            self.cell(column, value, *marks)
        self.row += 1

    def cell(self, column: int, value: object, *marks: str, link: str | None = None) -> None:
        """A cell of the row that is being written; `link` leads to a place of the workbook ('来源'!A5)."""
        if value is None:
            return
        number = number_format(value) if isinstance(value, Decimal) else "yyyy-mm-dd" if isinstance(value, date) else ""
        style = self._styles.get(number or "General", *marks)
        if link is not None and self._links < LINKS:
            self._links += 1
            # The cell's own value is written over the link's.
            self._worksheet.write_url(self.row, column, f"internal:{link}", style, string="→")
        self._write(column, value, style)

    def _write(self, column: int, value: object, style: Format) -> None:
        sheet, row = self._worksheet, self.row
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value, style)
        elif isinstance(value, Decimal | int | float) and not (isinstance(value, Decimal) and is_long(value)):
            sheet.write_number(row, column, value, style)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, style)
        else:
            sheet.write_string(row, column, cell_text(_text(value)), style)


def _text(value: object) -> str:
    return plain(value) if isinstance(value, Decimal) else str(value)
