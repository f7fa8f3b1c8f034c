"""The one door: bytes or a file -> Document."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import cast

from zhibiao.documents.detect import kind_of
from zhibiao.documents.model import Document, Kind, Limits
from zhibiao.documents.plain import read_plain
from zhibiao.errors import DocumentError

#: Readers that need the extra `documents`, as module and function: imported when the first such document comes.
_READERS: dict[Kind, tuple[str, str]] = {
    "md": ("zhibiao.documents.markdown", "read_markdown"),
    "html": ("zhibiao.documents.html", "read_html"),
    "docx": ("zhibiao.documents.docx", "read_docx"),
    "xlsx": ("zhibiao.documents.xlsx", "read_xlsx"),
    "pdf": ("zhibiao.documents.pdf", "read_pdf"),
}


def read(source: bytes, name: str | None = None, *, limits: Limits = Limits()) -> Document:  # noqa: B008 - frozen
    """The text of a document, its tables, and where each part of it stands.

    Args:
        source: the file's bytes.
        name: its name. The kind is decided by the content; the name tells .txt and .md apart, where both are text.
        limits: what reading it may cost.

    Raises:
        TextError: a text file cannot be decoded, or is binary.
        DocumentError: the document is broken, encrypted, of a kind that is not read, or past a limit.
    """
    if len(source) > limits.file_bytes:
        raise DocumentError(
            f"The file has {len(source):,} bytes; the limit is {limits.file_bytes:,}. Split it, or raise the limit."
        )
    kind = kind_of(source, name)
    if kind == "txt":
        return read_plain(source)
    module, function = _READERS[kind]
    try:
        reader = cast("Callable[[bytes, Limits], Document]", getattr(import_module(module), function))
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("zhibiao"):
            raise
        raise DocumentError(
            f"Reading .{kind} needs the package {error.name}: pip install 'zhibiao[documents]'."
        ) from error
    return reader(source, limits)


def read_file(path: str | Path, *, limits: Limits = Limits()) -> Document:  # noqa: B008 - frozen
    """The document in a file; see `read`. OSError where the file cannot be opened."""
    path = Path(path)
    if path.stat().st_size > limits.file_bytes:
        raise DocumentError(
            f"{path.name} has {path.stat().st_size:,} bytes; the limit is {limits.file_bytes:,}. "
            "Split it, or raise the limit."
        )
    return read(path.read_bytes(), path.name, limits=limits)
