"""Web pages: the readable part, its paragraphs, lists and tables; menus, scripts and page furniture are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree
from lxml import html as lxml_html

from zhibiao.documents.build import Builder, RawCell, title_of
from zhibiao.documents.encoding import check_text, decode
from zhibiao.documents.model import Document, Limits
from zhibiao.errors import DocumentError

_SKIPPED_TAGS = """script style noscript template head nav footer aside form button select iframe object svg math audio
    video canvas textarea input rt rp del"""
_INLINE_TAGS = """a abbr b bdi bdo big cite code data dfn em font i img ins kbd label mark q ruby rb s samp small span
    strike strong sub sup time tt u var wbr o:p st1:chsdate"""
_SKIPPED, _INLINE = frozenset(_SKIPPED_TAGS.split()), frozenset(_INLINE_TAGS.split())
_SPACE = re.compile(r"[ \t\n\r\f\xa0]+")
#: The share of a page's text outside links that its readable part must hold: the rest is the site's own words.
_SHARE = 0.7
_MAX_SPAN = 1_000


def read_html(source: bytes, limits: Limits) -> Document:
    """A web page in any Chinese encoding.

    Raises:
        TextError: its bytes cannot be decoded.
        DocumentError: it has no text, or is past a limit.
    """
    text, encoding = decode(source)
    root = parse(text)
    title = page_title(root)
    builder = Builder(limits)
    main = main_part(root)
    heading = next(root.iter("h1"), None)
    if heading is not None and main not in (heading, *heading.iterancestors()) and text_of(heading) == title:
        builder.paragraph(title)
    add_blocks(builder, main)
    if builder.length == 0:
        raise DocumentError(
            "The page holds no text; it may be filled in by scripts. Save it from the browser and retry."
        )
    return builder.finish("html", title, encoding)


def parse(text: str) -> etree._Element:
    """The root of a page; broken mark-up is mended as browsers do.

    Raises:
        DocumentError: there is nothing that could be a page.
    """
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root: etree._Element = lxml_html.document_fromstring(check_text(text).encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise DocumentError(f"The file is no web page that can be read ({error}). Send its text as .txt.") from None
    if any("depth" in entry.message for entry in parser.error_log):  # the parser stops there
        raise DocumentError("The page is nested too deeply to be read whole. Send its text as .txt.")
    return root


def text_of(element: etree._Element) -> str:
    """All text in an element on one line."""
    return _SPACE.sub(" ", "".join(element.itertext())).strip()


def page_title(root: etree._Element) -> str | None:
    """The article's title: its meta entry, its first <h1>, else <title> without the site's name."""
    for meta in root.iter("meta"):
        if meta.get("name", "").lower() == "articletitle" and meta.get("content", "").strip():
            return str(meta.get("content")).strip()
    for tag in ("h1", "title"):
        for element in root.iter(tag):
            text = text_of(element)
            if tag == "title":
                text = re.split(r"[_|]| [-–—] ", text)[0].strip()
            if title_of(text):
                return text
    return None


def main_part(root: etree._Element) -> etree._Element:
    """The smallest block that holds most of the page's text outside links, and every sentence and table of it."""
    body = root.find("body")
    best = body if body is not None else root
    weights = _weights(best)
    total = weights[best]
    while True:
        inner = next((child for child in best if _holds_all(weights.get(child), total) and _may_be_main(child)), None)
        if inner is None:
            return best
        best = inner


@dataclass(frozen=True, slots=True)
class _Weight:
    """What a block holds outside links and page furniture: characters, full stops, tables."""

    characters: int = 0
    stops: int = 0
    tables: int = 0

    def __add__(self, other: _Weight) -> _Weight:
        return _Weight(self.characters + other.characters, self.stops + other.stops, self.tables + other.tables)


def _holds_all(weight: _Weight | None, total: _Weight) -> bool:
    return (
        weight is not None
        and weight.characters >= _SHARE * total.characters
        and (weight.stops, weight.tables) == (total.stops, total.tables)
    )


def _may_be_main(element: etree._Element) -> bool:
    """A container; a paragraph or table with most of the text is its part, not the article."""
    if element.tag == "table":
        return is_layout(element)
    return element.tag in ("div", "main", "article", "section", "center", "td", "tr", "tbody")


def _weights(element: etree._Element) -> dict[etree._Element, _Weight]:
    """The weight of every element, sums of those within it."""
    weights = {node: _Weight() for node in element.iter()}  # parents come before their children: sums run backwards
    for node in reversed(list(weights)):
        if not isinstance(node.tag, str) or node.tag in _SKIPPED or node.tag == "a" or _is_hidden(node):
            weights[node] = _Weight()
        else:
            weights[node] += _weight_of(node.text) + _Weight(tables=int(node.tag == "table" and not is_layout(node)))
        parent = node.getparent()
        if parent is not None and parent in weights:
            weights[parent] += weights[node] + _weight_of(node.tail)
    return weights


