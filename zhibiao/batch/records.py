"""The reports of a shard, read one at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from zhibiao.batch.inputs import File, open_file, printable
from zhibiao.batch.plan import Item
from zhibiao.documents import Document, Limits, check_text, from_text, read
from zhibiao.errors import DocumentError
from zhibiao.outputs.extras import need


@dataclass(frozen=True, slots=True)
class Submitted:
    """A report as it was submitted: the bytes of a document, or the text of a record in UTF-8.

    `problem` is set, and `content` empty, where there is nothing to read it from.
    """

    name: str
    source: str
    file: File
    content: bytes = b""
    problem: Exception | None = None

    def document(self, limits: Limits) -> Document:
        """The report as a document; raises what `zhibiao.documents.read` raises."""
        if self.problem is not None:
            raise self.problem
        if self.file.kind == "document":
            return read(self.content, self.file.path, limits=limits)
        return from_text(check_text(self.content.decode("utf-8", "surrogatepass")))


def submitted(item: Item, *, text: str, id: str, limits: Limits) -> Iterator[Submitted]:  # noqa: A002
    """The reports of an item, in their order; one that cannot be had comes with its problem."""
    file = item.file
    if item.problem:
        yield Submitted(file.name, file.source, file, problem=DocumentError(item.problem))
        return
    match file.kind:
        case "document":
            yield _document(item, limits)
        case "lines":
            yield from _lines(item, text, id)
        case "parquet":
            yield from _rows(item, text, id)


def _document(item: Item, limits: Limits) -> Submitted:
    file = item.file
    if item.repeated:
        return Submitted(file.name, file.source, file, problem=_repeated())
    if file.size > limits.file_bytes:
        problem = DocumentError(f"The file has {file.size:,} bytes; the limit is {limits.file_bytes:,}. Split it.")
        return Submitted(file.name, file.source, file, problem=problem)
    try:
        with open_file(file, is_packed=True) as stream:
            return Submitted(file.name, file.source, file, stream.read())
    except OSError as error:
        return Submitted(file.name, file.source, file, problem=error)


def _lines(item: Item, text: str, id: str) -> Iterator[Submitted]:  # noqa: A002
    file = item.file
    with open_file(file) as stream:
        stream.seek(item.start)
        at, number = item.start, item.number
        while at < item.stop:
            line = stream.readline()
            if not line:
                return
            at += len(line)
            if line.strip():
                yield _record(item, number, *_parsed(line, text, id))
            number += 1


def _parsed(line: bytes, text: str, id: str) -> tuple[object, object]:  # noqa: A002
    """The id and the text of a line; an exception in the place of the text where it has none."""
    try:
        found = json.loads(line)
    except ValueError as error:
        return None, DocumentError(f"The line is not JSON ({error}). Write one object a line.")
    if not isinstance(found, dict) or text not in found:
        return (
            found.get(id) if isinstance(found, dict) else None,
            DocumentError(f"The record has no field {text!r}. Name the one that holds the text with --text-field."),
        )
    return found.get(id), found[text]


def _rows(item: Item, text: str, id: str) -> Iterator[Submitted]:  # noqa: A002
    parquet = need("pyarrow.parquet", "batch", "Reading Parquet")
    with open_file(item.file, is_packed=True) as stream, parquet.ParquetFile(stream) as source:
        has_id = id in source.schema_arrow.names
        row, number = 0, item.number
        columns = [text, *([id] if has_id else [])]
        for batch in source.iter_batches(batch_size=64, row_groups=[item.group], columns=columns):
            for at in range(batch.num_rows):
                if item.start <= row < item.stop:
                    given = batch.column(1)[at].as_py() if has_id else None
                    yield _record(item, number, given, batch.column(0)[at].as_py())
                    number += 1
                row += 1
            if row >= item.stop:
                return


def _record(item: Item, number: int, given: object, content: object) -> Submitted:
    file = item.file
    name = printable(f"{file.name}/{number if given is None else given}")
    if number in item.repeated:
        return Submitted(f"{name}#{number}", file.source, file, problem=_repeated())
    if isinstance(content, str):
        return Submitted(name, file.source, file, content.encode("utf-8", "surrogatepass"))
    problem = content if isinstance(content, Exception) else DocumentError("The text is no string. Write it as one.")
    return Submitted(name, file.source, file, problem=problem)


def _repeated() -> Exception:
    return DocumentError("Another report has this name already. Give it an id or a name of its own.")
