"""The forms that facts come back in."""

from __future__ import annotations

import io
from collections.abc import Sequence
from enum import StrEnum
from pathlib import PurePath
from urllib.parse import quote

from zhibiao import outputs


class FileFormat(StrEnum):
    """JSON, or a table of the facts."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"


#: The media type of each form.
MEDIA_TYPES = {
    FileFormat.JSON: "application/json",
    FileFormat.CSV: "text/csv; charset=utf-8",
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def table_of(rows: Sequence[outputs.Row], form: FileFormat, language: outputs.Language) -> bytes:
    """Rows as a CSV or Excel file."""
    if form is FileFormat.CSV:
        lines = io.StringIO(newline="")
        outputs.write_csv(rows, lines, language=language)
        return lines.getvalue().encode()
    workbook = io.BytesIO()
    outputs.write_xlsx(rows, workbook, language=language)
    return workbook.getvalue()


def attachment(name: str, form: FileFormat) -> str:
    """The Content-Disposition of a download that is named after a document (RFC 6266)."""
    stem = PurePath(name.replace("\\", "/")).stem or "facts"
    encoded = quote(f"{stem}.{form}", safe="", errors="replace")
    return f"attachment; filename=\"facts.{form}\"; filename*=UTF-8''{encoded}"
