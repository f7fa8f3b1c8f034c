import io

import pypdfium2
import pytest
from made_documents import FONT, lines_of, pdf_of, pdf_with_table
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from zhibiao.documents import read
from zhibiao.documents.tables import table_facts

TEXT = "\n".join(
    [
        "云溪县2020年财政预算执行情况的报告",
        "一、2020年工作",
        "2020年，全县一般公共预算收入完成68,420万元，为调整预算的101.4%，比上年增加4,320万元，增长6.7%。其中：税收收入47,210万元，"
        "增长7.3%，占一般公共预算收入的69%；非税收入21,210万元，增长5.5%。全年争取上级资金12.6亿元，发行地方政府债券3.45亿元。",
        "（一）城东污水干管工程完成投资2,200万元，敷设管道12.6公里；云溪标准厂房二期主体封顶，完成投资1.35亿元，占年度计划的112.5%。",
        "（二）民生支出25.6亿元，占一般公共预算支出的81.9%，城镇新增就业2,865人，城镇登记失业率控制在3.9%以内。",
    ]
    * 12
)


@pytest.mark.parametrize("indent", [24, 0])
def test_paragraphs_are_whole_again_and_furniture_is_gone(indent):
    document = read(pdf_of(TEXT, indent=indent), "a.pdf")
    assert lines_of(document.text) == lines_of(TEXT)
    assert len(document.pages) > 3


def test_every_offset_has_its_page():
    source = pdf_of(TEXT)
    document = read(source)
    pages = pypdfium2.PdfDocument(source)
    for extent in document.pages:
        shown = "".join(pages[extent.number - 1].get_textpage().get_text_range().split())
        held = "".join(document.text[extent.start : extent.end].split())
        assert held in shown
        assert document.source_of(extent.start + 1, extent.start + 2).page == extent.number
    assert document.pages[-1].end == len(document.text)


ROWS = [
    ["指标", "2019年", "2020年", "增长%"],
    ["税收收入", "44,000", "47,210", "7.3"],
    ["非税收入", "20,100", "21,210", "5.5"],
]


def test_ruled_tables_are_grids():
    document = read(pdf_with_table("单位：万元", ROWS, "表后的段落。"))
    [table] = document.tables
    assert [[cell.text for cell in row] for row in table.grid()] == ROWS
    assert document.text == "单位：万元\n" + "\n".join("\t".join(row) for row in ROWS) + "\n表后的段落。"
    facts = {fact.cell.address: fact for fact in table_facts(document)}
    assert (facts["C2"].unit, facts["C2"].period.text, facts["D2"].joins) == ("万元", "2020年", facts["C2"].value.start)
    assert document.source_of(facts["C2"].value.start, facts["C2"].value.end).page == 1


def test_merged_cells_of_ruled_tables():
    rows = [["指标", "2020年", ""], ["", "金额", "增长%"], ["税收", "4.5", "3"]]
    style = [("SPAN", (0, 0), (0, 1)), ("SPAN", (1, 0), (2, 0))]
    [table] = read(pdf_with_table("单位：亿元", rows, "完", style)).tables
    cells = {(cell.row, cell.column): cell for cell in table.cells}
    assert (cells[0, 0].row_span, cells[0, 1].column_span) == (2, 2)
    assert table.problem is None


def test_a_table_goes_on_overleaf_under_one_head():
    rows = [["指标", "2020年（万元）"], *([f"税收第{n}项", str(1000 + n)] for n in range(90))]
    document = read(pdf_with_table("表", rows, "完"))
    [table] = document.tables
    assert [[cell.text for cell in row] for row in table.grid()] == rows
    facts = table_facts(document)
    assert len(facts) == 90
    pages = {document.source_of(fact.value.start, fact.value.end).page for fact in facts}
    assert pages == {1, 2, 3}


def _drawn(draw) -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4)
    draw(canvas)
    canvas.save()
    return stream.getvalue()


