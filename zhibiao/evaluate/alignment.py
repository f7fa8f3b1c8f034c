"""Which predicted span answers which gold span, one to one, and what kind of error each pair is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Literal, NamedTuple

from zhibiao.evaluate.annotation import Annotation, SpanKey

Kind = Literal["right", "label", "boundary", "label and boundary", "missed", "spurious"]


class Pair(NamedTuple):
    """A gold span and the predicted one that answers it; None where there is none."""

    gold: SpanKey | None
    predicted: SpanKey | None

    @property
    def kind(self) -> Kind:
        """Right, or what is wrong: the label, the boundary, both, a span missed, or one that is spurious."""
        if self.gold is None:
            return "spurious"
        if self.predicted is None:
            return "missed"
        is_same_label = self.gold.label == self.predicted.label
        if self.gold.place == self.predicted.place:
            return "right" if is_same_label else "label"
        return "boundary" if is_same_label else "label and boundary"


def align(gold: Iterable[SpanKey], predicted: Iterable[SpanKey]) -> list[Pair]:
    """Pair spans one to one, in the order of the text: the greatest overlap first, equal labels before others.

    A span without a partner stands alone. Time grows with the number of spans, not with its square.
    """
    gold, predicted = sorted(set(gold), key=_in_order), sorted(set(predicted), key=_in_order)
    partner: dict[SpanKey, SpanKey] = {}
    taken: set[SpanKey] = set()
    for _, one, other in sorted(_overlapping(gold, predicted)):
        if one not in partner and other not in taken:
            partner[one] = other
            taken.add(other)
    pairs = [Pair(span, partner.get(span)) for span in gold]
    pairs += [Pair(None, span) for span in predicted if span not in taken]
    return sorted(pairs, key=lambda pair: _in_order(pair.gold or pair.predicted or SpanKey("", 0, 0)))


def confusion(pairs: Iterable[tuple[Annotation, Annotation]]) -> Counter[tuple[str | None, str | None, Kind]]:
    """How often a gold label was answered by which label, and how: (gold label, predicted label, kind) -> times."""
    table: Counter[tuple[str | None, str | None, Kind]] = Counter()
    for gold, predicted in pairs:
        for found in align(gold.spans, predicted.spans):
            labels = found.gold and found.gold.label, found.predicted and found.predicted.label
            table[(*labels, found.kind)] += 1
    return table


def _in_order(span: SpanKey) -> tuple[int, int, str]:
    return span.start, span.end, span.label


def _overlapping(
    gold: list[SpanKey], predicted: list[SpanKey]
) -> Iterable[tuple[tuple[bool, int, bool, int], SpanKey, SpanKey]]:
    """Every pair that shares a character, with a rank: exact places first, then the most shared characters."""
    first = 0
    reach = max((span.end - span.start for span in predicted), default=0)
    for one in gold:
        while first < len(predicted) and predicted[first].start + reach <= one.start:
            first += 1
        at = first
        while at < len(predicted) and predicted[at].start < one.end:
            other = predicted[at]
            shared = min(one.end, other.end) - max(one.start, other.start)
            if shared > 0:
                rank = (one.place != other.place, -shared, one.label != other.label, one.start)
                yield rank, one, other
            at += 1
