"""Scores of predicted annotations against gold, by document and in all.

Every score has a name; its micro average is taken over the sum of all documents' counts:

    spans                 label, start and end are right: strict, what seqeval calls mode="strict" with IOB2
    spans:LABEL           the same for one label
    spans:core            the same for amounts, indicators, projects and growths together
    boundaries            start and end are right, whatever the label
    partial               the label is right: 1 where the place is too, ½ where it overlaps (MUC-5, SemEval-2013 task 9)
    links, links:TYPE     the value's place, the type and the target's place are right, end to end
    status                a value's place and status are right, end to end
    values                a value with its label, place, status and all that it points at is right
    facts                 a fact as a reader gets it is right: names, exact value, growth, status and period; and
    facts:undated         the same but for the period. Only where the annotations bring facts
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from zhibiao.evaluate.alignment import align
from zhibiao.evaluate.annotation import Annotation, LinkKey, Place
from zhibiao.evaluate.counts import Counts, counts, total
from zhibiao.schema import Label

#: The labels that the task's own figure is about: amounts, indicators, projects and growth rates.
CORE = frozenset({Label.AMOUNT, Label.INDICATOR, Label.PROJECT, Label.GROWTH})

LINK_TYPES = ("indicator", "project", "period")

Pairs = Sequence[tuple[Annotation, Annotation]]


@dataclass(frozen=True)
class Scores:
    """The counts of every score, for each document (in order) and in all."""

    names: tuple[str, ...]
    by_document: tuple[dict[str, Counts], ...]

    def __getitem__(self, name: str) -> Counts:
        return total(document.get(name, Counts()) for document in self.by_document)

    @property
    def macro_f1(self) -> float:
        """The mean of the labels' F1 values, over the labels that the gold has."""
        each = [self[name].f1 for name in self.labels if self[name].gold]
        return sum(each) / len(each) if each else 0.0

    @property
    def labels(self) -> list[str]:
        """The names of the scores of single labels."""
        return [name for name in self.names if name.startswith("spans:") and name != "spans:core"]

    def as_json(self) -> dict[str, Any]:
        """Every score by its name, and the macro average."""
        return {name: self[name].as_json() for name in self.names} | {"macro_f1": round(self.macro_f1, 4)}


def score(pairs: Pairs) -> Scores:
    """The scores of (gold, predicted) pairs; see the module for what each name means."""
    labels = {span.label for both in pairs for side in both for span in side.spans}
    order = [*Label, *sorted(labels - set(Label))]
    names = ["spans", "spans:core", *(f"spans:{label}" for label in order if label in labels), "boundaries", "partial"]
    names += ["links", *(f"links:{kind}" for kind in LINK_TYPES), "status", "values"]
    if all(gold.facts is not None and predicted.facts is not None for gold, predicted in pairs):
        names += ["facts", "facts:undated"]
    return Scores(tuple(names), tuple(dict(_document(gold, predicted)) for gold, predicted in pairs))


def _document(gold: Annotation, predicted: Annotation) -> Iterator[tuple[str, Counts]]:
    yield "spans", counts(gold.spans, predicted.spans)
    yield "spans:core", _of_labels(gold, predicted, CORE)
    for label in {span.label for side in (gold, predicted) for span in side.spans}:
        yield f"spans:{label}", _of_labels(gold, predicted, {label})
    yield "boundaries", counts([span.place for span in gold.spans], [span.place for span in predicted.spans])
    yield "partial", _partial(gold, predicted)
    yield "links", counts(gold.links, predicted.links)
    for kind in LINK_TYPES:
        yield f"links:{kind}", counts(_of_type(gold.links, kind), _of_type(predicted.links, kind))
    yield "status", counts(gold.status.items(), predicted.status.items())
    yield "values", counts(_values(gold, gold.earlier_period), _values(predicted, gold.earlier_period))
    if gold.facts is not None and predicted.facts is not None:
        yield "facts", counts(gold.facts, predicted.facts)
        yield "facts:undated", counts([one.undated for one in gold.facts], [one.undated for one in predicted.facts])


def _of_labels(gold: Annotation, predicted: Annotation, labels: Iterable[str]) -> Counts:
    wanted = frozenset(labels)
    ours, theirs = ([span for span in side.spans if span.label in wanted] for side in (gold, predicted))
    return counts(ours, theirs)


def _of_type(links: Iterable[LinkKey], kind: str) -> list[LinkKey]:
    return [link for link in links if link.type == kind]


def _partial(gold: Annotation, predicted: Annotation) -> Counts:
    credit = {"right": 1.0, "boundary": 0.5}
    right = sum(credit.get(found.kind, 0.0) for found in align(gold.spans, predicted.spans))
    return Counts(right, len(gold.spans), len(predicted.spans))


def _values(annotation: Annotation, without_period: frozenset[Place]) -> list[tuple[object, ...]]:
    """Each value with its status and all that it points at; the period of some values is not known to the gold."""
    targets: dict[Place, set[tuple[str, Place]]] = defaultdict(set)
    for link in annotation.links:
        if link.type != "period" or link.value not in without_period:
            targets[link.value].add((link.type, link.target))
    return [
        (span, annotation.status[span.place], frozenset(targets[span.place]))
        for span in annotation.spans
        if span.place in annotation.status
    ]
