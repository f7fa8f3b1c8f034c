"""From what another tool's file says to a document: shared by the readers of all foreign formats."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, get_args

from zhibiao.formats.consistency import inconsistencies
from zhibiao.formats.faults import Faults
from zhibiao.schema import AnnotatedDocument, Status

STATUSES: tuple[str, ...] = get_args(Status)

_NUMBERED = re.compile(r"e(0|[1-9]\d*)")


def numbers(document: AnnotatedDocument) -> dict[str, int]:
    """A whole number for each entity, for formats whose ids are numbers: e7 -> 7, or else counted in text order."""
    ids = [entity.id for entity in document.entities]
    named = [_NUMBERED.fullmatch(entity_id) for entity_id in ids]
    if all(named):
        return {entity_id: int(match[1]) for entity_id, match in zip(ids, named, strict=True) if match}
    ordered = sorted(document.entities, key=lambda entity: (entity.start, entity.end))
    return {entity.id: number for number, entity in enumerate(ordered, 1)}


def note_inconsistencies(document: AnnotatedDocument, faults: Faults, line: int | None = None) -> None:
    """Add to `faults` everything in a document that contradicts itself."""
    for place, message, remedy in inconsistencies(document):
        faults.add(message, remedy=remedy, line=line, place=f"{document.id}: {place}")


def refuse_labels_with_spaces(document: AnnotatedDocument) -> None:
    """Raise AnnotationError where a label holds white space, which columns are parted by."""
    faults = Faults(document.id)
    for label in sorted({entity.label for entity in document.entities}):
        if len(label.split()) != 1:
            faults.add("this label holds white space", remedy="rename it", place=f"{label!r}")
    faults.raise_if_any()


def whole_number(record: Mapping[str, Any], key: str) -> int | None:
    """The whole number under `key`; None where there is none (true and false are none)."""
    value = record.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def note_repeated_ids(documents: list[AnnotatedDocument], faults: Faults) -> None:
    """Add to `faults` every id that two documents have."""
    seen: set[str] = set()
    for document in documents:
        if document.id in seen:
            faults.add("its id stands twice", remedy="give every document an id of its own", place=document.id)
        seen.add(document.id)
