"""The calls on jobs: many documents in one request, their facts when they are ready; and what all jobs share."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path as FolderPath
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Path, Query, UploadFile
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from serving.access import Caller, require
from serving.extraction import LeftOut, MinConfidence, ReferenceYear, ShownUnit, needs_content_type
from serving.forms import MEDIA_TYPES, FileFormat, table_of
from serving.openapi import problems
from serving.problems import ProblemError
from serving.service import Service, ServiceOf
from serving.stores.datasets import MissingError
from serving.stores.jobs import GoneError, JobInfo, JobKind, JobState
from serving.stores.keys import Role
from zhibiao import outputs
from zhibiao.schema import Report

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])

JobId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="Id of a job.")]
Asker = Annotated[Caller, require(Role.EXTRACT)]
_PROBLEMS = problems(401, 403, 404, 410, 422, 429)


class JobDocumentAnswer(BaseModel):
    """A document of a job."""

    name: str
    is_done: bool = Field(description="Whether its report is there.")
    error: str | None = Field(description="Why there is none, where it could not be read.")


class JobAnswer(BaseModel):
    """A job as it stands."""

    id: str
    kind: JobKind
    state: JobState
    created: datetime
    ended: datetime | None
    total: int = Field(description="How many documents it has; of an evaluation, how many are to be read.")
    done: int = Field(description="How many of them have a report, or have been read.")
    failed: int = Field(description="How many could not be read.")
    error: str | None = Field(description="Why an evaluation or a training failed.")
    documents: list[JobDocumentAnswer]
    result: str = Field(description="Path of the reports that are there, or of the evaluation or training.")


@router.post(
    "",
    status_code=202,
    summary="Read many documents",
    responses=problems(400, 401, 403, 413, 415, 422, 429),
    dependencies=[needs_content_type("multipart/form-data")],
)
async def submit(
    service: ServiceOf,
    caller: Asker,
    response: Response,
    files: Annotated[list[UploadFile], File(min_length=1, max_length=1000, description="The documents.")],
    reference_year: Annotated[ReferenceYear | LeftOut, Form()] = None,
    amount_unit: Annotated[ShownUnit | LeftOut, Form()] = None,
    min_confidence: Annotated[MinConfidence | LeftOut, Form()] = 0.0,
) -> JobAnswer:
    """A job that reads them one after another; GET it for its progress, and then its result."""
    options = {
        "reference_year": reference_year,
        "amount_unit": amount_unit,
        "min_confidence": min_confidence or 0.0,
    }
    documents = [(file.filename or "document", await file.read()) for file in files]

    job = await run_in_threadpool(accept, service, caller, JobKind.DOCUMENTS, options, response, documents)
    service.metrics.job_documents.observe(len(documents))
    return _answer(job)


@router.get("/{id}", summary="How far a job is", responses=_PROBLEMS)
def progress(id: JobId, service: ServiceOf, caller: Asker) -> JobAnswer:  # noqa: A002
    """Its state, and that of each document."""
    return _answer(own_job(service, caller, id))


@router.delete("/{id}", summary="Cancel a job", responses=_PROBLEMS)
def cancel(id: JobId, service: ServiceOf, caller: Asker) -> JobAnswer:  # noqa: A002
    """End a job that has not ended; what it has read stays until it is removed with age."""
    own_job(service, caller, id)
    if service.jobs.cancel(id):
        service.worker.forget(id)
    return _answer(service.jobs.get(id))


@router.post(
    "/{id}/retry", status_code=202, summary="Try again what has no report", responses=_PROBLEMS | problems(409)
)
def retry(id: JobId, service: ServiceOf, caller: Asker) -> JobAnswer:  # noqa: A002
    """Let a job that has ended wait again, for what is not done of it; 409 where it has not ended."""
    kind = own_job(service, caller, id).kind
    if not service.jobs.retry(id):
        raise ProblemError(409, "unfinished", "The job has not ended.", "Wait until it has, or cancel it first.")
    service.worker.submit(id, kind)
    return _answer(service.jobs.get(id))


@router.get(
    "/{id}/result",
    summary="The reports of a job",
    response_class=Response,
    responses=_PROBLEMS
    | {
        200: {
            "description": "The reports that are there: one a line, with its `file`; or their facts as a table.",
            "content": {
                kind: {"schema": {"type": "string"}}
                for kind in ("application/x-ndjson", "text/csv", MEDIA_TYPES[FileFormat.XLSX])
            },
        }
    },
)
def result(
    id: JobId,  # noqa: A002
    service: ServiceOf,
    caller: Asker,
    format: Annotated[FileFormat, Query(description="Form of the answer.")] = FileFormat.JSON,  # noqa: A002
    language: Annotated[outputs.Language, Query(description="Language of a table's heads.")] = "zh",
) -> Response:
    """What has been read so far; all of it once the job has ended."""
    own_job(service, caller, id, JobKind.DOCUMENTS)
    reports = [(name, Report.model_validate_json(report)) for name, report in service.jobs.reports(id)]
    if format is FileFormat.JSON:
        lines = io.StringIO()
        outputs.write_jsonl(reports, lines)
        return Response(lines.getvalue(), media_type="application/x-ndjson")
    rows = [row for name, report in reports for row in outputs.rows(report, file=name)]
    return Response(table_of(rows, format, language), media_type=MEDIA_TYPES[format])


def accept(
    service: Service,
    caller: Caller,
    kind: JobKind,
    options: dict[str, Any],
    response: Response,
    documents: Sequence[tuple[str, bytes]] = (),
) -> JobInfo:
    """A new job, which waits for a worker; the answer says where to ask for it."""
    job_id = service.jobs.create(caller.id, options, documents, kind=kind, author=caller.name)
    service.worker.submit(job_id, kind)
    response.headers["location"] = _PLACES[kind].format(job_id)
    return service.jobs.get(job_id)


def own_job(service: Service, caller: Caller, job_id: str, kind: JobKind | None = None) -> JobInfo:
    """A job of the caller's, of a kind; any, for an administrator.

    Of another's he is told no more than of one that is not: ProblemError 404; 410 where his own was removed with age.
    """
    try:
        job = service.jobs.get(job_id)
    except GoneError as gone:
        if _may_see(caller, gone.owner):
            raise ProblemError(
                410,
                "gone",
                f"The job {job_id} has been removed with age.",
                "Submit it again; results are kept for days.",
            ) from None
        job = None
    except MissingError:
        job = None
    if job is None or not _may_see(caller, job.owner) or kind not in (None, job.kind):
        raise ProblemError(
            404, "not-found", f"There is no job {job_id}.", "See the id, and that the key is its maker's."
        )
    return job


def must_be_dataset(service: Service, name: str) -> dict[str, str]:
    """The texts of a data set by their documents' ids; ProblemError 404 where there is none."""
    try:
        found = service.datasets.documents(name)
    except MissingError as error:
        raise ProblemError(
            404, "not-found", f"There is no such thing: {error}.", "GET /v1/datasets lists what there is."
        ) from None
    return {version.id: version.document.text for version in found if version.document is not None}


