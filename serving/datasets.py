"""The calls on data sets: annotated reports in, out and corrected, with their versions."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from serving.access import Caller, require
from serving.openapi import problems
from serving.problems import Fault, ProblemError
from serving.service import ServiceOf
from serving.stores.datasets import ConflictError, DatasetInfo, MissingError, Version
from serving.stores.keys import Role
from zhibiao.errors import AnnotationError
from zhibiao.formats import conll, doccano, labelstudio, markup, native
from zhibiao.formats.consistency import inconsistencies
from zhibiao.schema import AnnotatedDocument

router = APIRouter(prefix="/v1/datasets", tags=["data sets"])

NAME = r"^[A-Za-z0-9_\u4e00-\u9fff][A-Za-z0-9_.\u4e00-\u9fff-]{0,99}$"
DatasetName = Annotated[str, Path(pattern=NAME, description="Name of a data set.")]
#: What can be told from the rest of a path: no slash and no control character.
_ID = r"^[^/\\\x00-\x1f\x7f]{1,200}$"
DocumentId = Annotated[str, Path(pattern=_ID, description="Id of a document.")]
Annotator = Annotated[Caller, require(Role.ANNOTATE)]
BaseVersion = Annotated[
    str,
    Header(
        alias="If-Match",
        pattern='^"[1-9][0-9]{0,8}"$',
        description="The version that the change starts from, as the document's ETag gave it.",
        examples=['"3"'],
    ),
]
_PROBLEMS = problems(401, 403, 404, 422, 429)


class AnnotationFormat(StrEnum):
    """The formats that annotated documents come and go in."""

    ZHIBIAO = "zhibiao"
    DOCCANO = "doccano"
    LABELSTUDIO = "labelstudio"
    CONLL = "conll"
    MARKUP = "markup"


_READERS: dict[AnnotationFormat, Callable[[str, str], list[AnnotatedDocument]]] = {
    AnnotationFormat.ZHIBIAO: native.read,
    AnnotationFormat.DOCCANO: doccano.read,
    AnnotationFormat.LABELSTUDIO: labelstudio.read,
    AnnotationFormat.CONLL: conll.read,
}
_WRITERS: dict[AnnotationFormat, tuple[Callable[[list[AnnotatedDocument]], str], str]] = {
    AnnotationFormat.ZHIBIAO: (native.write, "application/x-ndjson"),
    AnnotationFormat.DOCCANO: (doccano.write, "application/x-ndjson"),
    AnnotationFormat.LABELSTUDIO: (labelstudio.write, "application/json"),
    AnnotationFormat.CONLL: (conll.write, "text/plain; charset=utf-8"),
}


class DatasetAnswer(BaseModel):
    """A data set."""

    name: str
    documents: int = Field(description="How many documents it has.")
    created: datetime

    @classmethod
    def of(cls, info: DatasetInfo) -> DatasetAnswer:
        """The answer for a data set of the store."""
        return cls(name=info.name, documents=info.documents, created=info.created)


class VersionAnswer(BaseModel):
    """A version of a document, without its content."""

    id: str
    version: int
    author: str
    created: datetime
    is_deleted: bool = Field(description="Whether this version is the deletion of the document.")


@router.get("", summary="The data sets", responses=problems(401, 403, 429))
def datasets(service: ServiceOf, _: Annotator) -> list[DatasetAnswer]:
    """Every data set, by name."""
    return [DatasetAnswer.of(info) for info in service.datasets.all()]


@router.get("/{name}", summary="The documents of a data set, without their content", responses=_PROBLEMS)
def dataset(name: DatasetName, service: ServiceOf, _: Annotator) -> list[VersionAnswer]:
    """The newest version of each document, in the order in which they were added."""
    with StoreProblems():
        return [_answer(version) for version in service.datasets.documents(name)]


@router.post(
    "/{name}/documents",
    status_code=201,
    summary="Add annotated documents",
    responses=problems(400, 401, 403, 409, 413, 422, 429),
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "The documents, in the format that `format` names, in UTF-8.",
            "content": {"text/plain": {"schema": {"type": "string"}}},
        }
    },
)
async def add_documents(
    name: DatasetName,
    request: Request,
    service: ServiceOf,
    caller: Annotator,
    format: Annotated[AnnotationFormat, Query(description="Format of the body.")] = AnnotationFormat.ZHIBIAO,  # noqa: A002
    id: Annotated[str | None, Query(description="Id of the document, for `markup`, which has none.")] = None,  # noqa: A002
) -> list[VersionAnswer]:
    """Add every document of the body, or none where one is faulty or its id is taken (409)."""
    body = await request.body()

    def add() -> list[VersionAnswer]:
        with StoreProblems():
            documents = _parsed(body, format, id)
            return [_answer(version) for version in service.datasets.add(name, documents, caller.name)]

    return await run_in_threadpool(add)


@router.get(
    "/{name}/documents",
    summary="Annotated documents in a format",
    response_class=Response,
    responses=_PROBLEMS
    | {
        200: {
            "description": "The documents; in `markup` a zip archive of a text each.",
            "content": {
                kind: {"schema": {"type": "string"}}
                for kind in ("application/x-ndjson", "application/json", "text/plain", "application/zip")
            },
        }
    },
)
def documents_in_format(
    name: DatasetName,
    service: ServiceOf,
    _: Annotator,
    format: Annotated[AnnotationFormat, Query(description="Format of the answer.")] = AnnotationFormat.ZHIBIAO,  # noqa: A002
) -> Response:
    """The newest version of every document."""
    with StoreProblems():
        found = [version.document for version in service.datasets.documents(name) if version.document is not None]
        if format is AnnotationFormat.MARKUP:
            return Response(_zipped(found), media_type="application/zip")
        write, media_type = _WRITERS[format]
        return Response(write(found), media_type=media_type)


@router.get(
    "/{name}/documents/{id}", summary="One annotated document", response_model=AnnotatedDocument, responses=_PROBLEMS
)
def document(
    name: DatasetName,
    id: DocumentId,  # noqa: A002 - the word of the format
    service: ServiceOf,
    _: Annotator,
    version: Annotated[int | None, Query(ge=1, lt=2**31, description="An older version; unset, the newest.")] = None,
) -> Response:
    """The document; its ETag is its version, which a change names in If-Match."""
    with StoreProblems():
        found = service.datasets.get(name, id, version)
    if found.document is None:
        raise _missing(f"the document {id}: version {version} is its deletion")
    headers = {"etag": f'"{found.version}"'}
    return Response(found.document.model_dump_json(), media_type="application/json", headers=headers)


@router.get("/{name}/documents/{id}/versions", summary="Who changed a document, and when", responses=_PROBLEMS)
def versions(
    name: DatasetName,
    id: DocumentId,  # noqa: A002
    service: ServiceOf,
    _: Annotator,
) -> list[VersionAnswer]:
    """Every version, oldest first."""
    with StoreProblems():
        return [_answer(version) for version in service.datasets.history(name, id)]


_CHANGES = problems(400, 401, 403, 404, 409, 413, 422, 429)


@router.put("/{name}/documents/{id}", summary="Save a changed document", responses=_CHANGES)
def save(
    name: DatasetName,
    id: DocumentId,  # noqa: A002
    changed: AnnotatedDocument,
    service: ServiceOf,
    caller: Annotator,
    if_match: BaseVersion,
) -> VersionAnswer:
    """Save a new version; 409 where another was saved since the one that If-Match names: nothing is lost."""
    base = _base(if_match)
    with StoreProblems():
        if changed.id != id:
            raise AnnotationError([f"the document's id {changed.id!r} is not that of the path, {id!r}"])
        check(changed)
        return _answer(service.datasets.save(name, changed, caller.name, base))


@router.delete("/{name}/documents/{id}", status_code=204, summary="Delete a document", responses=_CHANGES)
def delete(
    name: DatasetName,
    id: DocumentId,  # noqa: A002
    service: ServiceOf,
    caller: Annotator,
    if_match: BaseVersion,
) -> Response:
    """Delete a document; its versions can still be read by their numbers."""
    base = _base(if_match)
    with StoreProblems():
        service.datasets.delete(name, id, caller.name, base)
    return Response(status_code=204)


class StoreProblems:
    """A context that turns the errors of stores and formats into problem documents."""

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Raise the problem that an error is."""
        if isinstance(error, MissingError):
            raise _missing(str(error)) from None
        if isinstance(error, ConflictError):
            raise ProblemError(
                409,
                "conflict",
                f"Another version is there: {error}.",
                "Read the newest version, put your change into it, and save it with its ETag in If-Match.",
            ) from None
        if isinstance(error, AnnotationError):
            faults = [Fault(pointer="#", detail=fault, remedy="Mend it and send all again.") for fault in error.faults]
            raise ProblemError(
                422,
                "annotation",
                "The annotated documents have faults.",
                "Mend every fault in `errors`.",
                errors=faults,
            ) from None


