"""Jobs that score a model on a data set, beside the model that is served."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

from serving.runners.runner import JobError
from serving.stores.datasets import DatasetStore, MissingError
from serving.stores.evaluations import EvaluationStore
from serving.stores.jobs import JobInfo, JobStore
from serving.stores.registry import Registry
from zhibiao.errors import ModelError
from zhibiao.evaluate import Annotation, Evaluation, compare, from_document, pair, score
from zhibiao.evaluate.facts import gold_facts
from zhibiao.evaluate.prediction import predict
from zhibiao.extractor import Extractor
from zhibiao.schema import AnnotatedDocument

#: The scores by which two models are compared.
COMPARED = ("spans", "spans:core", "links", "links:indicator", "status", "values", "facts")

#: Told the documents done and all there are.
Tell = Callable[[int, int], None]


class EvaluationRunner:
    """Scores versions of the registry."""

    def __init__(
        self, jobs: JobStore, datasets: DatasetStore, registry: Registry, evaluations: EvaluationStore
    ) -> None:
        self._jobs, self._datasets, self._registry, self._evaluations = jobs, datasets, registry, evaluations

    def run(self, job: JobInfo, stop: Event) -> dict[str, Any] | None:
        """The evaluation that a job asks for."""
        return self.evaluate(
            job, str(job.options["model"]), str(job.options["dataset"]), stop,
            lambda done, total: self._jobs.tell(job.id, {"done": done, "total": total}),
        )  # fmt: skip

    def tidy(self) -> None:
        """Nothing is left."""

    def evaluate(self, job: JobInfo, model: str, dataset: str, stop: Event, tell: Tell) -> dict[str, Any]:
        """Score a version on a data set and keep the result; with the paired test where another one is served."""
        current = self._registry.current()
        baseline = current if current not in (None, model) else None
        documents = self._documents(dataset)
        try:
            folders = [self._registry.folder_of(version) for version in (model, baseline) if version is not None]
        except MissingError as error:
            raise JobError(f"{error} is not there any more.") from None
        result = _evaluated(documents, folders, dataset, stop, tell)
        trained_on = self._registry.trained_on(model)
        result |= {
            "model": model,
            "baseline": baseline,
            "texts": [digest(document.text) for document in documents],
            "trained_on": [document.id for document in documents if digest(document.text) in trained_on],
        }
        self._evaluations.keep(
            job.id, model=model, baseline=baseline, dataset=dataset, author=job.author, result=result
        )
        return result

    def _documents(self, dataset: str) -> list[AnnotatedDocument]:
        try:
            found = [version.document for version in self._datasets.documents(dataset)]
        except MissingError as error:
            raise JobError(f"There is no such thing any more: {error}.") from None
        documents = [document for document in found if document is not None]
        if not documents:
            raise JobError(f"The data set {dataset} has no documents; add some that the model was not trained on.")
        return documents


def digest(text: str) -> str:
    """What a model's description names a text by that it was trained on or held out."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _evaluated(
    documents: Sequence[AnnotatedDocument], folders: Sequence[Path], dataset: str, stop: Event, tell: Tell
) -> dict[str, Any]:
    """The scores of the first folder's model, compared with the second's where there is one."""
    total, done = len(documents) * len(folders), 0
    sides: list[list[Annotation]] = []
    years: list[int | None] = []
    for folder in folders:
        extractor = _loaded(folder)
        side: list[Annotation] = []
        years.clear()
        for document in documents:
            tell(done, total)
            found, year = predict(extractor, document, stop.is_set)
            side.append(found)
            years.append(year)
            done += 1
        sides.append(side)
    tell(done, total)
    gold = [
        replace(from_document(document), facts=gold_facts(document, year))
        for document, year in zip(documents, years, strict=True)
    ]
    pairs = pair(gold, sides[0])
    comparisons = tuple(
        compare(score(pair(gold, other)), score(pairs), name) for other in sides[1:] for name in COMPARED
    )
    return Evaluation(pairs, {"set": dataset}, comparisons).as_json()


def _loaded(folder: Path) -> Extractor:
    try:
        return Extractor.load(folder, threads=1)
    except ModelError as error:
        raise JobError(f"The model cannot be used: {error}") from None
