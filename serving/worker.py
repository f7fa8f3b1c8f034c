"""Works through jobs, in this process, from a queue (huey) that lies in SQLite or in Redis.

One thread reads documents, one keeps house: it says that this process is alive, hears of cancelled jobs, takes up those
whose worker has gone silent, and removes old ones.
"""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

from huey import Huey, RedisHuey, SqliteHuey
from huey.consumer import Consumer

from serving.logs import get_logger, where
from serving.problems import ProblemError
from serving.reading import Options, Reading
from serving.stores.jobs import JobStore, WaitingDocument
from zhibiao.errors import ZhibiaoError


class _Consumer(Consumer):  # type: ignore[misc]  # huey has no types
    """huey's consumer as a part of this process, whose signals are the server's."""

    def _set_signal_handlers(self) -> None:
        """Leave them."""


class Worker:
    """The jobs that this process works on.

    `seconds` is how often it says that it is alive; a job that no process speaks for during three times as long is
    taken up by whichever notices.
    """

    def __init__(
        self, jobs: JobStore, reading: Reading, home: Path, queue_url: str | None, seconds: float, keep: timedelta
    ) -> None:
        self._jobs, self._reading, self._seconds, self._keep = jobs, reading, seconds, keep
        self._huey = _queue(home, queue_url)
        self._task = self._huey.task(name="work")(self._work)
        self._stopping = threading.Event()
        self._at_work: dict[str, threading.Event] = {}
        self._returned: list[str] = []
        self._consumer = _Consumer(self._huey, workers=1, periodic=False, max_delay=0.5)
        self._housekeeper = threading.Thread(target=self._keep_house, name="housekeeper")

    def start(self) -> None:
        """Begin to take jobs."""
        self._consumer.start()
        self._housekeeper.start()

    def submit(self, job_id: str) -> None:
        """Tell the queue of a job that waits."""
        self._task(job_id)

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
            self._consumer.stop(graceful=True)
        for job_id in self._returned:
            self.submit(job_id)

    def _work(self, job_id: str) -> None:
        if self._stopping.is_set():
            self._returned.append(job_id)
            return
        if not self._jobs.claim(job_id):
            return
        stop = self._at_work.setdefault(job_id, threading.Event())
        try:
            while not stop.is_set() and (document := self._jobs.next_document(job_id)) is not None:
                self._read_one(document, stop)
        except InterruptedError:
            pass
        finally:
            del self._at_work[job_id]
        if self._stopping.is_set():
            self._jobs.put_back(job_id)
            self._returned.append(job_id)
        else:
            self._jobs.finish(job_id)

    def _read_one(self, document: WaitingDocument, stop: threading.Event) -> None:
        """Keep the report of a document, or why there is none: one that cannot be read does not end the job."""
        try:
            options = Options(**document.options)
            report = self._reading.read_document(document.content, document.name, options, stop.is_set)
            self._jobs.keep(document.id, report=report.model_dump_json())
        except InterruptedError:
            raise
        except (ZhibiaoError, ProblemError) as error:
            self._jobs.keep(document.id, error=error.detail if isinstance(error, ProblemError) else str(error))
        except Exception as error:
            get_logger().error("document failed", **where(error))
            self._jobs.keep(document.id, error="The service failed at this document; its log says what happened.")

    def _keep_house(self) -> None:
        while not self._stopping.wait(self._seconds):
            try:
                for job_id in list(self._at_work):
                    if not self._jobs.beat(job_id):
                        self.forget(job_id)
                for job_id in self._jobs.recover(timedelta(seconds=3 * self._seconds)):
                    self.submit(job_id)
                self._jobs.expire(self._keep)
            except Exception as error:
                get_logger().error("housekeeping failed", **where(error))


def _queue(home: Path, url: str | None) -> Huey:
    if url is not None:
        return RedisHuey("zhibiao", url=url, results=False)
    home.mkdir(parents=True, exist_ok=True)
    return SqliteHuey("zhibiao", filename=str(home / "queue.db"), results=False, fsync=True)
