"""A model run on a document: what is scored against its gold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from zhibiao.evaluate.annotation import Annotation, from_entities
from zhibiao.evaluate.facts import fact_keys
from zhibiao.extractor import Extractor
from zhibiao.schema import AnnotatedDocument


def predict(
    extractor: Extractor, document: AnnotatedDocument, should_stop: Callable[[], bool] | None = None
) -> tuple[Annotation, int | None]:
    """What a model says of a document's text, facts included, and the year that it found the text to speak of.

    `should_stop` is asked now and then; where it says so, InterruptedError is raised.
    """
    analysis = extractor.analyze(document.text, should_stop=should_stop)
    report = analysis.report
    found = from_entities(document.id, document.text, report.entities, analysis.links)
    return replace(found, facts=fact_keys(report.facts, report.entities)), report.document.reference_year
