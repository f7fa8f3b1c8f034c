"""Small corpora, really run: what comes out, and that it does not depend on how."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

import zhibiao
from tests.batch.conftest import rows, tree, write_jsonl
from zhibiao.batch import Options, run
from zhibiao.batch.worker import ShardWorker
from zhibiao.errors import ZhibiaoError

TEXT = "隆回高新区2020年工作总结\n2020年，规模工业增加值46.78亿元，较上年增长17.95%。\n"
SMALL = Options(shard_documents=3)


class DiesAtPoison(ShardWorker):
    """A worker that a document kills, as one that needs more memory than there is would."""

    def read(self, one):
        if one.name.endswith("kills"):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().read(one)


class HangsAtPoison(ShardWorker):
    """A worker that a document holds for good, within a call that Python cannot interrupt."""

    def read(self, one):
        if one.name.endswith("hangs"):
            import re

            re.fullmatch("(a+)+b", "a" * 64)  # holds the interpreter lock for years
        return super().read(one)


def test_a_fact_is_a_row_with_its_report(cluster, tmp_path):
    folder = tmp_path / "报告"
    folder.mkdir()
    (folder / "隆回.txt").write_bytes(TEXT.encode("gb18030"))
    summary = run([str(folder)], str(tmp_path / "out"), Options(amount_unit="亿元"))
    (path,) = (tmp_path / "out" / "facts").rglob("*.parquet")
    assert path.relative_to(tmp_path / "out").parts == ("facts", "year=2020", "source=报告", "part-000000.parquet")
    (fact,) = rows(tmp_path / "out", "facts")
    (report,) = rows(tmp_path / "out", "reports")
    alone = zhibiao.extract(TEXT).facts[0]
    assert fact["report"] == report["report"] == "报告/隆回.txt"
    assert fact["sha256"] == hashlib.sha256(TEXT.encode("gb18030")).hexdigest()
    assert (fact["value"], fact["unit"], fact["growth"]) == (alone.value.value, "CNY", alone.growth.value)
    assert fact["shown_value"] * 10**8 == fact["value"]
    assert fact["sentence"] == TEXT.splitlines()[1]
    assert (report["text"], report["facts"], report["reference_year"], report["source"]) == (TEXT, 1, 2020, "报告")
    assert summary.manifest["counts"] == {"reports": 1, "characters": len(TEXT), "facts": 1, "failures": 0}
    assert json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8")) == summary.manifest
