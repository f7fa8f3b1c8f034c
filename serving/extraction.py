"""The calls that read reports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Query, Request, UploadFile
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError
from starlette.responses import Response

from serving.access import require
from serving.forms import MEDIA_TYPES, FileFormat, attachment, table_of
from serving.openapi import problems
from serving.problems import ProblemError
from serving.reading import Options, ShouldStop
from serving.service import Service, ServiceOf
from serving.stores.keys import Role
from zhibiao import documents, outputs
from zhibiao.errors import TextError
from zhibiao.schema import AmountUnit, Report

router = APIRouter(prefix="/v1", tags=["extraction"], dependencies=[require(Role.EXTRACT)])


def _checked(text: object) -> object:
    """Refuse lone surrogates with their place; pydantic sees to all else."""
    if isinstance(text, str):
        try:
            documents.check_text(text)
        except TextError as error:
            raise PydanticCustomError("unfit_text", "{reason}", {"reason": str(error)}) from None
    return text


def whole(number: object) -> object:
    """2020.0 is an integer to JSON Schema, though not to a strict model."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


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
    reference_year: Annotated[ReferenceYear | None, BeforeValidator(whole)] = None
    amount_unit: ShownUnit | None = None
    min_confidence: MinConfidence = 0.0


def needs_content_type(wanted: str) -> Any:  # noqa: ANN401 - what FastAPI's Depends gives
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

    return Depends(check)


_PROBLEMS = problems(400, 401, 403, 413, 415, 422, 429, 503, 504)


@router.post(
    "/extract",
    summary="The facts of a text",
    response_model=Report,
    responses=_PROBLEMS,
    dependencies=[needs_content_type("application/json")],
)
async def extract(asked: ExtractRequest, request: Request, service: ServiceOf) -> Response:
    """Every indicator and project with its value, growth, period and status, as exact decimals with their places."""
    service.reading.check_length(asked.text)
    options = Options(asked.reference_year, asked.amount_unit, asked.min_confidence)

    def work(should_stop: ShouldStop) -> bytes:
        report = service.reading.read_text(asked.text, options, should_stop)
        return _written(service, lambda: report.model_dump_json().encode())

    return Response(await service.pool.run(work, gone(request)), media_type="application/json")


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
                for kind in (MEDIA_TYPES[FileFormat.CSV], MEDIA_TYPES[FileFormat.XLSX])
            },
        }
    },
    dependencies=[needs_content_type("multipart/form-data")],
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
    options = Options(reference_year, amount_unit, min_confidence or 0.0)

    def work(should_stop: ShouldStop) -> bytes:
        report = service.reading.read_document(data, name, options, should_stop)
        return _written(service, lambda: _as_file(report, name, format, language))

    body = await service.pool.run(work, gone(request))
    headers = {} if format is FileFormat.JSON else {"content-disposition": attachment(name, format)}
    return Response(body, headers=headers, media_type=MEDIA_TYPES[format])


def _written(service: Service, write: Callable[[], bytes]) -> bytes:
    with service.metrics.stage.labels("write").time():
        return write()


def _as_file(report: Report, name: str, form: FileFormat, language: outputs.Language) -> bytes:
    if form is FileFormat.JSON:
        return report.model_dump_json().encode()
    return table_of(outputs.rows(report, file=name), form, language)


def gone(request: Request) -> Callable[[], Any]:
    """What returns when the client of a request has gone away; see `Pool.run`."""

    async def left() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    return left
