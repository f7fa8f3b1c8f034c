"""Reports as JSON and JSONL, rows as JSONL and CSV."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TextIO

from zhibiao.outputs.rows import COLUMNS, Language, Row, Value, head, word
from zhibiao.schema import Report, plain

#: A spreadsheet runs a text that begins so as a formula (CSV injection); a signed number is harmless.
_FORMULA = re.compile(r"[=+\-@\t\r\n]")
_SIGNED_NUMBER = re.compile(r"[+-][\d,.]+[%％‰]?")


def write_json(reports: Iterable[Report], stream: TextIO) -> None:
    """One report as an object; several as an array."""
    dumped = [report.model_dump() for report in reports]
    json.dump(dumped[0] if len(dumped) == 1 else dumped, stream, ensure_ascii=False, indent=1)
    stream.write("\n")


def write_jsonl(reports: Iterable[tuple[str | None, Report]], stream: TextIO) -> None:
    """A report a line, each with the name of its file (`file`) where there is one."""
    for file, report in reports:
        dumped = report.model_dump()
        stream.write(json.dumps({"file": file, **dumped} if file else dumped, ensure_ascii=False) + "\n")


def write_rows_jsonl(rows: Iterable[Row], stream: TextIO) -> None:
    """A fact a line, flat; numbers as strings in plain notation, as everywhere in the JSON."""
    for row in rows:
        stream.write(json.dumps({key: _jsonable(value) for key, value in row.items()}, ensure_ascii=False) + "\n")


def write_csv(rows: Iterable[Row], stream: TextIO, *, language: Language = "zh", has_mark: bool = True) -> None:
    """Rows as CSV (RFC 4180). Open the stream with `newline=""`.

    Args:
        rows: flat rows.
        stream: where to; in UTF-8.
        language: of the heads and codes.
        has_mark: begin with a byte order mark, without which Excel takes UTF-8 for the system's encoding.
    """
    if has_mark:
        stream.write("\ufeff")
    writer = csv.writer(stream)
    writer.writerow([head(column, language) for column in COLUMNS])
    for row in rows:
        writer.writerow([csv_cell(word(column.key, row[column.key], language)) for column in COLUMNS])


def csv_cell(value: Value) -> str:
    """A value as CSV has it; a text that a spreadsheet would run as a formula is quoted by an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if _FORMULA.match(value) and not _SIGNED_NUMBER.fullmatch(value) else value
    return str(_jsonable(value)).lower() if isinstance(value, bool) else str(_jsonable(value))


def _jsonable(value: Value) -> str | bool | int | float | None:
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else value
