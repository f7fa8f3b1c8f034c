from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from zhibiao import formats
from zhibiao.evaluate import Evaluation, from_document, score
from zhibiao.evaluate.calibration import fact_judgements
from zhibiao.evaluate.facts import gold_facts
from zhibiao.formats import markup

ROOT = Path(__file__).parents[2]
GOLD = (
    "⟦T1:2020年⟧，⟦I1:规模工业增加值⟧⟦A>I1,T1:46.78亿元⟧，较上年增长⟦G>I1,T1:17.95%⟧。\n"
    "⟦T1:2021年⟧力争完成⟦P1:白里路⟧⟦I1:投资⟧⟦A>I1,P1,T1!t:2200万元⟧。"
)


def annotation(marked, year=2020):
    document = markup.read(marked, "d")
    return replace(from_document(document), facts=gold_facts(document, year))


def test_the_gold_s_facts_are_exact_values_in_their_periods():
    first, second = annotation(GOLD).facts
    assert (first.value.value, first.value.unit) == (Decimal("4678000000"), "CNY")
    assert (first.growth.value, first.growth.direction) == (Decimal("17.95"), "up")
    assert first.period == (date(2020, 1, 1), date(2020, 12, 31))
    assert (first.status, second.status) == ("actual", "target")
    assert second.project is not None
    assert second.period == (date(2021, 1, 1), date(2021, 12, 31))


@pytest.mark.parametrize(
    ("changed", "facts", "undated"),
    [
        (GOLD, 2, 2),
        (GOLD.replace("!t", ""), 1, 1),
        (GOLD.replace("A>I1,T1:46", "A>T1:46"), 1, 1),
        (GOLD.replace("⟦A>I1,T1:46.78亿元⟧", "46⟦A>I1,T1:.78亿元⟧"), 1, 1),
        (GOLD.replace("2021年⟧", "2021⟧年"), 2, 2),  # the place of a period is not asked for, its dates are
        (GOLD.replace("⟦T1:2021年⟧", "2021年").replace("P1,T1!t", "P1!t"), 1, 2),
    ],
)
def test_a_fact_is_right_where_all_of_it_is(changed, facts, undated):
    scores = score([(annotation(GOLD), annotation(changed))])
    assert scores["facts"].right == facts
    assert scores["facts:undated"].right == undated


def test_scores_of_facts_are_given_only_where_there_are_facts():
    with_facts, without = annotation(GOLD), from_document(markup.read(GOLD, "d"))
    assert "facts" not in score([(with_facts, without)]).names
    assert fact_judgements([(with_facts, without)]) == []
    figures = Evaluation([(with_facts, with_facts)]).as_json()
    assert figures["scores"]["facts"]["f1"] == 1
    assert figures["calibration"]["facts"]["count"] == 2
    assert "facts" not in Evaluation([(with_facts, without)]).as_json()["by_document"][0]


def test_the_seeds_state_facts():
    (document,) = [one for one in formats.read(ROOT / "annotations" / "seeds.jsonl") if "longhui" in one.id]
    found = gold_facts(document, document.meta["year"])
    assert Decimal("4678000000") in {fact.value.value for fact in found if fact.value}
