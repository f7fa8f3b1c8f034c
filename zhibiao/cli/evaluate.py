"""`zhibiao evaluate`: score a model, or annotations already made, against gold."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.progress import track
from rich.table import Column, Table

from zhibiao import formats
from zhibiao.evaluate import (
    Annotation,
    Comparison,
    Evaluation,
    compare,
    from_document,
    page,
    pair,
    score,
)
from zhibiao.evaluate import errors as error_list
from zhibiao.evaluate.facts import gold_facts
from zhibiao.formats.files import write_text
from zhibiao.schema import AnnotatedDocument

#: The scores by which two models are compared.
COMPARED = ("spans", "spans:core", "links", "links:indicator", "status", "values", "facts")

_messages = Console(stderr=True, soft_wrap=True)


def register(app: typer.Typer) -> None:
    """Add the command to the command line's root."""
    app.command(name="evaluate")(evaluate_cli)


def evaluate_cli(
    annotations: Annotated[Path, typer.Argument(help="Gold: a file, or a folder of mark-up or brat files.")],
    *,
    model: Annotated[Path | None, typer.Option(help="A model folder; the released model where it is left out.")] = None,
    compare_with: Annotated[
        Path | None,
        typer.Option("--compare", help="A second model folder, the baseline that the first is compared with."),
    ] = None,
    predictions: Annotated[
        Path | None, typer.Option(help="Score these annotations of the same documents instead of running a model.")
    ] = None,
    source_format: Annotated[
        str | None, typer.Option("--from", help=f"One of {', '.join(formats.FORMATS)}; told from the path if left out.")
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write all figures here; - is standard output.")
    ] = None,
    html_file: Annotated[Path | None, typer.Option("--html", help="Write figures and errors as a page.")] = None,
    errors_file: Annotated[Path | None, typer.Option("--errors", help="Write every error here, as JSONL.")] = None,
) -> None:
    """Score a model against gold annotations: spans, links, status and whole values, with 95 % intervals."""
    documents = formats.read(annotations, source_format)
    evaluation = evaluate(documents, model, compare_with, predictions, str(annotations))
    if json_file is not None:
        _write(json.dumps(evaluation.as_json(), ensure_ascii=False, indent=1) + "\n", json_file)
    if html_file is not None:
        _write(page.render(evaluation), html_file)
    if errors_file is not None:
        _write(error_list.write(evaluation.mistakes), errors_file)
    if json_file != Path("-"):
        _show(evaluation)


def evaluate(
    documents: Sequence[AnnotatedDocument],
    model: Path | None = None,
    baseline: Path | None = None,
    predictions: Path | None = None,
    name: str = "",
) -> Evaluation:
    """The evaluation of a model, or of annotations in a file, on gold documents; compared with a baseline if given."""
    if predictions is not None:
        version, predicted, years = predictions.name, *_from_file(predictions, documents)
    else:
        version, predicted, years = _run(model, documents)
    gold = [
        replace(from_document(document), facts=gold_facts(document, year))
        for document, year in zip(documents, years, strict=True)
    ]
    about: dict[str, object] = {"model": version, "set": name}
    comparisons: tuple[Comparison, ...] = ()
    pairs = pair(gold, predicted)
    if baseline is not None:
        named, other, _ = _run(baseline, documents)
        about["baseline"] = named if named != version else f"{named} in {baseline}"
        first, second = score(pair(gold, other)), score(pairs)
        comparisons = tuple(compare(first, second, each) for each in COMPARED)
    return Evaluation(pairs, about, comparisons)


def _run(model: Path | None, documents: Sequence[AnnotatedDocument]) -> tuple[str, list[Annotation], list[int | None]]:
    """The model's version, what it says of each text, and the year that it found each to speak of."""
    # Loads what runs the model, which other commands do without.
    from zhibiao.evaluate.prediction import predict  # noqa: PLC0415
    from zhibiao.extractor import Extractor  # noqa: PLC0415

    extractor = Extractor.load(model)
    predicted: list[Annotation] = []
    years: list[int | None] = []
    for document in track(documents, description=extractor.version, console=_messages, transient=True):
        found, year = predict(extractor, document)
        predicted.append(found)
        years.append(year)
    return extractor.version, predicted, years


def _from_file(path: Path, documents: Sequence[AnnotatedDocument]) -> tuple[list[Annotation], list[int | None]]:
    """Annotations made before, their facts, and the year that the gold gives each text."""
    years = {document.id: document.meta.get("year") for document in documents}
    predicted = [
        replace(from_document(document), facts=gold_facts(document, years.get(document.id)))
        for document in formats.read(path)
    ]
    return predicted, list(years.values())


def _write(content: str, path: Path) -> None:
    if path == Path("-"):
        sys.stdout.write(content)
        return
    write_text(content, path)
    _messages.print(f"written: {path}", markup=False)


def _show(evaluation: Evaluation) -> None:
    console = Console()
    figures = evaluation.as_json()
    console.print(
        f"{figures['model']} on {figures['documents']} documents, {figures['characters']:,} characters", markup=False
    )
    console.print(_score_table(evaluation))
    calibration = ", ".join(f"{name} {found.ece:.3f}" for name, found in evaluation.calibration.items())
    console.print(f"macro F1 {evaluation.scores.macro_f1:.4f}, calibration error: {calibration}", markup=False)
    if evaluation.comparisons:
        console.print(_comparison_table(evaluation.comparisons, str(figures["baseline"])))


def _score_table(evaluation: Evaluation) -> Table:
    table = _table("score", "P", "R", "F1", "95 % interval", "gold", "predicted")
    for name in evaluation.scores.names:
        found, bounds = evaluation.scores[name], evaluation.intervals.get(name)
        between = f"{bounds.low:.3f}–{bounds.high:.3f}" if bounds else "–"
        figures = [f"{value:.4f}" for value in (found.precision, found.recall, found.f1)]
        table.add_row(name, *figures, between, str(found.gold), str(found.predicted))
    return table


def _comparison_table(comparisons: Sequence[Comparison], baseline: str) -> Table:
    table = _table("score", "before", "F1", "more", "95 % interval", "p boot.", "p rand.")
    table.title, table.title_justify = f"compared with {baseline}", "left"
    for one in comparisons:
        between = f"{one.low:+.3f}…{one.high:+.3f}"
        figures = [f"{one.first_f1:.4f}", f"{one.second_f1:.4f}", f"{one.difference:+.4f}", between]
        table.add_row(one.score, *figures, f"{one.p_bootstrap:.3f}", f"{one.p_randomization:.3f}")
    return table


def _table(first: str, *others: str) -> Table:
    """A table that fits a terminal of 80 columns: its cells are not broken."""
    columns = [Column(name, no_wrap=True, justify="right") for name in others]
    return Table(Column(first, no_wrap=True), *columns, box=box.SIMPLE, padding=(0, 1, 0, 0))
