"""The curated indicators of data/indicators.txt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from zhibiao.errors import ZhibiaoError
from zhibiao.identity.naming import key
from zhibiao.identity.reading import sections

Kind = Literal["amount", "count", "quantity", "ratio", "rate", "index", "price", "score", "duration"]
KINDS: tuple[str, ...] = get_args(Kind)


@dataclass(frozen=True)
class Indicator:
    """One indicator: `unit` as the field gives it, `broader` the names of those that it is a part of."""

    name: str
    kind: str
    unit: str
    aliases: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    section: str = ""


@dataclass(frozen=True)
class Vocabulary:
    """All indicators by name, and by the key of each name and alias."""

    indicators: Mapping[str, Indicator]
    keys: Mapping[str, Indicator]

    def narrower(self, name: str) -> tuple[str, ...]:
        """The indicators that are a part of this one."""
        return tuple(one.name for one in self.indicators.values() if name in one.broader)


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary, read once. ZhibiaoError where the file contradicts itself, with every fault and its line."""
    indicators: dict[str, Indicator] = {}
    keys: dict[str, Indicator] = {}
    faults: list[str] = []
    for section, number, line in sections("indicators.txt"):
        indicator = _read(line, section)
        if indicator.kind not in KINDS or not indicator.unit:
            faults.append(f"line {number}: {line!r} has no kind and unit; kinds are {', '.join(KINDS)}")
        if indicator.name in indicators:
            faults.append(f"line {number}: {indicator.name} stands twice")
        indicators[indicator.name] = indicator
        for name in (indicator.name, *indicator.aliases):
            other = keys.setdefault(key(name), indicator)
            if other is not indicator:
                faults.append(f"line {number}: {name} means {indicator.name} and {other.name}")
    faults += [
        f"{one.name} is part of {above}, which stands nowhere"
        for one in indicators.values()
        for above in one.broader
        if above not in indicators
    ]
    if faults:
        raise ZhibiaoError("\n".join(["indicators.txt contradicts itself:", *faults]))
    return Vocabulary(indicators, keys)


def _read(line: str, section: str) -> Indicator:
    head, *fields = (part.strip() for part in line.split("|"))
    kind, _, unit = (fields[0] if fields else "").partition(" ")
    aliases: list[str] = []
    broader: list[str] = []
    for field in fields[1:]:
        (broader if field.startswith("<") else aliases).extend(field.removeprefix("<").split())
    return Indicator(head, kind, unit.strip(), tuple(aliases), tuple(broader), section)
