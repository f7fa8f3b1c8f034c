"""The calls on jobs: many documents in one request, their facts when they are ready."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Annotated

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
from serving.stores.jobs import JobInfo, JobState
from serving.stores.keys import Role
from zhibiao import outputs
from zhibiao.schema import Report

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])

JobId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="Id of a job.")]
Asker = Annotated[Caller, require(Role.EXTRACT)]
_PROBLEMS = problems(401, 403, 404, 422, 429)


class JobDocumentAnswer(BaseModel):
    """A document of a job."""

    name: str
    is_done: bool = Field(description="Whether its report is there.")
    error: str | None = Field(description="Why there is none, where it could not be read.")


class JobAnswer(BaseModel):
    """A job as it stands."""

    id: str
    state: JobState
    created: datetime
    ended: datetime | None
    total: int = Field(description="How many documents it has.")
    done: int = Field(description="How many of them have a report.")
    failed: int = Field(description="How many could not be read.")
    documents: list[JobDocumentAnswer]
    result: str = Field(description="Path of the reports that are there.")


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

    def create() -> JobAnswer:
        job_id = service.jobs.create(caller.id, options, documents)
        service.worker.submit(job_id)
        return _answer(service.jobs.get(job_id))

    answer = await run_in_threadpool(create)
    response.headers["location"] = f"/v1/jobs/{answer.id}"
    return answer


@router.get("/{id}", summary="How far a job is", responses=_PROBLEMS)
def progress(id: JobId, service: ServiceOf, caller: Asker) -> JobAnswer:  # noqa: A002
    """Its state, and that of each document."""
    return _answer(_own(service, caller, id))


@router.delete("/{id}", summary="Cancel a job", responses=_PROBLEMS)
def cancel(id: JobId, service: ServiceOf, caller: Asker) -> JobAnswer:  # noqa: A002
    """End a job that has not ended; what it has read stays until it is removed with age."""
    _own(service, caller, id)
    if service.jobs.cancel(id):
        service.worker.forget(id)
    return _answer(service.jobs.get(id))


@router.post(
    "/{id}/retry", status_code=202, summary="Try again what has no report", responses=_PROBLEMS | problems(409)
)
def retry(id: JobId, service: ServiceOf, caller: Asker) -> JobAnswer:  # noqa: A002
    """Let a job that has ended wait again, for its documents without a report; 409 where it has not ended."""
    _own(service, caller, id)
    if not service.jobs.retry(id):
        raise ProblemError(409, "unfinished", "The job has not ended.", "Wait until it has, or cancel it first.")
    service.worker.submit(id)
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
    _own(service, caller, id)
    reports = [(name, Report.model_validate_json(report)) for name, report in service.jobs.reports(id)]
    if format is FileFormat.JSON:
        lines = io.StringIO()
        outputs.write_jsonl(reports, lines)
        return Response(lines.getvalue(), media_type="application/x-ndjson")
    rows = [row for name, report in reports for row in outputs.rows(report, file=name)]
    return Response(table_of(rows, format, language), media_type=MEDIA_TYPES[format])


def _own(service: Service, caller: Caller, job_id: str) -> JobInfo:
    """A job of the caller's; any, for an administrator. Of another's, he is told no more than of one that is not."""
    try:
        job = service.jobs.get(job_id)
    except MissingError:
        job = None
    if job is None or (job.owner != caller.id and not caller.role.allows(Role.ADMIN)):
        raise ProblemError(404, "not-found", f"There is no job {job_id}.", "See the id; old jobs are removed.")
    return job


def _answer(job: JobInfo) -> JobAnswer:
    documents = [JobDocumentAnswer(name=name, is_done=is_done, error=error) for name, is_done, error in job.documents]
    return JobAnswer(
        id=job.id,
        state=job.state,
        created=job.created,
        ended=job.ended,
        total=len(documents),
        done=sum(document.is_done for document in documents),
        failed=sum(document.error is not None for document in documents),
        documents=documents,
        result=f"/v1/jobs/{job.id}/result",
    )
