"""`zhibiao annotations`: convert, check and compare annotated documents; the rest of the loop is in `annotate`."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from zhibiao import formats
from zhibiao.annotate import decisions, numbered, page
from zhibiao.cli import annotate
from zhibiao.errors import AnnotationError
from zhibiao.evaluate import Counts, agreement, from_document, pair
from zhibiao.formats.check import check as run_checks
from zhibiao.formats.check import check_apart
from zhibiao.formats.files import write_text
from zhibiao.schema import AnnotatedDocument

_FORMATS = ", ".join(formats.FORMATS)
_console, _output = Console(stderr=True, soft_wrap=True), Console(soft_wrap=True, highlight=False)

commands = typer.Typer(name="annotations", help="Convert, check and compare annotated documents.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands to the command line's root."""
    annotate.register(commands)
    app.add_typer(commands)


@commands.command()
def convert(
    source: Annotated[Path, typer.Argument(metavar="IN", help="A file, or a folder of mark-up or brat files.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="A file, or a folder for one file a document.")],
    source_format: Annotated[
        str | None, typer.Option("--from", help=f"One of {_FORMATS}; told from IN where it is left out.")
    ] = None,
    target_format: Annotated[str, typer.Option("--to", help=f"One of {_FORMATS}.")] = "zhibiao",
) -> None:
    """Convert annotated documents; what the format of OUT cannot hold is said first, on standard error."""
    documents = formats.read(source, source_format)
    for document in documents:
        for loss in formats.losses(document, target_format):
            _console.print(f"{document.id}: lost in {target_format}: {loss}", markup=False, style="yellow")
    formats.write(documents, target, target_format)
    _console.print(f"{len(documents)} documents written to {target}", markup=False)


@commands.command()
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files, or folders of mark-up or brat files.")],
    *,
    held_out: Annotated[Path | None, typer.Option(help="A held-out set that FILE must share nothing with.")] = None,
    source_format: Annotated[
        str | None, typer.Option("--from", help=f"One of {_FORMATS}; told from FILE where it is left out.")
    ] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write every finding here, as JSONL.")] = None,
    has_doubts: Annotated[
        bool, typer.Option("--doubts/--no-doubts", help="Show what may be right but is worth another look.")
    ] = True,
) -> None:
    """Find what breaks the format or the guideline; the exit code is 1 where something does."""
    faults: list[str] = []
    documents = [document for file in files for document in _read_or_note(file, source_format, faults)]
    found = run_checks(documents)
    if held_out is not None:
        found += check_apart(documents, _read_or_note(held_out, None, faults))
    found = [one for one in found if has_doubts or one.severity == "fault"]
    for fault in faults:
        _output.print(f"format: {fault}", markup=False)
    for one in found:
        place = f"{one.document}, line {one.line} [{one.start}:{one.end}]"
        _output.print(f"{one.severity} {one.rule}: {place}: {one.shown}: {one.message}; {one.remedy}", markup=False)
    if json_file is not None:
        write_text("".join(json.dumps(one.as_json(), ensure_ascii=False) + "\n" for one in found), json_file)
    counts = Counter(one.severity for one in found)
    told = (
        f"{len(documents)} documents: {len(faults)} format faults, {counts['fault']} faults, {counts['doubt']} doubts"
    )
    _console.print(told, markup=False)
    if faults or counts["fault"]:
        raise typer.Exit(1)


def _read_or_note(path: Path, source_format: str | None, faults: list[str]) -> list[AnnotatedDocument]:
    """The documents of a file, or none and its faults noted."""
    try:
        return formats.read(path, source_format)
    except AnnotationError as error:
        faults += error.faults
        return []


@commands.command()
def agree(
    first: Annotated[Path, typer.Argument(help="The first annotator's file or folder.")],
    second: Annotated[Path, typer.Argument(help="The second annotator's, of the same documents.")],
    *,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write all figures here.")] = None,
    disagreements_file: Annotated[
        Path | None,
        typer.Option(
            "--disagreements", help="Write every place where the two differ here, to decide: .jsonl, .xlsx or .csv."
        ),
    ] = None,
    html_file: Annotated[
        Path | None, typer.Option("--html", help="Write them as a page, side by side, to decide and save.")
    ] = None,
) -> None:
    """How far two annotators agree: spans, characters, links and status."""
    sides = [[from_document(document) for document in formats.read(path)] for path in (first, second)]
    pairs = pair(*sides)
    found = agreement.agree(pairs)
    table = Table("agreement", "", "first", "second")
    for name in found.scores.names:
        table.add_row(f"F1 {name}", f"{found.scores[name].f1:.4f}", *map(str, _sizes(found.scores[name])))
    table.add_row("F1 links between agreed spans", f"{found.links_between_agreed.f1:.4f}")
    table.add_row("kappa by character", f"{found.kappa:.4f}")
    table.add_row("kappa by character marked by either", f"{found.kappa_of_marked:.4f}")
    table.add_row("kappa of the status of values that both have", f"{found.status_kappa:.4f}")
    _output.print(table)
    if json_file is not None:
        write_text(json.dumps(found.as_json(), ensure_ascii=False, indent=1) + "\n", json_file)
    if disagreements_file is not None:
        decisions.write(list(numbered(pairs)), disagreements_file)
    if html_file is not None:
        write_text(page.render_disagreements(list(numbered(pairs)), first.name, second.name), html_file)


def _sizes(found: Counts) -> tuple[int, int]:
    return found.gold, found.predicted
