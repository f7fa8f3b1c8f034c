"""What the whole path, with a model, makes of annotated reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from zhibiao.evaluate.annotation import Annotation, from_document
from zhibiao.evaluate.evaluation import Evaluation
from zhibiao.evaluate.facts import gold_facts
from zhibiao.evaluate.prediction import predict
from zhibiao.extractor import Extractor
from zhibiao.schema import AnnotatedDocument

#: (gold, predicted) of each document.
Documents = list[tuple[Annotation, Annotation]]


def predicted(folder: Path, documents: Sequence[AnnotatedDocument]) -> Documents:
    """What the model in `folder` says of the texts of `documents`, facts included, beside their gold."""
    extractor = Extractor.load(folder)
    found = []
    for document in documents:
        said, year = predict(extractor, document)
        found.append((replace(from_document(document), facts=gold_facts(document, year)), said))
    return found


def evaluate(folder: Path, documents: Sequence[AnnotatedDocument]) -> Evaluation:
    """The evaluation of the model in `folder` on `documents`."""
    return Evaluation(predicted(folder, documents))
