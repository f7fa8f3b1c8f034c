"""Jobs that read documents, one after another."""

from __future__ import annotations

from threading import Event
from typing import Any

from serving.logs import get_logger, where
from serving.problems import ProblemError
from serving.reading import Options, Reading
from serving.stores.jobs import JobInfo, JobStore, WaitingDocument
from zhibiao.errors import ZhibiaoError


class DocumentsRunner:
    """Reads the documents of a job with the model that is served."""

    def __init__(self, jobs: JobStore, reading: Reading) -> None:
        self._jobs, self._reading = jobs, reading

    def run(self, job: JobInfo, stop: Event) -> dict[str, Any] | None:
        """Read what has not been read; the reports are in the database one by one."""
        while (document := self._jobs.next_document(job.id)) is not None:
            if stop.is_set():
                raise InterruptedError
            self._read_one(document, stop)
        return None

    def tidy(self) -> None:
        """Nothing is left."""

    def _read_one(self, document: WaitingDocument, stop: Event) -> None:
        """Keep the report of a document, or why there is none: one that cannot be read does not end the job."""
        try:
            options = Options(**document.options)
            report = self._reading.read_document(document.content, document.name, options, stop.is_set)
            written = report.model_dump_json()
        except InterruptedError:
            raise
        except (ZhibiaoError, ProblemError) as error:
            self._jobs.keep(document.id, error=error.detail if isinstance(error, ProblemError) else str(error))
        except Exception as error:
            get_logger().error("document failed", **where(error))
            self._jobs.keep(document.id, error="The service failed at this document; its log says what happened.")
        else:
            self._jobs.keep(document.id, report=written)
