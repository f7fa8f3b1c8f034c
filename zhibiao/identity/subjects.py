"""Who is meant: a place, park, department or company, and where in the national standard GB/T 2260 it lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SubjectKind = Literal["nation", "province", "city", "county", "town", "park", "department", "company", "other"]


@dataclass(frozen=True)
class Subject:
    """Whom a report or fact is about.

    `name` is the name of today where the table knows the place (祁阳县 is 祁阳市), else as written, with the
    abbreviations of parks written out. `code` has the six digits of GB/T 2260: of the place itself, for others of the
    place that they lie in; None where that is not known for sure. `within` is the full name of that place, of the
    place itself for places (湖南省永州市祁阳市), as far as it is known or written.
    """

    name: str
    kind: SubjectKind
    code: str | None = None
    within: str | None = None


#: The whole country: GB/T 2260 has no code for it.
NATION = Subject("全国", "nation")
