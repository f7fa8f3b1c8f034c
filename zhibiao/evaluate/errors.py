"""What a model got wrong, one record an error, in the order of the text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from zhibiao.evaluate.alignment import align
from zhibiao.evaluate.annotation import Annotation, LinkKey, Place, SpanKey
from zhibiao.evaluate.scores import Pairs

#: The kinds of error, in the order in which they are shown.
KINDS = (
    "missed",
    "spurious",
    "boundary",
    "label",
    "label and boundary",
    "status",
    "link missed",
    "link spurious",
)
#: How many characters are shown on either side of an error.
CONTEXT = 40


@dataclass(frozen=True)
class Mistake:
    """One error: what the gold says and what was predicted, as JSON objects; None where one side says nothing.

    `start`/`end` enclose both. `before` and `after` are the text around them.
    """

    document: str
    kind: str
    label: str
    start: int
    end: int
    text: str
    before: str
    after: str
    gold: dict[str, Any] | None
    predicted: dict[str, Any] | None

    def as_json(self) -> dict[str, Any]:
        """The record as it is written to a line of JSONL."""
        return dict(vars(self))


def mistakes(pairs: Pairs) -> Iterator[Mistake]:
    """Every error of spans, statuses and links.

    A link counts as an error of its own where both its ends were found; where an end was not, that is the error.
    """
    for gold, predicted in pairs:
        found = [*_of_spans(gold, predicted), *_of_status(gold, predicted), *_of_links(gold, predicted)]
        yield from sorted(found, key=lambda mistake: (mistake.start, mistake.end, KINDS.index(mistake.kind)))


def write(found: Iterable[Mistake]) -> str:
    """The errors as JSONL."""
    return "".join(json.dumps(mistake.as_json(), ensure_ascii=False) + "\n" for mistake in found)


def _of_spans(gold: Annotation, predicted: Annotation) -> Iterator[Mistake]:
    for pair in align(gold.spans, predicted.spans):
        if pair.kind == "right":
            continue
        either = pair.gold or pair.predicted
        assert either is not None
        ours = _span(gold, pair.gold) if pair.gold else None
        theirs = _span(predicted, pair.predicted) if pair.predicted else None
        yield _mistake(gold, pair.kind, either.label, ours, theirs)


def _of_status(gold: Annotation, predicted: Annotation) -> Iterator[Mistake]:
    labels = {span.place: span.label for span in gold.spans}
    for place, status in gold.status.items():
        other = predicted.status.get(place, status)
        if other != status:
            sides = ({**_place(gold, place), "status": said} for said in (status, other))
            yield _mistake(gold, "status", labels[place], *sides)


def _of_links(gold: Annotation, predicted: Annotation) -> Iterator[Mistake]:
    ours, theirs = ({span.place: span.label for span in side.spans} for side in (gold, predicted))
    for link in gold.links.keys() - predicted.links.keys():
        if link.value in theirs and link.target in theirs:
            yield _mistake(gold, "link missed", ours[link.value], _link(gold, link), None)
    for link in predicted.links.keys() - gold.links.keys():
        is_unknown = link.type == "period" and link.value in gold.earlier_period
        if link.value in ours and link.target in ours and not is_unknown:
            yield _mistake(gold, "link spurious", theirs[link.value], None, _link(predicted, link))


def _mistake(
    gold: Annotation, kind: str, label: str, ours: dict[str, Any] | None, theirs: dict[str, Any] | None
) -> Mistake:
    sides = [side for side in (ours, theirs) if side is not None]
    start, end = min(side["start"] for side in sides), max(side["end"] for side in sides)
    return Mistake(
        document=gold.id,
        kind=kind,
        label=label,
        start=start,
        end=end,
        text=gold.text[start:end],
        before=gold.text[max(0, start - CONTEXT) : start],
        after=gold.text[end : end + CONTEXT],
        gold=ours,
        predicted=theirs,
    )


def _place(annotation: Annotation, place: Place) -> dict[str, Any]:
    start, end = place
    return {"start": start, "end": end, "text": annotation.text[start:end]}


def _span(annotation: Annotation, span: SpanKey) -> dict[str, Any]:
    return {"label": span.label, **_place(annotation, span.place), "confidence": round(annotation.spans[span], 4)}


def _link(annotation: Annotation, link: LinkKey) -> dict[str, Any]:
    start, end = min(link.value[0], link.target[0]), max(link.value[1], link.target[1])
    return {
        "type": link.type,
        "start": start,
        "end": end,
        "value": _place(annotation, link.value),
        "target": _place(annotation, link.target),
        "confidence": round(annotation.links[link], 4),
    }
