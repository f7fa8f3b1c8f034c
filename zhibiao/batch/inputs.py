"""What there is to read: folders, globs, documents, JSONL and Parquet, by path or fsspec URL -> files, then pieces.

Files come in the order of their names, whatever order they were given in. A file's name in the output is its path from
the folder that was given, with that folder's name before it (`reports/2020/a.docx`), or its own name where a file was
given. Records of JSONL and Parquet are named after their file and their id: `more/17` for id 17 of `more.jsonl`.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Literal

from zhibiao.batch.store import is_local, open_url
from zhibiao.errors import DocumentError, ZhibiaoError
from zhibiao.outputs.extras import need

Kind = Literal["document", "lines", "parquet"]

_PACKED = (".gz", ".xz", ".bz2", ".zst")
_LINES = (".jsonl", ".ndjson")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class File:
    """A file to read: `root` and `path` say where it is, `name` what it is called in the output."""

    root: str
    path: str
    name: str
    source: str
    kind: Kind
    size: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A report of a file: the whole of a document, or a record.

    `start`:`stop` are bytes of the unpacked lines, or rows of the Parquet row group `group`; `number` counts the
    records of the file from 1. `name` is what the report is called in the output. `problem` says why nothing more of
    the file can be read, where that is so.
    """

    file: File
    name: str
    size: int
    start: int = 0
    stop: int = 0
    number: int = 0
    group: int = 0
    problem: str = ""


def list_files(given: Iterable[str]) -> list[File]:
    """Every file of the folders, globs, files and URLs that are given, each once, sorted by name.

    Hidden files (a name that begins with `.` or `~$`) are left out; all others are taken, so that one that cannot be
    read is told and not passed over. Raises ZhibiaoError with every one of `given` where nothing is.
    """
    found: dict[tuple[str, str], File] = {}
    empty = []
    for root in given:
        count = len(found)
        is_known = False
        for file in _files_of(root):
            is_known = is_known or (_place(file) in found)
            found.setdefault(_place(file), file)
        if len(found) == count and not is_known:
            empty.append(root)
    if empty:
        raise ZhibiaoError("\n".join(f"{root}: there is nothing to read there; check the path" for root in empty))
    return sorted(found.values(), key=lambda file: (file.name, file.path))


@contextmanager
def open_file(file: File, *, is_packed: bool = False) -> Iterator[Any]:
    """A stream of a file's bytes; unpacked unless `is_packed` and where its name says that it is packed."""
    system, _ = open_url(file.root)  # held while the stream is open: an archive's closes with its file system
    with system.open(file.path, "rb", compression=None if is_packed else "infer") as stream:
        yield stream


def fingerprint(file: File) -> str:
    """What changes where the file does: the SHA-256 of a file on disk, what an object store says of others."""
    system, _ = open_url(file.root)
    if not is_local(system):
        return str(system.ukey(file.path))
    digest = hashlib.sha256()
    with open_file(file, is_packed=True) as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def pieces(file: File, *, text: str, id: str) -> Iterator[Piece]:  # noqa: A002 - the word of the options
    """The reports of a file, in its order. `text` and `id` are the names of a record's fields.

    A record that cannot be read is a piece too, named by its number; a file of records that breaks off, or cannot be
    opened, ends with a piece that says so.
    """
    if file.kind == "document":
        yield Piece(file, file.name, file.size)
        return
    try:
        yield from _lines(file, id) if file.kind == "lines" else _rows(file, text, id)
    except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError, DocumentError) as error:
        yield Piece(file, file.name, file.size, problem=str(error) or repr(error))


def printable(name: str) -> str:
    """A name that can be written as UTF-8: itself, else what its bytes are in GB18030, as old archives name files."""
    return "/".join(map(_printable, name.split("/")))


def _printable(part: str) -> str:
    try:
        part.encode()
    except UnicodeEncodeError:
        try:
            return part.encode("utf-8", "surrogateescape").decode("gb18030", "replace")
        except UnicodeEncodeError:  # no bytes of a file name, but half a character of a record's id
            return part.encode("utf-8", "replace").decode()
    return part


def _place(file: File) -> tuple[str, str]:
    return (file.root if "::" in file.root else file.root.partition("://")[0] if "://" in file.root else "", file.path)


def _files_of(root: str) -> Iterator[File]:
    system, path = open_url(root)
    has_magic = any(mark in path for mark in "*?[")
    if has_magic:
        fixed = PurePosixPath(*_until_magic(PurePosixPath(path).parts))
        listed = system.glob(path, detail=True)
        top = str(fixed)
    elif system.isdir(path):
        listed = system.find(path, detail=True)
        top = path
    elif system.exists(path):
        listed = {path: system.info(path)}
        top = ""
    else:
        return
    for at, info in listed.items():
        if info.get("type") != "file":
            continue
        within = str(at).removeprefix(top).lstrip("/") if top else PurePosixPath(at).name
        if any(part.startswith((".", "~$")) for part in PurePosixPath(within).parts):
            continue
        yield _file(root, str(at), top, within, int(info.get("size") or 0))


def _until_magic(parts: tuple[str, ...]) -> Iterator[str]:
    for part in parts:
        if any(mark in part for mark in "*?["):
            return
        yield part


def _file(root: str, path: str, top: str, within: str, size: int) -> File:
    plain = PurePosixPath(path)
    unpacked = plain.with_suffix("") if plain.suffix in _PACKED else plain
    suffix = unpacked.suffix.lower()
    kind: Kind = "lines" if suffix in _LINES else "parquet" if suffix == ".parquet" else "document"
    source = PurePosixPath(top).name if top else unpacked.stem if kind != "document" else plain.parent.name
    source = source or "reports"
    name = f"{source}/{within}" if top or kind == "document" else within
    if kind != "document":
        name = str(PurePosixPath(name).parent / unpacked.stem)
    return File(root, path, printable(name), printable(source), kind, size)


def _lines(file: File, id: str) -> Iterator[Piece]:  # noqa: A002
    start = 0
    with open_file(file) as stream:
        for number, line in enumerate(stream, 1):
            stop = start + len(line)
            if line.strip():
                yield Piece(file, f"{file.name}/{_name(line, id, number)}", len(line), start, stop, number)
            start = stop


def _name(line: bytes, id: str, number: int) -> str:  # noqa: A002
    """The id of a record; its number where it has none, or is none."""
    try:
        found = json.loads(line)
    except ValueError:
        return str(number)
    given = found.get(id) if isinstance(found, dict) else None
    return printable(str(number if given is None else given))


def _rows(file: File, text: str, id: str) -> Iterator[Piece]:  # noqa: A002
    parquet = need("pyarrow.parquet", "batch", "Reading Parquet")
    with open_file(file, is_packed=True) as stream, parquet.ParquetFile(stream) as source:
        names = source.schema_arrow.names
        if text not in names:
            raise DocumentError(
                f"It has no column {text!r}, only {', '.join(map(repr, names))}; name the one that holds "
                "the text with --text-field."
            )
        number = 0
        for group in range(source.num_row_groups):
            columns = [text, *([id] if id in names else [])]
            row = 0
            for batch in source.iter_batches(batch_size=64, row_groups=[group], columns=columns):
                sizes = [len(str(value.as_py() or "").encode("utf-8", "replace")) for value in batch.column(0)]
                ids = batch.column(1).to_pylist() if id in names else [None] * len(sizes)
                for size, given in zip(sizes, ids, strict=True):
                    number += 1
                    name = printable(f"{file.name}/{number if given is None else given}")
                    yield Piece(file, name, size, row, row + 1, number, group)
                    row += 1
