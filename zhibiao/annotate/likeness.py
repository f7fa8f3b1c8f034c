"""How alike two texts are, from small sketches of them: texts that differ in their figures alone are alike.

A sketch holds the smallest hashes of a text's shingles (runs of characters, digits folded, white space left out); two
of them tell the share of shingles that the texts have in common (bottom-k sketches, Broder 1997).
"""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

Sketch = npt.NDArray[np.uint64]

#: Characters of a shingle, and hashes of a sketch at most.
SHINGLE, SIZE = 6, 256

_POWERS = np.cumprod(np.full(SHINGLE, 1_099_511_628_211, dtype=np.uint64))
_MIX = np.uint64(0x9E3779B97F4A7C15)


def sketch(text: str) -> Sketch:
    """The sketch of a text; empty where it is shorter than a shingle."""
    folded = re.sub(r"\d+(?:[.,]\d+)*", "0", "".join(text.split()))
    points = np.frombuffer(folded.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    if len(points) < SHINGLE:
        return np.empty(0, dtype=np.uint64)
    runs = np.lib.stride_tricks.sliding_window_view(points, SHINGLE)
    hashes = (runs * _POWERS).sum(1, dtype=np.uint64)
    hashes = (hashes ^ (hashes >> np.uint64(29))) * _MIX
    return np.unique(hashes ^ (hashes >> np.uint64(32)))[:SIZE]


def likeness(one: Sketch, other: Sketch) -> float:
    """About the share of shingles that two texts have in common (Jaccard): 1 is the same, 0 nothing."""
    if not len(one) or not len(other):
        return 0.0
    smallest = np.union1d(one, other)[:SIZE]
    shared = np.intersect1d(one, other, assume_unique=True)
    return float(np.isin(smallest, shared, assume_unique=True).mean())
