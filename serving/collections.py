"""The calls on collections: the reports of a job of documents, as series of indicators, and what does not fit."""

from __future__ import annotations

import tempfile
from datetime import date, datetime
from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from serving.access import Caller, require
from serving.forms import MEDIA_TYPES, FileFormat, attachment
from serving.gathering import Gathered
from serving.jobs import JobId, own_job
from serving.openapi import problems
from serving.problems import ProblemError
from serving.service import Service, ServiceOf
from serving.stores.datasets import MissingError
from serving.stores.jobs import JobKind, JobState
from serving.stores.keys import Role
from zhibiao import outputs
from zhibiao.schema import AmountUnit, Number, Report, Status
from zhibiao.series import say, sql, write_workbook

router = APIRouter(prefix="/v1/collections", tags=["collections"])

Asker = Annotated[Caller, require(Role.EXTRACT)]
_PROBLEMS = problems(401, 403, 404, 410, 422, 429, 501)
#: More than these no reader looks through at once; the workbook has all.
_MOST = 1000


class CollectionInfo(BaseModel):
    """A collection in the list: a job that reads documents. It goes with its job, with age."""

    id: str = Field(description="Id of the job.")
    created: datetime
    state: JobState
    documents: int
    done: int = Field(description="How many of them have a report.")
    names: list[str] = Field(description="The names of the first documents.")


class CollectionReport(BaseModel):
    """A report of a collection, and whom it is about."""

    number: int = Field(description="The number of its document in the job.")
    report: str = Field(description="Its name, by which statements refer to it.")
    title: str | None
    reference_year: int | None
    facts: int
    subject_name: str | None
    subject_code: str | None = Field(description="Of GB/T 2260.")


class IndicatorInfo(BaseModel):
    """An indicator of a collection. One that is not identified is a name as reports write it."""

    indicator_id: str
    indicator_name: str
    is_identified: bool
    subjects: int
    cells: int
    statements: int
    first_year: int | None
    last_year: int | None
    findings: int


class SubjectInfo(BaseModel):
    """Whom facts of a collection are about."""

    subject_id: str
    subject_name: str
    subject_kind: str | None
    subject_within: str | None
    cells: int


class CollectionAnswer(CollectionInfo):
    """A collection: what is in it, and how many findings of each kind there are."""

    reports: list[CollectionReport]
    indicators: list[IndicatorInfo]
    subjects: list[SubjectInfo]
    findings: dict[str, int]
    statements: int
    cells: int


class StatementAnswer(BaseModel):
    """A statement of a cell and where it stands: `start` and `end` are offsets into the report's text."""

    statement_id: int
    is_preferred: bool
    number: int
    report: str
    reference_year: int | None
    value: Number | None
    low: Number | None
    high: Number | None
    approximate: bool
    written: str | None
    sentence: str | None
    start: int
    end: int
    page: int | None
    confidence: float


class CellAnswer(BaseModel):
    """What is known of one subject, indicator, measure, period and status; `why` its value is preferred."""

    cell_id: int
    series_id: int
    subject_id: str
    subject_name: str
    indicator_id: str
    indicator_name: str
    numerator: str | None
    project: str | None
    measure: str
    unit: str
    prices: str | None
    base: str | None
    freq: str
    time_period: str | None
    year: int | None
    period_start: date | None
    period_end: date | None
    status: Status
    value: Number | None
    low: Number | None
    high: Number | None
    approximate: bool
    is_disputed: bool
    why: str
    statements: list[StatementAnswer]


class FindingAnswer(BaseModel):
    """What does not fit, or is worth knowing, in words; the places are those of the statements that it rests on."""

    finding_id: int
    kind: str
    severity: str
    detail: str | None
    slip: str | None
    said: str
    subject_id: str
    subject_name: str
    indicator_id: str
    indicator_name: str
    measure: str
    time_period: str | None
    status: Status
    statements: list[int] = Field(description="Ids of the statements; GET …/statements/{id} has each.")
    cell_id: int


@router.get("", summary="Collections of reports", responses=problems(401, 403, 429))
def collections(service: ServiceOf, caller: Asker) -> list[CollectionInfo]:
    """The jobs of documents of the caller, newest first; `POST /v1/jobs` makes one."""
    found = service.jobs.of_kind(JobKind.DOCUMENTS, caller.id, is_of_all=caller.role.allows(Role.ADMIN))
    return [CollectionInfo(**_info(service, job.id)) for job in found[:100]]


@router.get("/{id}", summary="What is in a collection", responses=_PROBLEMS)
def collection(id: JobId, service: ServiceOf, caller: Asker) -> CollectionAnswer:  # noqa: A002
    """Its reports, indicators and subjects, and how many findings there are; of the reports that are read so far."""
    own_job(service, caller, id, JobKind.DOCUMENTS)
    # Before the series: a job that is done here has all of its reports there.
    about = _info(service, id)
    gathered = service.gathering.of(id)
    series = gathered.series
    counted = "SELECT kind, count(*) AS found FROM found GROUP BY kind ORDER BY kind"
    return CollectionAnswer(
        **about,
        reports=[CollectionReport.model_validate(row) for row in gathered.reports],
        indicators=[
            IndicatorInfo.model_validate(row | {"findings": row["findings"] or 0})
            for row in _rows(gathered, sql("indicators"))
        ],
        subjects=[SubjectInfo.model_validate(row) for row in _rows(gathered, sql("subjects"))],
        findings={row["kind"]: row["found"] for row in _rows(gathered, counted)},
        statements=series.count("statements"),
        cells=series.count("cells"),
    )


