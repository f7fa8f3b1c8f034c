"""The annotation loop, run on reports whose gold is known: does annotating in the suggested order pay?

`python -m training.loop RECIPE.toml` takes a part of the recipe's training documents as annotated and trains a first
model on it. In each round it then adds documents up to a number of characters, in the order that
`zhibiao annotations suggest` gives for the model at hand or at random, goes on training from that model, and keeps the
candidate where it is not worse on the held-out documents. What comes of it, in `OUTPUT/loop/`:

- `curve.json`: for each order and round the annotated characters, the documents added, the scores, and the gate's word;
- `curve.svg`: held-out F1 against annotated characters, drawn from it.

A run that was killed, or is to have more rounds, goes on where it was; another start or size of rounds needs another
folder.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from training.__main__ import run_stages
from training.data import read_documents
from training.logs import log_to
from training.plot import Line, plot
from training.recipe import Fit, Recipe, RecipeError, read_recipe
from training.stages import prepare, write_json
from zhibiao.annotate import Unlabelled, candidates, suggest
from zhibiao.errors import ZhibiaoError
from zhibiao.evaluate import from_document, from_entities, pair, score
from zhibiao.formats import native
from zhibiao.schema import AnnotatedDocument
from zhibiao.tagger import Tagger

log = logging.getLogger("training.loop")

ORDERS = ("suggested", "random")
#: What every first model starts from is made once.
_SHARED = ("encoder", "pretrained.safetensors")
_STAGES = ("data", "encoder", "pretrain", "distil", "fit", "export")

Documents = Sequence[AnnotatedDocument]


@dataclass(frozen=True)
class Plan:
    """How a loop is run: the share annotated at first, the rounds, and what each of them adds and trains."""

    start: float
    rounds: int
    characters: int
    fit: Fit


@dataclass(frozen=True)
class Point:
    """The end of a round. `f1` is that of the model kept, `candidate_f1` that of the one just trained."""

    round: int
    characters: int
    documents: int
    added: tuple[str, ...]
    candidate_f1: float
    is_kept: bool
    f1: float


def dealt(pool: Documents, share: float, seed: int) -> tuple[list[AnnotatedDocument], list[AnnotatedDocument]]:
    """The documents annotated at first, a `share` of all characters drawn at random, and the others in that order."""
    shuffled = random.Random(seed).sample(list(pool), len(pool))
    first = _up_to(shuffled, round(share * _characters(pool)))
    return first, shuffled[len(first) :]


def chosen(order: str, rest: Documents, annotated: Documents, model: Path, characters: int) -> list[AnnotatedDocument]:
    """The documents of `rest` to annotate next, of about so many characters: as `suggest` ranks them, or as they come.

    `rest` is in random order already. The documents' own annotations are not looked at.
    """
    if order == "random":
        return _up_to(rest, characters)
    unlabelled = (Unlabelled(document.id, document.text, document.id) for document in rest)
    ranked = suggest(candidates(Tagger.load(model), unlabelled), gold=annotated, limit=None)
    by_id = {document.id: document for document in rest}
    return _up_to([by_id[one.unit.id] for one in ranked], characters)


def run(recipe: Recipe, plan: Plan, order: str, folder: Path) -> list[Point]:
    """Run the loop in one order, from the first model that all orders share."""
    annotated, rest = dealt(read_documents(recipe.data.train), plan.start, recipe.run.seed)
    held_out = read_documents(recipe.data.held_out)
    model = _trained(recipe, folder / "start", annotated, None)
    f1 = _f1(model, held_out)
    points = [Point(0, _characters(annotated), len(annotated), (), f1, True, f1)]
    for number in range(1, plan.rounds + 1):
        place = folder / order / f"round-{number}"
        added = _earlier_choice(place, rest) or chosen(order, rest, annotated, model, plan.characters)
        if not added:
            break
        annotated = [*annotated, *added]
        ids = {document.id for document in added}
        rest = [document for document in rest if document.id not in ids]
        warm = recipe.model_copy(update={"fit": plan.fit})
        candidate = _trained(warm, place, annotated, model)
        candidate_f1 = _f1(candidate, held_out)
        is_kept = candidate_f1 >= f1
        model, f1 = (candidate, candidate_f1) if is_kept else (model, f1)
        points.append(
            Point(number, _characters(annotated), len(annotated), tuple(sorted(ids)), candidate_f1, is_kept, f1)
        )
        log.info("%s, round %d: %d characters, F1 %.4f", order, number, points[-1].characters, candidate_f1)
    return points


def _earlier_choice(place: Path, rest: Documents) -> list[AnnotatedDocument]:
    """What a run that was killed had chosen for this round, in its order."""
    path = place / "train.jsonl"
    by_id = {document.id: document for document in rest}
    known = native.read(path.read_text("utf-8")) if path.exists() else []
    return [by_id[document.id] for document in known if document.id in by_id]


def _trained(recipe: Recipe, folder: Path, documents: Documents, start: Path | None) -> Path:
    """The folder of a model trained on `documents`, from `start` or else from what the recipe starts from."""
    folder.mkdir(parents=True, exist_ok=True)
    data = folder / "train.jsonl"
    written = native.write(documents)
    if not data.exists() or data.read_text("utf-8") != written:
        data.write_text(written, "utf-8")
    own: dict[str, Any] = {
        "run": recipe.run.model_copy(update={"output": folder, "version": f"{recipe.run.version}-{folder.name}"}),
        "data": recipe.data.model_copy(update={"train": (data,)}),
    }
    if start is not None:
        own["encoder"] = recipe.encoder.model_copy(update={"source": str(start), "sha256": None})
        own["pretrain"] = recipe.pretrain.model_copy(update={"epochs": 0.0})
    else:
        _share(recipe.run.output, folder)
    made = recipe.model_copy(update=own)
    prepare(made)
    run_stages(made, _STAGES)
    return folder / "model"


def _share(source: Path, target: Path) -> None:
    """Take over the encoder and its pretraining where they are made."""
    for name in _SHARED:
        if (source / name).is_dir() and not (target / name).exists():
            shutil.copytree(source / name, target / name)
        elif (source / name).is_file() and not (target / name).exists():
            shutil.copy2(source / name, target / name)


def _f1(model: Path, held_out: Documents) -> float:
    """Strict F1 of the spans that the model tags in the held-out documents."""
    tagger = Tagger.load(model)
    found = [from_entities(one.id, one.text, tagger.tag(one.text).entities, ()) for one in held_out]
    return round(score(pair([from_document(one) for one in held_out], found))["spans"].f1, 4)


def _up_to(documents: Documents, characters: int) -> list[AnnotatedDocument]:
    """The first documents whose characters sum up to at least so many; all where they do not."""
    taken: list[AnnotatedDocument] = []
    for document in documents:
        if _characters(taken) >= characters:
            break
        taken.append(document)
    return taken


def _characters(documents: Documents) -> int:
    return sum(len(document.text) for document in documents)


def lines(curves: dict[str, list[dict[str, Any]]]) -> Iterator[Line]:
    """The curves as lines of a plot."""
    for order, points in curves.items():
        yield Line(order, [(point["characters"] / 1000, point["f1"]) for point in points])


def main(arguments: list[str] | None = None) -> int:
    """Run the loop in each order and write its curves; the exit code is 1 where it could not be."""
    parser = argparse.ArgumentParser(prog="python -m training.loop", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("recipe", type=Path, help="its [fit] trains the first model")
    parser.add_argument("--start", type=float, default=0.1, help="share of the characters annotated at first")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--characters", type=int, default=15_000, help="annotated in each round")
    parser.add_argument("--epochs", type=float, default=3.0, help="of each round, over all that is annotated")
    parser.add_argument("--learning-rate", type=float, default=1e-4, help="of each round")
    parser.add_argument("--order", action="append", choices=ORDERS, help="one order alone")
    asked = parser.parse_args(arguments)
    try:
        recipe = read_recipe(asked.recipe)
        folder = recipe.run.output / "loop"
        log_to(folder / "run.log")
        warm = {"epochs": asked.epochs, "learning_rate": asked.learning_rate, "head_factor": 4.0, "warm_up": 0.05}
        plan = Plan(asked.start, asked.rounds, asked.characters, recipe.fit.model_copy(update=warm))
        prepare(recipe)
        run_stages(recipe, ("data", "encoder", "pretrain"))
        curves = _earlier(folder / "curve.json")
        for order in asked.order or ORDERS:
            curves[order] = [asdict(point) for point in run(recipe, plan, order, folder)]
            write_json(folder / "curve.json", curves)
            (folder / "curve.svg").write_text(
                plot(list(lines(curves)), across="annotated characters (thousands)", up="held-out F1"), "utf-8"
            )
    except (RecipeError, ZhibiaoError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _earlier(path: Path) -> dict[str, list[dict[str, Any]]]:
    """The curves of orders that were run before."""
    found: dict[str, list[dict[str, Any]]] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return found


if __name__ == "__main__":
    sys.exit(main())
