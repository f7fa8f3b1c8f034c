"""The figures that go into a model's `meta.json`: what the whole path makes of held-out reports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from zhibiao.evaluate.annotation import from_document, from_entities, pair
from zhibiao.evaluate.scores import score
from zhibiao.extractor import Extractor
from zhibiao.schema import AnnotatedDocument


def evaluate(folder: Path, documents: Sequence[AnnotatedDocument]) -> dict[str, Any]:
    """Every score of the model in `folder` on `documents`, by name; see `zhibiao.evaluate.scores`."""
    extractor = Extractor.load(folder)
    predicted = []
    for document in documents:
        analysis = extractor.analyze(document.text, reference_year=document.meta.get("year"))
        predicted.append(from_entities(document.id, document.text, analysis.report.entities, analysis.links))
    return score(pair([from_document(document) for document in documents], predicted)).as_json()
