"""Unannotated reports -> what an ensemble says of every character of them.

The teachers are finished models, of which each has seen other documents (those of `training.folds`, say); their mean is
better than any of them, and one network is then fitted to it beside the gold (Hinton et al. 2015).
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from training.data import Encoded, encode
from training.recipe import RecipeError
from zhibiao.schema import AnnotatedDocument
from zhibiao.tagger import Tagger
from zhibiao.tagger.features import Vocabulary
from zhibiao.tagger.layout import TagSet

#: Probabilities of every tag of every character of a text; (characters, tags), all 0 outside paragraphs.
Soft = npt.NDArray[np.float16]


def draw(texts: Iterable[str], characters: int, rng: random.Random) -> list[str]:
    """Texts in random order, together about `characters` long; one of more than a tenth of that is left out."""
    shuffled = [text for text in texts if len(text) <= characters // 10]
    rng.shuffle(shuffled)
    drawn, left = [], characters
    for text in shuffled:
        if left <= 0:
            break
        drawn.append(text)
        left -= len(text)
    return drawn


def ask(teachers: Sequence[Path], texts: Sequence[str], tag_set: TagSet) -> list[Soft]:
    """The mean of what the teachers say of each text; RecipeError where one of them knows other labels."""
    sums = [np.zeros((len(text), len(tag_set)), dtype=np.float32) for text in texts]
    for folder in teachers:
        tagger = Tagger.load(folder)
        if tagger.folder.tag_set != tag_set:
            raise RecipeError(f"distil.teachers: {folder} knows the labels {', '.join(tagger.folder.tag_set.labels)}")
        for text, total in zip(texts, sums, strict=True):
            for (start, end), outputs in tagger.outputs(text):
                total[start:end] += np.exp(outputs.tags)
    return [(total / len(teachers)).astype(np.float16) for total in sums]


def write(folder: Path, texts: Sequence[str], soft: Sequence[Soft]) -> None:
    """Keep texts and what was said of them; `texts.jsonl` comes last and marks the whole as done."""
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "tags.npy", np.concatenate(soft))
    (folder / "texts.jsonl").write_text("".join(json.dumps(text, ensure_ascii=False) + "\n" for text in texts), "utf-8")


def read(folder: Path, vocabulary: Vocabulary, tag_set: TagSet) -> Iterator[Encoded]:
    """The texts again, each with what the teachers said of it instead of gold."""
    if not (folder / "tags.npy").exists():
        return
    soft = np.load(folder / "tags.npy", mmap_mode="r")
    at = 0
    with (folder / "texts.jsonl").open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            text = json.loads(line)
            document = AnnotatedDocument(id=f"unannotated-{number}", text=text)
            yield replace(encode(document, vocabulary, tag_set), soft=np.asarray(soft[at : at + len(text)]))
            at += len(text)
