"""The project's own format: one annotated document a line, as JSON.

    {"id", "text", "entities": [{"id", "label", "start", "end", "status"?}],
     "relations": [{"from", "to", "type"}], "meta": {…}}

Offsets are half-open, in Unicode code points, into `text`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from pydantic import ValidationError

from zhibiao.formats.consistency import inconsistencies
from zhibiao.formats.faults import Faults
from zhibiao.schema import AnnotatedDocument


def read(content: str, name: str = "annotations") -> list[AnnotatedDocument]:
    """The documents of a JSONL file's content. Raises AnnotationError with every fault of all its lines."""
    faults = Faults(name)
    documents: list[AnnotatedDocument] = []
    line_of: dict[str, int] = {}
    for number, line in json_lines(content):
        document = _document(line, number, faults)
        if document is None:
            continue
        if document.id in line_of:
            faults.add(
                f"the id {document.id!r} is that of line {line_of[document.id]} too",
                remedy="give every document an id of its own",
                line=number,
            )
        line_of.setdefault(document.id, number)
        documents.append(document)
    faults.raise_if_any()
    return documents


def write(documents: Iterable[AnnotatedDocument]) -> str:
    """The documents as JSONL. Raises AnnotationError where one contradicts itself: nothing broken is written."""
    faults = Faults("annotations")
    lines: list[str] = []
    for document in documents:
        for place, message, remedy in inconsistencies(document):
            faults.add(message, remedy=remedy, place=f"{document.id}: {place}")
        lines.append(json.dumps(document.model_dump(mode="json"), ensure_ascii=False) if not faults else "")
    faults.raise_if_any()
    return "".join(f"{line}\n" for line in lines)


def json_lines(content: str) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, with their numbers from 1; a byte order mark at the front is left out."""
    for number, line in enumerate(content.removeprefix("\ufeff").split("\n"), 1):
        if line.strip():
            yield number, line


def _document(line: str, number: int, faults: Faults) -> AnnotatedDocument | None:
    try:
        document = AnnotatedDocument.model_validate_json(line, strict=True)
    except ValidationError as error:
        _note(error, line, number, faults)
        return None
    for place, message, remedy in inconsistencies(document):
        faults.add(message, remedy=remedy, line=number, place=f"{document.id}: {place}")
    if not document.id:
        faults.add("the document's id is empty", remedy="give it one", line=number)
    return document


def _note(error: ValidationError, line: str, number: int, faults: Faults) -> None:
    """Say for each of pydantic's findings which field is wrong and what belongs there."""
    for found in error.errors():
        field = ".".join(str(part) for part in found["loc"]) or "the line"
        if found["type"] == "json_invalid":
            _note_broken_json(found["msg"], line, number, faults)
        elif found["type"] == "extra_forbidden":
            faults.add("this key is unknown", remedy="remove it, or put it into `meta`", line=number, place=field)
        else:
            faults.add(found["msg"], remedy=f"correct {field}", line=number, place=f"{field} = {found['input']!r:.60}")


def _note_broken_json(message: str, line: str, number: int, faults: Faults) -> None:
    """Show the place that the parser names; it counts lines within what it was given, which is one line."""
    column = re.search(r" at line \d+ column (\d+)$", message)
    at = int(column[1]) if column else 0
    what, remedy = message.removesuffix(column[0] if column else ""), "each line is one JSON object"
    if "hex escape" in message:
        what, remedy = "half a surrogate pair, which is no character", "write the whole character"
    faults.add(f"{what} at byte {at}", remedy=remedy, line=number, place=f"{line[max(0, at - 20) : at + 10]!r}")
