from datetime import date
from decimal import Decimal

import pytest

from zhibiao.documents import from_text
from zhibiao.facts.tables import with_tables
from zhibiao.schema import Entity, Fact, FactPeriod, FactValue, Name

TEXT = """云溪县2021年主要指标
单位：亿元
| 指标 | 2020年 | 2021年 | 比上年增长% | 2022年目标 |
| --- | --- | --- | --- | --- |
| 地区生产总值 | 135.40 | 146.78 | 7.9 | 158以上 |
| 其中：工业 | 50.1 | 48.2 | -3.8 | 52 |
| 粮食产量（万吨） | 17.86 | 17.86 | 0 | — |
"""


@pytest.fixture(scope="module")
def made():
    return with_tables(from_text(TEXT), reference_year=2021)


def _by_cell(made):
    return {fact.source.cell: fact for fact in made.facts}


def test_values_are_exact_and_in_the_unit_of_the_caption(made):
    fact = _by_cell(made)["C2"]
    assert (fact.indicator.text, fact.value.value, fact.value.unit) == ("地区生产总值", Decimal(14678000000), "CNY")
    assert (fact.period.start, fact.period.end, fact.period.source) == (date(2021, 1, 1), date(2021, 12, 31), "span")
    assert fact.status == "actual"


def test_growth_belongs_to_its_year(made):
    facts = _by_cell(made)
    assert facts["B2"].growth is None
    growth = facts["C2"].growth
    assert (growth.value, growth.direction, growth.base, growth.factor) == (
        Decimal("7.9"),
        "up",
        "prior_year",
        Decimal("1.079"),
    )
    assert (facts["C3"].growth.value, facts["C3"].growth.direction) == (Decimal("3.8"), "down")
    assert facts["C4"].growth.direction == "flat"


def test_targets_keep_their_bound(made):
    fact = _by_cell(made)["E2"]
    assert (fact.status, fact.value.low, fact.value.high) == ("target", Decimal(15800000000), None)


def test_parts_name_the_fact_of_their_whole_in_the_same_column(made):
    facts = _by_cell(made)
    assert facts["C3"].parent == facts["C2"].id
    assert facts["B3"].parent == facts["B2"].id


def test_a_row_may_have_its_own_unit(made):
    value = _by_cell(made)["C4"].value
    assert (value.value, value.unit) == (Decimal(178600), "吨")


def test_entities_slice_back_and_are_made_once(made):
    assert all(TEXT[entity.start : entity.end] == entity.text for entity in made.entities)
    keys = [(entity.start, entity.end, entity.label) for entity in made.entities]
    assert len(keys) == len(set(keys))
    assert keys == sorted(keys, key=lambda key: key[0])


def test_facts_come_in_the_order_of_their_values(made):
    starts = {entity.id: entity.start for entity in made.entities}
    order = [starts[(fact.value or fact.growth).entity] for fact in made.facts]
    assert order == sorted(order)


def test_absolute_changes_say_so():
    text = "| 科目（万元） | 2020年 | 比上年增减额 |\n| 税收收入 | 47,210 | -3,210 |\n"
    made = with_tables(from_text("单位：万元\n" + text))
    change = _by_cell(made)["C2"]
    assert (change.value.change, change.value.value, change.period.start.year) == ("down", Decimal(-32100000), 2020)


def test_amounts_are_shown_in_the_unit_asked_for():
    made = with_tables(from_text(TEXT), amount_unit="万元")
    assert _by_cell(made)["B2"].value.shown.value == Decimal(1354000)


def test_what_no_head_dates_takes_the_year_of_the_report():
    made = with_tables(from_text("单位：万元\n| 项目 | 金额 |\n| 税收 | 5 |\n"), reference_year=2019)
    assert (made.facts[0].period.start, made.facts[0].period.source) == (date(2019, 1, 1), "report")


def _found(text: str, label: str, number: int, source: str) -> Entity:
    start = source.index(text)
    return Entity(id=f"e{number}", label=label, start=start, end=start + len(text), text=text)


def _fact(number: int, indicator: Entity, value: Entity) -> Fact:
    exact = FactValue(entity=value.id, text=value.text, value=Decimal(1), low=None, high=None, unit="CNY")
    return Fact(
        id=f"f{number}",
        indicator=Name(entity=indicator.id, text=indicator.text),
        project=None,
        value=exact,
        growth=None,
        period=None,
        status="actual",
        confidence=1,
        start=min(indicator.start, value.start),
        end=max(indicator.end, value.end),
    )


def test_what_the_tagger_reads_across_cells_is_dropped_and_within_a_cell_or_outside_kept():
    text = (
        "投资3亿元。\n单位：万元\n| 项目名称 | 总投资 | 进展 |\n"
        "| 甲桥工程 | 1200 | 主体完工，完成桥面铺装投资800万元 |\n"
    )
    outside = (_found("投资", "INDICATOR", 1, text), _found("3亿元", "AMOUNT", 2, text))
    across = (_found("总投资", "INDICATOR", 3, text), _found("1200", "AMOUNT", 4, text))
    within = (_found("桥面铺装投资", "INDICATOR", 5, text), _found("800万元", "AMOUNT", 6, text))
    facts = [_fact(number, *pair) for number, pair in enumerate((outside, across, within), start=1)]
    made = with_tables(from_text(text), [*outside, *across, *within], facts)
    ids = [fact.id for fact in made.facts]
    assert {"f1", "f3"} < set(ids)
    assert "f2" not in ids
    [from_table] = [fact for fact in made.facts if fact.id not in ("f1", "f3")]
    assert (from_table.id, from_table.project.text, from_table.value.value) == ("f4", "甲桥工程", Decimal(12000000))


def test_a_fact_around_a_table_is_kept():
    text = "2020年情况\n单位：万元\n| 项目 | 金额 |\n| 税收 | 5 |\n\n完成投资3亿元。\n"
    pair = (_found("投资", "INDICATOR", 1, text), _found("3亿元", "AMOUNT", 2, text))
    period = _found("2020年", "PERIOD", 3, text)
    fact = _fact(1, *pair).model_copy(
        update={"start": 0, "period": FactPeriod(entity="e3", start=date(2020, 1, 1), end=date(2020, 12, 31))}
    )
    made = with_tables(from_text(text), [period, *pair], [fact])
    assert [(fact.id, fact.value.text) for fact in made.facts] == [("f2", "5"), ("f1", "3亿元")]


def test_a_caption_that_the_tagger_read_is_not_made_twice():
    text = "2020年，单位：万元\n| 项目 | 金额 |\n| 税收 | 5 |\n"
    year = _found("2020年", "PERIOD", 1, text)
    unused = _found("2020年，单位", "PROJECT", 2, text)
    made = with_tables(from_text(text), [year, unused])
    assert made.facts[0].period.entity == "e1"
    assert [entity.text for entity in made.entities if entity.label == "PERIOD"] == ["2020年"]


def test_an_unclear_table_gives_a_notice_and_keeps_the_tagger_out():
    text = "单位：万元\n| 项目 | 2019年 | 2020年 |\n| 税收 | 5 |\n| 收费 | 3 | 4 |\n"
    pair = (_found("税收", "INDICATOR", 1, text), _found("5", "AMOUNT", 2, text))
    made = with_tables(from_text(text), pair, [_fact(1, *pair)])
    assert made.facts == []
    assert [notice.code for notice in made.notices] == ["table_unclear"]
