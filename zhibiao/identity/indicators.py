"""What is meant: which indicator of the field a name is, if it is one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from zhibiao.identity.likeness import likest
from zhibiao.identity.naming import key, rules, stripped
from zhibiao.identity.organisations import is_place
from zhibiao.identity.units import fits
from zhibiao.identity.vocabulary import KINDS, Indicator, vocabulary

How = Literal["name", "alias", "rule", "matched"]

#: Characters of a name at most: what is longer is a sentence.
LONGEST = 80
#: 占…比重: what is shared out stands before 占, or is not said.
_SHARE = re.compile("(?P<part>.+)占(?P<whole>.+?)(?:比重|比例|比率|占比|份额)?$")
_COUNTED = re.compile("(?:总额|金额|总值|额|总数|数量|个数|户数|家数|人数|总量|数)$")
_OWN_LEVEL = re.compile(
    "[省市县区州旗镇乡]?本级|[省市县区州旗镇乡]级(?=一般公共|公共财政|财政|政府性基金|国有资本|税收|非税)"
)
#: Where a place at the front of a name ends: 清岭县|一般公共预算收入. A province stays: 湖南省专精特新企业 has a grade.
_PLACE_END = re.compile("[市县区州旗镇乡](?=.{2})")


@dataclass(frozen=True)
class IndicatorMatch:
    """Which indicator a name means.

    `id` is the canonical name, which stays; `kind` and `unit` are those of the vocabulary (`unit` as the field writes
    it: 元, %, 亩). `how`: the canonical name itself, another name of it, a rule (规上, 全县…, …增速), or likeness.
    `score` is 1 but for likeness.
    """

    id: str
    name: str
    kind: str
    unit: str | None
    score: float
    how: How


@lru_cache(maxsize=65536)
def identify_indicator(name: str, *, unit: str | None = None) -> IndicatorMatch | None:
    """The indicator that `name` means, as far as that can be told from the name; None where it cannot.

    `unit` is that of the value (a fact's: `CNY`, `percent`, a measure word): a name whose indicator cannot have such a
    value is not identified. The growth, increase and share of an indicator are other indicators than its level.
    """
    if len(name) > LONGEST:
        return None
    match = _exact(name) or _by_rule(name) or _by_words(name)
    if match is None or not fits(unit, match.kind, match.unit or ""):
        return None
    return match


def _match(indicator: Indicator, how: How) -> IndicatorMatch:
    return IndicatorMatch(indicator.name, indicator.name, indicator.kind, indicator.unit, 1.0, how)


def _exact(name: str) -> IndicatorMatch | None:
    known = vocabulary()
    if name in known.indicators:
        return _match(known.indicators[name], "name")
    if found := known.keys.get(key(name)):
        return _match(found, "alias")
    return None


def _by_rule(name: str) -> IndicatorMatch | None:
    if _is_share_alone(name):
        return None
    for text in _forms(key(name)):
        if (found := vocabulary().keys.get(text)) or (found := _derived(text)):
            return _match(found, "rule")
    return None


def _by_words(name: str) -> IndicatorMatch | None:
    text = stripped(key(name))
    found = None if _is_share_alone(name) else likest(text)
    if found is None:
        return None
    indicator, alike = found
    return IndicatorMatch(indicator.name, indicator.name, indicator.kind, indicator.unit, alike, "matched")


def _is_share_alone(name: str) -> bool:
    """Whether it is a share that does not say of what: 占全县规模工业增加值比重."""
    return name.lstrip().startswith("占")


def _forms(text: str) -> Iterator[str]:
    """What else a key may stand for, the nearest first."""
    core = stripped(text)
    yield core
    yield _COUNTED.sub("", core)
    for end in _PLACE_END.finditer(core[:12]):
        if is_place(core[: end.end()]):
            yield stripped(core[end.end() :])


def _derived(text: str) -> Indicator | None:
    """The growth, increase or share of an indicator of the vocabulary."""
    known = vocabulary()
    for pattern, word, kinds in _aspects():
        if found := pattern.search(text):
            base = known.keys.get(stripped(text[: found.start()])) if found.start() else None
            if base and base.kind in kinds:
                is_rate = word == "增速"
                return Indicator(base.name + word, "rate" if is_rate else base.kind, "%" if is_rate else base.unit)
    return _own_level(text) or _share(text)


def _own_level(text: str) -> Indicator | None:
    """县本级一般公共预算收入: what a government itself receives or spends, without those below it."""
    found = _OWN_LEVEL.match(text)
    base = vocabulary().keys.get(text[found.end() :]) if found else None
    return Indicator(f"本级{base.name}", base.kind, base.unit) if base and base.kind == "amount" else None


def _aspects() -> tuple[tuple[re.Pattern[str], str, frozenset[str]], ...]:
    """What may be said of an indicator: the ends of names, the word that stands for them, and of which kinds."""
    levels = frozenset(KINDS) - {"rate", "score"}
    return (
        (rules().growth, "增速", levels),
        (rules().change, "增量", levels - {"ratio", "index"}),
        (rules().budget, "预算", frozenset({"amount"})),
    )


def _share(text: str) -> Indicator | None:
    """占…比重 of two indicators of the vocabulary."""
    known = vocabulary()
    share = _SHARE.fullmatch(text)
    if share is None:
        return None
    if listed := known.keys.get(f"{share['part']}占{share['whole']}比重"):
        return listed
    part, whole = (known.keys.get(stripped(share[side])) for side in ("part", "whole"))
    if part is None or whole is None or part is whole:
        return None  # 规模工业增加值占全县规模工业增加值比重: of whom in whom
    listed = known.keys.get(key(f"{part.name}占{whole.name}比重"))
    return listed or Indicator(f"{part.name}占{whole.name}比重", "ratio", "%")
