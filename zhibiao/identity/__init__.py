"""Who is meant and what is meant: subjects and indicators that are the same in every report."""

from zhibiao.identity.facts import subject_of_fact
from zhibiao.identity.indicators import IndicatorMatch, identify_indicator
from zhibiao.identity.reports import subject_of_report
from zhibiao.identity.subjects import Subject

__all__ = ["IndicatorMatch", "Subject", "identify_indicator", "subject_of_fact", "subject_of_report"]
