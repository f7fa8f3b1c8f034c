"""A pool of worker threads behind a bounded queue: no request waits without end, and none works for nobody."""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from serving.metrics import Metrics
from serving.problems import ProblemError
from serving.reading import ShouldStop

T = TypeVar("T")


#: Share of the deadline that a request may wait for a worker: what is left is for its text.
_WAIT = 0.5
#: Weight of the newest in the mean time that work takes.
_NEWEST = 0.1


class Pool:
    """Runs work in threads, at most `workers` at a time with at most `queue_size` waiting.

    Work is a function of `should_stop`, a callable that turns true as soon as nobody waits for the result any more;
    work that takes long asks it now and then, and raises InterruptedError.

    A request that would wait for more than half of the deadline, going by how long work has taken of late, is refused
    at once, and one that has waited as long is not begun: its client may ask again, and no worker spends its time on
    what will come too late.
    """

    def __init__(self, workers: int, queue_size: int, deadline_seconds: float, metrics: Metrics) -> None:
        self._executor = ThreadPoolExecutor(workers, thread_name_prefix="reader")
        self._workers = workers
        self._capacity = workers + queue_size
        self._deadline_seconds = deadline_seconds
        self._metrics = metrics
        self._taken = 0
        #: Seconds that work takes, a moving mean.
        self._mean = 0.0

    async def run(self, work: Callable[[ShouldStop], T], gone: Callable[[], Awaitable[None]]) -> T:
        """The result of `work`.

        `gone` returns when the client has gone away. Raises ProblemError: 429 where the queue is full or too long for
        the deadline, 504 past the deadline; and InterruptedError where the client went away.
        """
        wait = self._expected_wait()
        if self._taken >= self._capacity:
            raise self._refused("queue_full", wait)
        if wait > _WAIT * self._deadline_seconds:
            raise self._refused("too_long_a_wait", wait)
        self._taken += 1
        self._metrics.in_queue.set(self._taken)
        begun, stop = threading.Event(), threading.Event()
        future = asyncio.get_running_loop().run_in_executor(self._executor, self._timed(work, begun, stop))
        # A place in the queue is free when its thread is: not when its client has been answered.
        future.add_done_callback(self._release)
        leaving = asyncio.ensure_future(gone())
        try:
            done = await self._first_of(future, leaving, begun)
            if future in done:
                return future.result()
            if leaving in done:
                self._metrics.refused.labels("client_gone").inc()
                raise InterruptedError
            if not begun.is_set():
                raise self._refused("too_long_a_wait", wait)
            self._metrics.refused.labels("deadline").inc()
            raise _deadline_passed(self._deadline_seconds)
        finally:
            stop.set()
            leaving.cancel()

    async def _first_of(
        self, future: asyncio.Future[T], leaving: asyncio.Future[None], begun: threading.Event
    ) -> set[asyncio.Future[Any]]:
        """Which came first; none past the deadline, or where it is half over and the work is not begun."""
        waited: set[asyncio.Future[Any]] = {future, leaving}
        done: set[asyncio.Future[Any]] = set()
        for share in (_WAIT, 1 - _WAIT):
            timeout = share * self._deadline_seconds
            done, _ = await asyncio.wait(waited, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
            if done or not begun.is_set():
                break
        return done

    def _expected_wait(self) -> float:
        """Seconds until a worker is free for one more, as work has taken of late; 0 where one is."""
        return max(0, self._taken - self._workers + 1) * self._mean / self._workers

    def _timed(self, work: Callable[[ShouldStop], T], begun: threading.Event, stop: threading.Event) -> Callable[[], T]:
        submitted = time.perf_counter()

        def run() -> T:
            began = time.perf_counter()
            self._metrics.stage.labels("wait").observe(began - submitted)
            if stop.is_set():
                raise InterruptedError
            begun.set()
            try:
                return work(stop.is_set)
            finally:
                # Two threads may do so at once; one of their times is then left out of the mean.
                self._mean += _NEWEST * (time.perf_counter() - began - self._mean)

        return run

    def _refused(self, why: str, wait: float) -> ProblemError:
        self._metrics.refused.labels(why).inc()
        return _busy(why, max(1, math.ceil(wait)))

    def _release(self, future: asyncio.Future[T]) -> None:
        self._taken -= 1
        self._metrics.in_queue.set(self._taken)
        if not future.cancelled():
            future.exception()  # Retrieved here for those whose client has gone.

    def close(self) -> None:
        """Let the work at hand end, and begin none of what still waits."""
        self._executor.shutdown(wait=True, cancel_futures=True)


_BUSY = {
    "queue_full": "Every place in the queue is taken.",
    "too_long_a_wait": "So many wait that this text would not be read within the deadline.",
}


def _busy(why: str, seconds: int) -> ProblemError:
    return ProblemError(
        429,
        "busy",
        _BUSY[why],
        "Send the request again after the time that Retry-After names.",
        headers={"Retry-After": str(seconds)},
    )


def _deadline_passed(seconds: float) -> ProblemError:
    return ProblemError(
        504,
        "deadline",
        f"The text was not read within {seconds:g} seconds.",
        "Send the document in smaller parts, or ask the administrator to raise ZHIBIAO_DEADLINE_SECONDS.",
    )
