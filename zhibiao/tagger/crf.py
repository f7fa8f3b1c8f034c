"""What makes a sequence of tags likely beside what the network says of each character: a linear-chain CRF's weights.

The network judges each character on its own. These weights, fitted to what it says of reports that it has not seen
(`training.crf`), tell what spans are like: that they begin and end where words do, with which characters, and which
kind follows which (Lafferty et al. 2001). A model without them is decoded by the network's word alone.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from zhibiao.errors import ModelError
from zhibiao.tagger.features import WordBoundary

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

#: The file of a model folder that holds the weights.
FILE = "crf.npz"


@dataclass(frozen=True)
class Weights:
    """The weights for L labels, 2L + 1 tags and C characters, of which row 0 is any other.

    scale, bias (2L + 1,): of the network's log-probabilities. begin, end, inside (2, L): of a span that begins before a
    character, ends before it, or goes on over it; row 1 where that is within a word. single (L,): of a span of one
    character. first, before, last, after (C, L): of the characters on both sides of a span's two edges. follows (L, L):
    of a span right after another, by their labels.
    """

    scale: Floats
    bias: Floats
    begin: Floats
    end: Floats
    inside: Floats
    single: Floats
    first: Floats
    before: Floats
    last: Floats
    after: Floats
    follows: Floats

    @classmethod
    def neutral(cls, labels: int, characters: int) -> Weights:
        """Those that add nothing."""

        def zeros(*shape: int) -> Floats:
            return np.zeros(shape, dtype=np.float32)

        edges, marks = (2, labels), (characters, labels)
        return cls(
            scale=np.ones(2 * labels + 1, dtype=np.float32), bias=zeros(2 * labels + 1),
            begin=zeros(*edges), end=zeros(*edges), inside=zeros(*edges), single=zeros(labels),
            first=zeros(*marks), before=zeros(*marks), last=zeros(*marks), after=zeros(*marks),
            follows=zeros(labels, labels),
        )  # fmt: skip


def within_words(types: Ints) -> Ints:
    """Of each character's `WordBoundary`, 1 where the place before the character is within a word, else 0."""
    return np.isin(types, (WordBoundary.INSIDE, WordBoundary.END)).astype(np.int64)


@dataclass(frozen=True)
class Scores:
    """What a line of n characters adds up to, tag by tag and move by move; see `Weights`.

    tags (n, 2L + 1); begin, end, inside (n, L): the moves into each character.
    """

    tags: Floats
    begin: Floats
    end: Floats
    inside: Floats


@dataclass(frozen=True)
class Crf:
    """The weights of a model, and the characters that their rows are of."""

    labels: tuple[str, ...]
    characters: str
    weights: Weights

    @classmethod
    def neutral(cls, labels: tuple[str, ...]) -> Crf:
        """One that leaves all to the network."""
        return cls(labels, "", Weights.neutral(len(labels), 1))

    @classmethod
    def load(cls, folder: Path, labels: tuple[str, ...]) -> Crf:
        """The weights of a model folder for `labels`, neutral where it has none; ModelError where they are broken.

        A label that the weights do not know gets the mean of the others'.
        """
        path = folder / FILE
        if not path.is_file():
            return cls.neutral(labels)
        try:
            with np.load(path, allow_pickle=False) as kept:
                arrays = {name: kept[name] for name in kept.files}
            known = tuple(str(label) for label in arrays.pop("labels"))
            characters = str(arrays.pop("characters"))
            weights = Weights(**{field.name: arrays[field.name] for field in fields(Weights)})
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(f"{path}: not the weights of a CRF ({error!r})") from error
        return cls(known, characters, weights).for_labels(labels)

    def save(self, folder: Path) -> None:
        """Write the weights into a model folder."""
        arrays: dict[str, Any] = {field.name: getattr(self.weights, field.name) for field in fields(Weights)}
        np.savez_compressed(folder / FILE, labels=np.array(self.labels), characters=np.array(self.characters), **arrays)

    def for_labels(self, labels: tuple[str, ...]) -> Crf:
        """The same, its rows in the order of `labels`."""
        if labels == self.labels:
            return self
        of = [self.labels.index(label) if label in self.labels else None for label in labels]

        def along(array: Floats, axis: int) -> Floats:
            parts = [array.mean(axis) if row is None else array.take(row, axis) for row in of]
            return np.stack(parts, axis)

        old = self.weights
        tags = {
            name: np.concatenate([value[:1], along(value[1:].reshape(-1, 2), 0).reshape(-1)])
            for name, value in (("scale", old.scale), ("bias", old.bias))
        }
        rest = {
            field.name: along(getattr(old, field.name), -1)
            for field in fields(Weights)
            if field.name not in ("scale", "bias", "follows")
        }
        return Crf(labels, self.characters, Weights(**tags, **rest, follows=along(along(old.follows, 0), 1)))

    def rows(self, line: str) -> Ints:
        """The row of each character; shape (len(line),)."""
        table = self._table
        return np.fromiter((table.get(character, 0) for character in line), dtype=np.int64, count=len(line))

    @cached_property
    def _table(self) -> dict[str, int]:
        return {character: row for row, character in enumerate(self.characters, 1)}

    def scores(self, line: str, tags: Floats, types: Ints) -> Scores:
        """The scores of a line, of whose n characters the network says `tags` (n, 2L + 1), log-probabilities.

        `types` (n,) are their `WordBoundary`s.
        """
        kept = self.weights
        within = within_words(types)
        here = self.rows(line)
        earlier = np.concatenate([[0], here[:-1]])
        begin = kept.begin[within] + kept.first[here] + kept.before[earlier]
        begin[0] = kept.first[here[0]]
        return Scores(
            tags=tags * kept.scale + kept.bias,
            begin=begin,
            end=kept.end[within] + kept.last[earlier] + kept.after[here],
            inside=kept.inside[within],
        )
