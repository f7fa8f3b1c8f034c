"""What surrounds every request: its id, its size, its log line and metrics, and the security headers of its answer."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Mapping

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.logs import get_logger, where
from serving.metrics import Metrics
from serving.problems import internal_error, problem_response, too_large

#: Everything from this service alone; no script or style that a page brings with it.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

SECURITY_HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}

_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


class Surroundings:
    """ASGI middleware, the outermost of the application."""

    def __init__(self, app: ASGIApp, metrics: Metrics, max_bytes: int) -> None:
        self._app, self._metrics, self._max_bytes = app, metrics, max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or pass on what is not HTTP."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        echoed = _trace_headers(headers)
        scope.setdefault("state", {})["request_id"] = echoed["x-request-id"]
        answer = _Answer(send, {**SECURITY_HEADERS, **echoed})
        with structlog.contextvars.bound_contextvars(**_for_log(echoed)):
            began = time.perf_counter()
            try:
                await self._serve(scope, receive, answer)
            finally:
                self._record(scope, answer, time.perf_counter() - began)

    async def _serve(self, scope: Scope, receive: Receive, answer: _Answer) -> None:
        limited = _limited(receive, Headers(scope=scope), self._max_bytes)
        try:
            await self._app(scope, limited, answer.send)
        except Exception as error:
            get_logger().error("failed", **where(error))
            if not answer.status:
                await problem_response(Request(scope), internal_error())(scope, receive, answer.send)

    def _record(self, scope: Scope, answer: _Answer, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "other")
        status = answer.status or 499
        self._metrics.requests.labels(scope["method"], route, str(status)).inc()
        self._metrics.latency.labels(route).observe(seconds)
        get_logger().info(
            "request", method=scope["method"], route=route, status=status, milliseconds=round(seconds * 1000, 1)
        )


class _Answer:
    """Passes an answer on, with headers added; knows its status once it has begun (0 before)."""

    def __init__(self, send: Send, headers: Mapping[str, str]) -> None:
        self._send, self._headers = send, headers
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in self._headers.items():
                headers.setdefault(name, value)
        await self._send(message)


def _trace_headers(headers: Headers) -> dict[str, str]:
    """The request's id (the client's own where it is fit to log), and its `traceparent` (W3C) where it has one."""
    given = headers.get("x-request-id", "")
    echoed = {"x-request-id": given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex}
    traceparent = headers.get("traceparent", "")
    if _TRACEPARENT.fullmatch(traceparent):
        echoed["traceparent"] = traceparent
    return echoed


def _for_log(echoed: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix("x-").replace("-", "_"): value for name, value in echoed.items()}


def _limited(receive: Receive, headers: Headers, limit: int) -> Receive:
    """A `receive` that raises ProblemError 413 at the first byte past the limit."""
    declared = headers.get("content-length", "")
    count = 0

    async def limited() -> Message:
        nonlocal count
        message = await receive()
        count += len(message.get("body", b""))
        if count > limit or (declared.isdecimal() and int(declared) > limit):
            raise too_large("The request has more bytes than are taken", limit, "Send less, or in several requests.")
        return message

    return limited
