"""Whom a report and its facts are about, and which indicator of the field a name means: as columns of their rows."""

from __future__ import annotations

from typing import Any

from zhibiao.identity import Subject, identify_indicator, subject_of_fact, subject_of_report
from zhibiao.schema import Fact, Report


def report_subject(report: Report, name: str) -> Subject | None:
    """Whom a report is about; `name` is what it is called in the output."""
    return subject_of_report(report.text or "", title=report.document.title, name=name.rpartition("/")[2])


def subject_columns(subject: Subject | None) -> dict[str, str | None]:
    """A subject as columns; all None where there is none."""
    if subject is None:
        return dict.fromkeys(("subject_name", "subject_kind", "subject_code", "subject_within"))
    return {
        "subject_name": subject.name,
        "subject_kind": subject.kind,
        "subject_code": subject.code,
        "subject_within": subject.within,
    }


def fact_columns(report: Report, fact: Fact, subject: Subject | None) -> dict[str, Any]:
    """What a fact's row says of whom and what it is about; `subject` is the report's."""
    name = fact.indicator.text if fact.indicator else None
    match = identify_indicator(name, unit=fact.value.unit if fact.value else None) if name else None
    return {
        **subject_columns(subject_of_fact(report, fact, report.text or "", subject)),
        "report_subject_name": subject.name if subject else None,
        "report_subject_code": subject.code if subject else None,
        "indicator_id": match.id if match else None,
        "indicator_name": match.name if match else None,
        "indicator_kind": match.kind if match else None,
        "indicator_score": match.score if match else None,
    }
