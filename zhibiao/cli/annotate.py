"""`zhibiao annotations suggest | doubt | adjudicate | label-config`: what to annotate, mend and settle."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.progress import track
from rich.table import Column, Table

from zhibiao import formats
from zhibiao.annotate import (
    Committee,
    Doubt,
    Draft,
    Suggestion,
    Unlabelled,
    candidates,
    decisions,
    draft,
    page,
    read_reports,
    settle,
)
from zhibiao.annotate import doubts as find_doubts
from zhibiao.annotate import suggest as choose
from zhibiao.annotate.settling import DECISIONS
from zhibiao.annotate.suggest import Unit
from zhibiao.errors import AnnotationError
from zhibiao.extractor import Extractor
from zhibiao.formats import labelstudio
from zhibiao.formats.files import write_text
from zhibiao.schema import AnnotatedDocument
from zhibiao.tagger import Tagger

_FORMATS = ", ".join(formats.FORMATS)
#: How many characters of a text, or on either side of a place, a table shows.
_SHOWN, _AROUND = 40, 12

_messages, _output = Console(stderr=True, soft_wrap=True), Console(highlight=False)

Gold = Annotated[list[Path] | None, typer.Option(help="What is annotated already; may be named several times.")]


def register(commands: typer.Typer) -> None:
    """Add the commands to `zhibiao annotations`."""
    for command in (suggest, doubt, adjudicate):
        commands.command()(command)
    commands.command(name="label-config")(label_config)


def suggest(
    reports: Annotated[
        list[Path],
        typer.Argument(metavar="REPORTS...", help="Documents, folders of them, or .jsonl (.xz, .gz, .bz2) of texts."),
    ],
    *,
    gold: Gold = None,
    model: Annotated[Path | None, typer.Option(help="Model folder; the released one if left out.")] = None,
    by: Annotated[Unit, typer.Option(help="What is annotated at a time.")] = "report",
    limit: Annotated[int, typer.Option(min=0, help="How many to suggest; 0 puts all in order.")] = 20,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write them here, with what the model reads in them.")
    ] = None,
    target_format: Annotated[
        str, typer.Option("--to", help=f"Format of the output: {_FORMATS}. labelstudio gets predictions.")
    ] = "zhibiao",
) -> None:
    """Rank unlabelled reports or sentences by what a model would learn from each character of them."""
    tagger = Tagger.load(model)
    known = [document for path in gold or () for document in formats.read(path)]
    read = track(read_reports(reports), description="reading", total=None, console=_messages, transient=True)
    chosen = choose(candidates(tagger, read, by=by), gold=known, limit=limit or None)
    if output is not None:
        extractor = Extractor(tagger)
        _write_drafts([_draft(extractor, one) for one in chosen], output, target_format)
    _output.print(_suggestions(chosen))


def _draft(extractor: Extractor, one: Suggestion) -> Draft:
    meta = {
        "suggested": {
            "rank": one.rank,
            "score": round(one.score, 2),
            "expected_errors": round(one.expected_errors, 2),
            "new_indicators": list(one.new_indicators),
        },
        "report": one.unit.report,
        "report_start": one.unit.start,
        "model": extractor.version,
    }
    return draft(extractor, one.unit.id, one.unit.text, meta=meta)


def _write_drafts(drafts: Sequence[Draft], path: Path, target_format: str) -> None:
    if target_format == "labelstudio":
        write_text(labelstudio.write_predictions((one.document, one.model, one.confidences) for one in drafts), path)
    else:
        formats.write([one.document for one in drafts], path, target_format)
    _messages.print(f"{len(drafts)} texts written to {path}", markup=False)


def _suggestions(chosen: Sequence[Suggestion]) -> Table:
    table = _table("#", "id", "score", "errors", "new", "like", "chars", "text")
    for one in chosen:
        table.add_row(
            str(one.rank), one.unit.id, f"{one.score:.1f}", f"{one.expected_errors:.1f}", str(len(one.new_indicators)),
            f"{one.similarity:.2f}", f"{len(one.unit.text):,}", _cut(one.unit),
        )  # fmt: skip
    return table


def _cut(unit: Unlabelled) -> str:
    line = " ".join(unit.text[: 2 * _SHOWN].split())
    return line[:_SHOWN] + "…" * (len(unit.text) > _SHOWN)


def doubt(
    files: Annotated[list[Path], typer.Argument(metavar="GOLD...", help="Annotated files or folders.")],
    *,
    folds: Annotated[
        Path | None, typer.Option(help="The folder of a cross-validation: each text is judged by who has not seen it.")
    ] = None,
    model: Annotated[
        list[Path] | None, typer.Option(help="A model folder; may be named several times, and then they vote.")
    ] = None,
    min_confidence: Annotated[float, typer.Option(min=0, max=1, help="Leave out what is less sure.")] = 0.5,
    limit: Annotated[int, typer.Option(min=0, help="How many rows the table shows; 0 shows all.")] = 50,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write every doubt here, as JSONL.")] = None,
    html_file: Annotated[Path | None, typer.Option("--html", help="Write them as a page.")] = None,
) -> None:
    """List what in the gold is contradicted by models that have not seen it, the surest contradiction first."""
    if (folds is None) == (not model):
        raise typer.BadParameter("name either --folds FOLDER or --model FOLDER")
    committee = Committee.of_folds(folds) if folds is not None else Committee.load(model or ())
    documents = [document for file in files for document in formats.read(file)]
    _tell_partial(documents, committee)
    read = track(documents, description="reading", console=_messages, transient=True)
    found = find_doubts(read, committee, min_confidence=min_confidence)
    if json_file is not None:
        write_text("".join(json.dumps(one.as_json(), ensure_ascii=False) + "\n" for one in found), json_file)
    if html_file is not None:
        models = ", ".join(committee.versions)
        write_text(
            page.render_doubts([one.as_json() for one in found], ", ".join(file.name for file in files), models),
            html_file,
        )
    _output.print(_doubts(found[: limit or None]))
    _messages.print(f"{len(found)} doubts in {len(documents)} documents", markup=False)


def _tell_partial(documents: Sequence[AnnotatedDocument], committee: Committee) -> None:
    known = [document.id for document in documents if not committee.is_impartial(document)]
    if known and len(known) == len(documents):
        raise AnnotationError(
            ["every model was trained on all of these documents; cross-validate (python -m training.folds)"]
        )
    if known:
        _messages.print(f"left out, as every model was trained on them: {', '.join(known)}", markup=False)


def _doubts(found: Sequence[Doubt]) -> Table:
    table = _table("sure", "kind", "document", "place", "gold", "model", "words")
    for one in found:
        record, mistake = one.as_json(), one.mistake
        before, after = mistake.before[-_AROUND:], mistake.after[:_AROUND]
        words = mistake.text if len(mistake.text) <= _SHOWN else f"{mistake.text[:18]} … {mistake.text[-18:]}"
        table.add_row(
            f"{one.confidence:.3f}", one.kind, mistake.document, f"{mistake.start}:{mistake.end}",
            decisions.said(record["gold"]) or "–", decisions.said(record["model"]) or "–",
            " ".join(f"{before}⟦{words}⟧{after}".split()),
        )  # fmt: skip
    return table


def adjudicate(
    first: Annotated[Path, typer.Argument(help="The first annotator's file or folder.")],
    second: Annotated[Path, typer.Argument(help="The second annotator's, of the same documents.")],
    decided: Annotated[Path, typer.Argument(metavar="DECISIONS", help="What `agree` wrote, its decisions filled in.")],
    output: Annotated[Path, typer.Argument(metavar="OUT", help="The gold.")],
    *,
    undecided: Annotated[
        str | None, typer.Option(help="first, second or none: taken for what is not decided, which is a fault else.")
    ] = None,
    target_format: Annotated[str, typer.Option("--to", help=f"Format of the gold: {_FORMATS}.")] = "zhibiao",
) -> None:
    """Settle two annotations into one gold, by what was decided where they differ."""
    if undecided is not None and undecided not in DECISIONS:
        raise typer.BadParameter(f"--undecided takes one of {', '.join(DECISIONS)}")
    gold = settle(formats.read(first), formats.read(second), decisions.read(decided), undecided=undecided)
    formats.write(gold, output, target_format)
    _messages.print(f"{len(gold)} documents written to {output}", markup=False)


def label_config(
    model: Annotated[Path | None, typer.Option(help="Model folder; the released one if left out.")] = None,
    label: Annotated[
        list[str] | None, typer.Option(help="A label beside the model's; may be named several times.")
    ] = None,
) -> None:
    """Print the Label Studio labelling configuration of a model's labels, to paste into a project's settings."""
    labels = [*Extractor.load(model).labels, *(label or ())]
    print(labelstudio.label_config(list(dict.fromkeys(labels))), end="")  # noqa: T201 - what the command gives


def _table(*names: str) -> Table:
    columns = [Column(name, overflow="fold") for name in names]
    return Table(*columns, box=box.SIMPLE, padding=(0, 1, 0, 0))
