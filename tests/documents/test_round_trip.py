"""Twenty reports made into every format and read back: the text is that of the .txt."""

import json
from pathlib import Path

import pytest
from made_documents import docx_of, html_of, lines_of, pdf_of, xlsx_lines

from zhibiao.documents import read

ANNOTATIONS = Path(__file__).parents[2] / "annotations"
MAKERS = {"docx": docx_of, "html": html_of, "md": str.encode, "pdf": pdf_of, "xlsx": xlsx_lines, "txt": str.encode}


def _reports() -> dict[str, str]:
    """The five seeds and every fourth of the written reports."""
    lines = (ANNOTATIONS / "seeds.jsonl").read_text(encoding="utf-8").splitlines()
    lines += (ANNOTATIONS / "written.jsonl").read_text(encoding="utf-8").splitlines()[::4]
    documents = map(json.loads, lines)
    return {document["id"]: document["text"] for document in documents}


REPORTS = _reports()


def test_there_are_twenty():
    assert len(REPORTS) >= 20


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("kind", MAKERS)
def test_text_is_that_of_the_txt(kind, name):
    document = read(MAKERS[kind](REPORTS[name]), f"{name}.{kind}")
    assert document.kind == kind
    assert lines_of(document.text) == lines_of(REPORTS[name])
    paragraphs = [document.text[extent.start : extent.end] for extent in document.paragraphs]
    assert lines_of("\n".join(paragraphs)) == lines_of(REPORTS[name])
