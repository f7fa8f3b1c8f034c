"""How sure a score is: intervals by bootstrap over documents, and paired tests of two models on one set.

Documents, not spans, are drawn: spans of one report share its words and their errors (Koehn 2004; Berg-Kirkpatrick,
Burkett and Klein 2012). The randomisation test is Yeh 2000.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from zhibiao.evaluate.counts import Counts
from zhibiao.evaluate.scores import Scores

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Interval:
    """An F1 value and the bounds between which it lies with the given level, were other such documents drawn."""

    f1: float
    low: float
    high: float
    level: float


#: A difference that chance brings about more often than this proves nothing.
LEVEL = 0.05

#: What is said of the second of two models.
Verdict = Literal["better", "worse", "undecided"]


@dataclass(frozen=True)
class Comparison:
    """Two models on the same documents: how much the second is better, its interval, and what chance would do.

    `p_bootstrap` is how often the second was not better in the documents drawn; `p_randomization` how often a
    difference as great comes about when the models are exchanged document by document (two-sided).
    """

    score: str
    first_f1: float
    second_f1: float
    difference: float
    low: float
    high: float
    p_bootstrap: float
    p_randomization: float
    documents: int

    @property
    def verdict(self) -> Verdict:
        """Which of the two is better: the interval leaves 0 out, and chance seldom does as much."""
        if self.p_randomization > LEVEL or self.low <= 0 <= self.high:
            return "undecided"
        return "better" if self.low > 0 else "worse"

    def as_json(self) -> dict[str, Any]:
        """Rounded to four digits, as it is shown."""
        return {key: round(value, 4) if isinstance(value, float) else value for key, value in asdict(self).items()}


def interval(scores: Scores, name: str, *, level: float = 0.95, rounds: int = 2000, seed: int = 0) -> Interval:
    """The percentile bootstrap interval of one score's F1, documents drawn with replacement."""
    table = _table(scores, name)
    drawn = _draws(len(table), rounds, seed)
    values = _f1(drawn @ table)
    tail = (1 - level) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return Interval(scores[name].f1, float(low), float(high), level)


def compare(
    first: Scores, second: Scores, name: str = "spans", *, rounds: int = 10_000, level: float = 0.95, seed: int = 0
) -> Comparison:
    """Compare two models by one score on the same documents in the same order; see `Comparison`.

    Raises ValueError where the two do not have the same documents.
    """
    one, other = _table(first, name), _table(second, name)
    if not np.array_equal(one[:, 1], other[:, 1]):
        raise ValueError("the two models were scored on different documents; score both on the same")
    drawn = _draws(len(one), rounds, seed)
    differences = _f1(drawn @ other) - _f1(drawn @ one)
    tail = (1 - level) / 2
    low, high = np.quantile(differences, [tail, 1 - tail])
    first_f1, second_f1 = first[name].f1, second[name].f1
    return Comparison(
        score=name,
        first_f1=first_f1,
        second_f1=second_f1,
        difference=second_f1 - first_f1,
        low=float(low),
        high=float(high),
        p_bootstrap=float(np.mean(differences <= 0)),
        p_randomization=_randomization(one, other, second_f1 - first_f1, rounds, seed),
        documents=len(one),
    )


def _randomization(one: Floats, other: Floats, observed: float, rounds: int, seed: int) -> float:
    """How often exchanging the models by document gives a difference at least as great; counts itself (Yeh 2000)."""
    swap = np.random.default_rng(seed).integers(0, 2, size=(rounds, len(one))).astype(float)
    kept = 1 - swap
    shuffled = _f1(kept @ other + swap @ one) - _f1(kept @ one + swap @ other)
    at_least = np.sum(np.abs(shuffled) >= abs(observed) - 1e-12)
    return float((at_least + 1) / (rounds + 1))


def _table(scores: Scores, name: str) -> Floats:
    """Right, gold and predicted of every document: (documents, 3)."""
    each = [document.get(name, Counts()) for document in scores.by_document]
    return np.array([[one.right, one.gold, one.predicted] for one in each], dtype=float).reshape(len(each), 3)


def _draws(documents: int, rounds: int, seed: int) -> Floats:
    """How often each document was drawn in each round: (rounds, documents)."""
    if not documents:
        return np.zeros((rounds, 0))
    chance = np.full(documents, 1 / documents)
    return np.random.default_rng(seed).multinomial(documents, chance, size=rounds).astype(float)


def _f1(sums: Floats) -> Floats:
    both = sums[:, 1] + sums[:, 2]
    return np.divide(2 * sums[:, 0], both, out=np.zeros_like(both), where=both > 0)
