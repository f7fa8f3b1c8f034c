"""What the whole path, with a model, makes of annotated reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from zhibiao.evaluate.annotation import Annotation, from_document
from zhibiao.evaluate.evaluation import Evaluation
from zhibiao.evaluate.facts import gold_facts
from zhibiao.evaluate.prediction import predict
from zhibiao.evaluate.resampling import Verdict, compare
from zhibiao.extractor import Extractor
from zhibiao.schema import AnnotatedDocument

#: The scores that two models are compared by, and those of them that decide: what is marked, and what comes out.
COMPARED = ("spans", "spans:core", "links:indicator", "status", "facts")
JUDGED = ("spans", "facts")

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


def compared(baseline: Evaluation, candidate: Evaluation) -> dict[str, Any]:
    """The candidate beside the model that its training went on from, on the same documents, by a paired test.

    `verdict` says what may be concluded: `better` where something that counts is better and nothing is worse.
    """
    found = [compare(baseline.scores, candidate.scores, name) for name in COMPARED]
    judged = {one.verdict for one in found if one.score in JUDGED}
    verdict: Verdict = "worse" if "worse" in judged else "better" if "better" in judged else "undecided"
    return {"verdict": verdict, "comparisons": [one.as_json() for one in found]}


def evaluate(folder: Path, documents: Sequence[AnnotatedDocument]) -> Evaluation:
    """The evaluation of the model in `folder` on `documents`."""
    return Evaluation(predicted(folder, documents))
