"""Series as Parquet and CSV, streamed."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from zhibiao.outputs.extras import need
from zhibiao.outputs.flat import csv_cell
from zhibiao.outputs.rows import Language
from zhibiao.series.engine import Series, sql
from zhibiao.series.words import head, say, word

#: What is written: the name of the file -> the query that gives it.
TABLES = ("series", "statements", "findings")


def write_parquet(series: Series, folder: Path) -> list[Path]:
    """`series.parquet` (one row a cell, its statements as a list), `statements.parquet`, `findings.parquet`."""
    parquet = need("pyarrow.parquet", "series", "Writing Parquet")
    written = []
    for name in TABLES:
        path = folder / f"{name}.parquet"
        reader = series.batches(sql(name))
        with parquet.ParquetWriter(path, reader.schema) as writer:
            for batch in reader:
                writer.write_batch(batch)
        written.append(path)
    return written


def write_csv(series: Series, folder: Path, *, language: Language = "zh") -> list[Path]:
    """`series.csv` (a row a cell, with its preferred source), `statements.csv`, `findings.csv`, as Excel opens them."""
    written = []
    for name in TABLES:
        keys, rows = named_rows(series, name, language)
        path = folder / f"{name}.csv"
        _write(path, [head(key, language) for key in keys], rows, encoding="utf-8-sig")
        written.append(path)
    return written


def write_sdmx(series: Series, folder: Path) -> list[Path]:
    """`sdmx.csv`: the cells in long form, by the names of SDMX."""
    reader = series.batches(sql("sdmx"))
    rows = (row for batch in reader for row in batch.to_pylist())
    _write(folder / "sdmx.csv", reader.schema.names, rows, encoding="utf-8")
    return [folder / "sdmx.csv"]


def named_rows(series: Series, name: str, language: Language) -> tuple[list[str], Iterator[dict[str, Any]]]:
    """The keys and rows of one of `TABLES`, codes in words; findings have a sentence (`said`), cells not their list."""
    reader = series.batches(sql(name))
    own = ["said"] if name == "findings" else []
    keys = own + [key for key in reader.schema.names if key != "sources"]

    def rows() -> Iterator[dict[str, Any]]:
        for batch in reader:
            for row in batch.to_pylist():
                told = row | {"said": say(row, language)} if own else row
                yield {key: word(key, told[key], language) for key in keys}

    return keys, rows()


def _write(path: Path, heads: Sequence[str], rows: Iterable[dict[str, Any]], *, encoding: str) -> None:
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(heads)
        writer.writerows([csv_cell(value) for value in row.values()] for row in rows)
