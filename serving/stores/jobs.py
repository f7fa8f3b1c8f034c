"""Jobs: what was asked for, how far it is, and what came of it.

The database is the truth of a job; the queue only says which to look at. A worker claims a job before it begins, and a
job whose worker has not been heard of for a while goes back to those that wait, to go on at its next document.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import Executable

from serving.stores import tables
from serving.stores.database import Database, now
from serving.stores.datasets import MissingError

#: How often a job is begun before it is given up: one that ends its worker each time must not do so for ever.
MAX_ATTEMPTS = 3


class JobState(StrEnum):
    """Where a job is. `lost` is one whose workers ended, or were ended, each time that it was begun."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    LOST = "lost"


UNFINISHED = (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True)
class JobInfo:
    """A job and its documents: name, whether a report is there, and why there is none."""

    id: str
    owner: str | None
    state: JobState
    created: datetime
    ended: datetime | None
    documents: tuple[tuple[str, bool, str | None], ...]


@dataclass(frozen=True)
class WaitingDocument:
    """A document of a job that is still to be read, and how."""

    id: int
    name: str
    content: bytes
    options: dict[str, Any]


class JobStore:
    """The jobs of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, owner: str | None, options: dict[str, Any], documents: Sequence[tuple[str, bytes]]) -> str:
        """The id of a new job, which waits for a worker."""
        job_id, time = secrets.token_hex(16), now()
        with self._database.writing() as session:
            session.add(
                tables.Job(
                    id=job_id, owner=owner, state=JobState.QUEUED, options=options, created=time, beat=time, attempts=0
                )
            )
            session.flush()
            session.add_all(
                tables.JobDocument(job_id=job_id, number=number, name=name[-255:], content=content)
                for number, (name, content) in enumerate(documents, 1)
            )
        return job_id

    def get(self, job_id: str) -> JobInfo:
        """A job as it stands. MissingError where there is none."""
        document = tables.JobDocument
        rows = (
            select(document.name, document.report.is_not(None), document.error)
            .where(document.job_id == job_id)
            .order_by(document.number)
        )
        with self._database.reading() as session:
            job = _job(session, job_id)
            found = tuple((name, has_report, error) for name, has_report, error in session.execute(rows))
        return JobInfo(job.id, job.owner, JobState(job.state), job.created, job.ended, found)

    def reports(self, job_id: str) -> list[tuple[str, str]]:
        """The reports that are there, each with the name of its document, as JSON."""
        document = tables.JobDocument
        rows = select(document.name, document.report).where(document.job_id == job_id, document.report.is_not(None))
        with self._database.reading() as session:
            return [(name, report or "") for name, report in session.execute(rows.order_by(document.number))]

    def claim(self, job_id: str) -> bool:
        """Take a job that waits; False where another has it, or it waits no more."""
        return self._change(
            update(tables.Job)
            .where(tables.Job.id == job_id, tables.Job.state == JobState.QUEUED)
            .values(state=JobState.RUNNING, beat=now(), attempts=tables.Job.attempts + 1)
        )

    def beat(self, job_id: str) -> bool:
        """Say that a job is being worked on; False where it should not be any more."""
        return self._change(
            update(tables.Job).where(tables.Job.id == job_id, tables.Job.state == JobState.RUNNING).values(beat=now())
        )

    def next_document(self, job_id: str) -> WaitingDocument | None:
        """The next document of a job that has neither a report nor an error."""
        document = tables.JobDocument
        waiting = (
            select(document)
            .where(document.job_id == job_id, document.report.is_(None), document.error.is_(None))
            .order_by(document.number)
            .limit(1)
        )
        with self._database.reading() as session:
            row = session.scalar(waiting)
            options = _job(session, job_id).options
        return None if row is None else WaitingDocument(row.id, row.name, row.content, dict(options))

    def keep(self, document_id: int, *, report: str | None = None, error: str | None = None) -> None:
        """Keep what came of a document."""
        self._change(
            update(tables.JobDocument).where(tables.JobDocument.id == document_id).values(report=report, error=error)
        )

    def finish(self, job_id: str) -> None:
        """End a job that is being worked on."""
        self._change(
            update(tables.Job)
            .where(tables.Job.id == job_id, tables.Job.state == JobState.RUNNING)
            .values(state=JobState.DONE, ended=now())
        )

    def put_back(self, job_id: str) -> None:
        """Let a job wait again whose worker ends in good order; this attempt does not count."""
        self._change(
            update(tables.Job)
            .where(tables.Job.id == job_id, tables.Job.state == JobState.RUNNING)
            .values(state=JobState.QUEUED, beat=now(), attempts=tables.Job.attempts - 1)
        )

    def cancel(self, job_id: str) -> bool:
        """End a job that waits or is worked on; False where it has ended."""
        return self._change(
            update(tables.Job)
            .where(tables.Job.id == job_id, tables.Job.state.in_(UNFINISHED))
            .values(state=JobState.CANCELLED, ended=now())
        )

    def retry(self, job_id: str) -> bool:
        """Let a job that has ended wait again, for its documents without a report; False where it has not ended."""
        document = tables.JobDocument
        with self._database.writing() as session:
            changed = session.execute(
                update(tables.Job)
                .where(tables.Job.id == job_id, tables.Job.state.not_in(UNFINISHED))
                .values(state=JobState.QUEUED, beat=now(), attempts=0, ended=None)
            )
            session.execute(update(document).where(document.job_id == job_id).values(error=None))
            return _count(changed) == 1

    def recover(self, silent: timedelta) -> list[str]:
        """Jobs that nobody has worked on for so long: those begun too often are lost, the others wait again."""
        before = now() - silent
        job = tables.Job
        silent_ones = (job.state == JobState.RUNNING, job.beat < before)
        with self._database.writing() as session:
            session.execute(
                update(job).where(*silent_ones, job.attempts >= MAX_ATTEMPTS).values(state=JobState.LOST, ended=now())
            )
            session.execute(update(job).where(*silent_ones).values(state=JobState.QUEUED))
            waiting = list(session.scalars(select(job.id).where(job.state == JobState.QUEUED, job.beat < before)))
            session.execute(update(job).where(job.id.in_(waiting)).values(beat=now()))
        return waiting

    def expire(self, age: timedelta) -> int:
        """Remove jobs that ended so long ago; how many."""
        old = (tables.Job.ended.is_not(None), tables.Job.ended < now() - age)
        with self._database.writing() as session:
            return _count(session.execute(delete(tables.Job).where(*old)))

    def count(self, state: JobState) -> int:
        """How many jobs are in a state."""
        with self._database.reading() as session:
            return session.scalar(select(func.count()).where(tables.Job.state == state)) or 0

    def _change(self, statement: Executable) -> bool:
        with self._database.writing() as session:
            return _count(session.execute(statement)) == 1


def _count(result: object) -> int:
    assert isinstance(result, CursorResult)
    return result.rowcount


def _job(session: Session, job_id: str) -> tables.Job:
    row = session.get(tables.Job, job_id)
    if row is None:
        raise MissingError(f"the job {job_id}")
    return row
