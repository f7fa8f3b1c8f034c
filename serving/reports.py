"""The calls on reports that are there already: the facts that corrected annotations state, a report as a file."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from serving.access import require
from serving.extraction import ReferenceYear, ShownUnit, needs_content_type
from serving.forms import MEDIA_TYPES, FileFormat, attachment, table_of
from serving.openapi import problems
from serving.problems import Fault, ProblemError
from serving.service import ServiceOf
from serving.stores.keys import Role
from zhibiao import outputs
from zhibiao.extractor import report_of
from zhibiao.formats.consistency import inconsistencies
from zhibiao.schema import AnnotatedDocument, Report

router = APIRouter(
    prefix="/v1/reports",
    tags=["extraction"],
    dependencies=[require(Role.EXTRACT), needs_content_type("application/json")],
)


#: More digits than any report's figures have; 1e999999999 written out would fill the memory.
_DIGITS = 60


def _written_out(report: Report) -> Report:
    """Refuse numbers that would be too long to write in plain notation."""
    for number in _numbers(report):
        if abs(number.adjusted()) > _DIGITS or len(number.as_tuple().digits) > _DIGITS:
            raise ValueError(f"a number has more than {_DIGITS} digits")
    return report


def _numbers(part: object) -> Iterator[Decimal]:
    if isinstance(part, Decimal):
        yield part
    elif isinstance(part, BaseModel):
        for value in vars(part).values():
            yield from _numbers(value)
    elif isinstance(part, tuple):
        for value in part:
            yield from _numbers(value)


class FactsRequest(BaseModel):
    """Annotations whose facts are wanted."""

    model_config = ConfigDict(extra="forbid")

    document: AnnotatedDocument
    reference_year: ReferenceYear | None = None
    amount_unit: ShownUnit | None = None


class FileRequest(BaseModel):
    """A report that is wanted as a file; its `text` gives each fact its sentence."""

    model_config = ConfigDict(extra="forbid")

    report: Annotated[Report, AfterValidator(_written_out)]
    name: str = Field(default="report", max_length=300, description="Name of the report's file.")


@router.post(
    "/facts",
    summary="The facts that annotations state",
    response_model=Report,
    responses=problems(400, 401, 403, 413, 415, 422, 429),
)
async def facts(asked: FactsRequest, service: ServiceOf) -> Response:
    """The report of an annotated text: the facts of its spans, links and statuses. No model takes part."""
    service.reading.check_length(asked.document.text)

    def work() -> str:
        _check(asked.document)
        report = report_of(asked.document, reference_year=asked.reference_year, amount_unit=asked.amount_unit)
        return report.model_dump_json()

    return Response(await run_in_threadpool(work), media_type="application/json")


@router.post(
    "/file",
    summary="A report as a table",
    response_class=Response,
    responses=problems(400, 401, 403, 413, 415, 422, 429)
    | {
        200: {
            "description": "The facts, one a row.",
            "content": {
                MEDIA_TYPES[form].partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
                for form in (FileFormat.CSV, FileFormat.XLSX, FileFormat.JSON)
            },
        }
    },
)
async def as_file(
    asked: FileRequest,
    format: Annotated[FileFormat, Query(description="Form of the answer.")] = FileFormat.XLSX,  # noqa: A002
    language: Annotated[outputs.Language, Query(description="Language of the heads of a CSV or Excel file.")] = "zh",
) -> Response:
    """The facts of a report that a caller has, as a file; nothing is read again."""

    def work() -> bytes:
        if format is FileFormat.JSON:
            return asked.report.model_dump_json().encode()
        return table_of(outputs.rows(asked.report, file=asked.name), format, language)

    headers = {"content-disposition": attachment(asked.name, format)}
    return Response(await run_in_threadpool(work), headers=headers, media_type=MEDIA_TYPES[format])


def _check(document: AnnotatedDocument) -> None:
    faults = [
        Fault(pointer="#/document", detail=f"{place}: {message}", remedy=f"{remedy}.")
        for place, message, remedy in inconsistencies(document)
    ]
    if faults:
        raise ProblemError(
            422, "annotation", "The annotations have faults.", "Mend every fault in `errors`.", errors=faults
        )
