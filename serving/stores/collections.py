"""The reports of a job, one by one, as a collection has them."""

from __future__ import annotations

from sqlalchemy import select

from serving.stores import tables
from serving.stores.database import Database
from serving.stores.datasets import MissingError


class CollectionStore:
    """The reports that the jobs of a database have made; each has the number of its document in the job, from 1."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def numbers(self, job_id: str) -> tuple[int, ...]:
        """The numbers of the documents whose report is there."""
        document = tables.JobDocument
        rows = select(document.number).where(document.job_id == job_id, document.report.is_not(None))
        with self._database.reading() as session:
            return tuple(session.scalars(rows.order_by(document.number)))

    def report(self, job_id: str, number: int) -> tuple[str, str]:
        """The name of a document and its report, as JSON. MissingError where there is none."""
        document = tables.JobDocument
        rows = select(document.name, document.report).where(document.job_id == job_id, document.number == number)
        with self._database.reading() as session:
            found = session.execute(rows).first()
        if found is None or found[1] is None:
            raise MissingError(f"the report {number} of the job {job_id}")
        return found[0], found[1]
