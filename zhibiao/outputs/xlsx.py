"""Rows as an Excel workbook: numbers are numbers, days are days, and what a double would lose stands beside as text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from zhibiao.outputs.extras import need
from zhibiao.outputs.rows import COLUMNS, Column, Language, Row, Value, head, word
from zhibiao.schema import plain

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

#: Excel keeps 15 significant digits of a number, and 32,767 characters of a text.
_DIGITS = 15
_CHARACTERS = 32_767
#: Control characters that XML 1.0 cannot hold.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def write_xlsx(rows: Sequence[Row], target: str | Path | BinaryIO, *, language: Language = "zh") -> None:
    """Rows as one sheet with a frozen, filtered head row.

    A number of more than 15 significant digits is shown rounded, as Excel would keep it, and a column beside it, there
    only when needed, has its exact digits as text. Texts are never formulas.

    Raises:
        ZhibiaoError: openpyxl is not installed.
    """
    openpyxl = need("openpyxl", "documents", "Writing Excel")
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "事实" if language == "zh" else "facts"
    columns = _columns(rows)
    _write_head(sheet, columns, language)
    for number, row in enumerate(rows, start=2):
        for place, column in enumerate(columns, start=1):
            _write_cell(sheet.cell(number, place), column, _content(column, row, language))
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{openpyxl.utils.get_column_letter(len(columns))}{len(rows) + 1}"
    workbook.save(target)


def _columns(rows: Sequence[Row]) -> list[Column]:
    columns: list[Column] = []
    for column in COLUMNS:
        columns.append(column)
        if column.type == "number" and any(is_long(row[column.key]) for row in rows):
            columns.append(Column(f"{column.key}_exact", f"{column.head}（精确）", width=24))
    return columns


def is_long(value: Value) -> bool:
    """Whether a number has more digits than Excel keeps."""
    return isinstance(value, Decimal) and len(value.normalize().as_tuple().digits) > _DIGITS


def _content(column: Column, row: Row, language: Language) -> Value:
    if column.key in row:
        return word(column.key, row[column.key], language)
    value = row[column.key.removesuffix("_exact")]
    return plain(value) if is_long(value) else None


def _write_head(sheet: Worksheet, columns: Sequence[Column], language: Language) -> None:
    styles = need("openpyxl.styles", "documents", "Writing Excel")
    utils = need("openpyxl.utils", "documents", "Writing Excel")
    for place, column in enumerate(columns, start=1):
        cell = sheet.cell(1, place, head(column, language))
        cell.font = styles.Font(bold=True)
        cell.fill = styles.PatternFill("solid", fgColor="DDE6F0")
        cell.alignment = styles.Alignment(vertical="center")
        sheet.column_dimensions[utils.get_column_letter(place)].width = column.width


def _write_cell(cell: Cell, column: Column, content: Value) -> None:
    if content is None:
        return
    if isinstance(content, str):
        cell.value = cell_text(content)
        cell.data_type = "s"  # else openpyxl makes a formula of a text that begins with "="
        return
    cell.value = content
    if isinstance(content, Decimal):
        cell.number_format = number_format(content)
    elif column.type == "date":
        cell.number_format = "yyyy-mm-dd"


def cell_text(text: str) -> str:
    """A text as a cell can hold it."""
    text = _CONTROLS.sub("\ufffd", text)
    return text if len(text) <= _CHARACTERS else text[: _CHARACTERS - 1] + "…"


def number_format(value: Decimal) -> str:
    """The format that shows every digit of a number, in groups of three."""
    places = len(plain(value).partition(".")[2])
    return "#,##0" + ("." + "0" * min(places, _DIGITS) if places else "")
