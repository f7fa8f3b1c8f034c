"""Two annotations of the same documents, and what was decided where they differ -> one gold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal, get_args

from zhibiao.errors import AnnotationError
from zhibiao.evaluate import Annotation, LinkKey, SpanKey, from_document, pair
from zhibiao.evaluate.annotation import Place
from zhibiao.evaluate.errors import mistakes
from zhibiao.formats.consistency import EARLIER_PERIOD
from zhibiao.schema import AnnotatedDocument, AnnotatedEntity, Relation

Decision = Literal["first", "second", "none"]
DECISIONS: tuple[str, ...] = get_args(Decision)
Pair = tuple[Annotation, Annotation]


@dataclass(frozen=True)
class _Disagreement:
    """One place where two annotators differ, and what was decided there (None: nothing yet)."""

    name: str
    kind: str
    first: dict[str, Any] | None
    second: dict[str, Any] | None
    decision: str | None


def numbered(pairs: Sequence[Pair]) -> Iterator[dict[str, Any]]:
    """Every disagreement as a record to be decided: `id`, the fields of an error, `first`, `second`, and `decision`.

    The ids are made of what differs, so that they stay as long as the two annotations do.
    """
    for mistake in mistakes(pairs):
        found = mistake.as_json()
        first, second = found.pop("gold"), found.pop("predicted")
        name = f"{mistake.document}/{mistake.kind}/{_shown(first)}/{_shown(second)}"
        yield {"id": name, **found, "first": first, "second": second, "decision": None}


def settle(
    first: Sequence[AnnotatedDocument],
    second: Sequence[AnnotatedDocument],
    decisions: Mapping[str, str],
    *,
    undecided: str | None = None,
) -> list[AnnotatedDocument]:
    """The gold: what both have, and of each disagreement what was decided: what `first` says, `second`, or none.

    `decisions` are by the ids of `numbered`; `undecided` is taken for what they leave out. A link that only one of the
    two has because the other lacks one of its ends stays where both ends are in the gold. Raises AnnotationError with
    every disagreement that is not decided, and every decision that cannot be followed.
    """
    pairs = pair([from_document(one) for one in first], [from_document(one) for one in second])
    records = list(numbered(pairs))
    _refuse(records, decisions, undecided)
    decided: dict[str, list[_Disagreement]] = {}
    for one in records:
        choice = decisions.get(one["id"], undecided)
        found = _Disagreement(one["id"], one["kind"], one["first"], one["second"], choice)
        decided.setdefault(one["document"], []).append(found)
    by_id = {document.id: document for document in first}
    return [_gold(by_id[ours.id], ours, theirs, decided.get(ours.id, [])) for ours, theirs in pairs]


def _refuse(records: Iterable[dict[str, Any]], decisions: Mapping[str, str], undecided: str | None) -> None:
    known = {one["id"]: one for one in records}
    faults = [
        f"{name}: there is no such disagreement between these two annotations; list them again (annotations agree)"
        for name in decisions.keys() - known.keys()
    ]
    faults += [
        f"{name}: {choice!r} is no decision; write one of {', '.join(DECISIONS)}"
        for name, choice in decisions.items()
        if choice not in DECISIONS
    ]
    if undecided is None:
        faults += [
            f"{name}: it is not decided; write one of {', '.join(DECISIONS)}, or say what holds for all such"
            for name in known
            if name not in decisions
        ]
    if faults:
        raise AnnotationError(sorted(faults))


def _gold(
    document: AnnotatedDocument, first: Annotation, second: Annotation, decided: Sequence[_Disagreement]
) -> AnnotatedDocument:
    spans = _spans(first, second, decided)
    statuses = _statuses(first, second, spans, decided)
    names = {span.place: f"e{number}" for number, span in enumerate(spans, 1)}
    relations = [
        Relation(source=names[link.value], target=names[link.target], type=link.type)
        for link in _links(first, second, set(names), decided)
    ]
    entities = tuple(
        AnnotatedEntity(
            id=names[span.place], label=span.label, start=span.start, end=span.end, status=statuses.get(span.place)
        )
        for span in spans
    )
    meta = {key: value for key, value in document.meta.items() if key != EARLIER_PERIOD}
    dated = {relation.source for relation in relations if relation.type == "period"}
    earlier = [
        names[place]
        for place in sorted(first.earlier_period | second.earlier_period)
        if place in names and names[place] not in dated
    ]
    if earlier:
        meta[EARLIER_PERIOD] = earlier
    return document.model_copy(update={"entities": entities, "relations": tuple(relations), "meta": meta})


def _spans(first: Annotation, second: Annotation, decided: Sequence[_Disagreement]) -> list[SpanKey]:
    """The spans of both, and those decided for. Raises AnnotationError where two of those overlap."""
    chosen = set(first.spans.keys() & second.spans.keys())
    for one in decided:
        said = _chosen(one)
        if said is not None and "label" in said:
            chosen.add(SpanKey(said["label"], said["start"], said["end"]))
    ordered = sorted(chosen, key=lambda span: (span.start, span.end))
    faults = [
        f"{first.id}: {_words(first, one)} and {_words(first, other)} overlap, and both were chosen; choose one"
        for one, other in pairwise(ordered)
        if other.start < one.end
    ]
    if faults:
        raise AnnotationError(faults)
    return ordered


def _statuses(
    first: Annotation, second: Annotation, spans: Iterable[SpanKey], decided: Sequence[_Disagreement]
) -> dict[Place, Any]:
    """The status of every value: of those who have just this span, the first's where no one decided otherwise."""
    sides = {
        span.place: [
            side.status[span.place] for side in (first, second) if span in side.spans and span.place in side.status
        ]
        for span in spans
    }
    found: dict[Place, Any] = {place: said[0] for place, said in sides.items() if said}
    for one in decided:
        place = (one.first["start"], one.first["end"]) if one.kind == "status" and one.first else None
        if place in found:
            said = _chosen(one)
            found[place] = said and said["status"]
    return found


def _links(
    first: Annotation, second: Annotation, places: set[Place], decided: Sequence[_Disagreement]
) -> list[LinkKey]:
    kept = first.links.keys() | second.links.keys()
    for one in decided:
        said = one.first or one.second
        if said is not None and "type" in said and _chosen(one) is None:
            ends = [(said[end]["start"], said[end]["end"]) for end in ("value", "target")]
            kept = kept - {LinkKey(ends[0], said["type"], ends[1])}
    return sorted(link for link in kept if link.value in places and link.target in places)


def _chosen(one: _Disagreement) -> dict[str, Any] | None:
    return {"first": one.first, "second": one.second}.get(one.decision or "")


def _shown(said: dict[str, Any] | None) -> str:
    """What one side says, short enough to be part of an id."""
    if said is None:
        return "-"
    if "value" in said:
        ends = [f"{said[end]['start']}-{said[end]['end']}" for end in ("value", "target")]
        return f"{said['type']}:{ends[0]}>{ends[1]}"
    return f"{said.get('label') or said.get('status')}:{said['start']}-{said['end']}"


def _words(annotation: Annotation, span: SpanKey) -> str:
    return f"{span.label} {annotation.text[span.start : span.end]!r}"
