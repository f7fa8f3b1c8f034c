"""Jobs: what was asked for (documents to read, an evaluation, a training), how far it is, and what came of it.

The database is the truth of a job; the queue only says which to look at. A worker claims a job before it begins, and a
job whose worker has not been heard of for a while goes back to those that wait, to go on where it was. Of a job that
has been removed with age only the name is left, for a time, to say that it was there.
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
#: For how long a job that was removed is told from one that never was.
REMEMBERED = timedelta(days=90)


class JobKind(StrEnum):
    """What a job does."""

    DOCUMENTS = "documents"
    EVALUATION = "evaluation"
    TRAINING = "training"


class JobState(StrEnum):
    """Where a job is. `lost` is one whose workers ended, or were ended, each time that it was begun."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    LOST = "lost"


#: The state, in the database, of a job of which only the name is left.
_REMOVED = "removed"
UNFINISHED = (JobState.QUEUED, JobState.RUNNING)


class GoneError(MissingError):
    """There was such a job, of `owner`; it has been removed with age."""

    def __init__(self, job_id: str, owner: str | None) -> None:
        self.owner = owner
        super().__init__(f"the job {job_id}")


@dataclass(frozen=True)
class JobInfo:
    """A job and its documents: name, whether a report is there, and why there is none.

    `options` is what was asked for, `progress` how far it is, `result` what came of it and `error` why nothing did.
    """

    id: str
    kind: JobKind
    owner: str | None
    author: str
    state: JobState
    created: datetime
    ended: datetime | None
    options: dict[str, Any]
    progress: dict[str, Any]
    result: dict[str, Any] | None
    error: str | None
    documents: tuple[tuple[str, bool, str | None], ...] = ()


