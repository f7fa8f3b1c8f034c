"""What one annotator, person or model, says of one text: the noun that every score compares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from zhibiao.errors import AnnotationError
from zhibiao.formats.consistency import EARLIER_PERIOD
from zhibiao.schema import VALUE_LABELS, AnnotatedDocument, AnnotatedEntity, Entity, Link

Place = tuple[int, int]


class SpanKey(NamedTuple):
    """A labelled place: two spans are the same when label, start and end are."""

    label: str
    start: int
    end: int

    @property
    def place(self) -> Place:
        """Where it stands, whatever its label."""
        return self.start, self.end


class LinkKey(NamedTuple):
    """A link by the places of its ends: the value's, and that of the indicator, project or period."""

    value: Place
    type: str
    target: Place


class Stated(NamedTuple):
    """A value or growth: where it stands and what exactly it says."""

    place: Place
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    unit: str
    direction: str | None


@dataclass(frozen=True)
class FactKey:
    """Two facts are the same when all of this is; `undated` leaves the period out."""

    indicator: Place | None
    numerator: Place | None
    project: Place | None
    value: Stated | None
    growth: Stated | None
    status: str
    period: tuple[date | None, date | None] | None

    @property
    def undated(self) -> tuple[object, ...]:
        """All but the period."""
        return self.indicator, self.numerator, self.project, self.value, self.growth, self.status


@dataclass(frozen=True)
class Annotation:
    """The spans, links and statuses of one text; `spans` and `links` map to confidences (1 where a person said so).

    `status` has an entry for every value. `earlier_period` are the values whose period stands in an earlier paragraph,
    unsaid where: their lack of a period link says nothing. `facts` maps facts to confidences, None without any.
    """

    id: str
    text: str
    spans: Mapping[SpanKey, float] = field(default_factory=dict)
    links: Mapping[LinkKey, float] = field(default_factory=dict)
    status: Mapping[Place, str] = field(default_factory=dict)
    earlier_period: frozenset[Place] = frozenset()
    facts: Mapping[FactKey, float] | None = None


def from_document(document: AnnotatedDocument) -> Annotation:
    """The annotation that a gold document holds; a value without a status is an actual, as the guideline has it."""
    places = {entity.id: (entity.start, entity.end) for entity in document.entities}
    return Annotation(
        id=document.id,
        text=document.text,
        spans={SpanKey(entity.label, entity.start, entity.end): 1.0 for entity in document.entities},
        links={
            LinkKey(places[relation.source], relation.type, places[relation.target]): 1.0
            for relation in document.relations
        },
        status=_statuses(document.entities),
        earlier_period=frozenset(places[value] for value in document.meta.get(EARLIER_PERIOD, ()) if value in places),
    )


def from_entities(document_id: str, text: str, entities: Iterable[Entity], links: Iterable[Link]) -> Annotation:
    """The annotation that a model made: its entities and links, with their confidences."""
    entities = tuple(entities)
    places = {entity.id: (entity.start, entity.end) for entity in entities}
    return Annotation(
        id=document_id,
        text=text,
        spans={SpanKey(entity.label, entity.start, entity.end): entity.confidence for entity in entities},
        links={LinkKey(places[link.value], link.type, places[link.target]): link.confidence for link in links},
        status=_statuses(entities),
    )


def pair(gold: Iterable[Annotation], predicted: Iterable[Annotation]) -> list[tuple[Annotation, Annotation]]:
    """Gold and predicted annotations of the same texts side by side, in gold's order.

    Raises AnnotationError with every document that one side lacks or whose text differs.
    """
    ours = {annotation.id: annotation for annotation in gold}
    theirs = {annotation.id: annotation for annotation in predicted}
    faults = [
        f"{name}: it is annotated on one side only; give both the same documents"
        for name in ours.keys() ^ theirs.keys()
    ]
    faults += [
        f"{name}: the two texts differ at character {_first_difference(ours[name].text, theirs[name].text)}; "
        "annotate the same text"
        for name in ours
        if name in theirs and ours[name].text != theirs[name].text
    ]
    if faults:
        raise AnnotationError(sorted(faults))
    return [(annotation, theirs[name]) for name, annotation in ours.items()]


def _statuses(entities: Iterable[AnnotatedEntity | Entity]) -> dict[Place, str]:
    return {
        (entity.start, entity.end): entity.status or "actual"
        for entity in entities
        if entity.status is not None or entity.label in VALUE_LABELS
    }


def _first_difference(one: str, other: str) -> int:
    shorter = min(len(one), len(other))
    return next((at for at in range(shorter) if one[at] != other[at]), shorter)
