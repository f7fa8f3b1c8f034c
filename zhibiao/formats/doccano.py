"""doccano's JSONL, in both of its shapes.

    spans       {"text", "label": [[start, end, label], …]}                      (also under `labels`)
    relations   {"text", "entities": [{"id", "label", "start_offset", "end_offset"}],
                 "relations": [{"id", "from_id", "to_id", "type"}]}

Offsets are half-open, in code points. doccano has neither statuses nor ids of one's own for texts, but keeps
columns that it does not know and gives them back: `document` holds our id, `status` the statuses by place, `meta` ours.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from zhibiao.formats.assemble import STATUSES, note_inconsistencies, note_repeated_ids, numbers
from zhibiao.formats.faults import Faults
from zhibiao.formats.native import json_lines
from zhibiao.schema import AnnotatedDocument, AnnotatedEntity, Relation

#: Columns that are read; any other that is not empty goes into `meta`.
_KNOWN = frozenset({"id", "text", "label", "labels", "entities", "relations", "document", "status", "meta", "Comments"})


def read(content: str, name: str = "annotations") -> list[AnnotatedDocument]:
    """The documents of a doccano export of either shape. Raises AnnotationError with every fault of all its lines."""
    faults = Faults(name)
    documents: list[AnnotatedDocument] = []
    for number, line in json_lines(content):
        record = _record(line, number, faults)
        if record is not None:
            documents.append(_document(record, number, faults))
    note_repeated_ids(documents, faults)
    faults.raise_if_any()
    return documents


def write(documents: Iterable[AnnotatedDocument], *, with_relations: bool = True) -> str:
    """The documents as JSONL for doccano's import: "JSONL(Relation)", or "JSONL" with spans alone."""
    return "".join(json.dumps(_line(document, with_relations), ensure_ascii=False) + "\n" for document in documents)


def losses_of_spans(document: AnnotatedDocument) -> list[str]:
    """What the shape with spans alone cannot hold."""
    return [f"{len(document.relations)} relations"] if document.relations else []


def _line(document: AnnotatedDocument, with_relations: bool) -> dict[str, Any]:
    line: dict[str, Any] = {"document": document.id, "text": document.text}
    if with_relations:
        number = numbers(document)
        line["entities"] = [
            {"id": number[one.id], "label": one.label, "start_offset": one.start, "end_offset": one.end}
            for one in document.entities
        ]
        line["relations"] = [
            {"id": at, "from_id": number[one.source], "to_id": number[one.target], "type": one.type}
            for at, one in enumerate(document.relations)
        ]
    else:
        line["label"] = [[one.start, one.end, one.label] for one in document.entities]
    status = [[one.start, one.end, one.status] for one in document.entities if one.status is not None]
    return line | ({"status": status} if status else {}) | ({"meta": document.meta} if document.meta else {})


def _record(line: str, number: int, faults: Faults) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
    except ValueError as error:
        faults.add(str(error), remedy="each line is one JSON object", line=number, place=f"{line[:40]!r}")
        return None
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        faults.add("it is no object with a `text`", remedy='write {"text": …}', line=number, place=f"{line[:40]!r}")
        return None
    return record


def _document(record: dict[str, Any], number: int, faults: Faults) -> AnnotatedDocument:
    entities = _relation_shape(record, number, faults) if "entities" in record else _span_shape(record, number, faults)
    status = _statuses(record, number, faults)
    extra = {key: value for key, value in record.items() if key not in _KNOWN and value not in (None, [], {})}
    meta = record.get("meta") or {}
    document = AnnotatedDocument(
        id=str(record.get("document", record.get("id", number))),
        text=record["text"],
        entities=tuple(
            entity.model_copy(update={"status": status[entity.start, entity.end]})
            if (entity.start, entity.end) in status
            else entity
            for entity in entities
        ),
        relations=tuple(_relations(record, number, faults)),
        meta=(meta if isinstance(meta, dict) else {"meta": meta}) | extra,
    )
    note_inconsistencies(document, faults, number)
    return document


def _span_shape(record: dict[str, Any], number: int, faults: Faults) -> list[AnnotatedEntity]:
    entities: list[AnnotatedEntity] = []
    for span in record.get("label", record.get("labels")) or []:
        match span:
            case [int(start), int(end), str(label)]:
                entities.append(AnnotatedEntity(id=f"e{len(entities) + 1}", label=label, start=start, end=end))
            case _:
                faults.add("it is no span", remedy="write [start, end, label]", line=number, place=f"{span!r:.60}")
    return entities


def _relation_shape(record: dict[str, Any], number: int, faults: Faults) -> list[AnnotatedEntity]:
    entities: list[AnnotatedEntity] = []
    for span in record["entities"] or []:
        match span:
            case {"id": int(entity_id), "label": str(label), "start_offset": int(start), "end_offset": int(end)}:
                entities.append(AnnotatedEntity(id=f"e{entity_id}", label=label, start=start, end=end))
            case _:
                remedy = 'write {"id", "label", "start_offset", "end_offset"}'
                faults.add("it is no entity", remedy=remedy, line=number, place=f"{span!r:.60}")
    return entities


def _relations(record: dict[str, Any], number: int, faults: Faults) -> list[Relation]:
    relations: list[Relation] = []
    for found in record.get("relations") or []:
        match found:
            case {"from_id": int(source), "to_id": int(target), "type": str(kind)}:
                relations.append(Relation(source=f"e{source}", target=f"e{target}", type=kind))
            case _:
                remedy = 'write {"from_id", "to_id", "type"}'
                faults.add("it is no relation", remedy=remedy, line=number, place=f"{found!r:.60}")
    return relations


def _statuses(record: dict[str, Any], number: int, faults: Faults) -> dict[tuple[int, int], Any]:
    """The statuses by place; one whose value an annotator has moved or removed since then is not applied."""
    statuses: dict[tuple[int, int], Any] = {}
    for found in record.get("status") or []:
        match found:
            case [int(start), int(end), str(status)] if status in STATUSES:
                statuses[start, end] = status
            case _:
                remedy = f"write [start, end, one of {', '.join(STATUSES)}]"
                faults.add("it is no status", remedy=remedy, line=number, place=f"{found!r:.60}")
    return statuses
