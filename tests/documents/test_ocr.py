import io

import pytest
from made_documents import scan_of
from reportlab.pdfgen.canvas import Canvas

from zhibiao.documents import read
from zhibiao.documents.pdf import ocr
from zhibiao.errors import DocumentError

# Helvetica is drawn by pdfium itself: the picture does not depend on the fonts of the machine.
TEXT = "GDP 146.78 in 2020\n\nGrowth 17.95 percent"


def _scan() -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream)
    canvas.setFont("Helvetica", 24)
    for place, line in enumerate(TEXT.split("\n")):
        canvas.drawString(80, 700 - 40 * place, line)
    canvas.save()
    return scan_of(stream.getvalue())


def test_scanned_pages_are_recognised_or_the_extra_is_named():
    source = _scan()
    if not ocr.is_installed():
        with pytest.raises(DocumentError, match=r"it is scanned\. Install OCR \(pip install 'zhibiao\[ocr\]'\)"):
            read(source)
        return
    document = read(source)
    assert document.text.splitlines() == ["GDP 146.78 in 2020", "Growth 17.95 percent"]
    assert document.source_of(0, 3).page == 1
    assert [notice.code for notice in document.notices] == ["ocr"]
