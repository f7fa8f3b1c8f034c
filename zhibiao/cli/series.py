"""`zhibiao series`: the facts of many reports as series."""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from zhibiao.errors import SeriesError
from zhibiao.outputs import Language
from zhibiao.schema import AmountUnit
from zhibiao.series import Series, write_csv, write_parquet, write_sdmx, write_workbook
from zhibiao.series.words import word


class SeriesFormat(StrEnum):
    """The forms that series are written in."""

    XLSX = "xlsx"
    PARQUET = "parquet"
    CSV = "csv"
    SDMX = "sdmx"


def register(app: typer.Typer) -> None:
    """Add the command to the command line's root."""
    app.command(name="series")(series_cli)


def series_cli(
    folder: Annotated[Path, typer.Argument(metavar="IN", help="A folder that `zhibiao batch` has written.")],
    output: Annotated[Path, typer.Argument(metavar="OUT", help="Folder for the series; made where it is missing.")],
    *,
    forms: Annotated[
        list[SeriesFormat] | None,
        typer.Option("--format", "-f", help="Form to write, may be given several times; all if left out."),
    ] = None,
    amount_unit: Annotated[AmountUnit, typer.Option(help="Unit of amounts in the workbook.")] = "元",
    language: Annotated[Language, typer.Option(help="Language of heads, codes and sentences.")] = "zh",
    memory: Annotated[str, typer.Option(help="What DuckDB may keep in memory; the rest goes to the disk.")] = "1GB",
    scratch: Annotated[Path | None, typer.Option(help="Folder for temporary files; the system's if left out.")] = None,
) -> None:
    """Join the facts of many reports to series, and say what does not fit between them.

    One row a subject, indicator, period and status, with every sentence that states it and which is preferred and why;
    conflicts, revisions, growth that does not fit, targets and what came of them, gaps.
    """
    if output.exists() and not output.is_dir():
        raise SeriesError(f"{output} is a file: name a folder for the series.")
    with Series.from_folder(folder, memory=memory, scratch=scratch) as series:
        output.mkdir(parents=True, exist_ok=True)
        writers: dict[SeriesFormat, Callable[[], object]] = {
            SeriesFormat.XLSX: lambda: write_workbook(
                series, output / "series.xlsx", language=language, amount_unit=amount_unit
            ),
            SeriesFormat.PARQUET: lambda: write_parquet(series, output),
            SeriesFormat.CSV: lambda: write_csv(series, output, language=language),
            SeriesFormat.SDMX: lambda: write_sdmx(series, output),
        }
        for form in forms or SeriesFormat:
            writers[form]()
        sys.stdout.write(_summary(series, language))


def _summary(series: Series, language: Language) -> str:
    counts = [(key, series.count(key)) for key in ("statements", "cells")]
    found = [
        (kind, number)
        for batch in series.batches("SELECT kind, count(*) FROM found GROUP BY kind ORDER BY kind")
        for kind, number in (row.values() for row in batch.to_pylist())
    ]
    lines = [f"{words[language == 'en']}\t{number}" for (_, number), words in zip(counts, _COUNTED, strict=True)]
    return "\n".join(lines + [f"{word('kind', kind, language)}\t{number}" for kind, number in found]) + "\n"


_COUNTED = (("表述", "statements"), ("格", "cells"))
