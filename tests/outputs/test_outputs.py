import csv
import io
import json
from datetime import date
from decimal import Decimal

import openpyxl
import pyarrow.parquet
import pytest
from rich.cells import cell_len
from rich.console import Console

from zhibiao.outputs import (
    COLUMNS,
    rows,
    table,
    write_csv,
    write_json,
    write_jsonl,
    write_parquet,
    write_rows_jsonl,
    write_xlsx,
)
from zhibiao.schema import Report


@pytest.fixture
def flat(report):
    return rows(report, file="总结.docx")


def test_a_row_stands_alone(flat):
    first = flat[0]
    assert first["file"] == "总结.docx"
    assert first["title"] == "云溪县2020年工作总结"
    assert first["sentence"] == "2020年，规模工业增加值46.78亿元，较上年增长17.95%。"
    assert (first["value"], first["unit"]) == (Decimal(4678000000), "CNY")
    assert (first["growth"], first["growth_direction"], first["growth_base"]) == (Decimal("17.95"), "up", "prior_year")
    assert (first["period_start"], first["period_end"]) == (date(2020, 1, 1), date(2020, 12, 31))
    assert (first["page"], first["paragraph"]) == (3, 7)
    assert first["model"] == "zhibiao-2026.11"


def test_a_growth_keeps_its_bounds(report):
    fact = report.facts[0]
    least = fact.growth.model_copy(update={"text": "8%以上", "value": Decimal(8), "low": Decimal(8), "high": None})
    [row] = rows(report.model_copy(update={"facts": (fact.model_copy(update={"growth": least}),)}))
    assert (row["growth_low"], row["growth_high"], row["growth_approximate"]) == (Decimal(8), None, False)


def test_every_row_has_every_column(flat):
    assert all(list(row) == [column.key for column in COLUMNS] for row in flat)


def test_a_share_names_its_numerator_and_parent(flat):
    assert flat[1]["numerator"] == "规模工业增加值"
    assert flat[1]["parent"] == "规模工业增加值"
    assert flat[1]["sentence"].endswith("占全县比重88.5%。")


def test_the_sentence_comes_from_the_text_given(report):
    bare = report.model_copy(update={"text": None})
    assert rows(bare)[0]["sentence"] is None
    assert rows(bare, text=report.text)[3]["sentence"].startswith("2021年，力争")


def test_json_gives_back_the_report(report):
    stream = io.StringIO()
    write_json([report], stream)
    assert Report.model_validate_json(stream.getvalue()) == report
    stream = io.StringIO()
    write_json([report, report], stream)
    assert len(json.loads(stream.getvalue())) == 2


def test_jsonl_has_a_report_a_line(report):
    stream = io.StringIO()
    write_jsonl([("甲.txt", report), (None, report)], stream)
    first, second = map(json.loads, stream.getvalue().splitlines())
    assert first.pop("file") == "甲.txt"
    assert first == second
    assert Report.model_validate(second) == report


def test_row_jsonl_writes_plain_numbers(flat):
    stream = io.StringIO()
    write_rows_jsonl(flat, stream)
    first = json.loads(stream.getvalue().splitlines()[0])
    assert first["value"] == "4678000000"
    assert first["period_end"] == "2020-12-31"


def test_csv_opens_in_excel_and_reads_back(flat):
    stream = io.StringIO(newline="")
    write_csv(flat, stream)
    assert stream.getvalue().startswith("\ufeff文件,标题,指标")
    read = list(csv.DictReader(io.StringIO(stream.getvalue().removeprefix("\ufeff"))))
    assert read[0]["数值"] == "4678000000"
    assert read[0]["单位"] == "元"
    assert read[0]["状态"] == "实际"
    assert read[2]["约数"] == "true"
    assert read[3]["项目"] == "城东污水干管工程"


def test_csv_in_english_keeps_the_codes(flat):
    stream = io.StringIO(newline="")
    write_csv(flat, stream, language="en", has_mark=False)
    read = list(csv.DictReader(io.StringIO(stream.getvalue())))
    assert (read[0]["unit"], read[0]["status"], read[0]["growth_unit"]) == ("CNY", "actual", "percent")


@pytest.mark.parametrize(
    "text", ["=1+1", '=HYPERLINK("http://x")', "+cmd", "-cmd|'/C calc'!A0", "@SUM(A1)", "\t=1", "\r=1"]
)
def test_csv_never_holds_a_formula(flat, text):
    stream = io.StringIO(newline="")
    write_csv([{**flat[0], "indicator": text}], stream)
    [row] = csv.DictReader(io.StringIO(stream.getvalue().removeprefix("\ufeff"), newline=""))
    assert row["指标"] == f"'{text}"


