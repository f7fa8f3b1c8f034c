"""Single rules of facts: growth, change, period, parent, confidence, offsets."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.facts.planted import CASES, entity, extract, marked
from zhibiao.facts import build_facts
from zhibiao.schema import Entity, Link


def facts_of(text: str, year: int | None = None):
    plain, spans = marked(text)
    return extract(plain, spans, year)[0]


def test_a_growth_has_its_direction():
    (fact,) = facts_of("⟦I1:进出口总额⟧⟦A1:64.5亿元⟧，同比下降⟦G1:4.2%⟧。")
    assert fact.growth is not None
    assert (fact.growth.direction, fact.growth.base) == ("down", "same_period")


@pytest.mark.parametrize(
    "words",
    [
        "高于全省平均水平⟦G1:1.6个百分点⟧",
        "增速比上年同期提高⟦G1:2.3个百分点⟧",
        "年均增长⟦G1:9%⟧",
        "拉动全市工业增长⟦G1:2个百分点⟧",
    ],
)
def test_what_is_no_growth_of_the_value_is_not_joined_to_it(words):
    level, apart = facts_of(f"⟦I1:贷款余额⟧⟦A1:215亿元⟧，{words}。")
    assert level.growth is None
    assert apart.value is None
    assert apart.growth is not None


def test_only_one_growth_is_joined():
    first, second = facts_of("⟦I1:营业收入⟧⟦A1:8亿元⟧，同比增长⟦G1:9%⟧，环比增长⟦G2:2%⟧。")
    assert first.growth is not None
    assert first.growth.entity == "G1"
    assert second.value is None


def test_a_change_is_told_from_a_level():
    level, change = facts_of("⟦I1:存款余额⟧⟦A1:462亿元⟧，比年初增加⟦A2:31亿元⟧。")
    assert level.value is not None
    assert level.value.change is None
    assert change.value is not None
    assert change.value.change == "up"
    assert change.model_dump()["value"]["change"] == "up"
    assert "change" not in level.model_dump()["value"]


def test_the_report_s_year_dates_what_nothing_else_does():
    (fact,) = facts_of("⟦I1:受理举报⟧⟦Q1:312件⟧。", 2022)
    assert fact.period is not None
    assert (fact.period.entity, fact.period.source) == (None, "report")
    assert (fact.period.start, fact.period.end) == (date(2022, 1, 1), date(2022, 12, 31))


@pytest.mark.parametrize(
    "text", ["⟦I1:规划面积⟧⟦Q1:12平方公里⟧。", "力争⟦I1:新增就业⟧⟦Q1:5000人⟧。", "⟦I1:总投资⟧⟦A1:3亿元⟧。"]
)
def test_what_has_no_date_gets_none(text):
    assert facts_of(text, 2022)[0].period is None


def test_a_heading_dates_its_section_until_the_next():
    facts = facts_of(
        "一、⟦T1:2021年⟧工作回顾\n⟦I1:工业产值⟧⟦A1:9亿元⟧。\n二、⟦T2:2022年⟧主要情况\n⟦I2:工业产值⟧⟦A2:10亿元⟧。", 2022
    )
    assert [(fact.period.entity, fact.period.source) for fact in facts if fact.period] == [
        ("T1", "heading"),
        ("T2", "heading"),
    ]


def test_parts_end_with_the_first_value_that_is_too_large():
    facts = facts_of(
        "⟦I1:营业收入⟧⟦A1:123亿元⟧，⟦I2:上交税金⟧⟦A2:3.5亿元⟧，其中：⟦I3:工业税收⟧⟦A3:2.9亿元⟧，⟦I4:高新产业收入⟧⟦A4:109亿元⟧。"
    )
    assert [fact.parent for fact in facts] == [None, None, "f2", None]


def test_a_share_is_one_fact_with_its_numerator():
    _, share = facts_of("⟦I1:出口⟧⟦A1:31亿元⟧，⟦I2:占进出口总额⟧的⟦R1:72.6%⟧。")
    assert share.indicator is not None
    assert share.numerator is not None
    assert (share.indicator.entity, share.numerator.entity) == ("I2", "I1")


def test_a_value_of_several_indicators_gives_a_fact_for_each():
    facts = facts_of("⟦I1:亩均产值⟧、⟦I2:亩均税收⟧均增长⟦G1:12%⟧。")
    assert {fact.indicator.entity for fact in facts if fact.indicator} == {"I1", "I2"}


def test_a_value_of_nothing_gives_no_fact():
    assert facts_of("接待⟦Q1:65批⟧。") == []


def test_an_unread_value_keeps_its_words():
    text = "收入很多"
    entities = [
        Entity(id="i", label="INDICATOR", start=0, end=2, text="收入"),
        Entity(id="a", label="AMOUNT", start=2, end=4, text="很多"),
    ]
    (fact,), _ = build_facts(text, entities, [Link(value="a", target="i", type="indicator")])
    assert fact.value is not None
    assert (fact.value.text, fact.value.value, fact.value.unit) == ("很多", None, "")


def test_confidence_is_a_product_put_through_the_calibration():
    text, spans = marked("⟦I1:收入⟧⟦A1:5亿元⟧")
    entities = [entity(text, span, None).model_copy(update={"confidence": 0.9}) for span in spans]
    links = [Link(value="A1", target="I1", type="indicator", confidence=0.8)]
    (raw,), _ = build_facts(text, entities, links)
    (calibrated,), _ = build_facts(text, entities, links, calibrate=lambda confidence: confidence / 2)
    assert raw.confidence == pytest.approx(0.9 * 0.9 * 0.8)
    assert calibrated.confidence == pytest.approx(raw.confidence / 2)


@given(st.sampled_from(CASES))
def test_facts_enclose_their_entities_and_name_only_what_is_there(case):
    facts, _ = extract(case["text"], case["entities"], case.get("reference_year"))
    places = {one["id"]: (one["start"], one["end"]) for one in case["entities"]}
    numbers = [fact.id for fact in facts]
    assert numbers == [f"f{n}" for n in range(1, len(facts) + 1)]
    for fact in facts:
        parts = [part for part in (fact.indicator, fact.numerator, fact.project, fact.value, fact.growth) if part]
        names = [part.entity for part in parts] + ([fact.period.entity] if fact.period and fact.period.entity else [])
        assert all(fact.start <= places[name][0] and places[name][1] <= fact.end for name in names)
        assert fact.parent is None or fact.parent in numbers
