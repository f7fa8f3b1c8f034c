import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from made_documents import saved

from zhibiao.documents import read
from zhibiao.documents.numbering import spell


def _numbered(document, text: str, number: int, level: int = 0):
    paragraph = document.add_paragraph(text)
    paragraph._p.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')
    )
    return paragraph


def _add_list(document, number: int, *levels: tuple[str, str]) -> None:
    """A list whose levels have these formats and patterns."""
    numbering = document.part.numbering_part.element
    inner = "".join(
        f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{pattern}"/></w:lvl>'
        for place, (form, pattern) in enumerate(levels)
    )
    kind = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">{inner}</w:abstractNum>')
    numbering.insert(0, kind)
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'))


def test_body_order_with_tables_between_paragraphs():
    document = docx.Document()
    document.add_paragraph("表前增长5%。")
    table = document.add_table(2, 2)
    for place, text in enumerate(["指标", "2020年（亿元）", "税收", "4.5"]):
        table.cell(place // 2, place % 2).text = text
    document.add_paragraph("表后下降3%。")
    read_back = read(saved(document), "a.docx")
    assert read_back.text == "表前增长5%。\n指标\t2020年（亿元）\n税收\t4.5\n表后下降3%。"
    [table] = read_back.tables
    assert read_back.text[table.start : table.end] == "指标\t2020年（亿元）\n税收\t4.5"
    start = read_back.text.index("4.5")
    assert read_back.source_of(start, start + 3).model_dump() == {"table": 1, "cell": "B2"}
    assert read_back.source_of(read_back.text.index("表后"), len(read_back.text)).paragraph == 2


def test_automatic_numbers_are_part_of_the_text():
    document = docx.Document()
    _add_list(document, 41, ("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))
    for text, level in [
        ("工作总结", 0),
        ("经济", 1),
        ("2020年税收5亿元", 2),
        ("投资", 2),
        ("民生", 1),
        ("工作打算", 0),
        ("目标", 1),
    ]:
        _numbered(document, text, 41, level)
    assert read(saved(document)).text.splitlines() == [
        "一、工作总结",
        "（一）经济",
        "1. 2020年税收5亿元",
        "2. 投资",
        "（二）民生",
        "二、工作打算",
        "（一）目标",
    ]


def test_bullets_have_no_number():
    document = docx.Document()
    document.add_paragraph("甲", style="List Bullet")
    document.add_paragraph("乙", style="List Number")
    document.add_paragraph("丙", style="List Number")
    assert read(saved(document)).text == "甲\n1. 乙\n2. 丙"


def test_merged_cells_stand_once_with_their_spans():
    document = docx.Document()
    table = document.add_table(3, 3)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "指标"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "2020年"
    for place, text in {(1, 1): "金额", (1, 2): "增长", (2, 0): "税收", (2, 1): "4.5", (2, 2): "3%"}.items():
        table.cell(*place).text = text
    [table] = read(saved(document)).tables
    cells = {(cell.row, cell.column): cell for cell in table.cells}
    assert (cells[0, 0].text, cells[0, 0].row_span) == ("指标", 2)
    assert (cells[0, 1].text, cells[0, 1].column_span) == ("2020年", 2)
    assert cells[2, 2].address == "C3"
    assert [cell.text for cell in table.grid()[1]] == ["指标", "金额", "增长"]


def test_text_boxes_insertions_controls_and_breaks():
    document = docx.Document()
    paragraph = document.add_paragraph("正文")
    box = (
        f'<w:r {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:shape><v:textbox><w:txbxContent>'
        "<w:p><w:r><w:t>框内投资3亿元</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    paragraph._p.append(parse_xml(box))
    paragraph._p.append(parse_xml(f'<w:ins {nsdecls("w")} w:id="1" w:author="a"><w:r><w:t>新增</w:t></w:r></w:ins>'))
    paragraph._p.append(
        parse_xml(f'<w:del {nsdecls("w")} w:id="2" w:author="a"><w:r><w:delText>删去</w:delText></w:r></w:del>')
    )
    hidden = f"<w:r {nsdecls('w')}><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>"
    paragraph._p.append(parse_xml(hidden))
    control = (
        f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>控件</w:t><w:br/><w:t>换行</w:t></w:r></w:p>"
        "</w:sdtContent></w:sdt>"
    )
    paragraph._p.addnext(parse_xml(control))
    assert read(saved(document)).text == "正文新增\n框内投资3亿元\n控件\n换行"


def test_a_table_that_lays_out_the_page_is_read_as_paragraphs():
    document = docx.Document()
    table = document.add_table(2, 1)
    table.cell(0, 0).text, table.cell(1, 0).text = "第一段。", "第二段。"
    read_back = read(saved(document))
    assert (read_back.text, read_back.tables) == ("第一段。\n第二段。", ())


def test_a_table_counts_its_list_numbers_once():
    document = docx.Document()
    _add_list(document, 41, ("decimal", "%1."))
    layout = document.add_table(1, 1)
    for cell_text in ("甲", "乙"):
        paragraph = layout.cell(0, 0).add_paragraph(cell_text)
        paragraph._p.get_or_add_pPr().append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="41"/></w:numPr>')
        )
    assert read(saved(document)).text.split() == ["1.", "甲", "2.", "乙"]


def test_a_text_box_in_a_cell_is_read_once():
    document = docx.Document()
    table = document.add_table(1, 2)
    table.cell(0, 1).text = "5"
    content = "<w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent>"
    spaces = (
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    both = (
        f'<w:r {nsdecls("w")} {spaces}><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>{content}</w:drawing>'
        f"</mc:Choice><mc:Fallback><w:pict>{content}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    table.cell(0, 0).paragraphs[0]._p.append(parse_xml(both))
    assert read(saved(document)).text == "框\t5"


def test_the_title_is_the_paragraph_of_that_style():
    document = docx.Document()
    document.add_paragraph("云政发〔2021〕3号。")
    document.add_heading("云溪县工作报告", level=0)
    assert read(saved(document)).title == "云溪县工作报告"


@pytest.mark.parametrize(
    ("number", "style", "written"),
    [
        (10, "chineseCounting", "十"),
        (21, "japaneseCounting", "二十一"),
        (3, "decimalEnclosedCircleChinese", "③"),
        (2, "upperLetter", "B"),
        (27, "lowerLetter", "aa"),
        (9, "upperRoman", "IX"),
        (4, "ideographTraditional", "丁"),
        (7, "decimalZero", "07"),
        (7, "decimalFullWidth", "７"),
        (5, "decimal", "5"),
    ],
)
def test_list_numbers(number, style, written):
    assert spell(number, style) == written
