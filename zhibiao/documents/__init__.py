"""Documents -> text and tables: .txt .md .html .docx .xlsx .pdf. All but .txt need the extra `documents`."""

from zhibiao.documents.encoding import check_text, decode
from zhibiao.documents.model import Cell, Document, Extent, Limits, Table
from zhibiao.documents.plain import from_text
from zhibiao.documents.reader import read, read_file

__all__ = ["Cell", "Document", "Extent", "Limits", "Table", "check_text", "decode", "from_text", "read", "read_file"]
