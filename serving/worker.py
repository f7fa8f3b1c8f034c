"""Works through jobs, in this process, from queues (huey) that lie in SQLite or in Redis.

One thread reads documents and evaluates, one sees to trainings, one keeps house: it says that this process is alive,
hears of cancelled jobs, takes up those whose worker has gone silent, and removes old ones.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from huey import Huey, RedisHuey, SqliteHuey
from huey.consumer import Consumer

from serving.logs import get_logger, where
from serving.runners.runner import JobError, Runner
from serving.stores.jobs import JobKind, JobStore

#: Trainings take hours: they wait in a queue of their own, so that nothing waits behind them.
_QUEUES = {JobKind.DOCUMENTS: "zhibiao", JobKind.EVALUATION: "zhibiao", JobKind.TRAINING: "zhibiao-training"}


class _Consumer(Consumer):  # type: ignore[misc]  # huey has no types
    """huey's consumer as a part of this process, whose signals are the server's."""

    def _set_signal_handlers(self) -> None:
        """Leave them."""


class Worker:
    """The jobs that this process works on: those of the kinds that `runners` has.

    `seconds` is how often it says that it is alive; a job that no process speaks for during three times as long is
    taken up by whichever notices.
    """

    def __init__(
        self,
        jobs: JobStore,
        runners: Mapping[JobKind, Runner],
        home: Path,
        queue_url: str | None,
        seconds: float,
        keep: timedelta,
    ) -> None:
        self._jobs, self._runners, self._seconds, self._keep = jobs, runners, seconds, keep
        names = sorted(set(_QUEUES.values()))
        queues = {name: _queue(name, home, queue_url) for name in names}
        self._tasks = {name: queue.task(name="work")(self._work) for name, queue in queues.items()}
        self._stopping = threading.Event()
        self._at_work: dict[str, threading.Event] = {}
        self._returned: list[tuple[str, JobKind]] = []
        wanted = {_QUEUES[kind] for kind in runners}
        self._consumers = [
            _Consumer(queue, workers=1, periodic=False, max_delay=0.5)
            for name, queue in queues.items()
            if name in wanted
        ]
        self._housekeeper = threading.Thread(target=self._keep_house, name="housekeeper")

    def start(self) -> None:
        """Begin to take jobs."""
        for consumer in self._consumers:
            consumer.start()
        self._housekeeper.start()

    def submit(self, job_id: str, kind: JobKind) -> None:
        """Tell the queue of a job that waits. Where it cannot be told, some process takes the job up all the same."""
        try:
            self._tasks[_QUEUES[kind]](job_id)
        except Exception as error:
            get_logger().error("queue not told", job=job_id, **where(error))

    def forget(self, job_id: str) -> None:
        """Stop work on a job that was cancelled, where this process has it; others hear of it when they next look."""
        stop = self._at_work.get(job_id)
        if stop is not None:
            stop.set()

    def close(self) -> None:
        """Stop between two windows of a text; what is not done waits for the next process."""
        self._stopping.set()
        for stop in list(self._at_work.values()):
            stop.set()
        if self._housekeeper.is_alive():
            self._housekeeper.join()
            for consumer in self._consumers:
                consumer.stop(graceful=True)
        for job_id, kind in self._returned:
            self.submit(job_id, kind)

    def _work(self, job_id: str) -> None:
        job = self._jobs.get(job_id)
        if self._stopping.is_set():
            self._returned.append((job_id, job.kind))
            return
        if not self._jobs.claim(job_id):
            return
        stop = self._at_work.setdefault(job_id, threading.Event())
        if self._stopping.is_set():
            stop.set()
        try:
            self._jobs.finish(job_id, self._runners[job.kind].run(job, stop))
        except InterruptedError:
            if self._stopping.is_set():
                self._jobs.put_back(job_id)
                self._returned.append((job_id, job.kind))
        except JobError as error:
            self._jobs.fail(job_id, str(error))
        except Exception as error:  # It is not spoken for any more, and will be tried again.
            get_logger().error("job failed", job=job_id, **where(error))
        finally:
            del self._at_work[job_id]

    def _keep_house(self) -> None:
        while not self._stopping.wait(self._seconds):
            try:
                for job_id in list(self._at_work):
                    if not self._jobs.beat(job_id):
                        self.forget(job_id)
                for job_id, kind in self._jobs.recover(timedelta(seconds=3 * self._seconds)):
                    self.submit(job_id, kind)
                self._jobs.expire(self._keep)
                for runner in self._runners.values():
                    runner.tidy()
            except Exception as error:
                get_logger().error("housekeeping failed", **where(error))


def _queue(name: str, home: Path, url: str | None) -> Huey:
    if url is not None:
        return RedisHuey(name, url=url, results=False)
    home.mkdir(parents=True, exist_ok=True)
    return SqliteHuey(name, filename=str(home / "queue.db"), results=False, fsync=True)
