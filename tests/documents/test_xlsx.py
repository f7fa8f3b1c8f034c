import datetime
import io

import openpyxl
import pytest
from made_documents import saved, xlsx_of

from zhibiao.documents import read
from zhibiao.documents.tables import table_facts
from zhibiao.documents.xlsx_numbers import shown


def test_captions_tables_and_notes_with_their_cells():
    source = xlsx_of(
        [
            ["2020年主要指标", None, None],
            ["单位：亿元", None, None],
            ["指标", "完成数", "增长%"],
            ["税收", 4.5, 3],
            [None],
            ["注：快报数"],
        ],
        merges=["A1:C1"],
    )
    document = read(source, "a.xlsx")
    assert document.text == "2020年主要指标\n单位：亿元\n指标\t完成数\t增长%\n税收\t4.5\t3\n注：快报数"
    start = document.text.index("4.5")
    assert document.source_of(start, start + 3).model_dump() == {"sheet": "Sheet1", "table": 1, "cell": "B4"}
    first, _ = table_facts(document)
    assert (first.unit, first.period.text, first.cell.address) == ("亿元", "2020年", "B4")


def test_merged_cells_and_several_tables_on_one_sheet():
    source = xlsx_of(
        [["指标", "2020年", None], [None, "金额", "增长"], ["税收", 1, 2], [None], ["园区", "企业数"], ["东园", 12]],
        merges=["A1:A2", "B1:C1"],
    )
    first, second = read(source).tables
    assert [cell.text for cell in first.grid()[1]] == ["指标", "金额", "增长"]
    assert [cell.address for cell in second.cells] == ["A5", "B5", "A6", "B6"]


def test_sheets_are_named_and_hidden_ones_noted():
    workbook = openpyxl.Workbook()
    workbook.active.title = "2020年"
    workbook.active.append(["指标", "亿元"])
    workbook.active.append(["税收", 4.5])
    workbook.create_sheet("底稿").sheet_state = "hidden"
    workbook.create_sheet("2021年").append(["税收", "5"])
    document = read(saved(workbook))
    assert document.text.splitlines() == ["2020年", "指标\t亿元", "税收\t4.5", "2021年", "税收\t5"]
    assert [notice.code for notice in document.notices] == ["hidden_sheet"]


def test_formulas_that_nothing_has_computed_are_noted():
    document = read(xlsx_of([["指标", "亿元"], ["税收", 4.5], ["合计", "=SUM(B2:B2)"]]))
    assert document.text.splitlines()[-1] == "合计\t" or document.text.endswith("合计")
    [notice] = document.notices
    assert (notice.code, "first B3" in notice.message) == ("formula_without_value", True)


def test_numbers_are_shown_as_on_the_sheet():
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append(["指标", "比重", "金额"])
    sheet.append(["税收", 0.885, 1234567.891])
    sheet["B2"].number_format, sheet["C2"].number_format = "0.0%", "#,##0.00"
    assert read(io.BytesIO(saved(workbook)).getvalue()).text.endswith("税收\t88.5%\t1,234,567.89")


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (46.78, "General", "46.78"),
        (46.7800000000001, "General", "46.7800000000001"),
        (0.1 + 0.2, "General", "0.3"),
        (4678000000, "General", "4678000000"),
        (1e21, "General", "1E+21"),
        (0.885, "0.0%", "88.5%"),
        (2.5, "0", "3"),
        (-1234.5, "#,##0.00", "-1,234.50"),
        (-1234.5, "#,##0.00_);(#,##0.00)", "(1,234.50)"),
        (-1234.5, "#,##0.00;[Red]-#,##0.00", "-1,234.50"),
        (0, '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-"),
        (46.78, '0.00"亿元"', "46.78亿元"),
        (12345678, "#,##0.0,", "12,345.7"),
        (5, "0.##", "5"),
        (0.00012, "0.00E+00", "0.00012"),
        (datetime.datetime(2020, 6, 24), "yyyy-mm-dd", "2020年6月24日"),
        (datetime.datetime(2020, 6, 1), 'yyyy"年"m"月"', "2020年6月"),
        (datetime.date(2020, 1, 1), "yyyy", "2020年"),
        (True, "General", "是"),
        (None, "General", ""),
        ("文字", "@", "文字"),
    ],
)
def test_number_formats(value, number_format, text):
    assert shown(value, number_format) == text