def test_two_columns_are_read_one_after_the_other():
    left = [f"左栏第{n:02}行文字写满这一整行的地方共二十字" for n in range(12)]
    right = [f"右栏第{n:02}行文字写满这一整行的地方共二十字" for n in range(12)]

    def draw(canvas):
        canvas.setFont(FONT, 16)
        canvas.drawCentredString(297, 780, "横跨两栏的标题横跨两栏的标题横跨两栏")
        canvas.setFont(FONT, 11)
        for n, (first, second) in enumerate(zip(left, right, strict=True)):
            canvas.drawString(60, 740 - 18 * n, first)
            canvas.drawString(310, 740 - 18 * n, second)

    text = "".join(read(_drawn(draw)).text.split())
    assert text == "横跨两栏的标题横跨两栏的标题横跨两栏" + "".join(left) + "".join(right)


def test_a_page_that_lies_on_its_side_is_read_upright():
    def draw(canvas):
        canvas.rotate(90)
        canvas.setFont(FONT, 12)
        canvas.drawString(100, -100, "横放的页面税收增长百分之五")
        canvas.drawString(100, -130, "第二行文字")

    assert read(_drawn(draw)).text.splitlines() == ["横放的页面税收增长百分之五", "第二行文字"]


def test_a_watermark_across_the_page_is_left_out():
    def draw(canvas):
        canvas.setFont(FONT, 12)
        canvas.drawString(100, 700, "正文税收增长百分之五")
        canvas.translate(200, 300)
        canvas.rotate(45)
        canvas.drawString(0, 0, "内部资料")

    assert read(_drawn(draw)).text == "正文税收增长百分之五"


def test_bold_that_is_printed_twice_is_read_once():
    def draw(canvas):
        canvas.setFont(FONT, 12)
        canvas.drawString(100, 700, "税收22亿元")
        canvas.drawString(100.3, 700, "税收22亿元")

    assert read(_drawn(draw)).text == "税收22亿元"


def test_a_number_across_a_rule_makes_the_table_unclear():
    def draw(canvas):
        canvas.setFont(FONT, 12)
        canvas.grid([100, 160, 260], [600, 630, 660])
        for y, (name, value) in zip((640, 610), (("指标", "万元"), ("税收收入合计数1234567", "")), strict=True):
            canvas.drawString(105, y, name)
            canvas.drawString(200, y, value)

    [table] = read(_drawn(draw)).tables
    assert "runs across a rule" in table.problem


def _columns(*rows):
    def draw(canvas):
        canvas.setFont(FONT, 12)
        canvas.drawString(100, 730, "单位：亿元")
        for n, row in enumerate(rows):
            for place, text in row.items():
                canvas.drawString(100 + 120 * place, 700 - 20 * n, text)

    return read(_drawn(draw))


def test_columns_without_rules_are_a_table_where_every_row_has_every_cell():
    rows = [("指标", "2019年", "2020年"), ("税收", "4.5", "5.5"), ("投资", "1.5", "2.5")]
    document = _columns(*(dict(enumerate(row)) for row in rows))
    [table] = document.tables
    assert [[cell.text for cell in row] for row in table.grid()] == [list(row) for row in rows]
    assert [fact.cell.address for fact in table_facts(document)] == ["B2", "C2", "B3", "C3"]


def test_columns_without_rules_with_an_empty_cell_stay_text():
    document = _columns(
        {0: "指标", 1: "2019年", 2: "2020年"},
        {0: "税收", 1: "4.5", 2: "5.5"},
        {0: "投资", 2: "2.5"},
        {0: "出口", 1: "1", 2: "2"},
    )
    assert document.tables == ()
    assert [notice.code for notice in document.notices] == ["table_unclear"]
    assert document.text.splitlines()[1:] == ["指标\t2019年\t2020年", "税收\t4.5\t5.5", "投资\t2.5", "出口\t1\t2"]