def _missing(what: str) -> ProblemError:
    return ProblemError(404, "not-found", f"There is no such thing: {what}.", "GET /v1/datasets lists what there is.")


def _answer(version: Version) -> VersionAnswer:
    return VersionAnswer(
        id=version.id,
        version=version.version,
        author=version.author,
        created=version.created,
        is_deleted=version.document is None,
    )


def _base(if_match: str) -> int:
    return int(if_match.strip('"'))


def check(document: AnnotatedDocument) -> None:
    """Raise AnnotationError with every fault of a document that is to be kept."""
    faults = [f"{place}: {message}; {remedy}" for place, message, remedy in inconsistencies(document)]
    if not re.fullmatch(_ID, document.id) or document.id in (".", ".."):
        faults.append(f"the id {document.id!r} cannot stand in a path; use up to 200 characters without / and \\")
    if faults:
        raise AnnotationError(faults)


def _parsed(body: bytes, form: AnnotationFormat, document_id: str | None) -> list[AnnotatedDocument]:
    try:
        content = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AnnotationError([f"body: byte {error.start} is not UTF-8; send UTF-8"]) from None
    if form is AnnotationFormat.MARKUP:
        if document_id is None:
            raise AnnotationError(["markup has no id of its own; give one as ?id="])
        documents = [markup.read(content, "body", document_id)]
    else:
        documents = _READERS[form](content, "body")
    if not documents:
        raise AnnotationError(["body: it holds no document"])
    for document in documents:
        check(document)
    return documents


def _zipped(documents: list[AnnotatedDocument]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for document in documents:
            packed.writestr(f"{document.id}.txt", markup.write(document))
    return archive.getvalue()
