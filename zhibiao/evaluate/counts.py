"""Counts of what is right, and precision, recall and F1 of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Counts:
    """How many were right, how many the gold has, how many were predicted; `right` may hold half credits."""

    right: float = 0
    gold: int = 0
    predicted: int = 0

    @property
    def precision(self) -> float:
        """Right of those predicted; 0 where none were."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Right of those in the gold; 0 where there are none."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall: 2·right / (gold + predicted)."""
        both = self.gold + self.predicted
        return 2 * self.right / both if both else 0.0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.right + other.right, self.gold + other.gold, self.predicted + other.predicted)

    def as_json(self) -> dict[str, Any]:
        """Rounded to four digits, as it is shown."""
        return {
            "precision": round(self.precision, 4),
            "recall": round(self.recall, 4),
            "f1": round(self.f1, 4),
            "right": self.right,
            "gold": self.gold,
            "predicted": self.predicted,
        }


def counts(gold: Collection[object], predicted: Collection[object]) -> Counts:
    """Counts of two sets: what stands in both is right."""
    gold, predicted = set(gold), set(predicted)
    return Counts(len(gold & predicted), len(gold), len(predicted))


def total(each: Iterable[Counts]) -> Counts:
    """The sum of all, from which micro averages are taken."""
    return sum(each, Counts())
