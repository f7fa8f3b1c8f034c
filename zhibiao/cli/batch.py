"""`zhibiao batch`: a corpus in, Parquet out."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhibiao.schema import AmountUnit
from zhibiao.tagger.engines import EngineName

if TYPE_CHECKING:
    from zhibiao.batch.runner import Progress

#: Seconds between two lines of progress where standard error is no terminal.
_PAUSE = 15.0


def register(app: typer.Typer) -> None:
    """Add the command to the command line's root."""
    app.command()(batch)


def batch(
    inputs: Annotated[
        list[str], typer.Argument(metavar="IN...", help="Folders, globs, documents, JSONL, Parquet; paths or URLs.")
    ],
    out: Annotated[str, typer.Argument(metavar="OUT", help="Folder to write; new, or that of the same run.")],
    workers: Annotated[int | None, typer.Option(min=1, help="Reports read at one time; all cores if left out.")] = None,
    address: Annotated[
        str | None, typer.Option(help="Ray cluster (host:port, or auto); this machine alone if left out.")
    ] = None,
    year: Annotated[
        int | None, typer.Option(help="Year that 全年, 上半年 … mean; found in each report if left out.")
    ] = None,
    amount_unit: Annotated[AmountUnit | None, typer.Option(help="Unit to show amounts in as well.")] = None,
    min_confidence: Annotated[float, typer.Option(min=0, max=1, help="Leave out what is less sure.")] = 0.0,
    model: Annotated[Path | None, typer.Option(help="Model folder; the released one if left out.")] = None,
    engine: Annotated[
        EngineName | None, typer.Option(help="What runs the model; the fastest that is installed if left out.")
    ] = None,
    text_field: Annotated[str, typer.Option(help="Field of JSONL and Parquet that holds the text.")] = "text",
    id_field: Annotated[str, typer.Option(help="Field of JSONL and Parquet that holds a record's name.")] = "id",
    timeout: Annotated[float, typer.Option(min=0.001, help="Seconds that one report may take.")] = 300.0,
    shard_documents: Annotated[int, typer.Option(min=1, help="Most reports of a shard.")] = 256,
    shard_kib: Annotated[int, typer.Option(min=1, help="Most KiB of a shard, as submitted.")] = 1024,
    retry: Annotated[bool, typer.Option("--retry", help="Try again what was set aside.")] = False,
    restart: Annotated[bool, typer.Option("--restart", help="Forget what an earlier run has made in OUT.")] = False,
) -> None:
    """Read a whole corpus into Parquet: a row a fact, partitioned by year and source.

    A run that was killed is gone on with by the same command. What cannot be read is set aside in failures.jsonl, the
    others are done all the same, and the exit code is 1.
    """
    from zhibiao.batch import Options, run  # noqa: PLC0415 (slow to import)

    options = Options(
        model=model,
        engine=engine,
        year=year,
        amount_unit=amount_unit,
        min_confidence=min_confidence,
        text=text_field,
        id=id_field,
        shard_bytes=shard_kib * 1024,
        shard_documents=shard_documents,
    )
    summary = run(
        inputs,
        out,
        options,
        workers=workers,
        address=address,
        timeout=timeout,
        restart=restart,
        retry=retry,
        told=_Teller(),
    )
    counts = summary.manifest["counts"]
    sys.stderr.write(
        f"{counts['reports']:,} reports, {counts['facts']:,} facts; {summary.done_now:,} reports read now, in "
        f"{summary.seconds:.0f} s; {counts['failures']:,} set aside\n"
    )
    if summary.failures:
        sys.stderr.write(f"What was set aside, and why: {out.rstrip('/')}/failures.jsonl\n")
        raise typer.Exit(1)


class _Teller:
    """Tells progress on standard error: on one line of a terminal, else now and then."""

    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._last = -_PAUSE

    def __call__(self, progress: Progress) -> None:
        """The run begins, or a shard is done."""
        is_last = progress.done == progress.reports
        if not self._is_terminal and not is_last and time.monotonic() - self._last < _PAUSE:
            return
        self._last = time.monotonic()
        line = f"{progress.done:,} of {progress.reports:,} reports"
        if progress.done_now:
            pace = progress.done_now / progress.seconds
            left = _duration((progress.reports - progress.done) / pace)
            line += f", {pace:.1f}/s, {progress.failures:,} set aside, {left} left"
        sys.stderr.write(f"\r\033[K{line}" if self._is_terminal else f"{line}\n")
        if self._is_terminal and is_last:
            sys.stderr.write("\n")
        sys.stderr.flush()


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
