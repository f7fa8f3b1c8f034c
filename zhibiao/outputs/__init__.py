"""Reports -> rows, JSON, JSONL, CSV, Excel, Parquet, and a table for the terminal."""

from zhibiao.outputs.flat import write_csv, write_json, write_jsonl, write_rows_jsonl
from zhibiao.outputs.parquet import write_parquet
from zhibiao.outputs.rows import COLUMNS, Language, Row, rows
from zhibiao.outputs.terminal import table
from zhibiao.outputs.xlsx import write_xlsx

__all__ = [
    "COLUMNS",
    "Language",
    "Row",
    "rows",
    "table",
    "write_csv",
    "write_json",
    "write_jsonl",
    "write_parquet",
    "write_rows_jsonl",
    "write_xlsx",
]
