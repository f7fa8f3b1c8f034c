"""How far two annotators agree, and where they do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from zhibiao.evaluate.annotation import Annotation
from zhibiao.evaluate.counts import Counts, counts, total
from zhibiao.evaluate.errors import mistakes
from zhibiao.evaluate.scores import Pairs, Scores, score

_OUTSIDE = "O"


@dataclass(frozen=True)
class Agreement:
    """Two annotations of the same texts. F1 is the same whichever of the two is taken for the gold.

    `kappa` is Cohen's, over the label (or none) of every character; `kappa_of_marked` over the characters that at least
    one of the two has marked, since most are marked by neither. `links_between_agreed`
    looks at the links whose two ends both have. `status_kappa` is over the values that both have.
    """

    scores: Scores
    kappa: float
    kappa_of_marked: float
    links_between_agreed: Counts
    status_kappa: float
    status_agreed: float

    def as_json(self) -> dict[str, Any]:
        """All figures, rounded to four digits."""
        return {
            "f1": {name: round(self.scores[name].f1, 4) for name in self.scores.names},
            "kappa": round(self.kappa, 4),
            "kappa_of_marked": round(self.kappa_of_marked, 4),
            "links_between_agreed": round(self.links_between_agreed.f1, 4),
            "status_kappa": round(self.status_kappa, 4),
            "status_agreed": round(self.status_agreed, 4),
        }


def agree(pairs: Pairs) -> Agreement:
    """The agreement of (first, second) annotations of the same texts."""
    characters = [labels for first, second in pairs for labels in _labels(first, second)]
    statuses = [
        (status, second.status[place])
        for first, second in pairs
        for place, status in first.status.items()
        if place in second.status
    ]
    return Agreement(
        scores=score(pairs),
        kappa=cohen_kappa(characters),
        kappa_of_marked=cohen_kappa([both for both in characters if both != (_OUTSIDE, _OUTSIDE)]),
        links_between_agreed=total(_agreed_links(first, second) for first, second in pairs),
        status_kappa=cohen_kappa(statuses),
        status_agreed=_share_of_equal(statuses),
    )


def cohen_kappa(judgements: Sequence[tuple[str, str]]) -> float:
    """Agreement beyond chance of two raters (Cohen 1960): 1 is full, 0 what chance gives; 1 where no one ever differs.

    >>> cohen_kappa([("a", "a"), ("a", "b"), ("b", "b"), ("b", "a")])
    0.0
    """
    if not judgements:
        return 1.0
    observed = _share_of_equal(judgements)
    first, second = (Counter(side) for side in zip(*judgements, strict=True))
    expected = sum(first[label] * second[label] for label in first) / len(judgements) ** 2
    return 1.0 if observed == 1 else (observed - expected) / (1 - expected)


def disagreements(pairs: Pairs) -> Iterator[dict[str, Any]]:
    """Every place where two annotators differ, as JSON: what the `first` says and what the `second` does.

    The kinds are those of errors, with the first taken for the gold.
    """
    for mistake in mistakes(pairs):
        found = mistake.as_json()
        found["first"], found["second"] = found.pop("gold"), found.pop("predicted")
        yield found


def _labels(first: Annotation, second: Annotation) -> Iterable[tuple[str, str]]:
    """What each of the two says of every character that is not white space."""
    sides = []
    for annotation in (first, second):
        labels = [_OUTSIDE] * len(annotation.text)
        for span in annotation.spans:
            labels[span.start : span.end] = [span.label] * (span.end - span.start)
        sides.append(labels)
    return [(one, other) for one, other, at in zip(*sides, first.text, strict=True) if not at.isspace()]


def _agreed_links(first: Annotation, second: Annotation) -> Counts:
    places = {span.place for span in first.spans} & {span.place for span in second.spans}
    ours, theirs = (
        [link for link in side.links if link.value in places and link.target in places] for side in (first, second)
    )
    return counts(ours, theirs)


def _share_of_equal(judgements: Sequence[tuple[str, str]]) -> float:
    return sum(one == other for one, other in judgements) / len(judgements) if judgements else 1.0
