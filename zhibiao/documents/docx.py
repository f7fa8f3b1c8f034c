"""Word documents: body in its order, list numbers, tables with merged cells, text boxes, footnotes.

Read from the XML itself (ECMA-376 part 1, 17), because a document model that skips text boxes, content controls and
tracked insertions would lose text. Deleted text, hidden text, heads, feet and the table of contents are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from lxml import etree

from zhibiao.documents.archive import Archive
from zhibiao.documents.build import Builder, RawCell, one_line
from zhibiao.documents.model import Document, Limits
from zhibiao.documents.numbering import Numbering, W
from zhibiao.errors import DocumentError

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
#: Wrappers whose content counts as if it stood there itself.
_WRAPPERS = {
    f"{W}{name}"
    for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag", "hyperlink", "fldSimple", "dir", "bdo")
}
_WRAPPERS |= {f"{_MC}AlternateContent", f"{_MC}Choice", f"{_M}oMath", f"{_M}oMathPara"}
#: Parts of a run that stand for a character.
_CHARACTERS = {f"{W}tab": "\t", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}ptab": "\t"}
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"


def read_docx(source: bytes, limits: Limits) -> Document:
    """A .docx file.

    Raises:
        DocumentError: it is broken, encrypted or past a limit.
    """
    archive = Archive(source, limits)
    root = archive.xml("word/document.xml")
    if root is None:
        root = archive.xml("word/document2.xml")
    body = root.find(f"{W}body") if root is not None else None
    if root is None or body is None:
        if root is not None and _STRICT in root.nsmap.values():
            raise DocumentError("The file is in Strict Open XML. Save it as an ordinary Word document (.docx).")
        raise DocumentError("The .docx has no body (word/document.xml). Open it in Word and save it again.")
    reader = _Reader(
        Builder(limits), Numbering(archive.xml("word/numbering.xml")), _styles(archive.xml("word/styles.xml"))
    )
    reader.blocks(body)
    notes = archive.xml("word/footnotes.xml")
    for note in notes.iter(f"{W}footnote") if notes is not None else ():
        if note.get(f"{W}type") is None:
            reader.blocks(note)
    return reader.builder.finish("docx", reader.title)


_Styles = dict[str, tuple[str, tuple[str, int] | None]]


class _Reader:
    """Walks blocks (paragraphs and tables) and adds them to the builder."""

    def __init__(self, builder: Builder, numbering: Numbering, styles: _Styles) -> None:
        self.builder = builder
        self.title: str | None = None
        self._numbering = numbering
        self._styles = styles

    def blocks(self, parent: etree._Element) -> None:
        """Add the blocks in `parent`, those in wrappers too."""
        for child in parent:
            if child.tag == f"{W}p":
                self._paragraph(child)
            elif child.tag == f"{W}tbl":
                self._table(child)
            elif child.tag in _WRAPPERS and not _is_contents(child):
                self.blocks(child)

    def _paragraph(self, paragraph: etree._Element) -> None:
        self.builder.check_time()
        style = self._style(paragraph)
        boxes: list[etree._Element] = []
        text = "".join(_texts(paragraph, boxes))
        if not style.lower().startswith("toc"):
            if text.strip() or not boxes:
                self.builder.paragraph(self._label(paragraph) + text if text.strip() else text)
            if style.lower() == "title" and self.title is None and text.strip():
                self.title = text.strip()
        for box in boxes:
            self.blocks(box)

    def _style(self, paragraph: etree._Element) -> str:
        """The style's name, which is English in every language of Word; its id where styles.xml is missing."""
        style = _value(paragraph, "pPr/pStyle") or ""
        return self._styles.get(style, (style, None))[0]

    def _label(self, paragraph: etree._Element) -> str:
        number = _value(paragraph, "pPr/numPr/numId")
        if number is None:
            inherited = self._styles.get(_value(paragraph, "pPr/pStyle") or "", ("", None))[1]
            label = self._numbering.label(*inherited) if inherited else ""
        else:
            label = self._numbering.label(number, _integer(paragraph, "pPr/numPr/ilvl", 0))
        # "1." must not run into a year or number that follows it.
        return f"{label} " if label and label[-1].isascii() and label[-1] != ")" else label

    def _table(self, table: etree._Element) -> None:
        rows = list(_children(table, f"{W}tr"))
        if _is_layout(table, rows):
            for row in rows:
                for cell in _children(row, f"{W}tc"):
                    self.blocks(cell)
            return
        self.builder.check_time()
        self.builder.table(_grid(rows, lambda cell: one_line("\n".join(self._lines(cell)))))

    def _lines(self, parent: etree._Element) -> Iterator[str]:
        """The paragraphs of a cell or text box."""
        for paragraph in _children(parent, f"{W}p"):
            boxes: list[etree._Element] = []
            text = "".join(_texts(paragraph, boxes))
            yield self._label(paragraph) + text if text.strip() else ""
            for box in boxes:
                yield from self._lines(box)


