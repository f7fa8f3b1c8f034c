"""The ONNX graph of a model: batches of windows in, outputs a character out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from zhibiao.tagger import engines
from zhibiao.tagger.engines import OUTPUTS, EngineName, Floats, Ints
from zhibiao.tagger.features import Vocabulary, boundaries

_STEP = 16


def padded_length(characters: int) -> int:
    """The tokens that a window of so many characters is shown as, [CLS], [SEP] and padding included.

    Few lengths, as an engine prepares itself for each; and always the same for a window, so that what is said of it
    does not depend, not by a rounding, on the windows beside it.
    """
    return -(-(characters + 2) // _STEP) * _STEP


@dataclass(frozen=True)
class CharacterOutputs:
    """What the graph says of each of n characters.

    tags (n, tags): log-probabilities; queries, keys (n, link types, width); statuses (n, statuses): logits; types
    (n,): the `WordBoundary`s that it was shown.
    """

    tags: Floats
    queries: Floats
    keys: Floats
    statuses: Floats
    types: Ints

    def __getitem__(self, cut: slice) -> CharacterOutputs:
        return CharacterOutputs(self.tags[cut], self.queries[cut], self.keys[cut], self.statuses[cut], self.types[cut])

    @classmethod
    def join(cls, parts: Sequence[CharacterOutputs]) -> CharacterOutputs:
        """The outputs of consecutive stretches, as one."""
        if len(parts) == 1:
            return parts[0]
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in (*OUTPUTS, "types")))


class Network:
    """A model's graph in an engine.

    Each batch is worked on by one thread, and several batches at the same time: no thread waits for another within a
    product, which keeps all cores busy and costs little where other programs want them too.
    """

    def __init__(
        self, path: Path, vocabulary: Vocabulary, *, threads: int | None = None, engine: EngineName | None = None
    ) -> None:
        """`threads` is how many batches are worked on at one time; None takes the cores of this machine.

        With one, batches are run by the thread that asks for them. `engine` None takes the fastest that is installed.
        """
        self.threads = threads or _cores()
        self._engine = engines.load(path, threads=self.threads, engine=engine)
        self._vocabulary = vocabulary
        self._pool = ThreadPoolExecutor(self.threads, "zhibiao-network") if self.threads > 1 else None

    @property
    def engine(self) -> EngineName:
        """What runs the graph."""
        return self._engine.name

    def submit(self, texts: Sequence[str]) -> Future[list[CharacterOutputs]]:
        """`run`, by another thread where there are several."""
        if self._pool is not None:
            return self._pool.submit(self.run, texts)
        future: Future[list[CharacterOutputs]] = Future()
        future.set_result(self.run(texts))
        return future

    def run(self, texts: Sequence[str]) -> list[CharacterOutputs]:
        """The outputs of windows, each at most 510 characters, in one batch; [CLS] and [SEP] are added and dropped."""
        length = padded_length(max(map(len, texts)))
        rows = np.full((len(texts), length), self._vocabulary.pad, dtype=np.int64)
        types, mask = np.zeros_like(rows), np.zeros_like(rows)
        for i, text in enumerate(texts):
            stop = len(text) + 1
            rows[i, 0], rows[i, 1:stop], rows[i, stop] = (
                self._vocabulary.begin,
                self._vocabulary.rows(text),
                self._vocabulary.end,
            )
            types[i, 1:stop] = boundaries(text)
            mask[i, : stop + 1] = 1
        outputs = self._engine.run(rows, types, mask)
        kept: tuple[npt.NDArray[Any], ...] = (*outputs, types)
        return [CharacterOutputs(*(array[i, 1 : len(text) + 1] for array in kept)) for i, text in enumerate(texts)]


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
