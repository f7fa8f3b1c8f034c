import io
import struct
import zipfile
import zlib

import docx
import openpyxl
import pypdfium2
import pytest
from made_documents import docx_of, html_of, pdf_of, saved, with_member, xlsx_of, zip_of
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from zhibiao.documents import Limits, read, read_file
from zhibiao.errors import DocumentError, ZhibiaoError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
TEXT = "全县税收4.5亿元，增长3%。"


def _ole(stream: str) -> bytes:
    """The head of an old Office file whose directory names this stream."""
    return OLE + stream.encode("utf-16-le").ljust(64, b"\0") + b"\0" * 448


@pytest.mark.parametrize(
    ("stream", "message"),
    [
        (
            "WordDocument",
            r"Word 97-2003 document \(\.doc\)\. Open it in Word, WPS or LibreOffice and save it as \.docx",
        ),
        ("Workbook", r"Excel 97-2003 workbook \(\.xls\).*save it as \.xlsx"),
        ("EncryptedPackage", "encrypted with a password. Remove the password"),
        ("Anything", "an old Office file"),
    ],
)
def test_old_office_files(stream, message):
    with pytest.raises(DocumentError, match=message):
        read(_ole(stream), "报告.doc")


def test_macro_files():
    with pytest.raises(DocumentError, match=r"holds macros.*Save it as \.docx"):
        read(with_member(docx_of(TEXT), "word/vbaProject.bin", b"\0"), "报告.docm")


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"a.txt": b"1"}, "a zip archive and no document"),
        ({"OFD.xml": b"<x/>"}, "an OFD document"),
        ({"ppt/presentation.xml": b"<x/>"}, "a presentation"),
        ({"content.xml": b"<x/>", "mimetype": b"x"}, "OpenDocument"),
        ({"word/document.xml": b"<w:document"}, "no sound XML"),
        ({"word/document.xml": b"<document/>"}, "has no body"),
        ({"xl/workbook.xml": b"<workbook/>"}, "workbook"),
        ({"xl/workbook.xml": b"no xml"}, "workbook"),
    ],
)
def test_zipped_files_that_are_no_document(members, message):
    with pytest.raises(DocumentError, match=message):
        read(zip_of(members))


MADE = {"docx": docx_of(TEXT * 40), "xlsx": xlsx_of([["指标", "万元"], ["税收", 5]] * 40), "pdf": pdf_of(TEXT * 40)}


@pytest.mark.parametrize("kind", MADE)
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
def test_cut_off_files(kind, share):
    source = MADE[kind]
    try:
        read(source[: int(len(source) * share)])
    except ZhibiaoError as error:
        assert str(error)  # noqa: PT017 - a file cut near its end may still be whole in what matters


@pytest.mark.parametrize("kind", MADE)
def test_bytes_changed_at_random_never_raise_anything_else(kind):
    source = MADE[kind]
    for seed in range(60):
        changed = bytearray(source)
        for place in range(seed, len(source), 997):
            changed[place] = (changed[place] + seed * 37 + 1) % 256
        try:
            read(bytes(changed))
        except ZhibiaoError as error:
            assert str(error)  # noqa: PT017 - some changes do no harm


