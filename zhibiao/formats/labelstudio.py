"""Label Studio's JSON: tasks with annotations and predictions, relations, and the status as choices of a region.

Label Studio counts UTF-16 code units in a browser, some of its versions and many tools around it code points. A region
says which words it marks: both readings are tried against them, and one that fits neither is a fault.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from zhibiao.formats.assemble import STATUSES, note_inconsistencies, note_repeated_ids, whole_number
from zhibiao.formats.consistency import LINK_TYPES, TARGET_LABELS
from zhibiao.formats.faults import Faults
from zhibiao.formats.labelling import Labelling
from zhibiao.formats.utf16 import Utf16
from zhibiao.schema import VALUE_LABELS, AnnotatedDocument, AnnotatedEntity, Label, Relation

#: Names of the tags in our label configuration.
LABELS, STATUS, TEXT = "label", "status", "text"

_COLOURS = {
    Label.INDICATOR: "#1f77b4",
    Label.AMOUNT: "#d62728",
    Label.QUANTITY: "#ff7f0e",
    Label.RATIO: "#9467bd",
    Label.GROWTH: "#2ca02c",
    Label.PROJECT: "#8c564b",
    Label.PERIOD: "#7f7f7f",
}
#: The tags of our own configuration.
_OURS = Labelling(LABELS, TEXT, TEXT, STATUS)
_OTHER_COLOURS = ("#17becf", "#bcbd22", "#e377c2", "#393b79", "#637939", "#843c39")


def label_config(labels: Sequence[str]) -> str:
    """The labelling configuration of a project, from a model's labels: spans, the status of values, relations."""
    spare = iter(_OTHER_COLOURS * (len(labels) // len(_OTHER_COLOURS) + 1))
    colours = {label: _COLOURS.get(label) or next(spare) for label in labels}  # type: ignore[call-overload]
    values = [label for label in labels if label in VALUE_LABELS]
    tags = [
        "<View>",
        f'  <Labels name="{LABELS}" toName="{TEXT}">',
        *(f"    <Label value={quoteattr(label)} background={quoteattr(colours[label])}/>" for label in labels),
        "  </Labels>",
        f'  <Text name="{TEXT}" value="${TEXT}" granularity="symbol"/>',
        f'  <Choices name="{STATUS}" toName="{TEXT}" perRegion="true" choice="single-radio" showInline="true"'
        f' whenTagName="{LABELS}" whenLabelValue={quoteattr(",".join(values))}>',
        *(f'    <Choice value="{status}"/>' for status in STATUSES),
        "  </Choices>",
        "  <Relations>",
        *(f'    <Relation value="{kind}"/>' for kind in LINK_TYPES),
        "  </Relations>",
        "</View>",
    ]
    return "\n".join(tags) + "\n"


def result(
    document: AnnotatedDocument, confidences: Mapping[str, float] | None = None, labelling: Labelling = _OURS
) -> list[dict[str, Any]]:
    """The regions, choices and relations of a document, as an annotation's or prediction's `result`.

    `confidences` (by entity id) become the regions' `score`. What the configuration `labelling` has no tag for is left
    out; ours has one for everything.
    """
    units = Utf16(document.text)
    regions: list[dict[str, Any]] = []
    kept = [one for one in document.entities if labelling.known is None or one.label in labelling.known]
    for entity in kept:
        value = {
            "start": units.units(entity.start),
            "end": units.units(entity.end),
            "text": document.text[entity.start : entity.end],
        }
        region = {"id": entity.id, "from_name": labelling.labels, "to_name": labelling.text, "type": "labels"}
        region["value"] = {**value, "labels": [entity.label]}  # type: ignore[assignment]
        score = {"score": round(confidences[entity.id], 4)} if confidences and entity.id in confidences else {}
        regions.append(region | score)
        if entity.status is not None and labelling.status is not None:
            choice = {**value, "choices": [entity.status]}
            regions.append(region | {"from_name": labelling.status, "type": "choices", "value": choice})
    ids = {one.id for one in kept}
    for relation in document.relations:
        if relation.source in ids and relation.target in ids:
            ends = {"from_id": relation.source, "to_id": relation.target}
            is_named = labelling.relations is None or relation.type in labelling.relations
            regions.append(
                ends | {"type": "relation", "direction": "right", "labels": [relation.type] if is_named else []}
            )
    return regions


def prediction(
    document: AnnotatedDocument,
    model_version: str,
    confidences: Mapping[str, float] | None = None,
    labelling: Labelling = _OURS,
) -> dict[str, Any]:
    """A task's prediction: the result, the model's version, and as `score` the mean of the confidences."""
    mean = sum(confidences.values()) / len(confidences) if confidences else 0.0
    return {"model_version": model_version, "score": round(mean, 4), "result": result(document, confidences, labelling)}


def task(document: AnnotatedDocument) -> dict[str, Any]:
    """A task to be labelled: the text, and our id and `meta` beside it."""
    return {"data": {TEXT: document.text, "document": document.id, "meta": document.meta}}


def write_predictions(drafts: Iterable[tuple[AnnotatedDocument, str, Mapping[str, float]]]) -> str:
    """Documents that a model has read, as tasks with a prediction each: (document, model's version, confidences)."""
    tasks = [
        {**task(document), "predictions": [prediction(document, version, confidences)]}
        for document, version, confidences in drafts
    ]
    return json.dumps(tasks, ensure_ascii=False, indent=1) + "\n"


def write(documents: Iterable[AnnotatedDocument]) -> str:
    """The documents as a list of tasks with one annotation each, for Label Studio's import."""
    tasks = [{**task(document), "annotations": [{"result": result(document)}]} for document in documents]
    return json.dumps(tasks, ensure_ascii=False, indent=1) + "\n"


def read(content: str, name: str = "annotations") -> list[AnnotatedDocument]:
    """The documents of an export (JSON), one a task: its ground truth, or else the annotation updated last.

    A task that no one has annotated gives its newest prediction, or no spans. Cancelled annotations do not count.
    Raises AnnotationError with every fault, by task and region.
    """
    faults = Faults(name)
    documents: list[AnnotatedDocument] = []
    for number, found in enumerate(_tasks(content, faults), 1):
        document = _document(found, number, faults)
        if document is not None:
            documents.append(document)
    note_repeated_ids(documents, faults)
    faults.raise_if_any()
    return documents


def from_task(found: Mapping[str, Any], name: str = "task") -> AnnotatedDocument:
    """The document of one task, as `read` gives it; what a webhook sends."""
    faults = Faults(name)
    document = _document(found, 1, faults)
    faults.raise_if_any()
    assert document is not None
    return document


def _tasks(content: str, faults: Faults) -> list[object]:
    try:
        tasks = json.loads(content.removeprefix("\ufeff"))
    except ValueError as error:
        faults.add(str(error), remedy="export the project as JSON")
        return []
    if not isinstance(tasks, list):
        faults.add("it is no list of tasks", remedy="export the project as JSON")
        return []
    return tasks


def _document(found: object, number: int, faults: Faults) -> AnnotatedDocument | None:
    data = found.get("data") if isinstance(found, Mapping) else None
    text = _text(data) if isinstance(data, Mapping) else None
    if not isinstance(found, Mapping) or not isinstance(data, Mapping) or text is None:
        faults.add("it has no `data` with a text", remedy='write {"data": {"text": …}}', place=f"task {number}")
        return None
    document_id = str(data.get("document", found.get("id", number)))
    items = _chosen(found)
    place = f"task {number} ({document_id})"
    entities = _entities(items, text, place, faults)
    meta = data.get("meta")
    document = AnnotatedDocument(
        id=document_id,
        text=text,
        entities=tuple(entities.values()),
        relations=tuple(_relations(items, entities, place, faults)),
        meta=dict(meta) if isinstance(meta, Mapping) else {},
    )
    note_inconsistencies(document, faults)
    return document


def _text(data: Mapping[str, Any]) -> str | None:
    """The text under its usual name, or the only string there is."""
    if isinstance(data.get(TEXT), str):
        return str(data[TEXT])
    strings = [value for value in data.values() if isinstance(value, str)]
    return strings[0] if len(strings) == 1 else None


def _chosen(found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The result to read: ground truth, else the annotation updated last, else the newest prediction."""
    done = [one for one in found.get("annotations") or [] if not one.get("was_cancelled")]
    done = [one for one in done if one.get("ground_truth")] or done or found.get("predictions") or []
    latest: Mapping[str, Any] = max(
        done, key=lambda one: str(one.get("updated_at") or one.get("created_at") or ""), default={}
    )
    return [item for item in latest.get("result") or [] if isinstance(item, Mapping)]


def _entities(items: Iterable[Mapping[str, Any]], text: str, place: str, faults: Faults) -> dict[str, AnnotatedEntity]:
    units = Utf16(text)
    entities: dict[str, AnnotatedEntity] = {}
    statuses: dict[str, str] = {}
    for item in items:
        region, kind = str(item.get("id")), item.get("type")
        where, value = f"{place}, region {region}", item.get("value")
        if kind == "labels" and isinstance(value, Mapping):
            entity = _entity(region, value, units, where, faults)
            if entity is not None:
                entities[region] = entity
        elif kind == "choices" and isinstance(value, Mapping):
            statuses |= _status(item, region, where, faults)
        elif kind != "relation":
            faults.add(f"a region of type {kind!r}", remedy="mark texts with labels, choices, relations", place=where)
    return {
        region: entity.model_copy(update={"status": statuses[region]}) if region in statuses else entity
        for region, entity in entities.items()
    }


def _status(item: Mapping[str, Any], region: str, where: str, faults: Faults) -> dict[str, str]:
    """The status that a region's choice says; choices of tags of other names are not ours."""
    choices = item["value"].get("choices")
    match choices:
        case [str(status)] if status in STATUSES:
            return {region: status}
        case _:
            if item.get("from_name") == STATUS:
                remedy = f"choose one of {', '.join(STATUSES)}"
                faults.add(f"{choices!r:.60} is no status", remedy=remedy, place=where)
            return {}


def _entity(region: str, value: Mapping[str, Any], units: Utf16, where: str, faults: Faults) -> AnnotatedEntity | None:
    labels, start, end = value.get("labels"), whole_number(value, "start"), whole_number(value, "end")
    if not isinstance(labels, list) or len(labels) != 1 or start is None or end is None:
        faults.add("it has not one label, start and end", remedy="mark it anew", place=where)
        return None
    offsets = _offsets(start, end, value.get("text"), units)
    if offsets is None:
        said = f", which says {value['text']!r:.40}" if isinstance(value.get("text"), str) else ""
        message = f"[{start}:{end}] does not fit the text{said}, whether it counts UTF-16 units or characters"
        faults.add(message, remedy="mark it anew, or correct its offsets", place=where)
        return None
    return AnnotatedEntity(id=region, label=str(labels[0]), start=offsets[0], end=offsets[1])


def _offsets(start: int, end: int, words: object, units: Utf16) -> tuple[int, int] | None:
    """The offsets in code points: of UTF-16 units, or of code points, whichever gives the region's own words."""
    readings = [(units.code_points(start), units.code_points(end)), (start, end)]
    for first, last in readings:
        if first is None or last is None or not 0 <= first < last <= len(units.text):
            continue
        if not isinstance(words, str) or _bare(units.text[first:last]) == _bare(words):
            return first, last
    return None


def _bare(words: str) -> str:
    """Words without white space: Label Studio writes a line break as \\n or as a backslash and an n."""
    return re.sub(r"\s|\\n", "", words)


def _relations(
    items: Iterable[Mapping[str, Any]], entities: Mapping[str, AnnotatedEntity], place: str, faults: Faults
) -> list[Relation]:
    relations: list[Relation] = []
    for item in items:
        if item.get("type") != "relation":
            continue
        ends = str(item.get("from_id")), str(item.get("to_id"))
        source, target = reversed(ends) if item.get("direction") == "left" else ends
        given = item.get("labels")
        labels = given if isinstance(given, list) else []
        kind = str(labels[0]) if labels else _kind_of(entities.get(target))
        if len(labels) > 1 or kind is None or item.get("direction") == "bi":
            message = "its type or direction is not clear"
            remedy = f"give it one type of {', '.join(LINK_TYPES)}, from the value"
            faults.add(message, remedy=remedy, place=f"{place}, relation {source} -> {target}")
        else:
            relations.append(Relation(source=source, target=target, type=kind))
    return relations


def _kind_of(target: AnnotatedEntity | None) -> str | None:
    """The type of a relation that has none, from what it ends at."""
    return next((kind for kind, label in TARGET_LABELS.items() if target and target.label == label), None)