def _is_layout(table: etree._Element, rows: list[etree._Element]) -> bool:
    """A table of one column, or with a table in it, lays out a page: its cells are read one after the other."""
    if next(table.iterdescendants(f"{W}tbl"), None) is not None:
        return True
    return all(cell.column + cell.column_span < 2 for cell in _grid(rows, lambda _: ""))


def _styles(root: etree._Element | None) -> _Styles:
    """Style id -> its name, and the list and level that it gives its paragraphs."""
    styles: _Styles = {}
    for style in root.iter(f"{W}style") if root is not None else ():
        number = _value(style, "pPr/numPr/numId")
        numbering = (number, _integer(style, "pPr/numPr/ilvl", 0)) if number else None
        styles[style.get(f"{W}styleId", "")] = (_value(style, "name") or "", numbering)
    return styles


def _is_contents(element: etree._Element) -> bool:
    """A content control that holds the table of contents."""
    return _value(element, "sdtPr/docPartObj/docPartGallery") == "Table of Contents"


def _value(element: etree._Element, path: str) -> str | None:
    found = element.find("/".join(f"{W}{name}" for name in path.split("/")))
    return found.get(f"{W}val") if found is not None else None


def _children(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Children of this tag, those in wrappers (content controls, insertions) too."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _children(child, tag)


def _texts(parent: etree._Element, boxes: list[etree._Element]) -> Iterator[str]:
    """The text of a paragraph or wrapper, run by run; text boxes anchored in it are added to `boxes`."""
    for child in parent:
        if child.tag == f"{W}r":
            if not _is_hidden(child):
                yield from _run(child, boxes)
        elif child.tag == f"{_M}r":
            yield from (text.text or "" for text in child.iter(f"{_M}t"))
        elif child.tag in _WRAPPERS or (isinstance(child.tag, str) and child.tag.startswith(_M)):
            yield from _texts(child, boxes)


def _is_hidden(run: etree._Element) -> bool:
    vanish = run.find(f"{W}rPr/{W}vanish")
    return vanish is not None and vanish.get(f"{W}val", "1") not in ("0", "false", "off")


def _run(run: etree._Element, boxes: list[etree._Element]) -> Iterator[str]:
    for child in run:
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag in _CHARACTERS:
            yield _CHARACTERS[child.tag]
        elif child.tag == f"{W}br":
            yield "\n" if child.get(f"{W}type") in (None, "textWrapping") else ""
        elif child.tag == f"{W}ruby":
            yield from (text.text or "" for base in child.iter(f"{W}rubyBase") for text in base.iter(f"{W}t"))
        elif child.tag in (f"{W}drawing", f"{W}pict", f"{W}object"):
            boxes.extend(_outermost(child))
        elif child.tag == f"{_MC}AlternateContent":
            choice = child.find(f"{_MC}Choice")
            boxes.extend(_outermost(choice if choice is not None else child))


def _outermost(element: etree._Element) -> Iterator[etree._Element]:
    """The contents of text boxes in `element`; a box within a box is read with the outer one."""
    for child in element:
        if child.tag == f"{W}txbxContent":
            yield child
        else:
            yield from _outermost(child)


def _grid(rows: list[etree._Element], text_of: Callable[[etree._Element], str]) -> list[RawCell]:
    """The cells of a table's rows; those merged downwards once, with their span."""
    cells: list[RawCell] = []
    open_merges: dict[int, int] = {}  # column -> place in `cells` of the cell that is merged downwards there
    for row_number, row in enumerate(rows):
        column = _integer(row, "trPr/gridBefore", 0)
        for cell in _children(row, f"{W}tc"):
            width = max(1, _integer(cell, "tcPr/gridSpan", 1))
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            is_first = merge is None or merge.get(f"{W}val", "continue") != "continue"
            if is_first or column not in open_merges:
                cells.append(RawCell(row_number, column, text_of(cell), column_span=width))
                open_merges[column] = len(cells) - 1
            else:
                above = cells[open_merges[column]]
                cells[open_merges[column]] = replace(above, row_span=row_number - above.row + 1)
            if merge is None:
                del open_merges[column]
            column += width
    return cells


def _integer(element: etree._Element, path: str, default: int) -> int:
    value = _value(element, path)
    return int(value) if value and value.isdecimal() else default
