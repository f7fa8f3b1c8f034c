"""Disagreements as a file to decide in, and the decisions read from it: JSONL, a spreadsheet, or CSV."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from zhibiao.annotate.settling import DECISIONS
from zhibiao.errors import AnnotationError
from zhibiao.formats.files import read_text, write_text
from zhibiao.outputs.extras import need

_COLUMNS = ("id", "document", "kind", "before", "text", "after", "first", "second", "decision")


def write(records: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Write the records of `settling.numbered`, by the file's name: .xlsx, .csv, else JSONL."""
    if path.suffix == ".xlsx":
        _write_sheet(records, path)
    elif path.suffix == ".csv":
        stream = io.StringIO(newline="")
        csv.writer(stream).writerows([_COLUMNS, *map(_row, records)])
        write_text("\ufeff" + stream.getvalue(), path)
    else:
        write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records), path)


def read(path: Path) -> dict[str, str]:
    """What was decided, by the disagreement's id; one whose decision is left empty is left out.

    Raises AnnotationError with every record that has no id or a decision of no known kind.
    """
    decisions: dict[str, str] = {}
    faults: list[str] = []
    for place, record in _records(path):
        name, decision = record.get("id"), str(record.get("decision") or "").strip().lower()
        if not name:
            faults.append(f"{path}, {place}: it has no id; keep the column `id` as it was written")
        elif decision and decision not in DECISIONS:
            faults.append(f"{path}, {place}: {decision!r} is no decision; write one of {', '.join(DECISIONS)}")
        elif decision:
            decisions[str(name)] = decision
    if faults:
        raise AnnotationError(faults)
    return decisions


def _records(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if not path.is_file():
        raise AnnotationError([f"{path}: there is no such file; `zhibiao annotations agree --disagreements` writes it"])
    if path.suffix == ".xlsx":
        head, *rows = _sheet_rows(path) or [()]
        yield from ((f"row {n}", dict(zip(head, row, strict=False))) for n, row in enumerate(rows, 2))
    elif path.suffix == ".csv":
        lines = csv.DictReader(io.StringIO(read_text(path).removeprefix("\ufeff"), newline=""))
        yield from ((f"line {lines.line_num}", row) for row in lines)
    else:
        yield from _json_records(path)


def _sheet_rows(path: Path) -> list[tuple[Any, ...]]:
    openpyxl = need("openpyxl", "documents", "reading .xlsx")
    try:
        book = openpyxl.load_workbook(path, read_only=True)
    except (zipfile.BadZipFile, KeyError) as error:
        raise AnnotationError([f"{path}: {error}; it is no .xlsx; save it as one, or as .csv"]) from None
    with contextlib.closing(book):
        return [*book.active.iter_rows(values_only=True)]


def _json_records(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as error:
            raise AnnotationError([f"{path}, line {number}: {error}; each line is one JSON object"]) from None
        yield f"line {number}", record if isinstance(record, dict) else {}


def _write_sheet(records: Iterable[Mapping[str, Any]], path: Path) -> None:
    openpyxl = need("openpyxl", "documents", "writing .xlsx")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "disagreements"
    sheet.append(_COLUMNS)
    for one in records:
        sheet.append([_printable(cell) for cell in _row(one)])
        for cell in sheet[sheet.max_row]:
            cell.data_type = "s"  # what a report says is no formula
    choice = openpyxl.worksheet.datavalidation.DataValidation(type="list", formula1=f'"{",".join(DECISIONS)}"')
    sheet.add_data_validation(choice)
    choice.add(f"I2:I{max(2, sheet.max_row)}")
    sheet.freeze_panes = "A2"
    for column, width in zip("ABCDEFGHI", (18, 14, 14, 30, 30, 30, 36, 36, 12), strict=True):
        sheet.column_dimensions[column].width = width
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def _row(record: Mapping[str, Any]) -> list[str]:
    shown = dict(record) | {side: said(record[side]) for side in ("first", "second")}
    return [str(shown[column] or "") for column in _COLUMNS]


def said(side: Mapping[str, Any] | None) -> str:
    """What one annotator says, in words."""
    if side is None:
        return ""
    if "value" in side:
        return f"{side['value']['text']} → {side['type']} {side['target']['text']}"
    return f"{side['text']}: {side.get('label') or side.get('status')}"


def _printable(cell: str) -> str:
    """A cell's characters but for the control characters that a spreadsheet cannot hold."""
    return "".join(character for character in cell if character >= " " or character in "\t\n")
