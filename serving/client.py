"""A client of the service, for programs in Python."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Any, Self

import httpx

from zhibiao.errors import ZhibiaoError
from zhibiao.schema import Report


class ServiceError(ZhibiaoError):
    """The service answered with a problem; `status` is the HTTP status, `problem` the whole document."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        self.status, self.problem = status, problem
        lines = [problem.get("detail", "no detail"), problem.get("remedy", "")]
        super().__init__(f"{status}: " + "\n".join(line for line in lines if line))


class Client:
    """Speaks to the service at `url`; a context manager."""

    def __init__(self, url: str, key: str | None = None, timeout: float = 300.0) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._http = httpx.Client(base_url=url, headers=headers, timeout=timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def wait_until_ready(self, seconds: float = 60.0) -> str:
        """The model's version, once the service serves; raises ServiceError where it does not within `seconds`."""
        end = time.monotonic() + seconds
        while True:
            answer = self._http.get("/health/ready")
            if answer.is_success:
                return str(answer.json()["model"])
            if not _is_loading(answer) or time.monotonic() > end:
                raise _error(answer)
            time.sleep(0.1)

    def extract(
        self,
        text: str,
        reference_year: int | None = None,
        amount_unit: str | None = None,
        min_confidence: float | None = None,
    ) -> Report:
        """The report of a text; raises ServiceError."""
        options = {"reference_year": reference_year, "amount_unit": amount_unit, "min_confidence": min_confidence}
        given = {name: value for name, value in options.items() if value is not None}
        answer = self._http.post("/v1/extract", json={"text": text, **given})
        if not answer.is_success:
            raise _error(answer)
        return Report.model_validate_json(answer.content)


def _is_loading(answer: httpx.Response) -> bool:
    return answer.status_code == httpx.codes.SERVICE_UNAVAILABLE and "retry-after" in answer.headers


def _error(answer: httpx.Response) -> ServiceError:
    is_problem = answer.headers.get("content-type", "").startswith("application/problem+json")
    return ServiceError(answer.status_code, answer.json() if is_problem else {"detail": answer.text})
