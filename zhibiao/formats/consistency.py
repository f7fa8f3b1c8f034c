"""What holds for every annotated document, whatever format it came in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import get_args

from zhibiao.schema import VALUE_LABELS, AnnotatedDocument, AnnotatedEntity, Label, LinkType, Relation

#: The label that a link of each type ends at.
TARGET_LABELS: dict[str, Label] = {
    "indicator": Label.INDICATOR,
    "project": Label.PROJECT,
    "period": Label.PERIOD,
}
#: The key of `meta` that lists the ids of the values whose period stands in an earlier paragraph, unsaid which (T0).
EARLIER_PERIOD = "earlier_period"
LINK_TYPES: tuple[str, ...] = get_args(LinkType)

_GUIDELINE_LABELS = frozenset(Label)

#: (place, message, remedy)
Inconsistency = tuple[str, str, str]


def inconsistencies(document: AnnotatedDocument) -> Iterator[Inconsistency]:
    """Everything in a document that contradicts itself: (place, message, remedy) for each.

    Offsets lie in the text, spans are not empty and do not overlap, ids are unique, relations join what is there, a
    status stands on values only. A label that the guideline does not know is taken as it is: a model may know it.
    """
    yield from _surrogates(document)
    yield from _repeated_ids(document)
    for entity in document.entities:
        yield from _entity(entity, document.text)
    yield from _overlaps(document)
    yield from _relations(document)
    yield from _earlier_period(document)


def shown(entity: AnnotatedEntity, text: str) -> str:
    """How a message names an entity: its id, label, offsets and text."""
    span = text[entity.start : entity.end] if 0 <= entity.start < entity.end <= len(text) else ""
    return f"{entity.label} {entity.id} [{entity.start}:{entity.end}] {span!r}"


def _surrogates(document: AnnotatedDocument) -> Iterator[Inconsistency]:
    for position, character in enumerate(document.text):
        if "\ud800" <= character <= "\udfff":
            yield (
                f"text, character {position}",
                f"half a surrogate pair (U+{ord(character):04X}), which is no character",
                "write the whole character",
            )


def _repeated_ids(document: AnnotatedDocument) -> Iterator[Inconsistency]:
    for entity_id, times in Counter(entity.id for entity in document.entities).items():
        if times > 1:
            yield f"entity {entity_id}", f"its id is used {times} times", "give every entity an id of its own"
        if not entity_id:
            yield "entities", "an id is empty", "give every entity an id"


def _entity(entity: AnnotatedEntity, text: str) -> Iterator[Inconsistency]:
    place = shown(entity, text)
    if not entity.label:
        yield place, "it has no label", "name its label"
    if not 0 <= entity.start <= entity.end <= len(text):
        yield (
            place,
            f"its offsets do not lie in the text of {len(text)} characters",
            "count half-open offsets in Unicode code points from 0",
        )
    elif entity.start == entity.end:
        yield place, "it is empty", "remove it or correct its offsets"
    if entity.status is not None and entity.label in _GUIDELINE_LABELS - VALUE_LABELS:
        yield place, f"{entity.label} carries a status ({entity.status})", "only values have one: remove it"


def _overlaps(document: AnnotatedDocument) -> Iterator[Inconsistency]:
    ordered = sorted(document.entities, key=lambda entity: (entity.start, entity.end))
    widest: AnnotatedEntity | None = None
    for entity in ordered:
        if entity.start >= entity.end:
            continue
        if widest is not None and entity.start < widest.end:
            yield (
                shown(entity, document.text),
                f"it overlaps {shown(widest, document.text)}",
                "spans are flat: keep one of the two",
            )
        if widest is None or entity.end > widest.end:
            widest = entity


def _relations(document: AnnotatedDocument) -> Iterator[Inconsistency]:
    by_id = {entity.id: entity for entity in document.entities}
    for relation, times in Counter(document.relations).items():
        place = f"relation {relation.source} -> {relation.target} ({relation.type})"
        if times > 1:
            yield place, f"it stands there {times} times", "keep one"
        for end in dict.fromkeys((relation.source, relation.target)):
            if end not in by_id:
                yield place, f"there is no entity {end!r}", "name the id of an entity of this document"
        yield from _relation_kind(relation, place, by_id)


def _relation_kind(relation: Relation, place: str, by_id: dict[str, AnnotatedEntity]) -> Iterator[Inconsistency]:
    if relation.type not in LINK_TYPES:
        yield place, f"{relation.type!r} is no type of relation", f"use one of: {', '.join(LINK_TYPES)}"
        return
    if relation.source == relation.target:
        yield place, "it joins an entity with itself", "remove it"
    source, target = by_id.get(relation.source), by_id.get(relation.target)
    if source is not None and source.label in _GUIDELINE_LABELS - VALUE_LABELS:
        yield place, f"it starts at {source.label}", "a relation starts at a value"
    expected = TARGET_LABELS[relation.type]
    if target is not None and target.label in _GUIDELINE_LABELS and target.label != expected:
        yield place, f"it ends at {target.label}", f"a relation of this type ends at {expected}"


def _earlier_period(document: AnnotatedDocument) -> Iterator[Inconsistency]:
    listed = document.meta.get(EARLIER_PERIOD, [])
    if not isinstance(listed, list):
        yield f"meta.{EARLIER_PERIOD}", "it is no list", "list the ids of values"
        return
    ids = {entity.id for entity in document.entities}
    for entity_id in listed:
        if entity_id not in ids:
            yield f"meta.{EARLIER_PERIOD}", f"there is no entity {entity_id!r}", "remove it from the list"
