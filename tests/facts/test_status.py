"""Status from cues, names and headings, and with a model's probabilities."""

import pytest

from tests.facts.planted import entity, marked
from zhibiao.facts import decide_status


def statuses(text, probabilities=None):
    plain, spans = marked(text)
    return decide_status(plain, [entity(plain, span, None) for span in spans], probabilities)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("力争⟦I1:税收⟧⟦A1:5亿元⟧。", ["target"]),
        ("预计⟦I1:税收⟧⟦A1:5亿元⟧。", ["forecast"]),
        ("⟦I1:公务接待费预算数⟧⟦A1:4万元⟧，⟦I2:决算数⟧⟦A2:2万元⟧。", ["budget", "actual"]),
        ("⟦T1:2023年⟧⟦I1:政府性基金预算支出⟧合计⟦A1:1.6亿元⟧。", ["actual"]),
        ("全年预估数：⟦I1:收入⟧⟦A1:5亿元⟧，同比增长⟦G1:8%⟧；⟦I2:税收⟧⟦A2:1亿元⟧。", ["forecast"] * 3),
        ("二、2025年工作打算\n⟦I1:签约项目⟧⟦Q1:30个⟧。", ["target"]),
        ("二、绩效目标完成情况\n⟦I1:签约项目⟧⟦Q1:30个⟧。", ["actual"]),
    ],
)
def test_cues_and_headings(text, expected):
    assert list(statuses(text).values()) == expected


def test_only_values_have_a_status():
    assert list(statuses("⟦T1:2023年⟧⟦P1:滨河路⟧⟦I1:投资⟧⟦A1:5亿元⟧。")) == ["A1"]


def test_a_sure_model_is_heard_where_no_cue_speaks_against_it():
    text = "⟦I1:规模工业总产值⟧增长⟦G1:26%以上⟧。"
    sure = {"actual": 0.001, "target": 0.997, "forecast": 0.001, "budget": 0.001}
    assert statuses(text) == {"G1": "actual"}
    assert statuses(text, {"G1": sure}) == {"G1": "target"}
    assert statuses(
        f"截至目前，已实现{text}", {"G1": {"actual": 0.4, "target": 0.5, "forecast": 0.05, "budget": 0.05}}
    ) == {"G1": "actual"}
