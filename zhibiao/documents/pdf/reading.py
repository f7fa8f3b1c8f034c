"""PDF files with a text layer: reading order, whole paragraphs, tables with clear grids; scanned ones through OCR."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pypdfium2
from pypdfium2 import raw

from zhibiao.documents.build import Builder
from zhibiao.documents.model import Document, Limits
from zhibiao.documents.pdf.aligned import aligned_grids
from zhibiao.documents.pdf.assemble import Assembler
from zhibiao.documents.pdf.bounds import check_streams
from zhibiao.documents.pdf.grid import Grid, grids_of
from zhibiao.documents.pdf.lines import Line, Margins, has_indents, in_reading_order, lines_of, margins_of, typical
from zhibiao.documents.pdf.page import read_page
from zhibiao.errors import DocumentError

#: pdfium is not safe to use from several threads at once.
_LOCK = threading.Lock()
_DASHES = r"[\s—–\-－·~～•]*"
_PAGE_NUMBER = re.compile(
    rf"{_DASHES}(?:第\s*)?(?:\d{{1,4}}|[ivxlcIVXLC]{{1,6}})\s*页?(?:\s*[/／,，]?\s*共?\s*\d{{1,4}}\s*页?)?{_DASHES}"
)
#: Page numbers and running heads stand in this outermost share of the page's height.
_EDGE = 0.12


@dataclass(slots=True)
class _Leaf:
    """A page on its way to paragraphs: its size, the lines outside tables, the tables."""

    number: int
    width: float
    height: float
    lines: list[Line]
    grids: list[Grid] = field(default_factory=list)
    has_image: bool = False

    @property
    def is_scanned(self) -> bool:
        """No text, but a picture that may hold some."""
        return self.has_image and not self.lines and not self.grids


def read_pdf(source: bytes, limits: Limits) -> Document:
    """A PDF file. Pages without text are recognised (OCR) if the extra `ocr` is installed.

    Raises:
        DocumentError: it is broken, encrypted, past a limit, or has no text and OCR is not installed.
    """
    check_streams(source, limits)
    with _LOCK:
        document = _open(source)
        try:
            return _read(document, limits)
        finally:
            document.close()


def _open(source: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            raise DocumentError(
                "The PDF is encrypted with a password. Remove the password and send it again."
            ) from None
        if error.err_code == raw.FPDF_ERR_SECURITY:
            raise DocumentError("The PDF is protected in a way that cannot be read. Print it to a new PDF.") from None
        raise DocumentError("The PDF is damaged or cut off. Open it in a PDF reader and save it again.") from None


def _read(document: pypdfium2.PdfDocument, limits: Limits) -> Document:
    if len(document) > limits.pages:
        raise DocumentError(
            f"The PDF has {len(document):,} pages; the limit is {limits.pages:,}. Split it, or raise the limit."
        )
    builder = Builder(limits)
    leaves = []
    for number in range(1, len(document) + 1):
        builder.check_time()
        leaves.append(_leaf(document, number))
    has_text = any(leaf.lines or leaf.grids for leaf in leaves)
    scanned = [leaf for leaf in leaves if leaf.is_scanned]
    if scanned:
        _recognise(document, scanned, builder, is_whole=not has_text)
    elif not has_text:
        raise DocumentError("The PDF holds no text and no pictures.")
    _drop_edges(leaves)
    for leaf in leaves:
        grids, leaf.lines, is_unclear = aligned_grids(leaf.lines)
        leaf.grids = sorted([*leaf.grids, *grids], key=lambda grid: grid.box.top)
        if is_unclear:
            builder.notice(
                "table_unclear", f"Page {leaf.number}: columns without rules do not line up; they are read as lines."
            )
    _assemble(leaves, builder)
    return builder.finish("pdf")


def _leaf(document: pypdfium2.PdfDocument, number: int) -> _Leaf:
    try:
        page = document[number - 1]
    except pypdfium2.PdfiumError:
        raise DocumentError(
            f"Page {number} of the PDF is damaged. Open it in a PDF reader and save it again."
        ) from None
    content = read_page(page)
    page.close()
    grids = grids_of(content.rules, content.glyphs)
    outside = [glyph for glyph in content.glyphs if not any(grid.holds(glyph.box) for grid in grids)]
    return _Leaf(number, content.width, content.height, lines_of(outside), grids, content.has_image)


def _recognise(document: pypdfium2.PdfDocument, scanned: Sequence[_Leaf], builder: Builder, *, is_whole: bool) -> None:
    """Fill pages that have no text by OCR, where it is installed."""
    from zhibiao.documents.pdf import ocr  # noqa: PLC0415 - an extra of its own

    if not ocr.is_installed():
        if is_whole:
            raise DocumentError(
                "The PDF has no text layer: it is scanned. Install OCR (pip install 'zhibiao[ocr]') or send its text."
            )
        pages = ", ".join(str(leaf.number) for leaf in scanned)
        builder.notice("page_without_text", f"Pages without text were not read: {pages}. OCR needs 'zhibiao[ocr]'.")
        return
    for leaf in scanned:
        builder.check_time()
        leaf.lines = ocr.lines_of_page(document[leaf.number - 1])
    read = [str(leaf.number) for leaf in scanned if leaf.lines]
    if read:
        builder.notice("ocr", f"Recognised from images, check the figures: pages {', '.join(read)}.")
    elif is_whole:
        raise DocumentError("The PDF holds no text, and none was recognised on its pages.")


def _drop_edges(leaves: Sequence[_Leaf]) -> None:
    """Take out page numbers and running heads: lines at the edge that are numbers, or stand on most pages."""
    counts = Counter(key for leaf in leaves for key in {_key(line) for line in _edge_lines(leaf)})
    common = {key for key, count in counts.items() if count >= max(2, 0.3 * len(leaves))}
    for leaf in leaves:
        edges = _edge_lines(leaf)
        leaf.lines = [
            line
            for line in leaf.lines
            if line not in edges or not (_PAGE_NUMBER.fullmatch(line.text) or _key(line) in common)
        ]


def _edge_lines(leaf: _Leaf) -> list[Line]:
    """The outermost two lines at the top and at the bottom of a page, if they stand near its edge."""
    top = [line for line in leaf.lines[:2] if line.box.bottom < _EDGE * leaf.height]
    return top + [line for line in leaf.lines[-2:] if line.box.top > (1 - _EDGE) * leaf.height]


def _key(line: Line) -> str:
    """What running heads of different pages have in common."""
    return re.sub(r"\d+", "#", line.text.replace(" ", ""))


def _assemble(leaves: Sequence[_Leaf], builder: Builder) -> None:
    """Add the paragraphs and tables of all pages to the builder."""
    bands = {leaf.number: list(_bands(leaf)) for leaf in leaves}
    columns = [column for each in bands.values() for band in each for column in band if not isinstance(column, Grid)]
    usual = typical([margins_of(column) for column in columns if len(column) >= 6]) or _symmetric(leaves)
    assembler = Assembler(builder, has_indents=has_indents((c, margins_of(c, usual)) for c in columns))
    for leaf in leaves:
        builder.check_time()
        for part in (part for band in bands[leaf.number] for part in band):
            if isinstance(part, Grid):
                assembler.add_table(leaf.number, part)
            else:
                margins = margins_of(part, usual)
                for line in part:
                    assembler.add_line(leaf.number, line, margins)
    assembler.finish()


def _symmetric(leaves: Sequence[_Leaf]) -> Margins | None:
    """The margins of a document of few lines: as wide on the right as on the left."""
    lefts = [(line.box.left, leaf.width) for leaf in leaves for line in leaf.lines]
    return Margins(min(lefts)[0], min(lefts)[1] - min(lefts)[0]) if lefts else None


def _bands(leaf: _Leaf) -> Iterator[list[list[Line] | Grid]]:
    """The page from top to bottom: each run of lines between tables in its columns, and each table."""
    lines = leaf.lines
    for grid in leaf.grids:
        above = [line for line in lines if line.box.middle < grid.box.top]
        lines = [line for line in lines if line.box.middle >= grid.box.top]
        if above:
            yield [*in_reading_order(above)]
        yield [grid]
    if lines:
        yield [*in_reading_order(lines)]
