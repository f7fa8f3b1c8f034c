"""The planted tables made into every format state the same facts as in plain text."""

import html
import re

import docx
import pytest
from made_documents import Rows, pdf_with_table, saved, xlsx_of
from table_cases import described, planted_tables

from zhibiao.documents import Document, read
from zhibiao.documents.tables import read_tables

_ADDRESS = re.compile(r"\b[A-Z]\d+\b")


def _parts(document: Document) -> tuple[str, Rows]:
    """The lines above the table, and its rows with every cell."""
    [table] = document.tables
    rows = [[""] * table.columns for _ in range(table.rows)]
    for cell in table.cells:
        rows[cell.row][cell.column] = cell.text
    return document.text[: table.start].strip(), rows


def _docx(caption: str, rows: Rows) -> bytes:
    document = docx.Document()
    for line in caption.splitlines():
        document.add_paragraph(line)
    table = document.add_table(len(rows), len(rows[0]))
    for line, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(line.cells, cells, strict=True):
            cell.text = text
    return saved(document)


def _html(caption: str, rows: Rows) -> bytes:
    lines = "".join(f"<p>{html.escape(line)}</p>" for line in caption.splitlines())
    cells = ("".join(f"<td>{html.escape(text)}</td>" for text in row) for row in rows)
    return f"<html><body>{lines}<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table></body></html>".encode()


def _xlsx(caption: str, rows: Rows) -> bytes:
    return xlsx_of([[line] for line in caption.splitlines()] + [[text or None for text in row] for row in rows])


def _pdf(caption: str, rows: Rows) -> bytes:
    return pdf_with_table("<br/>".join(html.escape(line) for line in caption.splitlines()), rows, "")


MAKERS = {"docx": _docx, "html": _html, "xlsx": _xlsx, "pdf": _pdf}
#: Tables in plain text whose grid is whole; the others are about grids that are not.
TABLES = [
    table
    for table in planted_tables()
    if table.expected and not table.name.endswith("html") and not any(line.startswith("! ") for line in table.expected)
]


@pytest.mark.parametrize("table", TABLES, ids=[table.name for table in TABLES])
@pytest.mark.parametrize("kind", MAKERS)
def test_the_same_facts(kind, table):
    caption, rows = _parts(read(table.source.encode(), "a.txt"))
    made = read(MAKERS[kind](caption, rows))
    found = [_ADDRESS.sub("", line) for line in described(read_tables(made))]
    assert found == [_ADDRESS.sub("", line) for line in table.expected]
