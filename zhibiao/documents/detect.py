"""What kind of document some bytes are, by their content; the name only tells plain text and Markdown apart."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePath

from zhibiao.documents.model import Kind
from zhibiao.errors import DocumentError

_READ = "zhibiao reads .txt, .md, .html, .docx, .xlsx and .pdf."
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Streams of the old Office container, named in its directory in UTF-16, and what a file with them is.
_OLE_STREAMS = (
    ("EncryptedPackage", "an Office file that is encrypted with a password", "Remove the password and send it again."),
    ("WordDocument", "a Word 97-2003 document (.doc)", "Open it in Word, WPS or LibreOffice and save it as .docx."),
    ("Workbook", "an Excel 97-2003 workbook (.xls)", "Open it in Excel, WPS or LibreOffice and save it as .xlsx."),
    ("Book", "an Excel 5 workbook (.xls)", "Open it in Excel, WPS or LibreOffice and save it as .xlsx."),
    ("PowerPoint Document", "a PowerPoint 97-2003 file (.ppt)", "Save its text as .docx or .pdf."),
)
#: First bytes of files that are no documents of ours, to name them in the message.
_OTHERS = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a program"),
    (b"{\\rtf", "a rich text file (.rtf)"),
)
#: A member that only this kind of zipped document has, and what it is.
_ZIPPED_OTHERS = (
    ("OFD.xml", "an OFD document", "Export it as .pdf."),
    ("ppt/presentation.xml", "a presentation (.pptx)", "Save its text as .docx or .pdf."),
    ("xl/workbook.bin", "a binary workbook (.xlsb)", "Save it as .xlsx."),
    ("content.xml", "an OpenDocument file (.odt, .ods)", "Save it as .docx or .xlsx."),
)


def kind_of(source: bytes, name: str | None = None) -> Kind:
    """The kind of document that `source` is; `name` is its file name, if it has one.

    A file named .txt whose bytes are text stays text, even where it holds a page's HTML source.

    Raises:
        DocumentError: the bytes are a document or an archive of another kind; the message says which, and what to do.
    """
    suffix = PurePath(name).suffix.lower() if name else ""
    if b"%PDF-" in source[:1024]:
        return "pdf"
    if source.startswith(_OLE):
        raise _legacy(source)
    if source.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zipped(source)
    for magic, what in _OTHERS:
        if source.startswith(magic) and _is_binary(source, magic):
            raise DocumentError(f"This is {what}. {_READ}")
    if suffix != ".txt" and (_HTML.match(source[:8192]) or suffix in (".html", ".htm", ".xhtml")):
        return "html"
    return "md" if suffix in (".md", ".markdown") else "txt"


def _is_binary(source: bytes, magic: bytes) -> bool:
    """Two ASCII letters (`MZ`) may also begin a text; a program or image soon has a NUL."""
    return magic == b"{\\rtf" or b"\0" in source[:1024]


def _legacy(source: bytes) -> DocumentError:
    for stream, what, remedy in _OLE_STREAMS:
        if stream.encode("utf-16-le") in source:
            return DocumentError(f"This is {what}. {remedy}")
    return DocumentError(f"This is an old Office file. Save it in a current format. {_READ}")


def _zipped(source: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(source)) as archive:
            names = {info.filename for info in archive.infolist()}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise DocumentError(
            f"The file is a damaged or cut off .docx or .xlsx ({error}). Open it in Word or Excel and save it again."
        ) from None
    if any(name.endswith("vbaProject.bin") for name in names):
        raise DocumentError("The file holds macros (.docm, .xlsm). Save it as .docx or .xlsx, which drops them.")
    if "word/document.xml" in names or "word/document2.xml" in names:
        return "docx"
    if "xl/workbook.xml" in names:
        return "xlsx"
    for member, what, remedy in _ZIPPED_OTHERS:
        if member in names:
            raise DocumentError(f"This is {what}. {remedy} {_READ}")
    raise DocumentError(f"This is a zip archive and no document. Unpack it and send the documents. {_READ}")