@dataclass(frozen=True)
class JobEvent:
    """What happened in a job: `content` is a line of its log or a point of its curve."""

    number: int
    created: datetime
    content: dict[str, Any]


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

    def create(
        self,
        owner: str | None,
        options: dict[str, Any],
        documents: Sequence[tuple[str, bytes]] = (),
        *,
        kind: JobKind = JobKind.DOCUMENTS,
        author: str = "",
        progress: dict[str, Any] | None = None,
    ) -> str:
        """The id of a new job, which waits for a worker."""
        job_id, time = secrets.token_hex(16), now()
        job = tables.Job(
            id=job_id,
            kind=kind,
            owner=owner,
            author=author,
            state=JobState.QUEUED,
            options=options,
            progress=progress or {},
            created=time,
            beat=time,
            attempts=0,
        )
        with self._database.writing() as session:
            session.add(job)
            session.flush()
            session.add_all(
                tables.JobDocument(job_id=job_id, number=number, name=name[-255:], content=content)
                for number, (name, content) in enumerate(documents, 1)
            )
        return job_id

    def get(self, job_id: str) -> JobInfo:
        """A job as it stands. MissingError where there is none, GoneError where there was."""
        document = tables.JobDocument
        rows = (
            select(document.name, document.report.is_not(None), document.error)
            .where(document.job_id == job_id)
            .order_by(document.number)
        )
        with self._database.reading() as session:
            job = _job(session, job_id)
            found = tuple((name, has_report, error) for name, has_report, error in session.execute(rows))
        return _info(job, found)

    def of_kind(self, kind: JobKind, owner: str | None, *, is_of_all: bool = False) -> list[JobInfo]:
        """The jobs of a kind, newest first: of one owner, or of all."""
        job = tables.Job
        rows = select(job).where(job.kind == kind, job.state != _REMOVED).order_by(job.created.desc())
        if not is_of_all:
            rows = rows.where(job.owner.is_(None) if owner is None else job.owner == owner)
        with self._database.reading() as session:
            return [_info(row) for row in session.scalars(rows)]

    def events(self, job_id: str, after: int = 0, limit: int | None = None) -> list[JobEvent]:
        """What happened in a job since event `after`."""
        event = tables.JobEvent
        rows = select(event).where(event.job_id == job_id, event.number > after).order_by(event.number).limit(limit)
        with self._database.reading() as session:
            return [JobEvent(row.number, row.created, dict(row.content)) for row in session.scalars(rows)]

    def tell(self, job_id: str, progress: dict[str, Any], events: Sequence[dict[str, Any]] = ()) -> None:
        """Say how far a job is and what has happened in it since, both or neither."""
        event = tables.JobEvent
        with self._database.writing() as session:
            session.execute(update(tables.Job).where(tables.Job.id == job_id).values(progress=progress))
            last = session.scalar(select(func.max(event.number)).where(event.job_id == job_id)) or 0
            session.add_all(
                event(job_id=job_id, number=number, created=now(), content=content)
                for number, content in enumerate(events, last + 1)
            )

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

    def finish(self, job_id: str, result: dict[str, Any] | None = None) -> None:
        """End a job that is being worked on."""
        self._end(job_id, state=JobState.DONE, result=result)

    def fail(self, job_id: str, error: str) -> None:
        """End a job that cannot be done."""
        self._end(job_id, state=JobState.FAILED, error=error)

    def _end(self, job_id: str, **values: object) -> None:
        self._change(
            update(tables.Job)
            .where(tables.Job.id == job_id, tables.Job.state == JobState.RUNNING)
            .values(ended=now(), **values)
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
                .where(tables.Job.id == job_id, tables.Job.state.not_in((*UNFINISHED, _REMOVED)))
                .values(state=JobState.QUEUED, beat=now(), attempts=0, ended=None, error=None)
            )
            if _count(changed) != 1:
                return False
            session.execute(update(document).where(document.job_id == job_id).values(error=None))
            return True

    def recover(self, silent: timedelta) -> list[tuple[str, JobKind]]:
        """Jobs that nobody has worked on for so long: those begun too often are lost, the others wait again."""
        before = now() - silent
        job = tables.Job
        silent_ones = (job.state == JobState.RUNNING, job.beat < before)
        with self._database.writing() as session:
            session.execute(
                update(job).where(*silent_ones, job.attempts >= MAX_ATTEMPTS).values(state=JobState.LOST, ended=now())
            )
            session.execute(update(job).where(*silent_ones).values(state=JobState.QUEUED))
            rows = select(job.id, job.kind).where(job.state == JobState.QUEUED, job.beat < before)
            waiting = [(job_id, JobKind(kind)) for job_id, kind in session.execute(rows)]
            session.execute(update(job).where(job.id.in_([job_id for job_id, _ in waiting])).values(beat=now()))
        return waiting

    def expire(self, age: timedelta) -> int:
        """Remove jobs that ended so long ago, but for their names; how many."""
        job = tables.Job
        with self._database.writing() as session:
            old = select(job.id).where(job.ended.is_not(None), job.ended < now() - age, job.state != _REMOVED)
            removed = list(session.scalars(old))
            for part in (tables.JobDocument, tables.JobEvent):
                session.execute(delete(part).where(part.job_id.in_(removed)))
            emptied: dict[str, object] = {
                "state": _REMOVED,
                "options": {},
                "progress": {},
                "result": None,
                "error": None,
            }
            session.execute(update(job).where(job.id.in_(removed)).values(**emptied))
            session.execute(delete(job).where(job.state == _REMOVED, job.ended < now() - age - REMEMBERED))
        return len(removed)

    def is_unfinished(self, job_id: str) -> bool:
        """Whether a job waits, is worked on, or could be tried again: what it has on the disk is still wanted."""
        ended_well = (JobState.DONE, _REMOVED)
        wanted = select(tables.Job.id).where(tables.Job.id == job_id, tables.Job.state.not_in(ended_well))
        with self._database.reading() as session:
            return session.scalar(wanted) is not None

    def counts(self) -> dict[tuple[JobKind, JobState], int]:
        """How many jobs of each kind are in each state; those removed with age are not counted."""
        job = tables.Job
        rows = select(job.kind, job.state, func.count()).where(job.state != _REMOVED).group_by(job.kind, job.state)
        with self._database.reading() as session:
            found = {(kind, state): count for kind, state, count in session.execute(rows)}
        return {(kind, state): found.get((kind, state), 0) for kind in JobKind for state in JobState}

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
    if row.state == _REMOVED:
        raise GoneError(job_id, row.owner)
    return row


def _info(row: tables.Job, documents: tuple[tuple[str, bool, str | None], ...] = ()) -> JobInfo:
    return JobInfo(
        id=row.id,
        kind=JobKind(row.kind),
        owner=row.owner,
        author=row.author,
        state=JobState(row.state),
        created=row.created,
        ended=row.ended,
        options=dict(row.options),
        progress=dict(row.progress),
        result=None if row.result is None else dict(row.result),
        error=row.error,
        documents=documents,
    )
