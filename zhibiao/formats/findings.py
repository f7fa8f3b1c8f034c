"""What a check finds in an annotation: the place, the rule that it breaks, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from zhibiao.schema import AnnotatedDocument, AnnotatedEntity

#: A `fault` breaks the guideline; a `doubt` may be right, and a good annotator would look at it again.
Severity = Literal["fault", "doubt"]

_CONTEXT = 12

#: What to do about a finding of each rule.
REMEDIES = {
    "line-break": "mark one line of it",
    "edge": "leave it out of the span",
    "bracket": "take in its partner, or leave both out",
    "half-number": "take the whole number",
    "approximation": "take the word into the span",
    "verb-in-value": "begin the span behind it",
    "verb-in-indicator": "leave it out, unless it is part of the name",
    "ratio-or-growth": "change the label, unless it is a level (a change) all the same",
    "money-or-count": "change the label",
    "unused-indicator": "link its value to it, or remove it",
    "no-indicator": "link it to what it measures, if the text names that",
    "no-earlier-period": "link it to its period, or take it out of the list",
    "two-labels": "change the label here or there, unless the words mean two things",
    "repeated": "annotate it once, or alike in both",
    "leak": "take the document out of one of the two",
}


@dataclass(frozen=True)
class Finding:
    """One thing that a check found. `line` counts from 1; `shown` is the span in ⟦⟧ with the words around it."""

    document: str
    rule: str
    severity: Severity
    message: str
    line: int
    start: int
    end: int
    shown: str

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return REMEDIES[self.rule]

    def as_json(self) -> dict[str, Any]:
        """The finding as it is written to a line of JSONL."""
        return {**vars(self), "remedy": self.remedy}


def finding(
    document: AnnotatedDocument, entity: AnnotatedEntity, rule: str, severity: Severity, message: str
) -> Finding:
    """A finding about one entity."""
    return at_place(document, (entity.start, entity.end), rule, severity, f"{entity.label}: {message}")


def at_place(
    document: AnnotatedDocument, place: tuple[int, int], rule: str, severity: Severity, message: str
) -> Finding:
    """A finding about a place of the text."""
    (start, end), text = place, document.text
    before, after = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
    return Finding(
        document=document.id,
        rule=rule,
        severity=severity,
        message=message,
        line=len(f"{text[:start]}|".splitlines()),
        start=start,
        end=end,
        shown=" ".join(f"{before}⟦{text[start:end]}⟧{after}".splitlines()),
    )
