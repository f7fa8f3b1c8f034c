"""What every kind of job has in common."""

from __future__ import annotations

from threading import Event
from typing import Any, Protocol

from serving.stores.jobs import JobInfo


class JobError(Exception):
    """A job cannot be done; the message, which its caller reads, says why and what to do."""


class Runner(Protocol):
    """Does the jobs of one kind."""

    def run(self, job: JobInfo, stop: Event) -> dict[str, Any] | None:
        """What came of a job.

        Goes on where an earlier run of the same job was ended. Raises InterruptedError soon after `stop` is set, and
        JobError where the job cannot be done.
        """

    def tidy(self) -> None:
        """Clear away what jobs that are over have left."""