def must_be_model(service: Service, version: str) -> FolderPath:
    """The folder of a version; ProblemError 404 where there is none."""
    try:
        return service.registry.folder_of(version)
    except MissingError as error:
        raise ProblemError(
            404, "not-found", f"There is no such thing: {error}.", "GET /v1/models lists what there is."
        ) from None


def _may_see(caller: Caller, owner: str | None) -> bool:
    return owner == caller.id or caller.role.allows(Role.ADMIN)


#: Where a job of a kind is asked for, and what came of it.
_PLACES = {
    JobKind.DOCUMENTS: "/v1/jobs/{}",
    JobKind.EVALUATION: "/v1/evaluations/{}",
    JobKind.TRAINING: "/v1/trainings/{}",
}
_RESULTS = _PLACES | {JobKind.DOCUMENTS: "/v1/jobs/{}/result"}


def _answer(job: JobInfo) -> JobAnswer:
    documents = [JobDocumentAnswer(name=name, is_done=is_done, error=error) for name, is_done, error in job.documents]
    return JobAnswer(
        id=job.id,
        kind=job.kind,
        state=job.state,
        created=job.created,
        ended=job.ended,
        total=len(documents) or job.progress.get("total", 0),
        done=sum(document.is_done for document in documents) or job.progress.get("done", 0),
        failed=sum(document.error is not None for document in documents),
        error=job.error,
        documents=documents,
        result=_RESULTS[job.kind].format(job.id),
    )
