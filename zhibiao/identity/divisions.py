"""The administrative divisions of data/divisions.txt: names and codes of GB/T 2260, and what became of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from zhibiao.identity.reading import lines

Level = Literal["province", "city", "county"]
_ENDS = "特别行政区|自治区|自治州|自治县|自治旗|省|市|地区|盟|州|县|旗|林区|特区|新区|矿区|区"
_SUFFIX = re.compile(f"(?:{_ENDS})$")


@dataclass(frozen=True)
class Division:
    """A division as it was called from `first` to `last`; `today` is its code since, where that is another one."""

    code: str
    name: str
    short: str
    above: str | None
    first: int
    last: int
    today: str | None = None

    @property
    def level(self) -> Level:
        """Province, city (prefecture) or county; counties directly below a province are counties."""
        if self.code.endswith("0000"):
            return "province"
        return "city" if self.code.endswith("00") else "county"


@dataclass(frozen=True)
class Divisions:
    """The table, by code (the latest bearer of it) and by every name and short name."""

    by_code: Mapping[str, Division]
    by_name: Mapping[str, tuple[Division, ...]]
    by_short: Mapping[str, tuple[Division, ...]]
    last: int

    def current(self, division: Division) -> Division:
        """What the division is today; itself where that cannot be told."""
        return self.by_code.get(division.today or division.code, division)

    def chain(self, division: Division) -> tuple[Division, ...]:
        """The division and what it lies in, the widest first."""
        above = self.by_code.get(division.above) if division.above else None
        return (*self.chain(above), division) if above else (division,)

    def full_name(self, division: Division) -> str:
        """湖南省永州市祁阳市."""
        return "".join(one.name for one in self.chain(division))

    def named(self, name: str) -> tuple[Division, ...]:
        """The divisions of today that bear or bore this name, or have it for short; those that bear it come alone."""
        found = self.by_name.get(name) or self.by_short.get(name, ())
        bearing = [one for one in found if one.last == self.last] or found
        return tuple({one.code: one for one in (self.current(each) for each in bearing)}.values())


@cache
def divisions() -> Divisions:
    """The table, read once."""
    table: list[Division] = []
    for _, line in lines("divisions.txt"):
        code, name, short, above, held, *today = line.split("\t")
        first, _, last = held.partition("-")
        table.append(
            Division(
                code,
                name,
                name[:-1] if short == "-" else short,
                None if above == "-" else above,
                int(first),
                int(last),
                today[0] if today else None,
            )
        )
    table.sort(key=lambda one: one.last)
    by_short = _grouped((name, one) for one in table for name in _shorts(one))
    return Divisions(
        {one.code: one for one in table}, _grouped((one.name, one) for one in table), by_short, table[-1].last
    )


def _shorts(division: Division) -> tuple[str, ...]:
    """黔南 and 黔南州 for 黔南布依族苗族自治州; a name of one character is none, but with its kind (道县)."""
    if len(division.short) < 2 and division.short != division.name:
        return ()
    return (division.short, division.short + division.name[-1]) if "自治" in division.name else (division.short,)


def _grouped(pairs: Iterable[tuple[str, Division]]) -> dict[str, tuple[Division, ...]]:
    groups: dict[str, list[Division]] = {}
    for name, division in pairs:
        groups.setdefault(name, []).append(division)
    return {name: tuple(group) for name, group in groups.items()}


def stem(name: str) -> str:
    """A place's name without its kind: 祁阳市 -> 祁阳; a name of one character keeps it (道县)."""
    short = _SUFFIX.sub("", name)
    return short if len(short) > 1 else name
