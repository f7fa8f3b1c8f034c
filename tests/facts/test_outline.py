"""Headings and what they govern."""

from hypothesis import given
from hypothesis import strategies as st

from zhibiao.facts.outline import Outline

REPORT = """云溪县2024年工作总结
一、主要成效
（一）工业提质增效。全年工业总产值增长8%。
1.项目建设提速
新开工项目30个，总投资40亿元。
（二）农业稳步增长
粮食产量26万吨。
二、2025年工作打算
力争新开工项目40个。
"""


def above(words: str) -> list[str]:
    return [heading.text for heading in Outline(REPORT).above(REPORT.index(words))]


def test_headings_nest_by_their_numbering():
    assert above("新开工项目30个") == ["一、主要成效", "（一）工业提质增效。", "1.项目建设提速"]
    assert above("粮食产量") == ["一、主要成效", "（二）农业稳步增长"]
    assert above("力争") == ["二、2025年工作打算"]


def test_a_heading_that_opens_a_paragraph_governs_the_rest_of_it():
    assert above("全年工业总产值") == ["一、主要成效", "（一）工业提质增效。"]


def test_the_title_is_the_first_line():
    assert Outline(REPORT).title == "云溪县2024年工作总结"
    assert Outline("一、主要成效\n").title == ""
    assert Outline("全年工业总产值增长8%。").title == ""


def test_lines_with_values_are_no_headings():
    assert Outline("工业总产值 36亿元\n税收 2亿元\n").headings == ()


@given(st.text(st.sampled_from("一二、（）()1.。，；：\n\r 目标是要年度")))
def test_headings_are_in_the_text(text):
    for heading in Outline(text).headings:
        assert text[heading.start : heading.end].strip() == heading.text