@router.get("/{id}/cells", summary="The series of an indicator", responses=_PROBLEMS)
def cells(
    id: JobId,  # noqa: A002
    service: ServiceOf,
    caller: Asker,
    indicator: Annotated[str, Query(max_length=300, description="Id of an indicator.")],
    subject: Annotated[list[str] | None, Query(max_length=100, description="Ids of subjects; all if left out.")] = None,
) -> list[CellAnswer]:
    """Every cell with all of its statements, series by series, in the order of time."""
    own_job(service, caller, id, JobKind.DOCUMENTS)
    gathered = service.gathering.of(id)
    found = list(_rows(gathered, sql("chosen"), [indicator, subject is None, subject or [], _MOST]))
    numbers = {row["report"]: row["number"] for row in gathered.reports}
    for row in found:
        for statement in row["sources"]:
            statement["number"] = numbers[statement["report"]]
    return [CellAnswer.model_validate(row | {"statements": row["sources"]}) for row in found]


@router.get("/{id}/findings", summary="What does not fit between the reports", responses=_PROBLEMS)
def findings(
    id: JobId,  # noqa: A002
    service: ServiceOf,
    caller: Asker,
    indicator: Annotated[str | None, Query(max_length=300, description="Only of this indicator.")] = None,
    language: Annotated[outputs.Language, Query(description="Language of `said`.")] = "zh",
) -> list[FindingAnswer]:
    """Conflicts, revisions, growth that does not fit, targets and what came of them, gaps; the gravest first."""
    own_job(service, caller, id, JobKind.DOCUMENTS)
    gathered = service.gathering.of(id)
    query = f"SELECT * FROM ({sql('findings')}) WHERE ? IS NULL OR indicator_id = ? LIMIT ?"  # noqa: S608 - our own
    return [
        FindingAnswer.model_validate(
            row
            | {
                "said": say(row, language),
                "statements": [row[key] for key in ("first_id", "second_id", "third_id") if row[key] is not None],
            }
        )
        for row in _rows(gathered, query, [indicator, indicator, _MOST])
    ]


@router.get("/{id}/statements/{statement}", summary="A statement", responses=_PROBLEMS)
def statement(
    id: JobId,  # noqa: A002
    statement: Annotated[int, Path(ge=1, le=2**53, description="Id of a statement.")],
    service: ServiceOf,
    caller: Asker,
) -> StatementAnswer:
    """A statement and its place."""
    own_job(service, caller, id, JobKind.DOCUMENTS)
    gathered = service.gathering.of(id)
    query = f"SELECT * FROM ({sql('statements')}) WHERE statement_id = ?"  # noqa: S608 - our own
    for row in _rows(gathered, query, [statement]):
        return StatementAnswer.model_validate(row | {"number": gathered.number(row["report"])})
    raise _missing(f"statement {statement}")


@router.get("/{id}/reports/{number}", summary="A report", response_model=Report, responses=_PROBLEMS)
def report(
    id: JobId,  # noqa: A002
    number: Annotated[int, Path(ge=1, le=1_000_000, description="The number of a report.")],
    service: ServiceOf,
    caller: Asker,
) -> Response:
    """A report of the collection, with its text."""
    own_job(service, caller, id, JobKind.DOCUMENTS)
    try:
        name, written = service.collections.report(id, number)
    except MissingError:
        raise _missing(f"report {number}") from None
    return Response(
        written, media_type="application/json", headers={"content-disposition": attachment(name, FileFormat.JSON)}
    )


@router.get(
    "/{id}/file",
    summary="The series as a workbook",
    response_class=Response,
    responses=_PROBLEMS
    | {
        200: {
            "description": "An Excel workbook.",
            "content": {MEDIA_TYPES[FileFormat.XLSX]: {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
def workbook(
    id: JobId,  # noqa: A002
    service: ServiceOf,
    caller: Asker,
    language: Annotated[outputs.Language, Query(description="Language of heads, codes and sentences.")] = "zh",
    amount_unit: Annotated[AmountUnit, Query(description="Unit of amounts.")] = "元",
) -> Response:
    """An overview, a sheet an indicator, findings, sources."""
    own_job(service, caller, id, JobKind.DOCUMENTS)
    series = service.gathering.of(id).series
    with tempfile.TemporaryDirectory(prefix="zhibiao-") as folder:
        path = FilePath(folder) / "series.xlsx"
        write_workbook(series, path, language=language, amount_unit=amount_unit)
        content = path.read_bytes()
    headers = {"content-disposition": attachment("series", FileFormat.XLSX)}
    return Response(content, media_type=MEDIA_TYPES[FileFormat.XLSX], headers=headers)


def _info(service: Service, job_id: str) -> dict[str, Any]:
    job = service.jobs.get(job_id)
    return {
        "id": job.id,
        "created": job.created,
        "state": job.state,
        "documents": len(job.documents),
        "done": sum(is_done for _, is_done, _ in job.documents),
        "names": [name for name, _, _ in job.documents[:3]],
    }


def _rows(gathered: Gathered, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
    return [row for batch in gathered.series.batches(query, values or ()) for row in batch.to_pylist()]


def _missing(what: str) -> ProblemError:
    return ProblemError(404, "not-found", f"The collection has no {what}.", "GET the collection for what is in it.")
