"""Small corpora, really run: what comes out of which inputs, and what is set aside."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import zipfile
from decimal import Decimal

import pytest

pytest.importorskip("ray", reason="the extra `batch` is not installed: pip install 'zhibiao[batch]'")

import pyarrow
import pyarrow.parquet
from made_documents import docx_of, html_of, pdf_of, xlsx_of, zip_of

from tests.batch.conftest import failures, rows
from zhibiao.batch import Options, run
from zhibiao.batch.inputs import list_files, pieces
from zhibiao.batch.plan import make

TEXT = "隆回高新区2020年工作总结\n2020年，规模工业增加值46.78亿元，较上年增长17.95%。\n"
VALUE = Decimal("4678000000")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Reports in every form that can be read, and some that cannot."""
    home = tmp_path_factory.mktemp("corpus")
    folder = home / "报告"
    (folder / "区").mkdir(parents=True)
    (folder / "国标.txt").write_bytes(TEXT.encode("gb18030"))
    (folder / "区" / "标记.md").write_text(TEXT, "utf-8")
    (folder / "网页.html").write_bytes(html_of(TEXT))
    (folder / "文档.docx").write_bytes(docx_of(TEXT))
    (folder / "版式.pdf").write_bytes(pdf_of(TEXT))
    table = [["2020年主要指标", None], ["指标", "2020年（亿元）"], ["规模工业增加值", 46.78]]
    (folder / "表格.xlsx").write_bytes(xlsx_of(table))
    (folder / "坏.docx").write_bytes(docx_of(TEXT)[:900])
    (folder / "旧.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le") * 4)
    (folder / "包.zip").write_bytes(zip_of({"a.txt": TEXT.encode()}))
    (folder / "图.txt").write_bytes(b"\x00\x01\x02" * 300)
    (folder / os.fsdecode("名.txt".encode("gbk"))).write_text(TEXT, "utf-8")
    (folder / ".隐藏.txt").write_text(TEXT, "utf-8")
    (folder / "~$文档.docx").write_bytes(b"")
    lines = [
        json.dumps({"id": "a/1", "text": TEXT}, ensure_ascii=False),
        "",
        "{not json",
        json.dumps({"id": 7, "words": TEXT}),
        json.dumps({"text": TEXT, "id": "a/1"}),
        json.dumps({"text": TEXT}),
        json.dumps({"id": "half", "text": "\ud83d" + TEXT}),
        json.dumps({"id": "number", "text": 5}),
        json.dumps({"id": "\ud83d", "text": TEXT}),
    ]
    (home / "行.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    records = pyarrow.table({"id": list(range(10)), "text": [TEXT] * 9 + [None]})
    pyarrow.parquet.write_table(records, home / "列.parquet", row_group_size=4)
    (home / "断.jsonl.gz").write_bytes(gzip.compress((lines[0] + "\n").encode())[:-12])
    pyarrow.parquet.write_table(pyarrow.table({"body": [TEXT]}), home / "别.parquet")
    with zipfile.ZipFile(home / "packed.zip", "w") as archive:
        archive.writestr("内/压.txt", TEXT)
    return home


@pytest.fixture(scope="module")
def read(cluster, corpus, tmp_path_factory):
    """What came out of all of it."""
    out = tmp_path_factory.mktemp("out")
    inputs = [
        str(corpus / "报告"),
        str(corpus / "报告" / "*.txt"),  # once more: read once
        f"file://{corpus}/行.jsonl.gz",
        str(corpus / "列.parquet"),
        str(corpus / "断.jsonl.gz"),
        str(corpus / "别.parquet"),
        f"zip://*/*.txt::{corpus}/packed.zip",
    ]
    return out, run(inputs, str(out), Options(amount_unit="亿元", shard_documents=4))


def test_every_form_of_report_gives_its_fact(read):
    out, _ = read
    by_report = {}
    for fact in rows(out, "facts"):
        by_report.setdefault(fact["report"], []).append(fact)
    plain = ("国标.txt", "区/标记.md", "网页.html", "名.txt")
    documents = {f"报告/{name}" for name in (*plain, "文档.docx", "版式.pdf", "表格.xlsx")}
    records = {"行/a/1", "行/6", "行/?", *(f"列/{number}" for number in range(9))}
    assert set(by_report) == {*documents, *records, "reports/内/压.txt"}
    assert all(any(fact["value"] == VALUE for fact in facts) for facts in by_report.values())
    assert {row["report"] for row in rows(out, "reports")} >= set(by_report)


def test_a_fact_is_a_row_with_its_report_and_its_names(read):
    out, _ = read
    (fact,) = (row for row in rows(out, "facts") if row["report"] == "报告/国标.txt")
    (report,) = (row for row in rows(out, "reports") if row["report"] == "报告/国标.txt")
    assert fact["sha256"] == report["sha256"] == hashlib.sha256(TEXT.encode("gb18030")).hexdigest()
    assert (fact["file"], fact["unit"], fact["growth"], fact["shown_value"]) == (
        "国标.txt",
        "CNY",
        Decimal("17.95"),
        Decimal("46.78"),
    )
    assert fact["sentence"] == TEXT.splitlines()[1]
    assert (report["text"], report["facts"], report["reference_year"], report["source"]) == (TEXT, 1, 2020, "报告")
    assert "隆回" in report["subject_name"]
    assert fact["report_subject_code"] == report["subject_code"] == "430524"
    assert fact["indicator_id"]
    assert fact["indicator_score"] > 0.9


def test_facts_are_parted_by_year_and_source(read):
    out, _ = read
    folders = {path.relative_to(out).parts[1:3] for path in (out / "facts").rglob("*.parquet")}
    assert folders == {("year=2020", f"source={name}") for name in ("报告", "行", "列", "reports")}


def test_what_cannot_be_read_is_set_aside_with_its_reason(read):
    out, summary = read
    aside = failures(out)
    assert {name: one["error"] for name, one in aside.items()} == {
        "报告/坏.docx": "DocumentError",
        "报告/旧.doc": "DocumentError",
        "报告/包.zip": "DocumentError",
        "报告/图.txt": "TextError",
        "行/3": "DocumentError",
        "行/7": "DocumentError",
        "行/a/1#5": "DocumentError",
        "行/half": "TextError",
        "行/number": "DocumentError",
        "列/9": "DocumentError",
        "断": "DocumentError",
        "别": "DocumentError",
    }
    assert "--text-field" in aside["行/7"]["message"]
    assert "another report has this name" in aside["行/a/1#5"]["message"].lower()
    assert "save it as .docx" in aside["报告/旧.doc"]["message"]
    assert summary.failures == len(aside)


def test_the_manifest_counts_what_is_there(read):
    out, summary = read
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert manifest == summary.manifest
    counts = manifest["counts"]
    assert counts["reports"] == len(rows(out, "reports"))
    assert counts["facts"] == len(rows(out, "facts")) == sum(manifest["facts_by_year"].values())
    assert counts["reports"] + counts["failures"] == manifest["inputs"]["reports"]
    for file in manifest["files"]:
        content = (out / file["path"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file["bytes"], file["sha256"])
    written = {str(path.relative_to(out)) for part in ("facts", "reports") for path in (out / part).rglob("*.*")}
    assert {file["path"] for file in manifest["files"]} == written
    model = manifest["model"]
    assert model["version"] == rows(out, "facts")[0]["model"]
    assert len(model["sha256"]) == 64


def test_a_shard_is_bounded_and_what_is_larger_is_alone(tmp_path):
    for number, size in enumerate((10, 10, 500, 10, 10, 10)):
        (tmp_path / f"{number}.txt").write_text("a" * size)
    shards = make([str(tmp_path)], Options(shard_bytes=40, shard_documents=2)).shards
    assert [shard.count for shard in shards] == [2, 1, 2, 1]
    assert [item.file.path[-5:] for shard in shards for item in shard.items] == [f"{n}.txt" for n in range(6)]


def test_pieces_of_lines_are_the_lines(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'\n{"id": "x"}\r\n\n{}\n{"id": null}')
    (file,) = list_files([str(path)])
    found = list(pieces(file, text="text", id="id"))
    assert [piece.name for piece in found] == ["a/x", "a/4", "a/5"]
    assert [path.read_bytes()[piece.start : piece.stop].strip() for piece in found] == [
        b'{"id": "x"}',
        b"{}",
        b'{"id": null}',
    ]
