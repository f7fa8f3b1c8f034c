"""The annotation loop: what to annotate next, what is doubtful in the gold, two annotators settled into one."""

from zhibiao.annotate.committee import Committee
from zhibiao.annotate.doubts import Doubt, doubts
from zhibiao.annotate.drafts import Draft, draft
from zhibiao.annotate.reports import Unlabelled, read_reports
from zhibiao.annotate.settling import numbered, settle
from zhibiao.annotate.suggest import Suggestion, candidates, suggest

__all__ = [
    "Committee",
    "Doubt",
    "Draft",
    "Suggestion",
    "Unlabelled",
    "candidates",
    "doubts",
    "draft",
    "numbered",
    "read_reports",
    "settle",
    "suggest",
]
