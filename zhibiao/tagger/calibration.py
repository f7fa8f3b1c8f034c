"""Raw scores -> probabilities that mean what they say.

Platt scaling, one pair (slope, offset) a label or link type, fitted on held-out reports and kept in the model's
`meta.json`: p = 1 / (1 + exp(-(slope · logit(raw) + offset))) (Platt 1999; Guo et al. 2017).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: The names of what the whole path says: a fact, and before a colon and a type, a link end to end.
FACT, LINKED = "fact", "linked"

#: Raw probabilities are kept this far from 0 and 1, where a logit has no end.
_EDGE = 1e-6


@dataclass(frozen=True)
class Calibration:
    """The fitted pairs by name; a name that is missing stays raw.

    Names: a label (`AMOUNT`); `link:` and a type, a link between spans that are right; `linked:` and a type, a link end
    to end; `fact`.
    """

    pairs: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    @classmethod
    def read(cls, meta: Mapping[str, Any]) -> Calibration:
        """From the `calibration` object of a model's `meta.json`; empty where there is none."""
        return cls({name: (float(a), float(b)) for name, (a, b) in meta.get("calibration", {}).items()})

    def probability(self, name: str, raw: float) -> float:
        """The calibrated probability of a raw one."""
        slope, offset = self.pairs.get(name, (1.0, 0.0))
        return sigmoid(slope * logit(raw) + offset)


def logit(probability: float) -> float:
    """log(p / (1 - p)), with p kept a little away from 0 and 1."""
    p = min(max(probability, _EDGE), 1 - _EDGE)
    return math.log(p / (1 - p))


def sigmoid(score: float) -> float:
    """1 / (1 + e^-score), without overflow."""
    if score >= 0:
        return 1 / (1 + math.exp(-score))
    return math.exp(score) / (1 + math.exp(score))
