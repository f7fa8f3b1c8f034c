"""`zhibiao annotations`: convert and check annotated documents."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from zhibiao import formats

_FORMATS = ", ".join(formats.FORMATS)
_console = Console(stderr=True, soft_wrap=True)

commands = typer.Typer(name="annotations", help="Convert, check and compare annotated documents.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands to the command line's root."""
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
