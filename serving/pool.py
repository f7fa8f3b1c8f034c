"""A pool of worker threads behind a bounded queue: no request waits without end, and none works for nobody."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from serving.metrics import Metrics
from serving.problems import ProblemError
from serving.reading import ShouldStop

T = TypeVar("T")


class Pool:
    """Runs work in threads, at most `workers` at a time with at most `queue_size` waiting.

    Work is a function of `should_stop`, a callable that turns true as soon as nobody waits for the result any more;
    work that takes long asks it now and then, and raises InterruptedError.
    """

    def __init__(self, workers: int, queue_size: int, deadline_seconds: float, metrics: Metrics) -> None:
        self._executor = ThreadPoolExecutor(workers, thread_name_prefix="reader")
        self._capacity = workers + queue_size
        self._deadline_seconds = deadline_seconds
        self._metrics = metrics
        self._taken = 0

    async def run(self, work: Callable[[ShouldStop], T], gone: Callable[[], Awaitable[None]]) -> T:
        """The result of `work`.

        `gone` returns when the client has gone away. Raises ProblemError: 429 where the queue is full, 504 past the
        deadline; and InterruptedError where the client went away.
        """
        if self._taken >= self._capacity:
            self._metrics.refused.labels("queue_full").inc()
            raise _queue_full()
        self._taken += 1
        self._metrics.in_queue.set(self._taken)
        stop = threading.Event()
        future = asyncio.get_running_loop().run_in_executor(self._executor, self._timed(work, stop))
        # A place in the queue is free when its thread is: not when its client has been answered.
        future.add_done_callback(self._release)
        return await self._first_of(future, stop, gone)

    async def _first_of(
        self, future: asyncio.Future[T], stop: threading.Event, gone: Callable[[], Awaitable[None]]
    ) -> T:
        leaving = asyncio.ensure_future(gone())
        try:
            waited: set[asyncio.Future[Any]] = {future, leaving}
            done, _ = await asyncio.wait(waited, timeout=self._deadline_seconds, return_when=asyncio.FIRST_COMPLETED)
            if future in done:
                return future.result()
            if leaving in done:
                self._metrics.refused.labels("client_gone").inc()
                raise InterruptedError
            self._metrics.refused.labels("deadline").inc()
            raise _deadline_passed(self._deadline_seconds)
        finally:
            stop.set()
            leaving.cancel()

    def _timed(self, work: Callable[[ShouldStop], T], stop: threading.Event) -> Callable[[], T]:
        submitted = time.perf_counter()

        def run() -> T:
            self._metrics.stage.labels("wait").observe(time.perf_counter() - submitted)
            if stop.is_set():
                raise InterruptedError
            return work(stop.is_set)

        return run

    def _release(self, future: asyncio.Future[T]) -> None:
        self._taken -= 1
        self._metrics.in_queue.set(self._taken)
        if not future.cancelled():
            future.exception()  # Retrieved here for those whose client has gone.

    def close(self) -> None:
        """Let the work at hand end, and begin none of what still waits."""
        self._executor.shutdown(wait=True, cancel_futures=True)


def _queue_full() -> ProblemError:
    return ProblemError(
        429,
        "busy",
        "Every place in the queue is taken.",
        "Send the request again after the time that Retry-After names.",
        headers={"Retry-After": "1"},
    )


def _deadline_passed(seconds: float) -> ProblemError:
    return ProblemError(
        504,
        "deadline",
        f"The text was not read within {seconds:g} seconds.",
        "Send the document in smaller parts, or ask the administrator to raise ZHIBIAO_DEADLINE_SECONDS.",
    )
