"""The stages of a run: what each reads, what it writes, and how it works.

A stage is done when all it writes is there and none of it is older than anything that it reads; then it is passed
over. `python -m training RECIPE.toml STAGE` runs one alone, done or not.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import logging
import os
import random
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import datasets
import numpy as np
import torch
from safetensors.torch import load_file

from training import card, distil
from training.calibrate import calibrate, set_calibration
from training.data import encode, read_documents, samples
from training.encoder import bring_encoder, load_encoder
from training.evaluation import compared, evaluate
from training.export import export_onnx, quantize
from training.fit import fit
from training.folder import load_network, save_network
from training.logs import log_to
from training.model import TaggerNetwork
from training.optim import mean, mixed, save_atomically
from training.pretrain import pretrain, read_corpus, without_held_out
from training.recipe import Recipe, RecipeError
from zhibiao.evaluate.calibration import dial
from zhibiao.evaluate.evaluation import Evaluation
from zhibiao.schema import AnnotatedDocument
from zhibiao.tagger import crf
from zhibiao.tagger.features import Vocabulary
from zhibiao.tagger.layout import TagSet

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Stage:
    """One step; `reads` and `writes` give paths for a recipe."""

    name: str
    does: str
    reads: Callable[[Recipe], Sequence[Path]]
    writes: Callable[[Recipe], Sequence[Path]]
    run: Callable[[Recipe], None]

    def is_done(self, recipe: Recipe) -> bool:
        """Whether everything that it writes is there and newer than what it reads."""
        written = self.writes(recipe)
        if not all(path.exists() for path in written):
            return False
        newest = max((path.stat().st_mtime for path in self.reads(recipe) if path.exists()), default=0.0)
        return all(path.stat().st_mtime >= newest for path in written)


#: What of a recipe names places of one machine.
_PATHS: dict[str, Any] = {
    "run": {"output"},
    "data": {"train", "held_out"},
    "encoder": {"source"},
    "pretrain": {"corpus"},
    "distil": {"teachers", "corpus"},
    "folds": {"folder"},
}


def prepare(recipe: Recipe) -> None:
    """Seed every generator and set the threads: the same recipe on the same machine gives the same model."""
    random.seed(recipe.run.seed)
    np.random.seed(recipe.run.seed)
    torch.manual_seed(recipe.run.seed)
    # As the loss falls gradients get denormal, and then a CPU takes many times as long.
    torch.set_flush_denormal(True)
    torch.set_num_threads(recipe.run.threads or os.cpu_count() or 1)


def _out(recipe: Recipe, *names: str) -> Path:
    return recipe.run.output.joinpath(*names)


def _read_data(recipe: Recipe) -> None:
    train, held_out = read_documents(recipe.data.train), read_documents(recipe.data.held_out)
    _refuse_overlap(train, held_out)
    for name, documents in (("train", train), ("held_out", held_out)):
        columns = {
            "id": [document.id for document in documents],
            "characters": [len(document.text) for document in documents],
            "document": [document.model_dump_json() for document in documents],
        }
        types = datasets.Features(
            {
                "id": datasets.Value("string"),
                "characters": datasets.Value("int64"),
                "document": datasets.Value("string"),
            }
        )
        datasets.Dataset.from_dict(columns, features=types).save_to_disk(_out(recipe, "data", name))
    labels = sorted({entity.label for document in train for entity in document.entities})
    write_json(_out(recipe, "data", "description.json"), {
        "labels": list(TagSet.of(labels).labels),
        "train": _describe(train),
        "held_out": _describe(held_out),
    })  # fmt: skip


def _refuse_overlap(train: Sequence[AnnotatedDocument], held_out: Sequence[AnnotatedDocument]) -> None:
    guarded = {document.text for document in held_out}
    shared = [document.id for document in train if document.text in guarded]
    if shared:
        raise RecipeError(
            f"data.held_out: {', '.join(shared)} are in data.train too; a held-out text is never trained on"
        )


def _describe(documents: Sequence[AnnotatedDocument]) -> dict[str, Any]:
    return {
        "documents": len(documents),
        "characters": sum(len(document.text) for document in documents),
        "entities": sum(len(document.entities) for document in documents),
        "relations": sum(len(document.relations) for document in documents),
        "sha256": hashlib.sha256("\n".join(d.model_dump_json() for d in documents).encode()).hexdigest(),
        "texts": sorted(hashlib.sha256(document.text.encode()).hexdigest()[:16] for document in documents),
    }


def documents_of(recipe: Recipe, name: str) -> list[AnnotatedDocument]:
    """The annotated documents that the data stage kept: `train` or `held_out`."""
    rows = datasets.load_from_disk(str(_out(recipe, "data", name)))
    return [AnnotatedDocument.model_validate_json(row["document"]) for row in rows]


def _bring_encoder(recipe: Recipe) -> None:
    digest = bring_encoder(recipe.encoder, _out(recipe, "encoder"))
    write_json(_out(recipe, "encoder", "source.json"), _origin(recipe, digest))


def _origin(recipe: Recipe, digest: str) -> dict[str, Any]:
    """What `meta.json` says of the base encoder: a finished model hands on its own, and is named beside it."""
    described = Path(recipe.encoder.source) / "meta.json"
    if described.is_file():
        meta = _read_json(described)
        return {**meta["base_encoder"], "started_from": {"version": meta["version"], "sha256": digest}}
    kind = recipe.encoder.source.partition(":")[0]
    name = recipe.encoder.source if kind in ("hub", "maven") else Path(recipe.encoder.source).name
    return {"source": name, "licence": recipe.encoder.licence, "sha256": digest}


def _pretrain(recipe: Recipe) -> None:
    settings, target = recipe.pretrain, _out(recipe, "pretrained.safetensors")
    encoder = load_encoder(_out(recipe, "encoder"))
    if not settings.epochs:
        save_atomically(encoder.state_dict(), target)
        return
    held_out = [document.text for document in documents_of(recipe, "held_out")]
    texts = list(without_held_out(read_corpus(list(settings.corpus)), held_out))
    log.info("pretraining on %d texts", len(texts))
    vocabulary = Vocabulary.read(_out(recipe, "encoder", "vocab.txt"))
    loss = pretrain(
        encoder, vocabulary, texts, _out(recipe, "pretrained.partial.safetensors"), settings, recipe.run.seed
    )
    log.info("masked language model: loss %.3f over the last tenth", loss)
    save_atomically(encoder.state_dict(), target)


def _distil(recipe: Recipe) -> None:
    settings, target = recipe.distil, _out(recipe, "distilled")
    if not settings.teachers:
        target.mkdir(parents=True, exist_ok=True)
        (target / "texts.jsonl").write_text("", "utf-8")
        return
    guarded = [document.text for document in documents_of(recipe, "held_out")]
    texts = distil.draw(
        without_held_out(read_corpus(list(settings.corpus)), guarded),
        settings.characters,
        random.Random(recipe.run.seed),
    )
    if not texts:
        raise RecipeError("distil.corpus: no text in it is without a held-out passage and short enough to be drawn")
    log.info("asking %d teachers about %d texts", len(settings.teachers), len(texts))
    distil.write(target, texts, distil.ask(settings.teachers, texts, _tag_set(recipe)))


def _is_finished_model(recipe: Recipe) -> bool:
    return "zhibiao" in json.loads(_out(recipe, "encoder", "config.json").read_text("utf-8"))


def _fit_origin(recipe: Recipe) -> str:
    """What fine-tuning begins with: the digests of the annotated documents and of the weights."""
    described = _read_json(_out(recipe, "data", "description.json"))["train"]["sha256"]
    source = _out(recipe, "encoder", "source.json").read_text("utf-8")
    asked = [str(teacher) for teacher in recipe.distil.teachers]
    with _out(recipe, "pretrained.safetensors").open("rb") as weights:
        return f"{described} {source} {asked} {hashlib.file_digest(weights, 'sha256').hexdigest()}"


def _tag_set(recipe: Recipe) -> TagSet:
    return TagSet(tuple(_read_json(_out(recipe, "data", "description.json"))["labels"]))


def _start(recipe: Recipe) -> TaggerNetwork:
    """The network as fine-tuning finds it."""
    network = load_network(_out(recipe, "encoder"), _tag_set(recipe))
    if not _is_finished_model(recipe):
        network.encoder.load_state_dict(load_file(_out(recipe, "pretrained.safetensors")))
    return network


def _fit(recipe: Recipe) -> None:
    members = range(recipe.fit.members)
    network = _start(recipe)
    start = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    save_atomically(start, _out(recipe, "fit", "start.safetensors"))
    if len(members) == 1:
        found = [_fit_member(recipe, 0)]
    else:
        with ProcessPoolExecutor(len(members), get_context("spawn")) as pool:
            found = list(pool.map(partial(_fit_member, recipe), members))
    network.load_state_dict(mixed(start, mean([load_file(path) for path in found]), recipe.fit.interpolate))
    save_network(network, _out(recipe, "encoder", "vocab.txt"), _out(recipe, "fitted"))


def _fit_member(recipe: Recipe, member: int) -> Path:
    """Fit one member on all the gold and its own share of the text that was distilled; the file of its weights."""
    count = recipe.fit.members
    folder = _out(recipe, "fit") if member == 0 else _out(recipe, "fit", f"member-{member}")
    if count > 1:
        own = recipe.run.model_copy(update={"threads": max(1, (recipe.run.threads or os.cpu_count() or 1) // count)})
        log_to(folder / "run.log")
        prepare(recipe.model_copy(update={"run": own}))
    vocabulary, tag_set = Vocabulary.read(_out(recipe, "encoder", "vocab.txt")), _tag_set(recipe)
    network = load_network(_out(recipe, "encoder"), tag_set)
    network.load_state_dict(load_file(_out(recipe, "fit", "start.safetensors")))
    network.set_dropout(recipe.fit.dropout, recipe.fit.attention_dropout)
    gold = [encode(document, vocabulary, tag_set) for document in documents_of(recipe, "train")]
    soft = distil.read(_out(recipe, "distilled"), vocabulary, tag_set)
    fit(
        network,
        [*gold, *itertools.islice(soft, member, None, count)],
        vocabulary,
        recipe.fit,
        folder,
        seed=recipe.run.seed + member,
        origin=_fit_origin(recipe),
        with_links=recipe.data.link_types,
    )
    save_atomically(network.state_dict(), folder / "member.safetensors")
    return folder / "member.safetensors"


def _export(recipe: Recipe) -> None:
    tag_set = _tag_set(recipe)
    network = load_network(_out(recipe, "fitted"), tag_set)
    exact, model = _out(recipe, "exact"), _out(recipe, "model")
    for folder in (exact, model):
        save_network(network, _out(recipe, "fitted", "vocab.txt"), folder)
        write_json(folder / "meta.json", _first_meta(recipe, tag_set))
        _bring_crf(recipe, folder)
    vocabulary = Vocabulary.read(_out(recipe, "fitted", "vocab.txt"))
    seen = samples([encode(document, vocabulary, tag_set) for document in documents_of(recipe, "train")], vocabulary)
    export_onnx(network, exact / "model.onnx", seen)
    sizes = network.encoder.config
    quantize(
        exact / "model.onnx",
        model / "model.onnx",
        seen,
        hidden=sizes.hidden_size,
        intermediate=sizes.intermediate_size,
    )


def _bring_crf(recipe: Recipe, folder: Path) -> None:
    """The CRF that the folds gave, or else that of the model which training went on from."""
    source = (recipe.folds.folder or Path(recipe.encoder.source)) / crf.FILE
    if source.is_file():
        shutil.copyfile(source, folder / crf.FILE)


def _first_meta(recipe: Recipe, tag_set: TagSet) -> dict[str, Any]:
    described = _read_json(_out(recipe, "data", "description.json"))
    return {
        "version": recipe.run.version,
        "labels": list(tag_set.labels),
        "base_encoder": _read_json(_out(recipe, "encoder", "source.json")),
        "data": {name: described[name] for name in ("train", "held_out")},
        "recipe": recipe.model_dump(mode="json", exclude=_PATHS),
        "date": datetime.now(UTC).date().isoformat(),
    }


def _calibrate(recipe: Recipe) -> None:
    if recipe.folds.folder:
        pairs = _read_json(recipe.folds.folder / "calibration.json")
        set_calibration(_out(recipe, "model"), pairs)
    else:
        pairs = calibrate([(_out(recipe, "model"), documents_of(recipe, "held_out"))])
    write_json(_out(recipe, "calibration.json"), pairs)


def _evaluate(recipe: Recipe) -> None:
    held_out = documents_of(recipe, "held_out")
    exact, served = (evaluate(_out(recipe, name), held_out) for name in ("exact", "model"))
    folds = recipe.folds.folder
    write_json(_out(recipe, "scores.json"), {
        "metrics": {"exact": exact.scores.as_json(), "model": served.scores.as_json()},
        "reliability": {name: found.as_json() for name, found in served.calibration.items()},
        "dial": [point.as_json() for point in dial(served.pairs)],
        "cross_validated": _read_json(folds / "scores.json") if folds else {},
        "compared": _compared(recipe, held_out, served),
    })  # fmt: skip


def _compared(recipe: Recipe, held_out: list[AnnotatedDocument], served: Evaluation) -> dict[str, Any]:
    """The new model beside the finished one that it was made from; nothing where it was made from a base encoder."""
    before = Path(recipe.encoder.source)
    if not held_out or not (before / "model.onnx").is_file():
        return {}
    found = {"with": _read_json(before / "meta.json")["version"], **compared(evaluate(before, held_out), served)}
    log.info("beside %s: %s", found["with"], found["verdict"])
    for one in found["comparisons"]:
        log.info("  %(score)s: %(first_f1).3f -> %(second_f1).3f, p = %(p_randomization).3f", one)
    return found


def _card(recipe: Recipe) -> None:
    path = _out(recipe, "model", "meta.json")
    meta = _read_json(path) | _read_json(_out(recipe, "scores.json"))
    write_json(path, meta)
    path.with_name("README.md").write_text(card.render(meta), "utf-8")


def _read_json(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return read


def write_json(path: Path, content: object) -> None:
    """Write `content` whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    partial.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
    partial.replace(path)


