"""One evaluation: all scores of a model on a set, with intervals, confusion, calibration and errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from zhibiao.evaluate.alignment import confusion
from zhibiao.evaluate.calibration import (
    Reliability,
    area_under_risk,
    dial,
    fact_judgements,
    link_judgements,
    reliability,
    span_judgements,
)
from zhibiao.evaluate.counts import Counts
from zhibiao.evaluate.errors import Mistake, mistakes
from zhibiao.evaluate.resampling import Comparison, Interval, interval
from zhibiao.evaluate.scores import Pairs, Scores, score


@dataclass(frozen=True)
class Evaluation:
    """What (gold, predicted) pairs say of a model; each part is worked out when it is asked for.

    `about` names the model, the set and whatever else the reader should know.
    """

    pairs: Pairs
    about: Mapping[str, Any] = field(default_factory=dict)
    comparisons: tuple[Comparison, ...] = ()

    @cached_property
    def scores(self) -> Scores:
        """Every score, by document and in all."""
        return score(self.pairs)

    @cached_property
    def intervals(self) -> dict[str, Interval]:
        """The 95 % interval of every score's F1; empty for one document, of which nothing can be drawn."""
        if len(self.pairs) < 2:
            return {}
        return {name: interval(self.scores, name) for name in self.scores.names}

    @cached_property
    def status_accuracy(self) -> float:
        """Of the values that both have, the share whose status is right."""
        both = [
            (status, predicted.status[place])
            for gold, predicted in self.pairs
            for place, status in gold.status.items()
            if place in predicted.status
        ]
        return sum(one == other for one, other in both) / len(both) if both else 0.0

    @cached_property
    def calibration(self) -> dict[str, Reliability]:
        """How far confidences of spans, links and facts are from the truth."""
        judgements = {
            "spans": span_judgements(self.pairs),
            "links": link_judgements(self.pairs),
            "facts": fact_judgements(self.pairs),
        }
        return {name: reliability(found) for name, found in judgements.items() if found or name == "spans"}

    @cached_property
    def mistakes(self) -> list[Mistake]:
        """Every error."""
        return list(mistakes(self.pairs))

    def as_json(self) -> dict[str, Any]:
        """All of it but the errors, as JSON."""
        return {
            **self.about,
            "documents": len(self.pairs),
            "characters": sum(len(gold.text) for gold, _ in self.pairs),
            "scores": {name: self._score(name) for name in self.scores.names},
            "macro_f1": round(self.scores.macro_f1, 4),
            "status_accuracy": round(self.status_accuracy, 4),
            "confusion": self._confusion(),
            "calibration": {name: found.as_json() for name, found in self.calibration.items()},
            "area_under_risk": round(area_under_risk(span_judgements(self.pairs)), 4),
            "dial": [point.as_json() for point in dial(self.pairs)],
            "comparisons": [comparison.as_json() for comparison in self.comparisons],
            "by_document": self._by_document(),
        }

    def _score(self, name: str) -> dict[str, Any]:
        bounds = self.intervals.get(name)
        extra = {"low": round(bounds.low, 4), "high": round(bounds.high, 4)} if bounds else {}
        return self.scores[name].as_json() | extra

    def _confusion(self) -> list[dict[str, Any]]:
        table = confusion(self.pairs)
        return [
            {"gold": gold, "predicted": predicted, "kind": kind, "count": count}
            for (gold, predicted, kind), count in table.most_common()
        ]

    def _by_document(self) -> list[dict[str, Any]]:
        names = ("spans", "spans:core", "links", "links:indicator", "status", "values", "facts")
        return [
            {
                "id": gold.id,
                "characters": len(gold.text),
                **{name: found.get(name, Counts()).as_json() for name in names if name in self.scores.names},
            }
            for (gold, _), found in zip(self.pairs, self.scores.by_document, strict=True)
        ]
