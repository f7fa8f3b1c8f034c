"""Reports that no one has annotated, one after the other: memory holds one file, or one line, at a time."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from zhibiao.documents import read_file
from zhibiao.errors import AnnotationError

_OPENERS: dict[str, Callable[..., IO[str]]] = {
    ".xz": cast("Callable[..., IO[str]]", lzma.open),
    ".gz": cast("Callable[..., IO[str]]", gzip.open),
    ".bz2": cast("Callable[..., IO[str]]", bz2.open),
}
_LINES = (".jsonl", ".ndjson")


@dataclass(frozen=True)
class Unlabelled:
    """A text to be annotated. `report` is where it was cut from, at `start`; its own id where it is whole."""

    id: str
    text: str
    report: str
    start: int = 0


def read_reports(paths: Iterable[Path]) -> Iterator[Unlabelled]:
    """Every report of the files and folders.

    A `.jsonl` file, packed as `.xz`, `.gz` or `.bz2` or not, holds a report a line, as an object with a `text` and an
    `id` if it has one; any other file is a document (.txt .md .html .docx .pdf .xlsx) whose name is its id. Raises
    AnnotationError at a line that is no such object, and what `documents.read_file` raises.
    """
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                yield from _lines(file) if _has_lines(file) else _document(file)


def _has_lines(path: Path) -> bool:
    name = path.with_suffix("") if path.suffix in _OPENERS else path
    return name.suffix in _LINES


def _document(path: Path) -> Iterator[Unlabelled]:
    yield Unlabelled(path.stem, read_file(path).text, path.stem)


def _lines(path: Path) -> Iterator[Unlabelled]:
    with _OPENERS.get(path.suffix, open)(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                found = json.loads(line)
                text, name = found["text"], str(found.get("id", f"{path.name.partition('.')[0]}-{number}"))
            except (ValueError, LookupError, TypeError, AttributeError) as error:
                remedy = 'write one {"id": …, "text": …} a line'
                raise AnnotationError([f"{path}, line {number}: it holds no text ({error!r}); {remedy}"]) from None
            if not isinstance(text, str):
                raise AnnotationError([f"{path}, line {number}: its text is no string; write it as one"])
            yield Unlabelled(name, text, name)
