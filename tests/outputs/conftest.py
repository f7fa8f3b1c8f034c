"""A report with one fact of every kind."""

from datetime import date
from decimal import Decimal

import pytest

from zhibiao.schema import (
    DocumentInfo,
    Entity,
    Fact,
    FactGrowth,
    FactPeriod,
    FactValue,
    Name,
    Report,
    Shown,
    Source,
)

TEXT = (
    "云溪县2020年工作总结\n"
    "2020年，规模工业增加值46.78亿元，较上年增长17.95%。占全县比重88.5%。\n"
    "2021年，力争完成投资350余万元，城东污水干管工程完成80万元。"
)


def _name(id_: str, text: str) -> Name:
    return Name(entity=id_, text=text)


def _value(id_: str, text: str, value: str | None, low: str | None, high: str | None, unit: str, **more) -> FactValue:
    number = {"value": value, "low": low, "high": high}
    return FactValue(
        entity=id_, text=text, unit=unit, **{key: Decimal(n) if n else None for key, n in number.items()}, **more
    )


def _entity(id_: str, label: str, text: str) -> Entity:
    start = TEXT.index(text)
    return Entity(id=id_, label=label, start=start, end=start + len(text), text=text)


def _facts() -> tuple[Fact, ...]:
    year = FactPeriod(entity="t1", start=date(2020, 1, 1), end=date(2020, 12, 31))
    next_year = FactPeriod(entity="t2", start=date(2021, 1, 1), end=date(2021, 12, 31))
    start, second = TEXT.index("2020年，"), TEXT.index("2021年，")
    return (
        Fact(
            id="f1",
            indicator=_name("e1", "规模工业增加值"),
            project=None,
            value=_value(
                "e2",
                "46.78亿元",
                "4678000000",
                "4678000000",
                "4678000000",
                "CNY",
                shown=Shown(value=Decimal("46.78"), unit="亿元"),
            ),
            growth=FactGrowth(
                entity="e3",
                text="17.95%",
                value=Decimal("17.95"),
                low=Decimal("17.95"),
                high=Decimal("17.95"),
                unit="percent",
                direction="up",
                factor=Decimal("1.1795"),
                base="prior_year",
            ),
            period=year,
            status="actual",
            confidence=0.985,
            start=start,
            end=start + 30,
            source=Source(page=3, paragraph=7),
        ),
        Fact(
            id="f2",
            indicator=_name("e4", "占全县比重"),
            numerator=_name("e1", "规模工业增加值"),
            project=None,
            value=_value("e5", "88.5%", "88.5", "88.5", "88.5", "percent"),
            growth=None,
            period=year,
            status="actual",
            parent="f1",
            confidence=0.9,
            start=start,
            end=TEXT.index("88.5%") + 5,
        ),
        Fact(
            id="f3",
            indicator=_name("e6", "投资"),
            project=None,
            value=_value("e7", "350余万元", "3500000", "3500000", "3600000", "CNY", approximate=True),
            growth=None,
            period=next_year,
            status="target",
            confidence=0.75,
            start=second,
            end=second + 18,
        ),
        Fact(
            id="f4",
            indicator=None,
            project=_name("e8", "城东污水干管工程"),
            value=_value("e9", "80万元", "800000", "800000", "800000", "CNY"),
            growth=None,
            period=next_year,
            status="actual",
            confidence=0.8,
            start=second,
            end=len(TEXT) - 1,
            source=Source(sheet="Sheet1", table=1, cell="B5"),
        ),
    )


@pytest.fixture
def report() -> Report:
    entities = (
        _entity("t1", "PERIOD", "2020年"),
        _entity("e1", "INDICATOR", "规模工业增加值"),
        _entity("e2", "AMOUNT", "46.78亿元"),
        _entity("e3", "GROWTH", "17.95%"),
        _entity("e4", "INDICATOR", "占全县比重"),
        _entity("e5", "RATIO", "88.5%"),
        _entity("t2", "PERIOD", "2021年"),
        _entity("e6", "INDICATOR", "投资"),
        _entity("e7", "AMOUNT", "350余万元"),
        _entity("e8", "PROJECT", "城东污水干管工程"),
        _entity("e9", "AMOUNT", "80万元"),
    )
    return Report(
        model="zhibiao-2026.11",
        characters=len(TEXT),
        document=DocumentInfo(title="云溪县2020年工作总结", reference_year=2020),
        entities=entities,
        facts=_facts(),
        text=TEXT,
    )
