"""The calls that read reports."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import PurePath
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, File, Form, Query, Request, UploadFile
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError
from starlette.responses import Response

from serving.access import require
from serving.openapi import problems
from serving.pool import ShouldStop
from serving.problems import ProblemError, too_large
from serving.service import Service, ServiceOf
from serving.stores.keys import Role
from zhibiao import documents, outputs
from zhibiao.documents.detect import kind_of
from zhibiao.errors import DocumentError, TextError
from zhibiao.extractor import Extractor
from zhibiao.schema import Report

router = APIRouter(prefix="/v1", tags=["extraction"], dependencies=[require(Role.EXTRACT)])


def _checked(text: object) -> object:
    """Refuse lone surrogates with their place; pydantic sees to all else."""
    if isinstance(text, str):
        try:
            documents.check_text(text)
        except TextError as error:
            raise PydanticCustomError("unfit_text", "{reason}", {"reason": str(error)}) from None
    return text


def _whole(number: object) -> object:
    """2020.0 is an integer to JSON Schema, though not to a strict model."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


AmountUnit = Literal["元", "万元", "亿元"]
ReferenceYear = Annotated[
    int,
    Field(ge=1900, le=2200, description="Year that 全年, 上半年, 1—6月 … are of; unset, the one the text speaks of."),
]
ShownUnit = Annotated[AmountUnit, Field(description="Give amounts in this unit too, as `shown`.")]
MinConfidence = Annotated[float, Field(ge=0, le=1, description="Leave out facts less certain than this.")]
#: A form has no null: a field that is empty counts as left out, as browsers send it.
LeftOut = Annotated[None, WithJsonSchema({"const": ""})]


class ExtractRequest(BaseModel):
    """A text whose facts are wanted."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"text": "2020年，规模工业增加值46.78亿元，较上年增长17.95%。"}]},
    )

    text: Annotated[str, BeforeValidator(_checked)] = Field(description="The report, as it is written.")
    reference_year: Annotated[ReferenceYear | None, BeforeValidator(_whole)] = None
    amount_unit: ShownUnit | None = None
    min_confidence: MinConfidence = 0.0


class FileFormat(StrEnum):
    """The forms that facts come back in."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"


_MEDIA_TYPES = {
    FileFormat.JSON: "application/json",
    FileFormat.CSV: "text/csv; charset=utf-8",
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _content_type(wanted: str) -> Callable[[Request], None]:
    """A dependency that answers 415 to a body of another kind."""

    def check(request: Request) -> None:
        given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if given != wanted:
            raise ProblemError(
                415,
                "content-type",
                f"The content type is {given or 'not given'}; this call reads {wanted}.",
                f"Send the header Content-Type: {wanted} and a body of that kind.",
            )

    return check


_PROBLEMS = problems(400, 401, 403, 413, 415, 422, 429, 503, 504)


@router.post(
    "/extract",
    summary="The facts of a text",
    response_model=Report,
    responses=_PROBLEMS,
    dependencies=[Depends(_content_type("application/json"))],
)
async def extract(asked: ExtractRequest, request: Request, service: ServiceOf) -> Response:
    """Every indicator and project with its value, growth, period and status, as exact decimals with their places."""
    _check_length(asked.text, service)

    def work(should_stop: ShouldStop) -> bytes:
        with _extracting(service) as extractor:
            report = extractor.extract(
                asked.text,
                reference_year=asked.reference_year,
                amount_unit=asked.amount_unit,
                min_confidence=asked.min_confidence,
                should_stop=should_stop,
            )
        _count(service, report)
        return _written(service, lambda: report.model_dump_json().encode())

    return Response(await service.pool.run(work, _gone(request)), media_type="application/json")


@router.post(
    "/extract/file",
    summary="The facts of a document",
    response_model=Report,
    responses=_PROBLEMS
    | {
        200: {
            "description": "The report; with `format=json` its `text` is what the offsets are into.",
            "content": {
                kind.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
                for kind in (_MEDIA_TYPES[FileFormat.CSV], _MEDIA_TYPES[FileFormat.XLSX])
            },
        }
    },
    dependencies=[Depends(_content_type("multipart/form-data"))],
)
async def extract_file(
    request: Request,
    service: ServiceOf,
    file: Annotated[UploadFile, File(description="A .txt, .md, .html, .docx, .pdf or .xlsx document.")],
    reference_year: Annotated[ReferenceYear | LeftOut, Form()] = None,
    amount_unit: Annotated[ShownUnit | LeftOut, Form()] = None,
    min_confidence: Annotated[MinConfidence | LeftOut, Form()] = 0.0,
    format: Annotated[FileFormat, Query(description="Form of the answer.")] = FileFormat.JSON,  # noqa: A002
    language: Annotated[outputs.Language, Query(description="Language of the heads of a CSV or Excel file.")] = "zh",
) -> Response:
    """As `/v1/extract`; the document's kind is known by its content, its encoding is found."""
    data, name = await file.read(), file.filename or "document"

    def work(should_stop: ShouldStop) -> bytes:
        with service.metrics.stage.labels("read").time():
            document = _document(data, name)
        _check_length(document.text, service)
        with _extracting(service) as extractor:
            report = extractor.extract_document(
                document,
                reference_year=reference_year,
                amount_unit=amount_unit,
                min_confidence=min_confidence or 0.0,
                should_stop=should_stop,
            )
        _count(service, report)
        return _written(service, lambda: _as_file(report, name, format, language))

    body = await service.pool.run(work, _gone(request))
    headers = {} if format is FileFormat.JSON else {"content-disposition": _attachment(name, format)}
    return Response(body, headers=headers, media_type=_MEDIA_TYPES[format])


def _document(data: bytes, name: str) -> documents.Document:
    """The document in an upload; ProblemError 415 where it is of a kind that is not read. The name is only a hint."""
    try:
        kind_of(data, name)
    except DocumentError as error:
        raise ProblemError(415, "document-kind", str(error), "Send one of the kinds of document named.") from None
    return documents.read(data, name)


def _check_length(text: str, service: Service) -> None:
    limit = service.settings.max_characters
    if len(text) > limit:
        raise too_large(f"The text has {len(text)} characters", limit, "Send the report in several parts.")


@contextmanager
def _extracting(service: Service) -> Iterator[Extractor]:
    extractor = service.model.extractor
    with service.metrics.stage.labels("extract").time():
        yield extractor


def _count(service: Service, report: Report) -> None:
    service.metrics.characters.observe(report.characters)
    service.metrics.facts.inc(len(report.facts))


def _written(service: Service, write: Callable[[], bytes]) -> bytes:
    with service.metrics.stage.labels("write").time():
        return write()


def _as_file(report: Report, name: str, form: FileFormat, language: outputs.Language) -> bytes:
    if form is FileFormat.JSON:
        return report.model_dump_json().encode()
    rows = outputs.rows(report, file=name)
    if form is FileFormat.CSV:
        lines = io.StringIO(newline="")
        outputs.write_csv(rows, lines, language=language)
        return lines.getvalue().encode()
    workbook = io.BytesIO()
    outputs.write_xlsx(rows, workbook, language=language)
    return workbook.getvalue()


def _attachment(name: str, form: FileFormat) -> str:
    """A download's name, after the document's own (RFC 6266)."""
    stem = PurePath(name.replace("\\", "/")).stem or "facts"
    return f"attachment; filename=\"facts.{form}\"; filename*=UTF-8''{quote(f'{stem}.{form}', safe='')}"


def _gone(request: Request) -> Callable[[], Any]:
    async def gone() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    return gone
