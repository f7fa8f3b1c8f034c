"""Plain text: the text is what the bytes say, unchanged; its lines are its paragraphs."""

from __future__ import annotations

from collections.abc import Iterator

from zhibiao import text as text_module
from zhibiao.documents.build import title_of
from zhibiao.documents.encoding import decode
from zhibiao.documents.grids import grids_in
from zhibiao.documents.model import Document, Extent


def read_plain(source: bytes) -> Document:
    """A text file in any Chinese encoding; `text` equals the decoded bytes, line ends and all."""
    return from_text(*decode(source))


def from_text(text: str, encoding: str | None = None) -> Document:
    """A text as a document: its paragraphs, and the tables that bars and tabs make in it."""
    paragraphs = tuple(paragraphs_of(text))
    first = text[paragraphs[0].start : paragraphs[0].end] if paragraphs else ""
    return Document(
        text, "txt", title=title_of(first), encoding=encoding, paragraphs=paragraphs, tables=tuple(grids_in(text))
    )


def paragraphs_of(text: str) -> Iterator[Extent]:
    """The lines of a text that hold more than white space, numbered from 1."""
    for number, (start, end) in enumerate(text_module.paragraphs(text), start=1):
        yield Extent(number, start, end)