def _bomb(name: str, size: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as member:
        for _ in range(size // 2**20):
            member.write(b" " * 2**20)
    return stream.getvalue()


def test_a_zip_bomb_is_refused_before_it_unpacks():
    with pytest.raises(DocumentError, match=r"unpacks to 272,629,760 bytes of XML; the limit is 104,857,600"):
        read(_bomb("word/document.xml", 260 * 2**20))


def test_a_zip_that_lies_about_its_size_is_damaged():
    source = bytearray(_bomb("word/document.xml", 4 * 2**20))
    place = source.index(b"PK\x01\x02") + 24
    source[place : place + 4] = struct.pack("<I", 1000)
    with pytest.raises(DocumentError, match="damaged"):
        read(bytes(source))


def test_many_members():
    with pytest.raises(DocumentError, match="holds 20,001 members"):
        read(zip_of({"word/document.xml": b"<x/>", **{f"{n}": b"" for n in range(20_000)}}))


def test_entities_in_xml_are_refused():
    bomb = (
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        b"<w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>"
    )
    with pytest.raises(DocumentError, match="declares entities"):
        read(with_member(docx_of(TEXT), "word/document.xml", bomb))


def test_ranges_that_cover_a_whole_sheet_are_refused():
    workbook = openpyxl.Workbook()
    workbook.active.append(["指标", "万元"])
    source = saved(workbook)
    with zipfile.ZipFile(io.BytesIO(source)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    with pytest.raises(DocumentError, match=r"ranges over 17,179,869,184"):
        read(with_member(source, "xl/worksheets/sheet1.xml", sheet.replace(b"</sheetData>", merged)))


def test_too_many_cells():
    source = xlsx_of([[n, n] for n in range(100)])
    with pytest.raises(DocumentError, match="has 200 cells"):
        read(source, limits=Limits(cells=150))
    document = docx.Document()
    document.add_table(20, 20)
    with pytest.raises(DocumentError, match="more than 150 cells"):
        read(saved(document), limits=Limits(cells=150))


def test_an_encrypted_pdf():
    stream = io.BytesIO()
    canvas = Canvas(stream, encrypt=StandardEncryption("secret", canPrint=0))
    canvas.drawString(100, 700, "text")
    canvas.save()
    with pytest.raises(DocumentError, match=r"encrypted with a password\. Remove the password"):
        read(stream.getvalue())


def test_a_pdf_protected_against_changes_alone_can_be_read():
    stream = io.BytesIO()
    canvas = Canvas(stream, encrypt=StandardEncryption("", ownerPassword="owner", canCopy=0))
    canvas.drawString(100, 700, "tax 5")
    canvas.save()
    assert read(stream.getvalue()).text == "tax 5"


def _empty_pdf(pages: int) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(200, 200)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_a_pdf_of_ten_thousand_pages():
    with pytest.raises(DocumentError, match="has 10,000 pages; the limit is 2,000"):
        read(_empty_pdf(10_000))


def _pdf_of_content(content: bytes, filters: bytes = b"/FlateDecode") -> bytes:
    """A PDF of one page with this packed content."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources << /Font << /F1 "
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d /Filter [%s] >>\nstream\n%s\nendstream" % (len(content), filters, content),
    ]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % item for item in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer << /Root 1 0 R /Size 5 >>\n%%EOF"


@pytest.mark.parametrize("times", [1, 2])
def test_a_pdf_bomb_is_refused_before_it_unpacks(times):
    content = b" " * (101 * 2**20)
    for _ in range(times):
        content = zlib.compress(content)
    with pytest.raises(DocumentError, match="unpacks to more than the limit of 104,857,600 bytes"):
        read(_pdf_of_content(content, b"/FlateDecode " * times))


def test_a_page_of_more_characters_than_any_page():
    content = zlib.compress(b"BT /F1 12 Tf 10 10 Td (" + b"a" * 1000 + b") Tj ET\n")
    assert read(_pdf_of_content(content)).text
    content = zlib.compress(
        b"".join(b"BT /F1 12 Tf 10 %d Td (%s) Tj ET\n" % (20 * n, b"ab" * 1000) for n in range(150))
    )
    with pytest.raises(DocumentError, match="more than 200,000 characters"):
        read(_pdf_of_content(content))


def test_a_pdf_without_text():
    with pytest.raises(DocumentError, match="no text and no pictures"):
        read(_empty_pdf(2))


def test_time_is_limited():
    for source in (docx_of(TEXT), pdf_of(TEXT)):
        with pytest.raises(DocumentError, match="took longer than 0 s"):
            read(source, limits=Limits(seconds=0))


def test_files_that_are_too_large(tmp_path):
    path = tmp_path / "报告.txt"
    path.write_text(TEXT, encoding="utf-8")
    assert read_file(path).text == TEXT
    with pytest.raises(DocumentError, match=r"报告\.txt has 35 bytes; the limit is 10"):
        read_file(path, limits=Limits(file_bytes=10))
    with pytest.raises(DocumentError, match="the limit is 10"):
        read(TEXT.encode(), limits=Limits(file_bytes=10))


@pytest.mark.parametrize("source", [b"<html></html>", b"<html><script>1</script></html>", b"<!doctype html>"])
def test_pages_without_text(source):
    with pytest.raises(DocumentError):
        read(source)


def test_deeply_nested_pages_are_no_stack_trace():
    with pytest.raises(DocumentError, match="nested too deeply"):
        read(b"<html>" + b"<div>" * 5000 + "增长5%".encode(), "a.html")


def test_names_do_not_decide():
    assert read(docx_of(TEXT), "报告.pdf").kind == "docx"
    assert read(html_of(TEXT), "报告.docx").kind == "html"
    assert read(TEXT.encode(), "报告.pdf").kind == "txt"
