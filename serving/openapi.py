"""The OpenAPI document: every answer that a call can give, problems included."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from serving.problems import MEDIA_TYPE, Problem

_MEANINGS = {
    400: "The body is no JSON in UTF-8, or no multipart form.",
    401: "No key, or one that is not known.",
    403: "The key's role does not allow this call.",
    404: "There is no such thing.",
    409: "It does not fit what is there now: see `detail`.",
    410: "It was there, and has been removed with age.",
    413: "More than the limit named in `limit`.",
    415: "A kind of content that is not read.",
    422: "Faults in the request, each with its place and remedy.",
    429: "Too many requests: try again after Retry-After.",
    501: "This service was installed without what the call needs.",
    503: "The model or the database is not there, or not yet.",
    504: "Not done within the deadline.",
}
_WITH_RETRY_AFTER = {429, 503}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route for these statuses (and 500 and 503, which any may give)."""
    failed = {"description": "The service failed.", "content": _content()}
    return {500: failed, **{status: _problem(status) for status in (*statuses, 503)}}


def _problem(status: int) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": _MEANINGS[status], "content": _content()}
    if status in _WITH_RETRY_AFTER:
        schema = {"type": "integer", "minimum": 1}
        answer["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": schema}}
    return answer


def _content() -> dict[str, Any]:
    return {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}


def install_openapi(app: FastAPI) -> None:
    """Let the application's OpenAPI document know what a problem is."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            written = get_openapi(
                title=app.title,
                version=app.version,
                summary=app.summary,
                description=app.description,
                routes=app.routes,
                tags=app.openapi_tags,
                license_info=app.license_info,
                separate_input_output_schemas=False,
            )
            schemas = written.setdefault("components", {}).setdefault("schemas", {})
            problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas.update(problem.pop("$defs", {}))
            schemas["Problem"] = problem
            for call in (call for calls in written["paths"].values() for call in calls.values()):
                if "security" in call:
                    call["security"].append({})  # A service on loopback may need no key.
            app.openapi_schema = written
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # FastAPI's documented way
