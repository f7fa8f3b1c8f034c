"""Errors as RFC 9457 problem details: what went wrong, where, and what to do about it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from serving.logs import get_logger, where
from zhibiao.errors import DocumentError, ModelError, TextError, ZhibiaoError

MEDIA_TYPE = "application/problem+json"
_TYPE = "urn:zhibiao:problem:"
#: What SQLAlchemy raises where the database does not answer.
UNREACHABLE = (OperationalError, InterfaceError, PoolTimeoutError)


class Fault(BaseModel):
    """One fault of a request, at its place."""

    model_config = ConfigDict(frozen=True)

    pointer: str = Field(description="JSON pointer (RFC 6901) of the place: `#/text` in the body, `#/query/format` …")
    detail: str = Field(description="What is wrong there.")
    remedy: str = Field(description="What to do about it.")


class Problem(BaseModel):
    """A problem document (RFC 9457)."""

    model_config = ConfigDict(frozen=True)

    type: str = Field(description="Names the kind of problem; stable.", examples=["urn:zhibiao:problem:too-large"])
    title: str = Field(description="The kind in words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What happened this time.")
    remedy: str = Field(description="What to do about it.")
    request_id: str | None = Field(default=None, description="Name of the request in the service's log.")
    limit: int | None = Field(default=None, description="The limit that was passed, where there is one.")
    figures: dict[str, Any] | None = Field(default=None, description="What a candidate model was judged by.")
    errors: list[Fault] = Field(default_factory=list, description="Every fault found, where the request has faults.")


class ProblemError(HTTPException):
    """An answer that is a problem document; may be raised anywhere while a request is served."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        remedy: str,
        *,
        limit: int | None = None,
        figures: dict[str, Any] | None = None,
        errors: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, detail, dict(headers or {}))
        self.code, self.remedy, self.limit, self.figures, self.errors = code, remedy, limit, figures, list(errors)


def too_large(what: str, limit: int, remedy: str) -> ProblemError:
    """413 with the limit that was passed."""
    return ProblemError(413, "too-large", f"{what}; the limit is {limit}.", remedy, limit=limit)


def problem_response(request: Request, error: ProblemError) -> Response:
    """The problem document of an error, as an answer."""
    problem = Problem(
        type=_TYPE + error.code,
        title=HTTPStatus(error.status_code).phrase,
        status=error.status_code,
        detail=error.detail,
        remedy=error.remedy,
        request_id=request.scope.get("state", {}).get("request_id"),
        limit=error.limit,
        figures=error.figures,
        errors=error.errors,
    )
    body = json.dumps(problem.model_dump(exclude_defaults=True), ensure_ascii=False)
    # What UTF-8 cannot hold (half a surrogate pair that a message quotes) becomes an escape, which JSON reads.
    return Response(body.encode("utf-8", "backslashreplace"), error.status_code, error.headers, MEDIA_TYPE)


def internal_error() -> ProblemError:
    """500; what happened is in the log only."""
    return ProblemError(
        500,
        "internal",
        "The service failed at this request.",
        "Tell the administrator the request_id: the log of the service says what happened.",
    )


def install_problems(app: FastAPI) -> None:
    """Answer every error of the application with a problem document."""
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(ZhibiaoError, _on_library_error)
    for unreachable in UNREACHABLE:
        app.add_exception_handler(unreachable, _on_database_error)


_HTTP_ERRORS = {
    400: ("bad-request", "Send JSON in UTF-8, or a whole multipart form, as the API documentation at /docs says."),
    404: ("not-found", "The API documentation at /docs lists every path."),
    405: ("method-not-allowed", "Use one of the methods that the Allow header names."),
}


async def _on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if isinstance(error, ProblemError):
        return problem_response(request, error)
    code, remedy = _HTTP_ERRORS.get(error.status_code, ("http", _HTTP_ERRORS[400][1]))
    detail = f"{error.detail}: {request.method} {request.url.path}"
    return problem_response(request, ProblemError(error.status_code, code, detail, remedy, headers=error.headers))


async def _on_library_error(request: Request, error: Exception) -> Response:
    return problem_response(request, from_library(error))


async def _on_database_error(request: Request, error: Exception) -> Response:
    get_logger().error("database not reached", **where(error))
    return problem_response(request, no_database())


def no_database() -> ProblemError:
    """503; a change that was not acknowledged was not made, or was made whole."""
    return ProblemError(
        503,
        "database",
        "The database of the service does not answer.",
        "Send the request again after the time that Retry-After names.",
        headers={"Retry-After": "2"},
    )


def from_library(error: Exception) -> ProblemError:
    """The answer to an error that the library raised on a client's text or document."""
    if isinstance(error, TextError | DocumentError):
        return ProblemError(
            422, "unreadable", str(error), "Mend the text or document at the place named and send it again."
        )
    if isinstance(error, ModelError):
        return ProblemError(
            503, "model", "The model of the service cannot be used.", "Ask the administrator to see the service's log."
        )
    return internal_error()


async def _on_invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = [_fault(found) for found in error.errors()]
    count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
    problem = ProblemError(
        422,
        "invalid-request",
        f"The request has {count}: " + "; ".join(f"{fault.pointer}: {fault.detail}" for fault in faults),
        "Mend every place listed in `errors`.",
        errors=faults,
    )
    return problem_response(request, problem)


_REMEDIES = {
    "missing": "Add this field.",
    "extra_forbidden": "Leave this field out, or mend its name.",
    "json_invalid": "Send one JSON object in UTF-8.",
    "unfit_text": "Replace each half of a surrogate pair that stands alone with U+FFFD or leave it out.",
    "model_attributes_type": "Send one JSON object.",
    "dict_type": "Send one JSON object.",
}


def _fault(found: Mapping[str, Any]) -> Fault:
    """A fault of pydantic's as a place, a reason and a remedy; the input itself is not repeated."""
    where, *path = found["loc"]
    steps = path if where == "body" else [where, *path]
    if found["type"] == "json_invalid":
        reason = found.get("ctx", {}).get("error", found["msg"])
        return Fault(pointer="#", detail=f"Not JSON at character {path[0]}: {reason}", remedy=_REMEDIES["json_invalid"])
    pointer = "#" + "".join("/" + _escape(str(step)) for step in steps)
    detail = str(found["msg"])
    return Fault(pointer=pointer, detail=detail, remedy=_REMEDIES.get(found["type"], "Send a value that fits."))


def _escape(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")
