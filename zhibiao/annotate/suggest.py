"""What to annotate next: the texts from which a model learns most for each character that a person reads.

A text is worth the errors that the model is likely to make in it, which its calibrated confidences tell: the spans that
it gives are wrong with the probability 1 - confidence, and where it gives none it may have missed one. A name of an
indicator that no annotation has yet is worth a part of an error more. All of this is taken for each character, and less
where something like it has been chosen already.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Literal

from zhibiao.annotate.likeness import Sketch, likeness, sketch
from zhibiao.annotate.reports import Unlabelled
from zhibiao.schema import AnnotatedDocument, Label
from zhibiao.tagger import Tagger
from zhibiao.text import sentences

Unit = Literal["report", "sentence"]

#: What a name that is new is worth, in errors.
NOVELTY = 0.25
#: Characters that every text costs on top of its own: a short one is not worth more than it teaches.
OVERHEAD = 50
#: Texts that are more alike than this are near-duplicates: the second is chosen when all others are.
NEAR_DUPLICATE = 0.5


@dataclass(frozen=True)
class Candidate:
    """A text with what the model expects of it: its errors, and the indicators that it names."""

    unit: Unlabelled
    errors: float
    indicators: frozenset[str]
    sketch: Sketch

    def worth(self, known: Collection[str]) -> float:
        """Errors, and new names for their part, for 1,000 characters."""
        new = sum(name not in known for name in self.indicators)
        return 1000 * (self.errors + NOVELTY * new) / (len(self.unit.text) + OVERHEAD)


@dataclass(frozen=True)
class Suggestion:
    """A text in its place of the order.

    `expected_errors` are those of the model in it, `new_indicators` the names that neither the gold nor an earlier
    suggestion has, `similarity` is that to the most similar earlier suggestion, `score` what it was chosen by.
    """

    rank: int
    unit: Unlabelled
    score: float
    expected_errors: float
    new_indicators: tuple[str, ...]
    similarity: float


def candidates(tagger: Tagger, reports: Iterable[Unlabelled], *, by: Unit = "report") -> Iterator[Candidate]:
    """Each report, or each of its sentences, with what the model expects of it. Reports are tagged one at a time."""
    for report in reports:
        tagging = tagger.tag(report.text)
        starts = [one.start for one in tagging.entities]
        possible = [one.start for one in tagging.possible]
        for unit in _units(report, by):
            end = unit.start + len(unit.text)
            spans = tagging.entities[bisect_left(starts, unit.start) : bisect_left(starts, end)]
            maybe = tagging.possible[bisect_left(possible, unit.start) : bisect_left(possible, end)]
            yield Candidate(
                unit,
                sum(1 - one.confidence for one in spans) + sum(one.confidence for one in maybe),
                frozenset(one.text for one in spans if one.label == Label.INDICATOR),
                sketch(unit.text),
            )


def suggest(
    found: Iterable[Candidate], *, gold: Sequence[AnnotatedDocument] = (), limit: int | None = 100, pool: int = 2000
) -> list[Suggestion]:
    """The `limit` texts to annotate first (all where it is None), in order; those of `gold` are left out.

    However many `found` yields, only the `pool` most worthy are kept in memory to choose from (ten for each that is
    wanted, where that is more).
    """
    known = indicators_of(gold)
    annotated = {document.text for document in gold}
    fresh = (one for one in found if one.unit.text not in annotated and one.unit.text.strip())
    if limit is None:
        kept = list(fresh)
    else:
        numbers = count()
        worth = ((one.worth(known), -next(numbers), one) for one in fresh)
        kept = [one for *_, one in heapq.nlargest(max(pool, 10 * limit), worth)]
    return list(_ordered(kept, known, len(kept) if limit is None else limit))


def indicators_of(documents: Iterable[AnnotatedDocument]) -> set[str]:
    """The names of all indicators that annotations have."""
    return {
        document.text[one.start : one.end]
        for document in documents
        for one in document.entities
        if one.label == Label.INDICATOR
    }


def _units(report: Unlabelled, by: Unit) -> Iterator[Unlabelled]:
    if by == "report":
        yield report
        return
    for start, end in sentences(report.text):
        yield Unlabelled(f"{report.id}@{start}-{end}", report.text[start:end], report.id, start)


def _ordered(kept: list[Candidate], known: set[str], limit: int) -> Iterator[Suggestion]:
    """The best at each step, given what was chosen before it (maximal marginal relevance)."""
    left = dict(enumerate(kept))
    alike = dict.fromkeys(left, 0.0)
    for rank in range(1, min(limit, len(left)) + 1):
        scores = {number: one.worth(known) * (1 - alike[number]) for number, one in left.items()}
        best = max(left, key=lambda number: (alike[number] < NEAR_DUPLICATE, scores[number], -number))
        chosen = left.pop(best)
        new = tuple(sorted(chosen.indicators - known))
        yield Suggestion(rank, chosen.unit, scores[best], chosen.errors, new, alike[best])
        known = known | chosen.indicators
        for number, one in left.items():
            alike[number] = max(alike[number], likeness(chosen.sketch, one.sketch))
