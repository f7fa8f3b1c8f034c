"""Documents that the tests make: real files of every format, with the libraries that write them."""

import html
import io
import zipfile
from collections.abc import Sequence

import docx
import openpyxl
import pypdfium2
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

#: One of Adobe's Chinese fonts that every PDF reader knows by name, so that none has to be shipped.
FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))

Rows = Sequence[Sequence[str]]


def docx_of(text: str) -> bytes:
    """A paragraph a line."""
    document = docx.Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    return saved(document)


def saved(document: "docx.document.Document | openpyxl.Workbook") -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def html_of(text: str) -> bytes:
    """A page with a menu, a script and a foot around its paragraphs."""
    paragraphs = "".join(f"<p>{html.escape(line)}</p>\n" for line in text.split("\n"))
    return (
        "<!DOCTYPE html><html><head><title>报告_某某政府网</title><style>p{margin:0}</style></head><body>"
        "<nav><a href='/'>首页</a><a href='/x'>政务公开</a></nav><script>var x = '2020年增长5%';</script>"
        f"<div id='zoom'>{paragraphs}</div><footer>版权所有 备案号12345</footer></body></html>"
    ).encode()


def pdf_of(text: str, *, indent: float = 24, heads: bool = True) -> bytes:
    """Paragraphs broken over lines and pages, with a running head and page numbers."""
    style = ParagraphStyle("body", fontName=FONT, fontSize=12, leading=20, wordWrap="CJK", firstLineIndent=indent)
    story = [Paragraph(html.escape(line.strip()), style) for line in text.split("\n") if line.strip()]

    def furnish(canvas, page):
        if heads:
            canvas.setFont(FONT, 9)
            canvas.drawCentredString(A4[0] / 2, A4[1] - 30, "云溪县财政局文件")
            canvas.drawCentredString(A4[0] / 2, 30, f"— {page.page} —")

    stream = io.BytesIO()
    SimpleDocTemplate(stream).build(story, onFirstPage=furnish, onLaterPages=furnish)
    return stream.getvalue()


def pdf_with_table(before: str, rows: Rows, after: str, style: Sequence[tuple] = ()) -> bytes:
    """A ruled table between two paragraphs; `style` adds spans."""
    body = ParagraphStyle("body", fontName=FONT, fontSize=12, leading=20, wordWrap="CJK")
    grid = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("FONT", (0, 0), (-1, -1), FONT, 11)]
    table = Table(rows, style=[*grid, *style], repeatRows=1)
    stream = io.BytesIO()
    SimpleDocTemplate(stream).build([Paragraph(before, body), table, Paragraph(after, body)])
    return stream.getvalue()


def xlsx_of(rows: Sequence[Sequence[object]], *, merges: Sequence[str] = (), title: str = "Sheet1") -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for area in merges:
        sheet.merge_cells(area)
    return saved(workbook)


def xlsx_lines(text: str) -> bytes:
    """A line a row, in the first column."""
    return xlsx_of([[line] for line in text.split("\n")])


def zip_of(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def with_member(source: bytes, name: str, content: bytes | None) -> bytes:
    """The zipped document with one member replaced, added, or (None) left out."""
    with zipfile.ZipFile(io.BytesIO(source)) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    members[name] = content or b""
    if content is None:
        del members[name]
    return zip_of(members)


def scan_of(source: bytes) -> bytes:
    """The pages of a PDF as pictures in a new one."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4)
    for page in pypdfium2.PdfDocument(source):
        picture = ImageReader(page.render(scale=200 / 72).to_pil().convert("L"))
        canvas.drawImage(picture, 0, 0, *A4)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def lines_of(text: str) -> list[str]:
    """The paragraphs of a text without the white space that formats cannot keep."""
    return ["".join(line.split()) for line in text.splitlines() if line.strip()]
