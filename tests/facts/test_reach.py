"""How far periods and projects reach, in sentences made for it."""

import pytest

from tests.facts.planted import entity, extract, marked
from zhibiao.facts.reach import moment, timeless
from zhibiao.facts.scene import scenes

MOMENTS = {
    "6月": "day",
    "3月16日": "day",
    "近日": "day",
    "目前": "now",
    "2024年": "-",
    "全年": "-",
    "1—6月": "day",
    "今年以来": "-",
}

SAID = {
    "车站6月投用，⟦I1:建筑面积⟧⟦Q1:1.8万平方米⟧。": "planned",
    "车站6月投用，⟦I1:日处理能力⟧⟦Q1:10万单⟧。": "yearly",
    "车站6月投用，⟦I1:税收⟧⟦A1:3亿元⟧。": "-",
    "车站6月投用，达产后⟦I1:税收⟧⟦A1:3亿元⟧。": "yearly",
}

LINKED = [
    ("⟦I1:进口⟧⟦A1:5亿元⟧。⟦T1:全年⟧⟦I2:出口⟧⟦A2:8亿元⟧，增长⟦G1:5%⟧。", {"A1": None, "A2": "T1"}),
    (
        "⟦T1:2024年⟧，⟦I1:进口⟧⟦A1:5亿元⟧。⟦I2:出口⟧⟦A2:8亿元⟧，⟦I3:税收⟧⟦A3:3亿元⟧。",
        {"A1": "T1", "A2": "T1", "A3": "T1"},
    ),
    ("⟦P1:东港车站⟧⟦T1:6月⟧投入使用，⟦I1:建筑面积⟧⟦Q1:1.8万平方米⟧。", {"Q1": None}),
]


@pytest.mark.parametrize(("period", "kind"), MOMENTS.items())
def test_moments(period, kind):
    assert moment(period) == kind


@pytest.mark.parametrize(("text", "kind"), SAID.items())
def test_what_is_said_of_no_time(text, kind):
    plain, spans = marked(text)
    entities = [entity(plain, span, None) for span in spans]
    (scene,) = scenes(plain, entities)
    assert timeless(scene, scene.values[0]) == kind


@pytest.mark.parametrize(("text", "periods"), LINKED, ids=range(len(LINKED)))
def test_periods_reach_as_far_as_reports_mean(text, periods):
    plain, spans = marked(text)
    facts, _ = extract(plain, spans, None)
    found = {fact.value.entity: fact.period and fact.period.entity for fact in facts if fact.value}
    assert found == periods


def test_a_sentence_that_opens_with_a_forecast_is_one():
    plain, spans = marked("预计⟦T1:2018年⟧⟦I1:产值⟧⟦A1:165亿元⟧；⟦I2:新增企业⟧⟦Q1:10家⟧，⟦I3:报批土地⟧⟦Q2:1500亩⟧。")
    facts, _ = extract(plain, spans, 2018)
    assert [fact.status for fact in facts] == ["forecast"] * 3
