"""The guideline's mark-up: a text with its annotation written into it.

    ⟦CODE[n][>refs][!status]:text⟧      ⟦I1:规模工业增加值⟧⟦A>I1,T1:46.78亿元⟧

CODE is I, A, Q, R, G, P or T; n names an indicator, project or period within its paragraph (a line); refs are the names
that a value points at. `T0` is a period of an earlier paragraph: *which* one the mark-up does not say, so a value that
points at it gets no relation; its id is kept in `meta["earlier_period"]`, and the writer makes `T0` of it again.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from zhibiao.formats.consistency import EARLIER_PERIOD, TARGET_LABELS, shown
from zhibiao.formats.faults import Faults
from zhibiao.schema import VALUE_LABELS, AnnotatedDocument, AnnotatedEntity, Label, Relation, Status

CODES = {
    "I": Label.INDICATOR,
    "A": Label.AMOUNT,
    "Q": Label.QUANTITY,
    "R": Label.RATIO,
    "G": Label.GROWTH,
    "P": Label.PROJECT,
    "T": Label.PERIOD,
}
_CODE_OF: dict[str, str] = {str(label): code for code, label in CODES.items()}
_LINK_OF_CODE = {_CODE_OF[label]: link_type for link_type, label in TARGET_LABELS.items()}
_STATUS_OF: dict[str, Status] = {"t": "target", "f": "forecast", "b": "budget"}
_MARK_OF_STATUS = {status: mark for mark, status in _STATUS_OF.items()}
_MARK = re.compile(
    r"⟦(?P<code>[IAQRGPT])(?P<number>\d*)(?:>(?P<refs>[IPT]\d+(?:,[IPT]\d+)*))?(?:!(?P<status>[tfb]))?:(?P<span>[^⟦⟧]*)⟧"
)
_FORM = "write ⟦CODE[n][>refs][!status]:text⟧, CODE one of I A Q R G P T"


@dataclass
class _Reading:
    """What has been read so far of one text."""

    faults: Faults
    text: list[str] = field(default_factory=list)
    offset: int = 0
    entities: list[AnnotatedEntity] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    earlier: list[str] = field(default_factory=list)

    def take(self, piece: str) -> None:
        self.text.append(piece)
        self.offset += len(piece)

    def note(self, message: str, remedy: str, line: int, written: str) -> None:
        self.faults.add(message, remedy=remedy, line=line, place=f"{written!r}")


def read(marked: str, name: str = "text", document_id: str | None = None) -> AnnotatedDocument:
    """The document that a marked-up text annotates; its id is `document_id`, or else `name`.

    Raises AnnotationError with every fault: stray brackets, empty spans, pointers at nothing, names used twice.
    """
    reading = _Reading(Faults(name))
    for number, line in enumerate(marked.splitlines(keepends=True), 1):
        _read_line(line, number, reading)
    reading.faults.raise_if_any()
    meta: dict[str, Any] = {EARLIER_PERIOD: reading.earlier} if reading.earlier else {}
    return AnnotatedDocument(
        id=document_id if document_id is not None else name,
        text="".join(reading.text),
        entities=tuple(reading.entities),
        relations=tuple(reading.relations),
        meta=meta,
    )


def write(document: AnnotatedDocument) -> str:
    """The document's text with its annotation written into it.

    What the mark-up cannot hold is left out: see `losses`. Raises AnnotationError where the text itself, a label or a
    span cannot be written at all.
    """
    _refuse_unwritable(document)
    names = _Names(document)
    refs: dict[str, list[str]] = defaultdict(list)
    for relation in document.relations:
        reference = names.reference(relation)
        if reference is not None:
            refs[relation.source].append(reference)
    for value in document.meta.get(EARLIER_PERIOD, ()):
        refs[value].append("T0")
    marked: list[str] = []
    done = 0
    for entity in sorted(document.entities, key=lambda entity: entity.start):
        pointers = ",".join(dict.fromkeys(refs[entity.id]))
        code = names.code(entity) + (f">{pointers}" if pointers else "")
        status = f"!{_MARK_OF_STATUS[entity.status]}" if entity.status in _MARK_OF_STATUS else ""
        marked += (document.text[done : entity.start], f"⟦{code}{status}:{document.text[entity.start : entity.end]}⟧")
        done = entity.end
    return "".join([*marked, document.text[done:]])


def losses(document: AnnotatedDocument) -> list[str]:
    """What the mark-up cannot hold of a document, one message each; empty where nothing is lost."""
    found = [f"{place}: {message}" for place, message, _ in _unwritable(document)]
    names = _Names(document)
    for relation in document.relations:
        reference = names.reference(relation)
        place = f"relation {relation.source} -> {relation.target} ({relation.type})"
        if reference is None:
            found.append(f"{place}: it crosses paragraphs and is left out")
        elif reference == "T0":
            found.append(f"{place}: it becomes T0, which does not say which period is meant")
    unsaid = [entity.id for entity in document.entities if entity.status is None and entity.label in VALUE_LABELS]
    if unsaid:
        found.append(f"values without a status become actual: {', '.join(unsaid)}")
    unheld = sorted(set(document.meta) - {EARLIER_PERIOD})
    if unheld:
        found.append(f"meta: {', '.join(unheld)}")
    return found


def _unwritable(document: AnnotatedDocument) -> Iterator[tuple[str, str, str]]:
    """What keeps a document from being written at all: (place, message, remedy)."""
    for bracket in re.finditer("[⟦⟧]", document.text):
        yield (
            f"text, character {bracket.start()}",
            f"{bracket[0]} belongs to the mark-up",
            "use another format for this text",
        )
    for entity in document.entities:
        span = document.text[entity.start : entity.end]
        if entity.label not in _CODE_OF:
            yield shown(entity, document.text), "its label has no code", f"use one of: {', '.join(_CODE_OF)}"
        if len(span.splitlines()) > 1 or span != span.strip():
            yield shown(entity, document.text), "white space at its edge or a line break", "mark the words only"


def _refuse_unwritable(document: AnnotatedDocument) -> None:
    faults = Faults(document.id)
    for place, message, remedy in _unwritable(document):
        faults.add(message, remedy=remedy, place=place)
    faults.raise_if_any()


class _Names:
    """The names (I1, P2, T1 …), counted anew in every paragraph, of the entities that relations end at."""

    def __init__(self, document: AnnotatedDocument) -> None:
        self._starts = {entity.id: entity.start for entity in document.entities}
        self._paragraph_ends = list(accumulate(len(line) for line in document.text.splitlines(keepends=True)))
        self._names: dict[str, str] = {}
        targets = {relation.target for relation in document.relations}
        counts: Counter[tuple[int, str]] = Counter()
        for entity in sorted(document.entities, key=lambda entity: entity.start):
            if entity.id in targets and entity.label in _CODE_OF:
                key = self._paragraph(entity.id), _CODE_OF[entity.label]
                counts[key] += 1
                self._names[entity.id] = f"{key[1]}{counts[key]}"

    def code(self, entity: AnnotatedEntity) -> str:
        """How an entity is marked: with its name, or else its label's code."""
        return self._names.get(entity.id, _CODE_OF[entity.label])

    def reference(self, relation: Relation) -> str | None:
        """What a value writes for a relation: its target's name, T0 for an earlier paragraph's period, else None."""
        source, target = self._paragraph(relation.source), self._paragraph(relation.target)
        if source == target:
            return self._names.get(relation.target)
        return "T0" if relation.type == "period" and target < source else None

    def _paragraph(self, entity_id: str) -> int:
        return bisect_right(self._paragraph_ends, self._starts[entity_id])


