"""`zhibiao extract`: documents in, facts out."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, BinaryIO, TextIO

import typer
from rich.console import Console

from zhibiao import outputs
from zhibiao.documents import read, read_file
from zhibiao.errors import ZhibiaoError
from zhibiao.extractor import Extractor
from zhibiao.schema import AmountUnit, Report

#: The name that stands for standard input.
STANDARD_INPUT = "-"


class Format(StrEnum):
    """The forms that facts are written in."""

    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"
    TABLE = "table"


def register(app: typer.Typer) -> None:
    """Add the command to the command line's root."""
    app.command()(extract)


def extract(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Documents; - reads text from standard input.")],
    form: Annotated[Format, typer.Option("--format", "-f", help="Form of the facts.")] = Format.TABLE,
    year: Annotated[
        int | None, typer.Option(help="Year that 全年, 上半年 … mean; found in the text if left out.")
    ] = None,
    amount_unit: Annotated[AmountUnit | None, typer.Option(help="Unit to show amounts in as well.")] = None,
    min_confidence: Annotated[float, typer.Option(min=0, max=1, help="Leave out what is less sure.")] = 0.0,
    model: Annotated[Path | None, typer.Option(help="Model folder; the released one if left out.")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; standard output if left out.")
    ] = None,
    language: Annotated[outputs.Language, typer.Option(help="Language of heads and codes in tables.")] = "zh",
) -> None:
    """Read documents and print the facts that they state.

    Documents are .txt (any Chinese encoding), .md, .html, .docx, .xlsx and .pdf. One that cannot be read is named on
    standard error, the others are done all the same, and the exit code is 1.
    """
    extractor = Extractor.load(model)
    reports: list[tuple[str, Report]] = []
    failed = False
    for name in files:
        try:
            document = read(sys.stdin.buffer.read()) if name == STANDARD_INPUT else read_file(name)
        except (ZhibiaoError, OSError) as error:
            sys.stderr.write(f"{name}: {error}\n")
            failed = True
            continue
        report = extractor.extract_document(
            document, reference_year=year, amount_unit=amount_unit, min_confidence=min_confidence
        )
        reports.append((Path(name).name, report))
        sys.stderr.writelines(f"{name}: {notice.message}\n" for notice in report.warnings)
    if reports:
        _write(reports, form, output, language)
    if failed:
        raise typer.Exit(1)


def _write(
    reports: Sequence[tuple[str, Report]], form: Format, output: Path | None, language: outputs.Language
) -> None:
    rows = [row for name, report in reports for row in outputs.rows(report, file=name)]
    if form in (Format.XLSX, Format.PARQUET):
        write = outputs.write_xlsx if form is Format.XLSX else outputs.write_parquet
        with _binary(output) as stream:
            write(rows, stream)
        return
    with _text(output) as stream:
        match form:
            case Format.JSON:
                outputs.write_json([report for _, report in reports], stream)
            case Format.JSONL:
                outputs.write_jsonl(reports, stream)
            case Format.CSV:
                outputs.write_csv(rows, stream, language=language, has_mark=output is not None)
            case _:
                console = Console(file=stream)
                console.print(outputs.table(rows, language=language, width=console.width))


@contextmanager
def _binary(output: Path | None) -> Iterator[BinaryIO]:
    """The file to write, or standard output where that is no terminal."""
    if output is not None:
        with output.open("wb") as stream:
            yield stream
    elif sys.stdout.isatty():
        raise typer.BadParameter("this form is not text; name a file with --output, or redirect standard output")
    else:
        yield sys.stdout.buffer


@contextmanager
def _text(output: Path | None) -> Iterator[TextIO]:
    if output is not None:
        with output.open("w", encoding="utf-8", newline="") as stream:
            yield stream
    else:
        yield sys.stdout
