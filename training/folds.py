"""Cross-validation: every annotated document tagged by a model that has not seen it.

`python -m training.folds RECIPE.toml` deals the training documents of a recipe to folds and trains one model for each,
on the documents of all the others. What comes of it, in `OUTPUT/folds/`:

- `folds.json`: the model of each fold and the documents (with digests) that it has not seen;
- `scores.json`: the scores of all documents, and of those of each path in `data.train`, every one tagged from outside;
- `crf.npz`: the weights that decode what a network says, fitted to all of these, and
- `calibration.json`: confidences, likewise; both for the model that is trained on everything.

Documents with one title stay together, and each path is dealt on its own: five reports in a file of their own and five
folds leave each report out once. A run that was killed goes on where it was.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import shutil
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.__main__ import run_stages
from training.calibrate import calibrate
from training.crf import fit_crf, lines_of
from training.data import read_documents
from training.evaluation import Documents, predicted
from training.logs import log_to
from training.recipe import Distil, Recipe, RecipeError, read_recipe
from training.stages import prepare, write_json
from zhibiao.errors import ZhibiaoError
from zhibiao.evaluate.evaluation import Evaluation
from zhibiao.formats import native
from zhibiao.schema import AnnotatedDocument
from zhibiao.tagger import Tagger

log = logging.getLogger("training.folds")

#: What the models of all folds start from is made once.
_SHARED = ("encoder", "pretrained.safetensors")


@dataclass(frozen=True)
class Fold:
    """One part of the documents, by path in `data.train`, and the folder of the model that is trained without it."""

    folder: Path
    parts: dict[str, list[AnnotatedDocument]]

    @property
    def documents(self) -> list[AnnotatedDocument]:
        """All documents of the fold."""
        return [document for part in self.parts.values() for document in part]

    @property
    def model(self) -> Path:
        """The folder of its model, served as int8."""
        return self.folder / "model"


def deal(documents: Sequence[AnnotatedDocument], count: int) -> list[list[AnnotatedDocument]]:
    """Deal documents to `count` parts of like size, those of one title to one part, the longest titles first."""
    groups: dict[str, list[AnnotatedDocument]] = defaultdict(list)
    for document in documents:
        groups[str(document.meta.get("title") or document.id)].append(document)
    parts: list[list[AnnotatedDocument]] = [[] for _ in range(count)]
    for group in sorted(groups.values(), key=_characters, reverse=True):
        min(parts, key=_characters).extend(group)
    return parts


def _characters(documents: Sequence[AnnotatedDocument]) -> int:
    return sum(len(document.text) for document in documents)


def folds_of(recipe: Recipe, count: int) -> list[Fold]:
    """The folds of a recipe's training documents."""
    dealt = {path.stem: deal(read_documents([path]), count) for path in recipe.data.train}
    folds = [
        Fold(recipe.run.output / "folds" / f"fold-{n}", {name: parts[n] for name, parts in dealt.items()})
        for n in range(count)
    ]
    empty = [fold.folder.name for fold in folds if not fold.documents]
    if empty:
        raise RecipeError(f"data.train: too few documents for {count} folds ({', '.join(empty)} would be empty)")
    return folds


def train(recipe: Recipe, fold: Fold, others: Sequence[Fold]) -> None:
    """Train the model of `fold` on the documents of the others."""
    fold.folder.mkdir(parents=True, exist_ok=True)
    for name in _SHARED:
        source, target = recipe.run.output / name, fold.folder / name
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        else:
            shutil.copy2(source, target)
    seen = [document for other in others for document in other.documents]
    for name, documents in (("train", seen), ("held_out", fold.documents)):
        _write_once(fold.folder / f"{name}.jsonl", native.write(documents))
    own = recipe.model_copy(
        update={
            "distil": Distil(),
            "run": recipe.run.model_copy(
                update={"output": fold.folder, "version": f"{recipe.run.version}-{fold.folder.name}"}
            ),
            "data": recipe.data.model_copy(
                update={"train": (fold.folder / "train.jsonl",), "held_out": (fold.folder / "held_out.jsonl",)}
            ),
        }
    )
    prepare(own)
    run_stages(own, ("data", "distil", "fit", "export"))


def _write_once(path: Path, text: str) -> None:
    """Write what is not there already, so that a stage that was done stays done."""
    if not path.exists() or path.read_text("utf-8") != text:
        path.write_text(text, "utf-8")


def pool(folds: Sequence[Fold], folder: Path) -> dict[str, Any]:
    """Fit a CRF to what the models say, calibrate on it, and score it; the scores by path.

    A fold is decoded by a CRF that was fitted to the other folds.
    """
    lines = [list(lines_of(fold.model, fold.documents)) for fold in folds]
    labels = Tagger.load(folds[0].model).folder.tag_set.labels
    for fold, own in zip(folds, lines, strict=True):
        fit_crf([line for other in lines if other is not own for line in other], labels).save(fold.model)
    fit_crf([line for own in lines for line in own], labels).save(folder)
    write_json(folder / "calibration.json", calibrate([(fold.model, fold.documents) for fold in folds]))
    by_path: dict[str, Documents] = defaultdict(list)
    for fold in folds:
        for name, part in fold.parts.items():
            by_path[name] += predicted(fold.model, part)
    by_path["all"] = [one for part in by_path.values() for one in part]
    scores = {name: _scores(Evaluation(found)) for name, found in by_path.items()}
    write_json(folder / "scores.json", scores)
    return scores


def _scores(evaluation: Evaluation) -> dict[str, Any]:
    calibration = {name: found.as_json() for name, found in evaluation.calibration.items()}
    return evaluation.scores.as_json() | {"reliability": calibration}


def describe(folds: Sequence[Fold], folder: Path) -> dict[str, Any]:
    """What `folds.json` says: who has not seen what."""
    return {
        "folds": [
            {
                "model": str(fold.model.relative_to(folder)),
                "held_out": [
                    {"id": document.id, "sha256": hashlib.sha256(document.text.encode()).hexdigest()}
                    for document in fold.documents
                ],
            }
            for fold in folds
        ]
    }


def main(arguments: list[str] | None = None) -> int:
    """Train what is not trained, pool, and print the scores; the exit code is 1 where it could not be."""
    parser = argparse.ArgumentParser(prog="python -m training.folds", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("recipe", type=Path)
    parser.add_argument("--folds", type=int, default=5, metavar="N")
    parser.add_argument("--only", type=int, metavar="FOLD", help="train this one and no other")
    chosen = parser.parse_args(arguments)
    try:
        recipe = read_recipe(chosen.recipe)
        folder = recipe.run.output / "folds"
        folder.mkdir(parents=True, exist_ok=True)
        log_to(folder / ("run.log" if chosen.only is None else f"run-{chosen.only}.log"))
        prepare(recipe)
        run_stages(recipe, ("data", "encoder", "pretrain"))
        folds = folds_of(recipe, chosen.folds)
        chosen_folds = folds if chosen.only is None else [folds[chosen.only]]
        for fold in chosen_folds:
            train(recipe, fold, [other for other in folds if other is not fold])
        if chosen.only is not None:
            return 0
        write_json(folder / "folds.json", describe(folds, folder))
        for line in _summary(pool(folds, folder)):
            log.info(line)
    except (RecipeError, ZhibiaoError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _summary(scores: dict[str, Any]) -> Iterator[str]:
    for name, found in scores.items():
        figures = {key: found[key]["f1"] for key in ("spans", "spans:core", "links:indicator", "facts")}
        yield f"{name}: " + json.dumps(figures)


if __name__ == "__main__":
    sys.exit(main())