def _read_line(line: str, number: int, reading: _Reading) -> None:
    names: dict[str, str] = {}
    marks: list[tuple[re.Match[str], AnnotatedEntity]] = []
    done = 0
    for mark in _MARK.finditer(line):
        _take_plain(line[done : mark.start()], number, reading)
        done = mark.end()
        entity = _entity(mark, number, reading)
        marks.append((mark, entity))
        if mark["number"] and entity.label not in VALUE_LABELS:
            name = mark["code"] + mark["number"]
            if name in names:
                reading.note(f"{name} is named twice in its paragraph", "renumber one", number, mark[0])
            names[name] = entity.id
    _take_plain(line[done:], number, reading)
    for mark, entity in marks:
        if mark["refs"] and entity.label in VALUE_LABELS:
            _point(entity, mark, names, number, reading)


def _take_plain(piece: str, number: int, reading: _Reading) -> None:
    stray = re.search("[⟦⟧]", piece)
    if stray:
        near = piece[max(0, stray.start() - 15) : stray.start() + 25]
        reading.note("a stray bracket", _FORM, number, near)
    reading.take(piece)


def _entity(mark: re.Match[str], number: int, reading: _Reading) -> AnnotatedEntity:
    """Take one marked span: note its faults, keep its text and its entity."""
    label, span = CODES[mark["code"]], mark["span"]
    if not span or span != span.strip():
        reading.note("the span is empty or has white space at its edge", "mark the words only", number, mark[0])
    is_value = label in VALUE_LABELS
    if (mark["refs"] or mark["status"]) and not is_value:
        reading.note("only values carry pointers and a status", "remove them", number, mark[0])
    status: Status | None = _STATUS_OF.get(mark["status"] or "", "actual") if is_value else None
    entity = AnnotatedEntity(
        id=f"e{len(reading.entities) + 1}",
        label=label,
        start=reading.offset,
        end=reading.offset + len(span),
        status=status,
    )
    reading.entities.append(entity)
    reading.take(span)
    return entity


def _point(entity: AnnotatedEntity, mark: re.Match[str], names: dict[str, str], number: int, reading: _Reading) -> None:
    """Turn the pointers of one value into relations."""
    for ref in dict.fromkeys(mark["refs"].split(",")):
        if ref in names:
            relation = Relation(source=entity.id, target=names[ref], type=_LINK_OF_CODE[ref[0]])
            reading.relations.append(relation)
        elif ref == "T0":
            reading.earlier.append(entity.id)
        else:
            reading.note(
                f"it points at {ref}, which its paragraph does not name",
                f"name it ⟦{ref}:…⟧ in the same line, or write T0 for a period of an earlier paragraph",
                number,
                mark[0],
            )
