"""A model's reading of a text as annotations to be corrected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from zhibiao.extractor import Extractor
from zhibiao.schema import AnnotatedDocument, AnnotatedEntity, Relation


@dataclass(frozen=True)
class Draft:
    """Annotations that a model made, the confidence of each entity by its id, and the version of the model."""

    document: AnnotatedDocument
    confidences: Mapping[str, float]
    model: str


def draft(
    extractor: Extractor,
    document_id: str,
    text: str,
    *,
    reference_year: int | None = None,
    meta: Mapping[str, Any] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Draft:
    """What the model reads in `text`: spans, links and the status of values. `should_stop` is as for `extract`."""
    analysis = extractor.analyze(text, reference_year=reference_year, should_stop=should_stop)
    entities = analysis.report.entities
    document = AnnotatedDocument(
        id=document_id,
        text=text,
        entities=tuple(
            AnnotatedEntity(id=one.id, label=one.label, start=one.start, end=one.end, status=one.status)
            for one in entities
        ),
        relations=tuple(Relation(source=link.value, target=link.target, type=link.type) for link in analysis.links),
        meta=dict(meta or {}),
    )
    return Draft(document, {one.id: one.confidence for one in entities}, extractor.version)
