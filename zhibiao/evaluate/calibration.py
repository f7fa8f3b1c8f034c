"""Whether confidences mean what they say, and what abstaining below one of them buys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from zhibiao.evaluate.counts import Counts
from zhibiao.evaluate.scores import Pairs

#: (confidence, whether it was right)
Judgement = tuple[float, bool]

#: Minimal confidences that a dial shows: 0, 0.05 … 0.95.
THRESHOLDS = tuple(float(step) / 20 for step in range(20))


@dataclass(frozen=True)
class Bin:
    """Judgements with a confidence in (low, high]: how many, their mean confidence, and the share that was right."""

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True)
class Reliability:
    """The bins of a reliability plot and the expected calibration error: the mean gap, weighted by counts."""

    ece: float
    bins: tuple[Bin, ...]
    count: int

    def as_json(self) -> dict[str, Any]:
        """Rounded to four digits, as it is shown."""
        return {
            "ece": round(self.ece, 4),
            "count": self.count,
            "bins": [{key: round(value, 4) for key, value in asdict(part).items()} for part in self.bins],
        }


@dataclass(frozen=True)
class DialPoint:
    """What is left at a minimal confidence: the share of predictions kept, and how right they are.

    `risk` is the share of those kept that is wrong; precision, recall and F1 are strict, against all the gold.
    """

    min_confidence: float
    coverage: float
    risk: float
    precision: float
    recall: float
    f1: float

    def as_json(self) -> dict[str, float]:
        """Rounded to four digits, as it is shown."""
        return {key: round(value, 4) for key, value in asdict(self).items()}


def span_judgements(pairs: Pairs, label: str | None = None) -> list[Judgement]:
    """Every predicted span's confidence and whether the gold has it; of one label where it is given."""
    return [
        (confidence, span in gold.spans)
        for gold, predicted in pairs
        for span, confidence in predicted.spans.items()
        if label in (None, span.label)
    ]


def link_judgements(pairs: Pairs, link_type: str | None = None) -> list[Judgement]:
    """Every predicted link's confidence and whether the gold has it; of one type where it is given."""
    return [
        (confidence, link in gold.links)
        for gold, predicted in pairs
        for link, confidence in predicted.links.items()
        if link_type in (None, link.type)
    ]


def fact_judgements(pairs: Pairs) -> list[Judgement]:
    """Every predicted fact's confidence and whether the gold states it; empty where there are no facts."""
    return [
        (confidence, fact in (gold.facts or {}))
        for gold, predicted in pairs
        for fact, confidence in (predicted.facts or {}).items()
    ]


def reliability(judgements: Iterable[Judgement], bins: int = 10) -> Reliability:
    """Bins of equal width over [0, 1] and their expected calibration error (Guo et al. 2017, equation 3)."""
    found = list(judgements)
    confidence = np.array([given for given, _ in found], dtype=float)
    is_right = np.array([right for _, right in found], dtype=float)
    index = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    parts: list[Bin] = []
    for number in range(bins):
        chosen = index == number
        count = int(chosen.sum())
        means = (float(confidence[chosen].mean()), float(is_right[chosen].mean())) if count else (0.0, 0.0)
        parts.append(Bin(number / bins, (number + 1) / bins, count, *means))
    gap = sum(part.count * abs(part.confidence - part.accuracy) for part in parts)
    return Reliability(gap / len(found) if found else 0.0, tuple(parts), len(found))


def risk_coverage(judgements: Iterable[Judgement]) -> list[tuple[float, float, float]]:
    """(confidence, coverage, risk) at every confidence that occurs, from the surest down (El-Yaniv and Wiener 2010)."""
    ordered = sorted(judgements, key=lambda judgement: -judgement[0])
    points: list[tuple[float, float, float]] = []
    wrong = 0
    for kept, (confidence, is_right) in enumerate(ordered, 1):
        wrong += not is_right
        is_last_of_its_kind = kept == len(ordered) or ordered[kept][0] < confidence
        if is_last_of_its_kind:
            points.append((confidence, kept / len(ordered), wrong / kept))
    return points


def area_under_risk(judgements: Iterable[Judgement]) -> float:
    """The mean risk over all coverages (AURC): 0 is perfect, the plain error rate is what random order gives."""
    points = risk_coverage(judgements)
    area, before = 0.0, 0.0
    for _, coverage, risk in points:
        area += (coverage - before) * risk
        before = coverage
    return area


def dial(pairs: Pairs, thresholds: Sequence[float] = THRESHOLDS) -> list[DialPoint]:
    """What each minimal confidence leaves of the predicted spans, and how right that is."""
    judgements = span_judgements(pairs)
    gold = sum(len(annotation.spans) for annotation, _ in pairs)
    points: list[DialPoint] = []
    for threshold in thresholds:
        kept = [is_right for confidence, is_right in judgements if confidence >= threshold]
        found = Counts(sum(kept), gold, len(kept))
        coverage = len(kept) / len(judgements) if judgements else 0.0
        risk = 1 - found.precision if kept else 0.0
        points.append(DialPoint(threshold, coverage, risk, found.precision, found.recall, found.f1))
    return points
