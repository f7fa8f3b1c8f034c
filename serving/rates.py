"""How often each caller may ask."""

from __future__ import annotations

import math
import time

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from serving.problems import ProblemError


class RateLimits:
    """How many requests each caller may make in a moving window; None allows any number. Safe between threads."""

    def __init__(self, written: str | None) -> None:
        self._limit: RateLimitItem | None = parse(written) if written else None
        self._window = MovingWindowRateLimiter(MemoryStorage())

    def take(self, caller: str) -> None:
        """Count one request of a caller; ProblemError 429 where it is one too many."""
        if self._limit is None or self._window.hit(self._limit, caller):
            return
        frees = self._window.get_window_stats(self._limit, caller).reset_time
        raise ProblemError(
            429,
            "rate-limit",
            f"More than {self._limit} were asked for.",
            "Send the request again after the time that Retry-After names.",
            headers={"Retry-After": str(max(1, math.ceil(frees - time.time())))},
        )
