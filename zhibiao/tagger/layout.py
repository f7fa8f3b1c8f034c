"""What a model's tags, links and statuses are called, and in which order its outputs hold them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from zhibiao.schema import VALUE_LABELS, Label, LinkType, Status

#: The order of the link heads and of the status logits.
LINK_TYPES: tuple[LinkType, ...] = ("indicator", "project", "period")
STATUSES: tuple[Status, ...] = ("actual", "target", "forecast", "budget")

#: The label that a link of each type points at.
LINK_TARGETS: dict[LinkType, str] = {
    "indicator": Label.INDICATOR,
    "project": Label.PROJECT,
    "period": Label.PERIOD,
}


@dataclass(frozen=True)
class TagSet:
    """IOB2 tags over `labels`: tag 0 is O, then B and I of each label: `O, B-x, I-x, B-y, I-y, …`."""

    labels: tuple[str, ...]

    @classmethod
    def of(cls, labels: Iterable[str]) -> TagSet:
        """The tag set of the labels that occur in a data set: the guideline's first and in its order."""
        found = set(labels)
        known = [label.value for label in Label if label in found]
        return cls((*known, *sorted(found.difference(known))))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the tags in their order."""
        return ("O", *(f"{prefix}-{label}" for label in self.labels for prefix in "BI"))

    def begin(self, label: str) -> int:
        """The number of the tag that begins a span of `label`; the one that continues it is one more."""
        return 1 + 2 * self.labels.index(label)

    def __len__(self) -> int:
        return 1 + 2 * len(self.labels)


def is_value(label: str) -> bool:
    """Whether spans of `label` point at indicators, projects and periods, and have a status."""
    return label in VALUE_LABELS
