"""An actor: one model, one shard at a time.

A worker reads with one thread, and there are as many workers as cores: no worker waits for another, the cores are not
oversubscribed, and what a report gives does not depend on how many cores a machine has. Its files are built in memory,
which a shard's bounds keep small, and are there whole or not at all; the shard's marker is written when all are.
"""

from __future__ import annotations

import faulthandler
import hashlib
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from zhibiao.batch.inputs import printable
from zhibiao.batch.manifest import FileWritten, Marker
from zhibiao.batch.naming import fact_columns, report_subject, subject_columns
from zhibiao.batch.options import Options
from zhibiao.batch.plan import PLAN, Shard, hash_model, part_name
from zhibiao.batch.records import Submitted, submitted
from zhibiao.batch.store import Store
from zhibiao.batch.tables import facts_table, parquet_bytes, reports_table
from zhibiao.documents import Document, Limits
from zhibiao.errors import ZhibiaoError
from zhibiao.extractor import Extractor
from zhibiao.outputs import Row, rows

#: How much longer than its time a report may take before its worker is ended: what asks whether to stop has stopped.
GRACE_SECONDS = 5.0


@dataclass(frozen=True)
class Job:
    """What every worker of a run is told."""

    out: str
    options: Options
    model_sha256: str
    seconds: float


class NotReadError(ZhibiaoError):
    """A report that is set aside for what it did to its worker."""


@dataclass
class _Made:
    """What has been made of a shard so far."""

    facts: defaultdict[tuple[str, str], list[Row]] = field(default_factory=lambda: defaultdict(list))
    reports: list[Row] = field(default_factory=list)
    failures: list[dict[str, str]] = field(default_factory=list)


