"""The series of a job's reports, made when they are first asked for and kept in memory while they are looked at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from threading import Lock
from typing import Any

from serving.problems import ProblemError
from serving.stores.collections import CollectionStore
from zhibiao import outputs
from zhibiao.batch.naming import fact_columns, report_subject, subject_columns
from zhibiao.batch.tables import facts_table, reports_table
from zhibiao.schema import Report
from zhibiao.series import Series

#: Collections whose series are kept: those that a few readers look at.
_KEPT = 4

Key = tuple[str, tuple[int, ...]]


@dataclass(frozen=True)
class Gathered:
    """The series of a collection, and a row of each of its reports, `number` being that of its document in the job."""

    series: Series
    reports: tuple[dict[str, Any], ...]

    def number(self, report: str) -> int:
        """The number of the report that has this name in the series."""
        return int(next(row["number"] for row in self.reports if row["report"] == report))


class Gathering:
    """Makes the series of jobs, one at a time, and keeps the last few."""

    def __init__(self, store: CollectionStore) -> None:
        self._store = store
        self._kept: OrderedDict[Key, Gathered] = OrderedDict()
        self._lock = Lock()

    def of(self, job_id: str) -> Gathered:
        """The series of the reports that a job has made so far. ProblemError 501 without the extra `series`."""
        if find_spec("duckdb") is None or find_spec("pyarrow") is None:
            raise ProblemError(
                501,
                "no-series",
                "This service was installed without what series are made with.",
                "Ask the administrator to install zhibiao[series].",
            )
        key = (job_id, self._store.numbers(job_id))
        with self._lock:
            found = self._kept.pop(key, None) or self._make(key)
            for other in [other for other in self._kept if other[0] == job_id]:
                del self._kept[other]
            self._kept[key] = found
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found

    def _make(self, key: Key) -> Gathered:
        job_id, numbers = key
        facts: list[outputs.Row] = []
        reports: list[dict[str, Any]] = []
        taken: set[str] = set()
        for number in numbers:
            name, written = self._store.report(job_id, number)
            report = Report.model_validate_json(written)
            shown = name if name not in taken else f"{name} ({number})"
            taken.add(shown)
            row = _report_row(report, shown, number)
            reports.append(row)
            facts.extend(_fact_rows(report, row))
        return Gathered(Series.from_tables(facts_table(facts), reports_table(reports)), tuple(reports))


def _report_row(report: Report, name: str, number: int) -> dict[str, Any]:
    subject = report_subject(report, name)
    return {
        "number": number,
        "report": name,
        "sha256": sha256((report.text or "").encode("utf-8", "surrogatepass")).hexdigest(),
        "title": report.document.title,
        "reference_year": report.document.reference_year,
        "characters": report.characters,
        "facts": len(report.facts),
        **subject_columns(subject),
    }


def _fact_rows(report: Report, row: dict[str, Any]) -> Iterator[outputs.Row]:
    subject = report_subject(report, row["report"])
    for flat, fact in zip(outputs.rows(report, file=row["report"]), report.facts, strict=True):
        yield {**flat, "report": row["report"], "sha256": row["sha256"], **fact_columns(report, fact, subject)}
