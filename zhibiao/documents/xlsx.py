"""Excel workbooks: every visible sheet, its captions and notes as paragraphs, its blocks of cells as tables."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils import column_index_from_string
from openpyxl.utils.exceptions import InvalidFileException

from zhibiao.documents.archive import Archive
from zhibiao.documents.build import Builder, RawCell, one_line
from zhibiao.documents.model import Document, Limits
from zhibiao.documents.xlsx_numbers import shown
from zhibiao.errors import DocumentError

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_CELL = re.compile(rb"<(?:\w+:)?c[ >]")
_RANGE = re.compile(rb"<(?:\w+:)?(?:mergeCell|hyperlink)\b[^>]*?\bref=[\"']\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)")
_DEFAULT_NAME = re.compile(r"(?:Sheet|工作表)\s*\d*", re.IGNORECASE)


def read_xlsx(source: bytes, limits: Limits) -> Document:
    """An .xlsx workbook; formulas by the values that Excel last computed.

    Raises:
        DocumentError: it is broken, encrypted or past a limit.
    """
    sheets = _sheet_parts(Archive(source, limits))
    _check_size(sheets, limits)
    workbook = _open(source)
    builder = Builder(limits)
    visible = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    hidden = [sheet.title for sheet in workbook.worksheets if sheet.sheet_state != "visible"]
    if hidden:
        builder.notice("hidden_sheet", f"Hidden sheets were not read: {', '.join(hidden)}.")
    for sheet in visible:
        if len(visible) > 1 and not _DEFAULT_NAME.fullmatch(sheet.title):
            builder.paragraph(sheet.title)
        _add_sheet(builder, sheet)
    if any(_FORMULA.search(part) for part in sheets):
        _note_uncomputed(builder, source, visible)
    return builder.finish("xlsx")


def _open(source: bytes, *, data_only: bool = True) -> openpyxl.Workbook:
    try:
        with warnings.catch_warnings():
            # Parts of a workbook that openpyxl does not keep (validation, slicers) hold no text.
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(io.BytesIO(source), data_only=data_only)
    except (InvalidFileException, zipfile.BadZipFile, ParseError, KeyError, ValueError, TypeError, OSError) as error:
        raise DocumentError(
            f"The workbook is damaged ({type(error).__name__}: {error}). Open it in Excel and save it again."
        ) from None
    except (AttributeError, IndexError) as error:  # openpyxl meets parts that are missing or out of place so
        raise DocumentError(f"The workbook breaks the format ({error}). Open it in Excel and save it again.") from None


def _note_uncomputed(builder: Builder, source: bytes, sheets: Sequence[Worksheet]) -> None:
    """A notice for formulas that no program has computed yet: their cells are empty."""
    formulas = _open(source, data_only=False)
    for sheet in sheets:
        empty = [
            cell.coordinate
            for row in formulas[sheet.title].iter_rows()
            for cell in row
            if cell.data_type == "f" and sheet[cell.coordinate].value is None
        ]
        if empty:
            builder.notice(
                "formula_without_value",
                f"{sheet.title}: {len(empty)} formulas have no computed value (first {empty[0]}); their cells count as "
                "empty. Open the workbook in Excel and save it.",
            )


def _sheet_parts(archive: Archive) -> list[bytes]:
    return [
        archive.content(name) for name in archive.names() if name.startswith("xl/worksheets/") and name.endswith(".xml")
    ]


def _check_size(sheets: Sequence[bytes], limits: Limits) -> None:
    """Refuse what would unfold in memory: too many cells, or ranges merged over more cells than a sheet may have.

    openpyxl makes an object of every cell that a merged range or a link covers.
    """
    cells = sum(len(_CELL.findall(part)) for part in sheets)
    covered = sum(_area(found) for part in sheets for found in _RANGE.finditer(part))
    if cells + covered > limits.cells:
        raise DocumentError(
            f"The workbook has {cells:,} cells and ranges over {covered:,}; the limit is {limits.cells:,}. Split it."
        )


def _area(found: re.Match[bytes]) -> int:
    left, top, right, bottom = (part.decode() for part in found.groups())
    columns: int = column_index_from_string(right[:3]) - column_index_from_string(left[:3]) + 1
    return columns * (int(bottom) - int(top) + 1)


def _add_sheet(builder: Builder, sheet: Worksheet) -> None:
    cells = _filled(sheet)
    builder.check_time()
    for block in _blocks(cells):
        _add_block(builder, sheet.title, block)


def _filled(sheet: Worksheet) -> list[RawCell]:
    """Every cell with content, merged ones with their spans; hidden rows and columns count as any other."""
    spans = {
        (area.min_row, area.min_col): (area.max_row - area.min_row + 1, area.max_col - area.min_col + 1)
        for area in sheet.merged_cells.ranges
    }
    cells = []
    for (row, column), cell in sorted(sheet._cells.items()):  # only the cells that exist
        text = one_line(shown(cell.value, cell.number_format)) if cell.value is not None else ""
        if text:
            cells.append(RawCell(row - 1, column - 1, text, *spans.get((row, column), (1, 1))))
    return cells


def _blocks(cells: Sequence[RawCell]) -> Iterator[list[RawCell]]:
    """Runs of rows without an empty row between them."""
    block: list[RawCell] = []
    bottom = 0
    for cell in cells:
        if block and cell.row > bottom:
            yield block
            block = []
        block.append(cell)
        bottom = max(bottom, cell.row + cell.row_span)
    if block:
        yield block


def _add_block(builder: Builder, sheet: str, block: Sequence[RawCell]) -> None:
    """A table with the lines above and below it that hold a single cell (its caption, unit and notes) as paragraphs."""
    lines: dict[int, list[RawCell]] = {}
    for cell in block:
        lines.setdefault(cell.row, []).append(cell)
    numbers = sorted(lines)
    wide = [number for number in numbers if len(lines[number]) > 1]
    if not wide or len({cell.column for cell in block}) < 2:
        for cell in block:
            builder.paragraph(cell.text)
        return
    for number in numbers:
        if number < wide[0]:
            builder.paragraph(lines[number][0].text)
    inside = [cell for cell in block if wide[0] <= cell.row <= wide[-1]]
    row, column = wide[0], min(cell.column for cell in inside)
    builder.table(
        [RawCell(c.row - row, c.column - column, c.text, c.row_span, c.column_span) for c in inside],
        sheet=sheet,
        first=(row, column),
    )
    for number in numbers:
        if number > wide[-1]:
            builder.paragraph(lines[number][0].text)