def _paths(*names: str) -> Callable[[Recipe], list[Path]]:
    return lambda recipe: [_out(recipe, *name.split("/")) for name in names]


STAGES = (
    Stage("data", "read and check the annotated documents",
          lambda recipe: [*recipe.data.train, *recipe.data.held_out], _paths("data/description.json"), _read_data),
    Stage("encoder", "bring the weights to start with", _paths(), _paths("encoder/source.json"), _bring_encoder),
    Stage("pretrain", "masked language model on unannotated reports",
          _paths("encoder/source.json"), _paths("pretrained.safetensors"), _pretrain),
    Stage("distil", "ask an ensemble about unannotated reports",
          _paths("data/description.json"), _paths("distilled/texts.jsonl"), _distil),
    Stage("fit", "fine-tune encoder and heads",
          _paths("data/description.json", "pretrained.safetensors", "distilled/texts.jsonl"),
          _paths("fitted/model.safetensors"), _fit),
    Stage("export", "ONNX, fp32 and int8", _paths("fitted/model.safetensors"),
          _paths("exact/model.onnx", "model/model.onnx"), _export),
    Stage("calibrate", "fit the confidence on documents that were not trained on",
          _paths("model/model.onnx"), _paths("calibration.json"), _calibrate),
    Stage("evaluate", "score fp32 and int8 on the held-out documents",
          _paths("calibration.json"), _paths("scores.json"), _evaluate),
    Stage("card", "complete meta.json and render the model card",
          _paths("scores.json"), _paths("model/README.md"), _card),
)  # fmt: skip