class ShardWorker:
    """Extracts shards; called by Ray with a batch of one row, `{"shard": Shard.dump()}`, and gives back a row."""

    def __init__(self, job: Job, ledger: Any) -> None:  # noqa: ANN401 - an actor's handle
        """Load the model. ZhibiaoError where this machine has another one, or does not see the output folder."""
        self._job, self._ledger = job, ledger
        self._store = Store(job.out)
        self._limits = Limits(seconds=job.seconds)
        if not self._store.has(PLAN):
            raise ZhibiaoError(f"{job.out}: this machine does not see this folder. Name one that all machines reach.")
        if hash_model(job.options.folder) != job.model_sha256:
            raise ZhibiaoError(f"{job.options.folder}: this machine has another model there than the one that began.")
        self._extractor = Extractor.load(job.options.folder, threads=1, engine=job.options.engine)

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        """Make all files of a shard; how many reports, characters, facts and failures it has."""
        shard = Shard.load(str(batch["shard"][0]))
        made = _Made()
        blamed = self._call("begin", shard.number)
        for place, one in enumerate(self._submitted(shard)):
            try:
                self._take(one, shard.number, place, blamed.get(place), made)
            except Exception as error:  # whatever a document does, the others are done
                made.failures.append(_failure(one, error))
        marker = self._write(shard, made)
        self._call("end", shard.number)
        counts = {key: [getattr(marker, key)] for key in ("reports", "characters", "facts")}
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {"shard": [shard.number], **counts, "failures": [len(marker.failures)], "peak_kib": [peak]}

    def read(self, one: Submitted) -> Document:
        """A report as a document; raises what `zhibiao.documents.read` raises."""
        return one.document(self._limits)

    def _take(self, one: Submitted, shard: int, place: int, blame: str | None, made: _Made) -> None:
        if blame is not None:
            raise _blame(blame, self._job.seconds)
        self._call("at", shard, place)
        with _Bounded(self._job.seconds + GRACE_SECONDS):
            self._add(one, made)

    def _call(self, method: str, *arguments: int) -> Any:  # noqa: ANN401 - what the ledger answers
        import ray  # noqa: PLC0415 - heavy, and optional

        return ray.get(getattr(self._ledger, method).remote(*arguments))

    def _submitted(self, shard: Shard) -> Iterator[Submitted]:
        options = self._job.options
        for item in shard.items:
            yield from submitted(item, text=options.text, id=options.id, limits=self._limits)

    def _add(self, one: Submitted, made: _Made) -> None:
        """Extract a report, and add its rows."""
        options, stop_at = self._job.options, time.monotonic() + self._job.seconds
        document = self.read(one)
        try:
            report = self._extractor.extract_document(
                document,
                reference_year=options.year,
                amount_unit=options.amount_unit,
                min_confidence=options.min_confidence,
                should_stop=lambda: time.monotonic() > stop_at,
            )
        except InterruptedError:
            raise _blame("time", self._job.seconds) from None
        sha256 = hashlib.sha256(one.content).hexdigest()
        subject = report_subject(report, one.name)
        common = {"report": one.name, "sha256": sha256}
        found = [
            {**row, **common, **fact_columns(report, fact, subject)}
            for row, fact in zip(rows(report, file=one.name.rpartition("/")[2]), report.facts, strict=True)
        ]
        year = report.document.reference_year
        if found:
            made.facts["unknown" if year is None else str(year), one.source].extend(found)
        made.reports.append(
            {
                **common,
                "source": one.source,
                "title": report.document.title,
                "reference_year": year,
                "characters": report.characters,
                "facts": len(report.facts),
                "entities": len(report.entities),
                "warnings": [f"{notice.code}: {notice.message}" for notice in report.warnings],
                **subject_columns(subject),
                "text": report.text,
            }
        )

    def _write(self, shard: Shard, made: _Made) -> Marker:
        part = part_name(shard.number)
        files = [
            self._put(f"facts/year={year}/source={directory(source)}/{part}.parquet", facts_table(found))
            for (year, source), found in sorted(made.facts.items())
        ]
        if made.reports:
            files.append(self._put(f"reports/{part}.parquet", reports_table(made.reports)))
        by_source: defaultdict[str, int] = defaultdict(int)
        for row in made.reports:
            by_source[row["source"]] += 1
        marker = Marker(
            reports=len(made.reports),
            characters=sum(row["characters"] for row in made.reports),
            facts=sum(len(found) for found in made.facts.values()),
            by_source=dict(by_source),
            files=files,
            failures=made.failures,
        )
        self._store.write(shard.marker, marker.dump())
        return marker

    def _put(self, path: str, table: Any) -> FileWritten:  # noqa: ANN401 - pyarrow has no types
        content = parquet_bytes(table)
        self._store.write(path, content)
        return FileWritten(path, table.num_rows, len(content), hashlib.sha256(content).hexdigest())


class _Bounded:
    """A context that ends this process where it takes too long, even within a library that never comes back.

    `faulthandler` does it from a thread of its own that needs no interpreter lock, and leaves the stack in the log.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        """Begin to count."""
        faulthandler.dump_traceback_later(self._seconds, exit=True, file=sys.__stderr__ or sys.stderr)

    def __exit__(self, *_: object) -> None:
        """Stop counting."""
        faulthandler.cancel_dump_traceback_later()


def directory(source: str) -> str:
    """A source as the name of a folder: what no folder's name can hold is percent-encoded, as Hive does.

    >>> directory("隆回 2020/a=b")
    '隆回 2020%2Fa%3Db'
    """
    unsafe = set('/\\:*?"<>|%=#')
    return "".join(f"%{ord(c):02X}" if c in unsafe or ord(c) < 32 or ord(c) == 127 else c for c in source)


def _blame(why: str, seconds: float) -> NotReadError:
    if why == "time":
        return NotReadError(f"It was not read within {seconds:g} seconds. Split it, or raise --timeout.")
    return NotReadError(
        "Each worker that read it died. It may need more memory than there is: split it, or read it alone with "
        "`zhibiao extract`."
    )


def _failure(one: Submitted, error: Exception) -> dict[str, str]:
    message = str(error) or repr(error)
    kind = "Timeout" if isinstance(error, NotReadError) and "--timeout" in message else type(error).__name__
    return {
        "report": one.name,
        "source": one.source,
        "file": printable(one.file.path),
        "sha256": hashlib.sha256(one.content).hexdigest() if one.content else "",
        "error": kind,
        "message": message,
    }
