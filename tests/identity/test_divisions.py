"""The table of divisions, and what its maker believes of the package that it comes from."""

from __future__ import annotations

import pytest

from zhibiao.identity.divisions import divisions, stem
from zhibiao.identity.locating import locate
from zhibiao.identity.making import rows_of


def test_every_division_lies_in_one_of_the_table() -> None:
    table = divisions()
    for division in table.by_code.values():
        assert division.above is None or division.above in table.by_code
        assert table.chain(division)[0].level == "province"


def test_size() -> None:
    levels = [one.level for one in divisions().by_code.values() if one.last == divisions().last]
    assert levels.count("province") == 34
    assert 330 <= levels.count("city") <= 345
    assert 2800 <= levels.count("county") <= 2900


@pytest.mark.parametrize(
    ("old", "code"),
    [("祁阳县", "431181"), ("望城县", "430112"), ("太谷县", "140703"), ("南汇区", "310119"), ("达县", "511703")],
)
def test_old_names(old: str, code: str) -> None:
    found = locate((old,))
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("name", ["鼓楼区", "朝阳区", "城区", "没有县"])
def test_never_guessed(name: str) -> None:
    assert locate((name,)) is None


def test_stem() -> None:
    assert [stem("祁阳市"), stem("道县"), stem("城步苗族自治县")] == ["祁阳", "道县", "城步苗族"]


def row(year: int, name: str, code: str, lineage: str) -> dict[str, str]:
    return {
        "year": str(year),
        "rank": "3",
        "province_adcode": "430000",
        "city_name": "永州市",
        "city_adcode": "431100",
        "county_name": name,
        "county_adcode": code,
        "county_id": lineage,
        "county_short": name[:-1],
    }


def test_successors() -> None:
    table = [
        row(2020, "甲县", "431121", "1"),
        row(2021, "甲市", "431181", "1"),  # one id through the years
        row(2020, "乙县", "431122", "2"),
        row(2021, "乙区", "431105", "3"),  # the id breaks off, the stem goes on
        row(2020, "丙区", "431106", "4"),
        row(2020, "丁区", "431107", "4"),  # two of one id in one year: which is which
        row(2021, "丁区", "431107", "4"),
        row(1999, "戊县", "431123", "5"),  # before the reports
    ]
    assert rows_of(table) == [
        "431105\t乙区\t-\t431100\t2021-2021",
        "431106\t丙区\t-\t431100\t2020-2020",
        "431107\t丁区\t-\t431100\t2020-2021",
        "431121\t甲县\t-\t431100\t2020-2020\t431181",
        "431122\t乙县\t-\t431100\t2020-2020\t431105",
        "431181\t甲市\t-\t431100\t2021-2021",
    ]
