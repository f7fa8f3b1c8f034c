from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable

import pytest

from serving.metrics import Metrics
from serving.pool import Pool
from serving.problems import ProblemError


async def stays() -> None:
    """A client that waits for its answer."""
    await asyncio.Event().wait()


async def leaves() -> None:
    """A client that has gone."""


def in_pool(scenario: Callable, *, workers: int = 1, queue_size: int = 1, deadline_seconds: float = 60) -> None:
    async def run() -> None:
        pool = Pool(workers, queue_size, deadline_seconds, Metrics())
        try:
            await scenario(pool)
        finally:
            await asyncio.to_thread(pool.close)

    asyncio.run(run())


def test_work_is_done_and_its_errors_come_back():
    async def scenario(pool: Pool) -> None:
        assert await pool.run(lambda _: 42, stays) == 42
        with pytest.raises(KeyError, match="lost"):
            await pool.run(lambda _: {}["lost"], stays)

    in_pool(scenario)


def test_a_full_queue_refuses_and_serves_again_when_it_has_room():
    release = threading.Event()

    async def scenario(pool: Pool) -> None:
        held = [asyncio.create_task(pool.run(lambda _: release.wait(60), stays)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(ProblemError) as refused:
            await pool.run(lambda _: True, stays)
        assert refused.value.status_code == 429
        assert int(refused.value.headers["Retry-After"]) >= 1
        release.set()
        assert await asyncio.gather(*held) == [True, True]
        assert await pool.run(lambda _: "served", stays) == "served"

    in_pool(scenario, workers=1, queue_size=1)


def test_what_waits_too_long_is_refused_and_not_begun():
    holds, begun = threading.Event(), threading.Event()

    def until_stopped(should_stop: Callable[[], bool]) -> None:
        holds.set()
        while not should_stop():
            time.sleep(0.01)

    async def scenario(pool: Pool) -> None:
        holding = asyncio.create_task(pool.run(until_stopped, stays))
        assert await asyncio.to_thread(holds.wait, 60)
        with pytest.raises(ProblemError) as refused:
            await pool.run(lambda _: begun.set(), stays)
        assert refused.value.status_code == 429
        assert int(refused.value.headers["Retry-After"]) >= 1
        with pytest.raises(ProblemError) as late:
            await holding
        assert late.value.status_code == 504, "what was begun is late"

    in_pool(scenario, deadline_seconds=3)
    assert not begun.is_set()


def test_a_wait_that_would_be_too_long_is_refused_at_once():
    release = threading.Event()

    async def scenario(pool: Pool) -> None:
        await pool.run(lambda _: time.sleep(0.5), stays)  # a twentieth of a second in the mean, at least
        held = [asyncio.create_task(pool.run(lambda _: release.wait(60), stays)) for _ in range(1300)]
        await asyncio.sleep(0)
        with pytest.raises(ProblemError, match="within the deadline") as refused:
            await pool.run(lambda _: True, stays)
        assert int(refused.value.headers["Retry-After"]) > 60
        release.set()
        assert any(await asyncio.gather(*held, return_exceptions=True))
        assert await pool.run(lambda _: "served", stays) == "served", "there is no wait any more"

    in_pool(scenario, queue_size=2000, deadline_seconds=120)


def test_past_the_deadline_the_work_is_told_to_stop():
    stopped = threading.Event()

    def work(should_stop: Callable[[], bool]) -> None:
        while not should_stop():
            pass
        stopped.set()

    async def scenario(pool: Pool) -> None:
        with pytest.raises(ProblemError) as late:
            await pool.run(work, stays)
        assert late.value.status_code == 504
        assert await asyncio.to_thread(stopped.wait, 60)

    in_pool(scenario, deadline_seconds=0.05)


def test_work_stops_when_its_client_goes_away():
    begun, stopped = threading.Event(), threading.Event()

    def work(should_stop: Callable[[], bool]) -> None:
        begun.set()
        while not should_stop():
            pass
        stopped.set()

    async def goes_when_begun() -> None:
        await asyncio.to_thread(begun.wait, 60)

    async def scenario(pool: Pool) -> None:
        with pytest.raises(InterruptedError):
            await pool.run(work, goes_when_begun)
        assert await asyncio.to_thread(stopped.wait, 60)

    in_pool(scenario)


def test_work_that_nobody_waits_for_is_not_begun():
    release = threading.Event()
    begun = threading.Event()

    async def scenario(pool: Pool) -> None:
        holding = asyncio.create_task(pool.run(lambda _: release.wait(60), stays))
        await asyncio.sleep(0)
        with pytest.raises(InterruptedError):
            await pool.run(lambda _: begun.set(), leaves)
        release.set()
        await holding
        assert await pool.run(lambda _: "next", stays) == "next"
        assert not begun.is_set()

    in_pool(scenario, workers=1, queue_size=1)
