"""The same scores by seqeval, as a check from outside: one IOB2 tag a character."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from zhibiao.evaluate.annotation import Annotation, SpanKey
from zhibiao.evaluate.scores import Pairs


def tags(text: str, spans: Iterable[SpanKey]) -> list[str]:
    """One tag a character: B-LABEL where a span begins, I-LABEL within it, O elsewhere. Spans must not overlap."""
    written = ["O"] * len(text)
    for span in spans:
        written[span.start : span.end] = [f"I-{span.label}"] * (span.end - span.start)
        written[span.start] = f"B-{span.label}"
    return written


def seqeval_scores(pairs: Pairs) -> dict[str, dict[str, float]]:
    """seqeval's report in strict mode with IOB2: `micro avg` and each label -> precision, recall, f1-score, support.

    Raises ImportError, naming the extra, where seqeval is not installed.
    """
    try:
        from seqeval.metrics import classification_report  # noqa: PLC0415 - an optional dependency
        from seqeval.scheme import IOB2  # noqa: PLC0415
    except ImportError:
        raise ImportError("seqeval is not installed; install zhibiao[training]") from None
    gold, predicted = ([_tags_of(side) for side in sides] for sides in zip(*pairs, strict=True))
    report: dict[str, Any] = classification_report(
        gold, predicted, mode="strict", scheme=IOB2, output_dict=True, zero_division=0
    )
    return report


def _tags_of(annotation: Annotation) -> list[str]:
    return tags(annotation.text, annotation.spans)
