"""Where figures disagree a notice names both places, and where they agree (or only round) there is none."""

from pathlib import Path

import pytest

from benchmarks.linking import entities_of
from tests.facts.planted import extract, marked
from zhibiao.facts import build_facts, decide_status, link
from zhibiao.formats import native
from zhibiao.normalize import find_reference_year

ANNOTATIONS = Path(__file__).parents[2] / "annotations"

DISAGREE = [
    (
        "parts-differ",
        "⟦I1:部门支出⟧⟦A1:1000万元⟧，其中⟦I2:基本支出⟧⟦A2:620万元⟧，⟦I3:项目支出⟧⟦A3:480万元⟧。",
        {"A1", "A2", "A3"},
    ),
    (
        "parts-differ",
        "⟦I1:在编人员⟧⟦Q1:42人⟧，其中⟦I2:管理人员⟧⟦Q2:35人⟧，⟦I3:工勤人员⟧⟦Q3:6人⟧，合计⟦Q4:42人⟧。",
        {"Q2", "Q3", "Q4"},
    ),
    (
        "share-differs",
        "⟦I1:基本支出⟧⟦A1:500万元⟧，其中⟦I2:人员经费⟧⟦A2:400万元⟧，⟦I3:占基本支出⟧的⟦R1:85%⟧。",
        {"A1", "A2", "R1"},
    ),
    (
        "growth-differs",
        "⟦T1:2022年⟧⟦I1:一般公共预算收入⟧⟦A1:20.1亿元⟧。\n⟦T2:2023年⟧⟦I2:一般公共预算收入⟧⟦A2:22.1亿元⟧，比上年增长⟦G1:15%⟧。",
        {"A1", "A2"},
    ),
    (
        "values-differ",
        "⟦T1:2023年⟧⟦I1:规模工业总产值⟧⟦A1:169.5亿元⟧。\n⟦T2:2023年⟧⟦I2:规模工业总产值⟧⟦A2:166.3亿元⟧。",
        {"A1", "A2"},
    ),
    (
        "values-differ",
        "⟦T1:2023年⟧⟦I1:规模工业总产值⟧⟦A1:169.5亿元⟧。\n⟦T2:2023年⟧⟦I2:规模工业总产值⟧⟦A2:169.5万元⟧。",
        {"A1", "A2"},
    ),
]

AGREE = [
    "⟦I1:部门支出⟧⟦A1:1100万元⟧，其中⟦I2:基本支出⟧⟦A2:620万元⟧，⟦I3:项目支出⟧⟦A3:480万元⟧。",
    "⟦I1:部门支出⟧⟦A1:0.11亿元⟧，其中⟦I2:基本支出⟧⟦A2:623.4万元⟧，⟦I3:项目支出⟧⟦A3:480.2万元⟧。",
    "⟦I1:进出口总值⟧⟦A1:318.6亿元⟧，其中⟦I2:出口⟧⟦A2:241.9亿元⟧，⟦I3:进口⟧⟦A3:76.7亿元⟧，⟦I4:民营企业进出口⟧⟦A4:165.2亿元⟧。",
    "⟦I1:基本支出⟧⟦A1:552.28万元⟧，其中⟦I2:人员经费⟧⟦A2:464.79万元⟧，⟦I3:占基本支出⟧的⟦R1:84.16%⟧。",
    "⟦T1:2022年⟧⟦I1:税收收入总额⟧⟦A1:20亿元⟧。\n⟦T2:2023年⟧⟦I2:税收收入总额⟧⟦A2:22亿元⟧，比上年增长⟦G1:10%⟧。",
    "⟦T1:2022年⟧⟦I1:地区生产总值⟧⟦A1:200亿元⟧。\n⟦T2:2023年⟧⟦I2:地区生产总值⟧⟦A2:218亿元⟧，比上年增长⟦G1:6%⟧。",
    "⟦T1:2023年⟧⟦I1:规模工业总产值⟧⟦A1:169.47亿元⟧。\n⟦T2:2023年⟧⟦I2:规模工业总产值⟧⟦A2:169.5亿元⟧。",
    "⟦T1:2023年⟧⟦I1:上级补助收入⟧⟦A1:38.4亿元⟧。\n⟦T2:2023年⟧⟦I2:上级补助收入⟧⟦A2:0.5亿元⟧。",
    "⟦T1:2023年⟧⟦I1:上级补助收入⟧⟦A1:10亿元⟧。\n⟦T2:2023年⟧⟦I2:上级补助收入⟧⟦A2:1亿元⟧。",
    "⟦T1:一期⟧⟦I1:规模工业总产值⟧⟦A1:169.5亿元⟧。\n⟦T2:二期⟧⟦I2:规模工业总产值⟧⟦A2:166.3亿元⟧。",
    "⟦T1:2023年⟧⟦I1:综合融资成本⟧由⟦R1:7.9%⟧降至⟦R2:6.7%⟧。",
]


@pytest.mark.parametrize(("code", "text", "values"), DISAGREE, ids=range(len(DISAGREE)))
def test_a_notice_names_both_places(code, text, values):
    plain, spans = marked(text)
    facts, notices = extract(plain, spans, 2023)
    assert [notice.code for notice in notices] == [code]
    (notice,) = notices
    assert set(notice.entities) == values
    assert notice.start is not None
    assert plain[notice.start : notice.end] in notice.message
    assert len({fact.id for fact in facts}) == len(facts)


@pytest.mark.parametrize("text", AGREE, ids=range(len(AGREE)))
def test_figures_that_agree_are_left_alone(text):
    plain, spans = marked(text)
    _, notices = extract(plain, spans, 2023)
    assert notices == []


def test_reports_whose_figures_agree_draw_hardly_a_notice():
    documents = native.read((ANNOTATIONS / "written.jsonl").read_text("utf-8"))
    drawn = 0
    for document in documents:
        year = find_reference_year(document.text)
        entities = entities_of(document, year[0] if year else None)
        statuses = decide_status(document.text, entities)
        entities = [one.model_copy(update={"status": statuses.get(one.id)}) for one in entities]
        _, notices = build_facts(document.text, entities, link(document.text, entities))
        drawn += len(notices)
    assert drawn <= len(documents) // 8
