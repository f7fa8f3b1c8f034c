"""Query and key vectors -> the probability that a value belongs to an indicator, project or period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zhibiao.tagger.layout import LINK_TARGETS, LINK_TYPES, is_value

Floats = npt.NDArray[np.float32]

#: Pairs that the model thinks less likely than this are not given on.
LEAST_PROBABLE = 0.01
#: Characters between the ends of a linked pair at most: twice what a training window shows. It keeps the time for a
#: paragraph of any length in proportion to it.
REACH = 1_000


@dataclass(frozen=True)
class Ends:
    """The outputs at the last characters of a paragraph's spans.

    labels and places (offsets in the paragraph) of n spans; queries, keys (n, link types, width).
    """

    labels: Sequence[str]
    places: Sequence[int]
    queries: Floats
    keys: Floats


def turn(vectors: Floats, places: Sequence[int]) -> Floats:
    """Rotary positions: turn (n, types, width) by the n `places`, so that a product tells distance.

    The twin of `turn` in the training code (RoFormer, Su et al. 2021); places count from the paragraph's start, so
    spans of different windows can be compared.
    """
    width = vectors.shape[-1]
    inverse = 10000.0 ** (-np.arange(0, width, 2, dtype=np.float32) / np.float32(width))
    angles = np.asarray(places, dtype=np.float32)[:, None] * inverse
    sin, cos = np.sin(angles)[:, None, :], np.cos(angles)[:, None, :]
    even, odd = vectors[..., 0::2], vectors[..., 1::2]
    turned = np.stack([even * cos - odd * sin, odd * cos + even * sin], axis=-1)
    return turned.reshape(vectors.shape).astype(np.float32)


def scored_pairs(ends: Ends) -> Iterator[tuple[int, int, int, float]]:
    """(value, target, link type, score) for every pair of a value and a span within REACH that it may point at."""
    values = [i for i, label in enumerate(ends.labels) if is_value(label)]
    if not values:
        return
    queries, keys = turn(ends.queries, ends.places), turn(ends.keys, ends.places)
    for kind, link_type in enumerate(LINK_TYPES):
        targets = [i for i, label in enumerate(ends.labels) if label == LINK_TARGETS[link_type]]
        if not targets:
            continue
        places = np.array([ends.places[target] for target in targets])
        for value in values:
            first, last = np.searchsorted(places, [ends.places[value] - REACH, ends.places[value] + REACH])
            near = targets[first:last]
            scores = keys[near, kind] @ queries[value, kind] / np.sqrt(np.float32(queries.shape[-1]))
            for target, score in zip(near, scores.tolist(), strict=True):
                yield value, target, kind, score
