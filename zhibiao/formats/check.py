"""What a good annotator would find in annotated documents: `zhibiao annotations check`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from zhibiao.formats import guideline
from zhibiao.formats.consistency import EARLIER_PERIOD
from zhibiao.formats.findings import Finding, at_place, finding
from zhibiao.schema import VALUE_LABELS, AnnotatedDocument, AnnotatedEntity, Label
from zhibiao.text import paragraphs

#: Paragraphs at least this long that stand in two sets are no coincidence.
SHARED_LENGTH = 20
#: Labels between which the surroundings decide, so that one string may well have both.
_BY_CONTEXT = frozenset({Label.RATIO, Label.GROWTH})


def check(documents: Sequence[AnnotatedDocument]) -> list[Finding]:
    """Everything that breaks the guideline or looks as if it did, document by document.

    The rules for single spans are those of `guideline`; beside them: `unused-indicator` (no value points at it),
    `no-indicator` (a value that points at no indicator and no project), `two-labels` (a string that has another label
    more often elsewhere), `repeated` (a paragraph that stands in two of the documents).
    """
    found: list[Finding] = []
    for document in documents:
        found += sorted([*guideline.findings(document), *_links(document)], key=lambda one: (one.start, one.end))
    found += _two_labels(documents)
    found += _repeated(documents)
    return found


def check_apart(train: Iterable[AnnotatedDocument], held_out: Iterable[AnnotatedDocument]) -> list[Finding]:
    """What stands in a held-out set and in the training data too: it would be known by heart (`leak`)."""
    known = {words: document.id for document in train for _, words in _long_paragraphs(document)}
    return [
        at_place(document, place, "leak", "fault", f"it stands in {known[words]} of the training data too")
        for document in held_out
        for place, words in _long_paragraphs(document)
        if words in known
    ]


def _links(document: AnnotatedDocument) -> Iterator[Finding]:
    pointed_at = {relation.target for relation in document.relations}
    named = {relation.source for relation in document.relations if relation.type in ("indicator", "project")}
    for entity in document.entities:
        if entity.label == Label.INDICATOR and entity.id not in pointed_at:
            yield finding(document, entity, "unused-indicator", "fault", "no value points at it")
        elif entity.label in VALUE_LABELS and entity.id not in named:
            yield finding(document, entity, "no-indicator", "doubt", "it points at no indicator and no project")
    yield from _periods(document)


def _periods(document: AnnotatedDocument) -> Iterator[Finding]:
    """A value whose period is said to stand in an earlier paragraph, where no earlier one has a period."""
    first = min((entity.start for entity in document.entities if entity.label == Label.PERIOD), default=None)
    by_id = {entity.id: entity for entity in document.entities}
    for value in document.meta.get(EARLIER_PERIOD, ()):
        entity = by_id[value]
        if first is None or first > entity.start:
            message = "its period is said to stand in an earlier paragraph, and none does"
            yield finding(document, entity, "no-earlier-period", "fault", message)


def _two_labels(documents: Sequence[AnnotatedDocument]) -> Iterator[Finding]:
    """Every occurrence of a string with another label than it mostly has."""
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    places: dict[tuple[str, str], list[tuple[AnnotatedDocument, AnnotatedEntity]]] = defaultdict(list)
    for document in documents:
        for entity in document.entities:
            span = document.text[entity.start : entity.end]
            labels[span][entity.label] += 1
            places[span, entity.label].append((document, entity))
    for span, counts in labels.items():
        if len(counts) == 1 or set(counts) <= _BY_CONTEXT:
            continue
        (usual, times), *others = counts.most_common()
        for label, _ in others:
            for document, entity in places[span, label]:
                message = f"the same words are {usual} {times} times"
                yield finding(document, entity, "two-labels", "doubt", message)


def _repeated(documents: Sequence[AnnotatedDocument]) -> Iterator[Finding]:
    """Paragraphs that stand in two documents; those of one document may repeat a form."""
    known: dict[str, str] = {}
    for document in documents:
        for place, words in _long_paragraphs(document):
            if known.setdefault(words, document.id) != document.id:
                yield at_place(document, place, "repeated", "doubt", f"it stands in {known[words]} too")


def _long_paragraphs(document: AnnotatedDocument) -> Iterator[tuple[tuple[int, int], str]]:
    """The paragraphs long enough to be telling, with their characters but for white space."""
    for start, end in paragraphs(document.text):
        words = "".join(document.text[start:end].split())
        if len(words) >= SHARED_LENGTH:
            yield (start, end), words
