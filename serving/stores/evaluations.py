"""The scores of models on data sets, kept for as long as their model is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from serving.stores import tables
from serving.stores.database import Database, now


@dataclass(frozen=True)
class EvaluationInfo:
    """What came of one evaluation; `baseline` is the version that was served then, None where it was `model` itself."""

    id: str
    model: str
    baseline: str | None
    dataset: str
    author: str
    created: datetime
    result: dict[str, Any]


class EvaluationStore:
    """The evaluations of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(
        self, job_id: str, *, model: str, baseline: str | None, dataset: str, author: str, result: dict[str, Any]
    ) -> None:
        """Keep what came of a job; once more where a job is done twice."""
        row = tables.Evaluation(
            id=job_id, model=model, baseline=baseline, dataset=dataset, author=author, created=now(), result=result
        )
        with self._database.writing() as session:
            session.merge(row)

    def of_model(self, version: str) -> list[EvaluationInfo]:
        """The evaluations of a version, newest first."""
        rows = select(tables.Evaluation).where(tables.Evaluation.model == version)
        with self._database.reading() as session:
            return [_info(row) for row in session.scalars(rows.order_by(tables.Evaluation.created.desc()))]

    def forget(self, version: str) -> None:
        """Remove the evaluations of a version that was removed."""
        with self._database.writing() as session:
            session.execute(delete(tables.Evaluation).where(tables.Evaluation.model == version))


def _info(row: tables.Evaluation) -> EvaluationInfo:
    return EvaluationInfo(row.id, row.model, row.baseline, row.dataset, row.author, row.created, dict(row.result))