def _weight_of(text: str | None) -> _Weight:
    return _Weight(len(text.strip()), text.count("。")) if text else _Weight()


def _is_hidden(element: etree._Element) -> bool:
    style = element.get("style", "").replace(" ", "").lower()
    return "display:none" in style or "visibility:hidden" in style or element.get("hidden") is not None


@dataclass
class _Line:
    """The paragraph that is being gathered."""

    builder: Builder
    parts: list[str] = field(default_factory=list)

    def flush(self) -> None:
        """Add it to the document, unless it is empty."""
        text = _SPACE.sub(" ", "".join(self.parts)).strip(" ")
        self.parts.clear()
        if text.strip():
            self.builder.paragraph(text)


def add_blocks(builder: Builder, element: etree._Element) -> None:
    """Add the paragraphs and tables in `element` to the builder, in order."""
    line = _Line(builder)
    _walk(element, line)
    line.flush()


def _walk(element: etree._Element, line: _Line) -> None:
    tag = element.tag
    if not isinstance(tag, str) or tag in _SKIPPED or _is_hidden(element):
        return
    if tag == "br":
        line.flush()
    elif tag == "table" and not is_layout(element):
        line.flush()
        line.builder.check_time()
        for caption in element.iterchildren("caption"):
            _walk_children(caption, line, is_block=True)
        line.builder.table(grid(element, line.builder.limits.cells))
    elif tag == "pre":
        line.flush()
        line.builder.paragraph("".join(element.itertext()).strip("\n"))
    else:
        _walk_children(element, line, is_block=tag not in _INLINE)


def _walk_children(element: etree._Element, line: _Line, *, is_block: bool) -> None:
    if is_block:
        line.flush()
        line.parts.append(_item_number(element))
    line.parts.append(element.text or "")
    for child in element:
        _walk(child, line)
        line.parts.append(child.tail or "")
    if is_block:
        line.flush()


def _item_number(element: etree._Element) -> str:
    """The number that a browser shows before an item of an ordered list."""
    parent = element.getparent()
    if element.tag != "li" or parent is None or parent.tag != "ol":
        return ""
    start = parent.get("start", "1")
    items = [child for child in parent if child.tag == "li"]
    return f"{items.index(element) + (int(start) if start.isdecimal() else 1)}. "


def is_layout(table: etree._Element) -> bool:
    """A table that places blocks on the page: one column, or tables within."""
    if next((inner for inner in table.iterdescendants("table")), None) is not None:
        return True
    return all(sum(1 for cell in row if cell.tag in ("td", "th")) < 2 for row in table.iter("tr"))


def grid(table: etree._Element, most: int) -> list[RawCell]:
    """The cells of a table with their spans, placed as browsers do (HTML standard, 4.9.12).

    DocumentError where they would cover more than `most` places.
    """
    covered = 0
    cells: list[RawCell] = []
    taken: set[tuple[int, int]] = set()
    for row_number, row in enumerate(table.iter("tr")):
        column = 0
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            while (row_number, column) in taken:
                column += 1
            height, width = _span(cell, "rowspan"), _span(cell, "colspan")
            covered += height * width
            if covered > most:
                raise DocumentError(f"The cells of a table cover more than {most:,} places. Send its text as .txt.")
            taken |= {(row_number + i, column + j) for i in range(height) for j in range(width)}
            cells.append(RawCell(row_number, column, _cell_text(cell), height, width, is_head=cell.tag == "th"))
            column += width
    rows = max((cell.row for cell in cells), default=-1) + 1
    return [_clipped(cell, rows) for cell in cells]


def _clipped(cell: RawCell, rows: int) -> RawCell:
    """A row span ends with the table."""
    if cell.row + cell.row_span <= rows:
        return cell
    return RawCell(cell.row, cell.column, cell.text, rows - cell.row, cell.column_span, cell.is_head)


def _span(cell: etree._Element, name: str) -> int:
    value = cell.get(name, "1").strip()
    return min(_MAX_SPAN, max(1, int(value))) if value.isdecimal() else 1


def _cell_text(cell: etree._Element) -> str:
    """A cell's text; its blocks and line breaks as lines."""
    return "\n".join(_SPACE.sub(" ", part).strip(" ") for part in "".join(_pieces(cell)).split("\v"))


def _pieces(element: etree._Element) -> Iterator[str]:
    """Text with a vertical tab at each block's edge and <br>; white space in the source means nothing."""
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _SKIPPED and not _is_hidden(child):
            edge = "" if child.tag in _INLINE else "\v"
            yield edge
            yield from _pieces(child)
            yield edge
        yield child.tail or ""
