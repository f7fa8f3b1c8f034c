"""`zhibiao extract`, run as a user runs it."""

import csv
import io
import json
import subprocess
import sys

import openpyxl
import pytest

REPORT = "隆回高新区2020年工作总结\n2020年，规模工业增加值46.78亿元，较上年增长17.95%。\n"


def _run(*arguments, given=None):
    command = [sys.executable, "-W", "ignore", "-m", "zhibiao", "extract", *map(str, arguments)]
    return subprocess.run(command, input=given, capture_output=True, check=False)


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "报告.txt"
    path.write_bytes(REPORT.encode("gb18030"))
    return path


def test_a_table_of_facts(report):
    done = _run(report)
    assert done.returncode == 0
    assert "46.78亿元" in done.stdout.decode()
    assert "17.95%" in done.stdout.decode()


def test_json_of_standard_input():
    done = _run("-", "--format", "json", "--year", "2020", given=REPORT.encode())
    dumped = json.loads(done.stdout)
    assert dumped["document"]["reference_year_from"] == "caller"
    assert dumped["facts"][0]["value"]["value"] == "4678000000"
    assert dumped["text"] == REPORT


def test_jsonl_names_each_file(report):
    done = _run(report, report, "--format", "jsonl")
    assert [json.loads(line)["file"] for line in done.stdout.splitlines()] == ["报告.txt"] * 2


def test_csv_and_excel_hold_the_same_fact(report, tmp_path):
    target = tmp_path / "facts.xlsx"
    assert _run(report, "--format", "xlsx", "-o", target, "--amount-unit", "万元").returncode == 0
    sheet = openpyxl.load_workbook(target).active
    head = [cell.value for cell in sheet[1]]
    assert sheet.cell(2, head.index("显示数值") + 1).value == 467800
    done = _run(report, "--format", "csv", "--amount-unit", "万元")
    (row,) = csv.DictReader(io.StringIO(done.stdout.decode()))
    assert (row["指标"], row["显示数值"], row["显示单位"]) == ("规模工业增加值", "467800", "万元")


def test_one_bad_file_does_not_stop_the_others(report, tmp_path):
    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"\x00\x01\x02\xff\xfe" * 50)
    done = _run(bad, report, tmp_path / "none.txt", "--format", "jsonl")
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 1
    said = done.stderr.decode()
    assert "bad.txt" in said
    assert "none.txt" in said
    assert "Traceback" not in said
