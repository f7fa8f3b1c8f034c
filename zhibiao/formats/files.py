"""Files and folders of annotated documents, by format."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhibiao.errors import AnnotationError
from zhibiao.formats import brat, conll, doccano, labelstudio, markup, native
from zhibiao.formats.faults import Faults
from zhibiao.schema import AnnotatedDocument

Documents = list[AnnotatedDocument]

#: Columns of doccano's lines that ours do not have.
_OF_DOCCANO = frozenset({"label", "labels", "Comments", "document"})

_BY_SUFFIX = {
    ".jsonl": "zhibiao",
    ".ndjson": "zhibiao",
    ".json": "labelstudio",
    ".conll": "conll",
    ".bio": "conll",
    ".bmes": "bmes",
    ".txt": "markup",
    ".ann": "brat",
}


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
        return "brat" if any(path.glob("*.ann")) else "markup"
    found = _BY_SUFFIX.get(path.suffix.lower())
    if found == "zhibiao":
        return "doccano" if _is_doccano(path) else found
    if found is None:
        raise AnnotationError([f"{path}: its format cannot be told; say which of: {', '.join(FORMATS)}"])
    return found


def _is_doccano(path: Path) -> bool:
    """Whether a JSONL file has one of doccano's shapes, told from its first line that says so."""
    for _, line in native.json_lines(read_text(path)):
        try:
            record = json.loads(line)
            keys, entities = record.keys(), record.get("entities")
            if entities or not keys.isdisjoint(_OF_DOCCANO):
                return not keys.isdisjoint(_OF_DOCCANO) or "start_offset" in entities[0]
        except (ValueError, AttributeError, TypeError, LookupError):
            return False
    return False


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


def _read_brat(path: Path) -> Documents:
    """One document of each .ann file of a folder, or of the one .ann file, with its text beside it."""
    files = sorted(path.glob("*.ann")) if path.is_dir() else [path.with_suffix(".ann")]
    if not files:
        raise AnnotationError([f"{path}: it holds no .ann file; name the folder of a brat collection"])
    faults: list[str] = []
    documents: Documents = []
    for file in files:
        try:
            text = read_text(file.with_suffix(".txt"))
            documents.append(brat.read(text, read_text(file), file.stem, str(file)))
        except AnnotationError as error:
            faults += error.faults
        except FileNotFoundError as error:
            faults.append(f"{error.filename}: it is missing; brat keeps a .txt and an .ann file of each text")
    if faults:
        raise AnnotationError(faults)
    return documents


def _write_brat(documents: Sequence[AnnotatedDocument], path: Path) -> None:
    """A folder with a .txt and an .ann file a document, and the annotation.conf of their labels."""
    for name, document in zip(file_names(documents), documents, strict=True):
        write_text(document.text, path / f"{name}.txt")
        write_text(brat.write(document), path / f"{name}.ann")
    labels = sorted({entity.label for document in documents for entity in document.entities})
    write_text(brat.configuration(labels), path / "annotation.conf")


def _in_one_file(
    description: str,
    read_content: Callable[[str, str], Documents],
    write_content: Callable[[Sequence[AnnotatedDocument]], str],
    losses_of: Callable[[AnnotatedDocument], list[str]] = lambda _: [],
) -> Format:
    """A format that holds all documents in one file."""
    return Format(
        description,
        lambda path: read_content(read_text(path), str(path)),
        lambda documents, path: write_text(write_content(documents), path),
        losses_of,
    )


def file_names(documents: Sequence[AnnotatedDocument]) -> list[str]:
    """The documents' ids as names of files. Raises AnnotationError where an id cannot be one."""
    faults = Faults("documents")
    for document in documents:
        if not document.id or set(document.id) & set('/\\:*?"<>|\0') or document.id in {".", ".."}:
            faults.add("this id cannot name a file", remedy="rename the document", place=f"{document.id!r}")
    faults.raise_if_any()
    return [document.id for document in documents]


FORMATS: dict[str, Format] = {
    "zhibiao": _in_one_file("the project's own: one JSON object a line", native.read, native.write),
    "doccano": _in_one_file("doccano's JSONL with relations", doccano.read, doccano.write),
    "doccano-spans": _in_one_file(
        "doccano's JSONL with spans alone",
        doccano.read,
        lambda documents: doccano.write(documents, with_relations=False),
        doccano.losses_of_spans,
    ),
    "labelstudio": _in_one_file("Label Studio's JSON: tasks with annotations", labelstudio.read, labelstudio.write),
    "conll": _in_one_file("CoNLL columns, BIO tags, a character a line", conll.read, conll.write, conll.losses),
    "bmes": _in_one_file(
        "CoNLL columns, BMES tags, a character a line",
        conll.read,
        lambda documents: conll.write(documents, "bmes"),
        conll.losses,
    ),
    "markup": Format("the guideline's mark-up: a .txt file a document", _read_markup, _write_markup, markup.losses),
    "brat": Format("brat standoff: a .txt and an .ann file a document", _read_brat, _write_brat, brat.losses),
}
