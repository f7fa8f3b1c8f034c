"""brat standoff: a text file and an .ann file beside it.

    T1	INDICATOR 0 2	税收          a span: half-open offsets in code points, and its words
    R1	indicator Arg1:T2 Arg2:T1   a relation
    A1	Status T2 target            an attribute: the status of a value

Notes (#) are passed over; events, equivalences and spans in pieces are faults.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from zhibiao.formats.assemble import STATUSES, note_inconsistencies, numbers, refuse_labels_with_spaces
from zhibiao.formats.consistency import LINK_TYPES
from zhibiao.formats.faults import Faults
from zhibiao.schema import AnnotatedDocument, AnnotatedEntity, Relation

_SPAN = re.compile(r"T(\d+)\t(\S+) (\d+) (\d+)\t(.*)")
_RELATION = re.compile(r"R\d+\t(\S+) Arg1:T(\d+) Arg2:T(\d+)\s*")
_STATUS = re.compile(r"[AM]\d+\tStatus T(\d+) (\w+)\s*")
_FORMS = "write T1<tab>LABEL start end<tab>words, R1<tab>type Arg1:T1 Arg2:T2 or A1<tab>Status T1 target"


def write(document: AnnotatedDocument) -> str:
    """The .ann file of a document; its text goes into a file beside it as it is."""
    refuse_labels_with_spaces(document)
    number = numbers(document)
    lines = [
        f"T{number[one.id]}\t{one.label} {one.start} {one.end}\t{_on_one_line(document.text[one.start : one.end])}"
        for one in document.entities
    ]
    lines += [
        f"R{at}\t{one.type} Arg1:T{number[one.source]} Arg2:T{number[one.target]}"
        for at, one in enumerate(document.relations, 1)
    ]
    stated = [one for one in document.entities if one.status is not None]
    lines += [f"A{at}\tStatus T{number[one.id]} {one.status}" for at, one in enumerate(stated, 1)]
    return "".join(f"{line}\n" for line in lines)


def configuration(labels: Sequence[str]) -> str:
    """The annotation.conf of a brat project with these labels."""
    relations = [f"{kind} Arg1:<ENTITY>, Arg2:<ENTITY>" for kind in LINK_TYPES]
    status = f"Status Arg:<ENTITY>, Value:{'|'.join(STATUSES)}"
    parts = ["[entities]", *labels, "[relations]", *relations, "[events]", "[attributes]", status]
    return "\n".join(parts) + "\n"


def losses(document: AnnotatedDocument) -> list[str]:
    """What standoff cannot hold of a document, one message each."""
    return [f"meta: {', '.join(sorted(document.meta))}"] if document.meta else []


def read(text: str, standoff: str, document_id: str, name: str = "annotations") -> AnnotatedDocument:
    """The document of a text and its .ann file. Raises AnnotationError with every fault, by line of the .ann file."""
    faults = Faults(name)
    entities: dict[str, AnnotatedEntity] = {}
    relations: list[Relation] = []
    statuses: dict[str, str] = {}
    for number, line in enumerate(standoff.removeprefix("\ufeff").split("\n"), 1):
        if span := _SPAN.fullmatch(line.rstrip("\r")):
            _take_span(span, text, number, entities, faults)
        elif relation := _RELATION.fullmatch(line):
            relations.append(Relation(source=f"e{relation[2]}", target=f"e{relation[3]}", type=relation[1]))
        elif (status := _STATUS.fullmatch(line)) and status[2] in STATUSES:
            statuses[f"e{status[1]}"] = status[2]
        elif line.strip() and not line.startswith("#"):
            faults.add("it is no span, relation or status", remedy=_FORMS, line=number, place=f"{line!r:.60}")
    for entity_id in statuses.keys() - entities.keys():
        faults.add(f"a status for T{entity_id[1:]}, which is not there", remedy="remove it")
    document = AnnotatedDocument(
        id=document_id,
        text=text,
        entities=tuple(one.model_copy(update={"status": statuses.get(one.id)}) for one in entities.values()),
        relations=tuple(relations),
    )
    note_inconsistencies(document, faults)
    faults.raise_if_any()
    return document


def _take_span(
    span: re.Match[str], text: str, number: int, entities: dict[str, AnnotatedEntity], faults: Faults
) -> None:
    entity_id, start, end = f"e{span[1]}", int(span[3]), int(span[4])
    if entity_id in entities:
        faults.add(f"T{span[1]} stands twice", remedy="renumber one", line=number)
    if end <= len(text) and span[5] != _on_one_line(text[start:end]):
        message = f"the text has {text[start:end]!r:.40} there"
        faults.add(message, remedy="correct the offsets or the words", line=number, place=f"{span[5]!r:.40}")
    entities[entity_id] = AnnotatedEntity(id=entity_id, label=span[2], start=start, end=end)


def _on_one_line(words: str) -> str:
    """Words as brat writes them: a line break becomes a space."""
    return re.sub(r"[\r\n]", " ", words)
