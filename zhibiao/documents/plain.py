"""Plain text: the text is what the bytes say, unchanged; its lines are its paragraphs."""

from __future__ import annotations

from collections.abc import Iterator

from zhibiao import text as text_module
from zhibiao.documents.encoding import decode
from zhibiao.documents.model import Document, Extent


def read_plain(source: bytes) -> Document:
    """A text file in any Chinese encoding; `text` equals the decoded bytes, line ends and all."""
    text, encoding = decode(source)
    paragraphs = tuple(paragraphs_of(text))
    first = text[paragraphs[0].start : paragraphs[0].end].strip() if paragraphs else None
    return Document(text, "txt", title=first_title(first), encoding=encoding, paragraphs=paragraphs)


def paragraphs_of(text: str) -> Iterator[Extent]:
    """The lines of a text that hold more than white space, numbered from 1."""
    for number, (start, end) in enumerate(text_module.paragraphs(text), start=1):
        yield Extent(number, start, end)


def first_title(line: str | None) -> str | None:
    """A document's first line if it reads as a title: short, and no sentence."""
    if not line or len(line) > 80 or line[-1] in "。；，：;,:":
        return None
    return line