def test_csv_leaves_signed_numbers_alone(flat):
    stream = io.StringIO(newline="")
    write_csv([{**flat[0], "growth_written": "-32.13%", "growth": Decimal("-32.13")}], stream)
    [row] = csv.DictReader(io.StringIO(stream.getvalue().removeprefix("\ufeff")))
    assert (row["原文增长"], row["增长"]) == ("-32.13%", "-32.13")


def _workbook(flat, **options):
    stream = io.BytesIO()
    write_xlsx(flat, stream, **options)
    return openpyxl.load_workbook(io.BytesIO(stream.getvalue())).active


def _cells(sheet, row):
    return {head.value: cell for head, cell in zip(sheet[1], sheet[row], strict=True)}


def test_excel_has_typed_cells(flat):
    sheet = _workbook(flat)
    cells = _cells(sheet, 2)
    assert (cells["数值"].value, cells["数值"].data_type) == (4678000000, "n")
    assert cells["时期起"].is_date
    assert cells["增长"].value == 17.95
    assert cells["约数"].data_type == "b"
    assert cells["原文"].value == "2020年，规模工业增加值46.78亿元，较上年增长17.95%。"
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(5, len(COLUMNS)).coordinate}"
    assert sheet.column_dimensions["C"].width == 28


def test_excel_in_english(flat):
    cells = _cells(_workbook(flat, language="en"), 2)
    assert (cells["unit"].value, cells["status"].value) == ("CNY", "actual")


def test_excel_keeps_digits_that_a_double_would_lose(flat):
    exact = Decimal("12345678901234567.89")
    sheet = _workbook([{**flat[0], "value": exact}, flat[1]])
    assert _cells(sheet, 2)["数值（精确）"].value == "12345678901234567.89"
    assert _cells(sheet, 3)["数值（精确）"].value is None
    assert "数值（精确）" not in _cells(_workbook(flat), 2)


def test_excel_text_is_never_a_formula_nor_unwritable(flat):
    cells = _cells(_workbook([{**flat[0], "indicator": "=1+1", "project": "甲\x07乙", "sentence": "长" * 40_000}]), 2)
    assert (cells["指标"].value, cells["指标"].data_type) == ("=1+1", "s")
    assert cells["项目"].value == "甲\ufffd乙"
    assert len(cells["原文"].value) == 32_767


def test_a_change_is_told_from_a_level(report):
    fact = report.facts[3]
    changed = fact.model_copy(update={"value": fact.value.model_copy(update={"change": "down"})})
    flat = rows(report.model_copy(update={"facts": (changed,)}))
    assert flat[0]["change"] == "down"
    console = Console(width=80, file=io.StringIO())
    console.print(table(flat))
    assert "↓80万元" in console.file.getvalue()


def test_bare_numbers_of_tables_are_shown_with_their_unit(report):
    fact = report.facts[3]
    bare = fact.model_copy(update={"value": fact.value.model_copy(update={"text": "80"})})
    console = Console(width=80, file=io.StringIO())
    console.print(table(rows(report.model_copy(update={"facts": (bare,)}))))
    assert "800,000元" in console.file.getvalue()


def test_parquet_has_exact_decimals(flat, tmp_path):
    exact = Decimal("12345678901234567.89")
    write_parquet([{**flat[0], "value": exact}, {**flat[1], "value": Decimal(1) / 3}], tmp_path / "facts.parquet")
    read = pyarrow.parquet.read_table(tmp_path / "facts.parquet").to_pylist()
    assert read[0]["value"] == exact
    assert read[1]["value"] == Decimal("0.3333333333")
    assert read[0]["period_start"] == date(2020, 1, 1)
    assert read[0]["approximate"] is False


def test_parquet_survives_a_number_that_does_not_fit(flat, tmp_path):
    write_parquet([{**flat[0], "value": Decimal("9" * 40)}], tmp_path / "facts.parquet")
    [read] = pyarrow.parquet.read_table(tmp_path / "facts.parquet").to_pylist()
    assert (read["value"], read["written"]) == (None, "46.78亿元")


def test_parquet_of_no_rows_has_the_same_schema(flat, tmp_path):
    write_parquet([], tmp_path / "none.parquet")
    write_parquet(flat, tmp_path / "some.parquet")
    none, some = (pyarrow.parquet.read_schema(tmp_path / f"{name}.parquet") for name in ("none", "some"))
    assert none == some


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_terminal_table_fits(flat, width, language):
    console = Console(width=width, file=io.StringIO(), force_terminal=False)
    console.print(table(flat, language=language, width=width))
    lines = console.file.getvalue().splitlines()
    assert max(map(cell_len, lines)) <= width
    shown = "\n".join(lines)
    assert "46.78亿元" in shown
    assert "↑17.95%" in shown
    assert ("第3页" in shown) == (width == 120 and language == "zh")
