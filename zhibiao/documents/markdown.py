"""Markdown: the text without its marks; every source line stays a line, pipe tables are tables."""

from __future__ import annotations

from markdown_it import MarkdownIt

from zhibiao.documents.build import Builder
from zhibiao.documents.encoding import decode
from zhibiao.documents.html import add_blocks, parse
from zhibiao.documents.model import Document, Limits


def read_markdown(source: bytes, limits: Limits) -> Document:
    """A Markdown file (CommonMark with pipe tables) in any Chinese encoding.

    An indented paragraph is no code here: Chinese paragraphs begin with an indent.
    """
    text, encoding = decode(source)
    builder = Builder(limits)
    if text.strip():
        converter = MarkdownIt("commonmark", {"breaks": True, "html": True}).enable("table").disable("code")
        add_blocks(builder, parse(converter.render(text.replace("\u2028", "\n"))))
    return builder.finish("md", encoding=encoding)
