"""Files and folders of annotated documents, by format."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhibiao.errors import AnnotationError
from zhibiao.formats import markup, native
from zhibiao.formats.faults import Faults
from zhibiao.schema import AnnotatedDocument

Documents = list[AnnotatedDocument]


@dataclass(frozen=True)
class Format:
    """How one format is read from a path, written to a path, and what it cannot hold."""

    description: str
    read: Callable[[Path], Documents]
    write: Callable[[Sequence[AnnotatedDocument], Path], None]
    losses: Callable[[AnnotatedDocument], list[str]]


def read(path: Path | str, format: str | None = None) -> Documents:  # noqa: A002 - the word of the command line
    """The annotated documents of a file or folder; the format is told from the path where it is not given.

    Raises AnnotationError with every fault, FileNotFoundError where there is nothing.
    """
    path = Path(path)
    if not path.exists():
        raise AnnotationError([f"{path}: there is no such file or folder; check the path"])
    return _format(format or detect(path)).read(path)


def write(documents: Iterable[AnnotatedDocument], path: Path | str, format: str) -> None:  # noqa: A002
    """Write annotated documents to a file, or to a folder for formats of one file a document."""
    _format(format).write(list(documents), Path(path))


def losses(document: AnnotatedDocument, format: str) -> list[str]:  # noqa: A002
    """What `format` cannot hold of a document, one message each; empty where a round trip gives it all back."""
    return _format(format).losses(document)


def detect(path: Path | str) -> str:
    """The format of a file or folder, told from its name and first characters.

    Raises AnnotationError, naming the formats, where it cannot be told.
    """
    path = Path(path)
    if path.is_dir():
        return "markup"
    if path.suffix in {".jsonl", ".ndjson"}:
        return "zhibiao"
    if path.suffix == ".txt":
        return "markup"
    raise AnnotationError([f"{path}: its format cannot be told; say which of: {', '.join(FORMATS)}"])


def read_text(path: Path) -> str:
    """A file's characters as they are, line breaks included. Raises AnnotationError where it is not UTF-8."""
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise AnnotationError([f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8"]) from None


def write_text(content: str, path: Path) -> None:
    """Write characters as they are, making the folder where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode("utf-8"))


def _format(name: str) -> Format:
    if name not in FORMATS:
        raise AnnotationError([f"{name!r} is no format; use one of: {', '.join(FORMATS)}"])
    return FORMATS[name]


def _read_markup(path: Path) -> Documents:
    """One document of a .txt file, or of each .txt file of a folder, named after it.

    What an `index.json` beside the files says of a text (`[{"name", "title", "year", …}]`) goes into its `meta`.
    """
    files = sorted(path.glob("*.txt")) if path.is_dir() else [path]
    index = _index(path / "index.json") if path.is_dir() else {}
    faults: list[str] = []
    documents: Documents = []
    for file in files:
        try:
            document = markup.read(read_text(file), str(file), file.stem)
            documents.append(document.model_copy(update={"meta": index.get(file.stem, {}) | document.meta}))
        except AnnotationError as error:
            faults += error.faults
    if faults:
        raise AnnotationError(faults)
    if not files:
        raise AnnotationError([f"{path}: it holds no .txt file; name the folder of the marked-up texts"])
    return documents


def _index(path: Path) -> dict[str, dict[str, Any]]:
    """What an index says of each text, by name; empty where there is no index."""
    if not path.exists():
        return {}
    try:
        rows = json.loads(read_text(path))
        return {row["name"]: {key: value for key, value in row.items() if key != "name"} for row in rows}
    except (ValueError, TypeError, KeyError, AttributeError):
        raise AnnotationError([f'{path}: it is no list of {{"name": …}}; correct it or move it away']) from None


def _write_markup(documents: Sequence[AnnotatedDocument], path: Path) -> None:
    """One .txt file, or for several documents a folder with one each."""
    if path.suffix == ".txt" and len(documents) == 1:
        write_text(markup.write(documents[0]), path)
        return
    for name, document in zip(file_names(documents), documents, strict=True):
        write_text(markup.write(document), path / f"{name}.txt")


def file_names(documents: Sequence[AnnotatedDocument]) -> list[str]:
    """The documents' ids as names of files. Raises AnnotationError where an id cannot be one."""
    faults = Faults("documents")
    for document in documents:
        if not document.id or set(document.id) & set('/\\:*?"<>|\0') or document.id in {".", ".."}:
            faults.add("this id cannot name a file", remedy="rename the document", place=f"{document.id!r}")
    faults.raise_if_any()
    return [document.id for document in documents]


FORMATS: dict[str, Format] = {
    "zhibiao": Format(
        "the project's own: one JSON object a line",
        lambda path: native.read(read_text(path), str(path)),
        lambda documents, path: write_text(native.write(documents), path),
        lambda _document: [],
    ),
    "markup": Format("the guideline's mark-up: a .txt file a document", _read_markup, _write_markup, markup.losses),
}
