"""What in the gold a model that has not seen it contradicts, and how surely.

The probability that a model gives to what the gold says, beside what it says itself, is how label errors are found
(confident learning, Northcutt et al. 2021): a contradiction is as sure as the less sure of "this is right" and "that is
wrong".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from zhibiao.annotate.committee import Committee, Verdict
from zhibiao.evaluate import Annotation, LinkKey, Mistake, SpanKey, from_document, mistakes, score
from zhibiao.schema import AnnotatedDocument

#: The kinds of doubt, by what an evaluation would call the same where the gold is right.
KINDS = {
    "missed": "extra span",
    "spurious": "missing span",
    "boundary": "boundary",
    "label": "label",
    "label and boundary": "label and boundary",
    "status": "status",
    "link missed": "extra link",
    "link spurious": "missing link",
}
#: A value that points at one thing in the gold and at another for the model: an extra link and a missing one.
OTHER_LINK = "link"


@dataclass(frozen=True)
class Doubt:
    """One place where the gold may be wrong: what it says, what the models say, and how sure they are."""

    kind: str
    confidence: float
    mistake: Mistake

    def as_json(self) -> dict[str, Any]:
        """The record as it is written to a line of JSONL; `gold` and `model` are None where one says nothing."""
        found = self.mistake.as_json()
        model = found.pop("predicted")
        return found | {"kind": self.kind, "confidence": round(self.confidence, 3), "model": model}


def doubts(documents: Iterable[AnnotatedDocument], committee: Committee, *, min_confidence: float = 0.5) -> list[Doubt]:
    """Every contradiction of at least this confidence, the surest first; documents that all models know are left out.

    That the models do not find a span, link or status of the gold counts the less, the more of its kind they miss in
    all of `documents`: models that find half of the projects say little by missing one more.
    """
    pairs: list[tuple[Annotation, Annotation]] = []
    found: list[Doubt] = []
    for document in documents:
        if committee.is_impartial(document):
            verdict = committee.judge(document)
            pairs.append((from_document(document), verdict.found))
            found += _of_document(document, pairs[-1], verdict)
    recalls = _recalls(pairs)
    found = [_discounted(doubt, recalls) for doubt in found]
    found = [doubt for doubt in found if doubt.confidence >= min_confidence]
    return sorted(found, key=lambda doubt: (-doubt.confidence, doubt.mistake.document, doubt.mistake.start))


def _recalls(pairs: Sequence[tuple[Annotation, Annotation]]) -> dict[str, float]:
    """The share of the gold's spans by label, links by type, and statuses that the models find."""
    scores = score(pairs)
    both = Counter(
        (said, found.status[place])
        for gold, found in pairs
        for place, said in gold.status.items()
        if place in found.status
    )
    asked: Counter[str] = Counter()
    for (said, _), times in both.items():
        asked[said] += times
    return {name: _share(scores[name].right, scores[name].gold) for name in scores.names} | {
        f"status:{said}": _share(both[said, said], times) for said, times in asked.items()
    }


def _share(found: float, asked: int) -> float:
    """The share that was found, as if four of five more had been: a few documents say little."""
    return (found + 4) / (asked + 5)


def _discounted(doubt: Doubt, recalls: Mapping[str, float]) -> Doubt:
    """A doubt that rests on what the models miss, or on another status, by their recall of what the gold says."""
    gold = doubt.mistake.gold
    if gold is None or (doubt.mistake.predicted is not None and "status" not in gold):
        return doubt
    name = f"status:{gold['status']}" if "status" in gold else ""
    name = name or (f"spans:{gold['label']}" if "label" in gold else f"links:{gold['type']}")
    return replace(doubt, confidence=doubt.confidence * recalls[name])


def _of_document(document: AnnotatedDocument, pair: tuple[Annotation, Annotation], verdict: Verdict) -> Iterator[Doubt]:
    missing: dict[tuple[Any, ...], Doubt] = {}
    extra: list[Doubt] = []
    taken = [_taken(side) for side in pair]
    for mistake in mistakes([pair]):
        if mistake.kind in ("missed", "spurious") and not taken[mistake.kind == "missed"].isdisjoint(
            range(mistake.start, mistake.end)
        ):
            continue  # one span against two: the doubt about the one says it
        if mistake.kind == "link spurious" and mistake.predicted:
            missing[_start_of_link(mistake.predicted)] = _doubt(mistake, verdict)
        elif mistake.kind == "link missed":
            extra.append(_doubt(mistake, verdict))
        else:
            yield _doubt(mistake, verdict)
    for doubt in extra:
        assert doubt.mistake.gold is not None
        other = missing.pop(_start_of_link(doubt.mistake.gold), None)
        yield _other_link(document, doubt, other) if other else doubt
    yield from missing.values()


def _taken(side: Annotation) -> set[int]:
    """The characters that some span has."""
    return {at for span in side.spans for at in range(span.start, span.end)}


def _doubt(mistake: Mistake, verdict: Verdict) -> Doubt:
    return Doubt(KINDS[mistake.kind], _confidence(mistake, verdict), mistake)


def _start_of_link(link: dict[str, Any]) -> tuple[Any, ...]:
    return link["type"], link["value"]["start"], link["value"]["end"]


def _other_link(document: AnnotatedDocument, extra: Doubt, missing: Doubt) -> Doubt:
    """An extra link and a missing one of the same value, as one doubt."""
    start = min(extra.mistake.start, missing.mistake.start)
    end = max(extra.mistake.end, missing.mistake.end)
    text = document.text
    mistake = replace(
        extra.mistake,
        kind=OTHER_LINK,
        start=start,
        end=end,
        text=text[start:end],
        before=text[start - len(extra.mistake.before) : start],
        after=text[end : end + len(extra.mistake.after)],
        predicted=missing.mistake.predicted,
    )
    return Doubt(OTHER_LINK, min(extra.confidence, missing.confidence), mistake)


def _confidence(mistake: Mistake, verdict: Verdict) -> float:
    """How sure it is that the models are right and the gold is wrong: the lesser of the two."""
    gold, found = mistake.gold, mistake.predicted
    sure = [float(found["confidence"])] if found and "confidence" in found else []
    if mistake.kind == "status" and found:
        return verdict.status.get(((found["start"], found["end"]), found["status"]), 0.0)
    if gold and "label" in gold:
        sure.append(1 - verdict.spans.get(SpanKey(gold["label"], gold["start"], gold["end"]), 0.0))
    elif gold:
        ends = [(gold[end]["start"], gold[end]["end"]) for end in ("value", "target")]
        sure.append(1 - verdict.links.get(LinkKey(ends[0], gold["type"], ends[1]), 0.0))
    return min(sure)
