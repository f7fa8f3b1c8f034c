"""`zhibiao`: the command line's root; each command lives in a module of its own."""

from __future__ import annotations

import sys

import typer

from zhibiao.cli.annotations import register as register_annotations
from zhibiao.cli.batch import register as register_batch
from zhibiao.cli.evaluate import register as register_evaluate
from zhibiao.cli.extract import register as register_extract
from zhibiao.cli.normalize import register as register_normalize
from zhibiao.cli.series import register as register_series
from zhibiao.errors import ZhibiaoError

app = typer.Typer(
    name="zhibiao",
    help="Read Chinese government and finance reports and return the facts they state.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
register_extract(app)
register_annotations(app)
register_evaluate(app)
register_normalize(app)
register_batch(app)
register_series(app)


def main() -> None:
    """Run the command line; an error of ours is a message on standard error and exit code 1."""
    try:
        app()
    except ZhibiaoError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(1) from None
