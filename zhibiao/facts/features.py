"""What speaks for and against a link, as named features: the grammar of such reports.

A value asks three questions, one after the other: which indicator, which project, which period. A question's answers
are the places of entities, or `NONE`. A feature is a short string; its weight (a log-odds) stands in `grammar.json`.
Features of the place are independent of the other answers; features of the history look at how the earlier values of
the paragraph were answered.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from zhibiao.facts import reach
from zhibiao.facts.scene import Scene
from zhibiao.schema import Label, LinkType

#: The answer of a value that belongs to none of the candidates.
NONE = -1

_CUES = re.compile(
    "其中|分别|合计|总计|同比|较上年|较|比|占|由|从|增至|提高到|完成|的|等|：|:|年均|高于|低于|快于|拉动|贡献|主要|包括|用于|平均|"
    "项目|该|均|共|累计|预计|实现|增加|减少|新增|增长|下降"
)
_SHARE = re.compile(r"^占|占比|比重|比例|份额|构成|率$")
_CHANGE = re.compile(
    r"(增长|增加|下降|减少|提高|上升|回落|降低|同比|环比|增速|增幅|收窄|扩大|上涨|下跌|净增|多|少)[^，,；;。▁]{0,4}$"
)
_PARTS = re.compile("其中|包括|主要(?:为|用于|是)|分别为")
_TOTAL = re.compile(r"(?:合计|总计|共计|总共)[^，,；;。▁]{0,4}$")
_DONE = re.compile("完成|累计|实现|已|达到")
_STANDING = re.compile(r"面积|投资|编制|产能|规模|规划|长|产值|税收|就业")
_BROAD_PERIOD = re.compile(r"目前|当前|截至|截止|底|末|以来|年内|今年|全年|上半年|季度|月|期间|时期|年")


@dataclass(frozen=True)
class History:
    """The answers so far: `chosen[k]` is that of the paragraph's k-th value, for the question that is being asked.

    `indicators` and `projects` are the answers to the questions that were asked before, for all values.
    """

    chosen: tuple[int, ...]
    indicators: tuple[int, ...] = ()
    projects: tuple[int, ...] = ()


def candidates(scene: Scene, value: int, kind: LinkType) -> tuple[int, ...]:
    """The entities that a value may belong to: those of the right kind in its paragraph that are not too far off."""
    places = targets(scene, kind)
    here = bisect_left(places, value)
    reach_back, reach_on = {"indicator": (10, 4), "project": (8, 3), "period": (8, 2)}[kind]
    near = places[max(0, here - reach_back) : here + reach_on]
    aligned = scene.aligned(value, places)
    return near if aligned is None or aligned in near else (*near, aligned)


def targets(scene: Scene, kind: LinkType) -> tuple[int, ...]:
    """The places of all entities of one kind."""
    return {"indicator": scene.indicators, "project": scene.projects, "period": scene.periods}[kind]


def place_features(scene: Scene, value: int, target: int, kind: LinkType) -> list[str]:
    """The features of a value and a target (or `NONE`) that depend on their places alone."""
    label = scene.entities[value].label[0]
    if target == NONE:
        return _none_features(scene, value, kind, label)
    names = [*_distance(scene, value, target, kind, label), *_wording(scene, value, target, label)]
    names += {"indicator": _indicator, "project": _project, "period": _period}[kind](scene, value, target, label)
    return names


def history_features(
    scene: Scene, rank: int, target: int, kind: LinkType, history: History, places: Sequence[int]
) -> list[str]:
    """The features of the answer `target` for the paragraph's value number `rank`, given the earlier answers."""
    value = scene.values[rank]
    label = scene.entities[value].label[0]
    previous = history.chosen[rank - 1] if rank else None
    about = _about(scene, rank, history)
    if target == NONE:
        names = [f"none-after:{_state(previous)}", f"none-after:{_state(previous)}:{_joint(scene, rank)}"]
        return names + [f"none-{name}" for name in about]
    uses = history.chosen.count(target)
    names = [f"uses:{min(uses, 3)}:{label}", f"uses:{min(uses, 3)}:{'after' if target > value else 'before'}"]
    if previous is not None:
        names += _against_previous(scene, rank, target, previous, label)
    if uses:
        last = max(k for k, chosen in enumerate(history.chosen) if chosen == target)
        pair = scene.entities[scene.values[last]].label[0] + label
        names += [f"shares:{pair}:{min(rank - last, 3)}", f"shares:{pair}:{_change(scene, value)}"]
    names += _restated(scene, rank, target, history.chosen)
    skipped = _skipped(value, target, history.chosen, places)
    names += [f"skips:{skipped}:{'after' if target > value else 'before'}", f"skips:{skipped}:{_listed(scene, value)}"]
    if kind != "indicator":
        names += _beside_indicator(scene, rank, target, history)
        if kind == "period":
            names += reach.period_history(scene, value, target, history.chosen, places)
        sentence = min(abs(scene.sentence[value] - scene.sentence[target]), 2)
        names += [f"{name}:{min(abs(value - target), 4)}:{sentence}" for name in about]
    return names


def companion_features(scene: Scene, rank: int, primary: int, other: int, sets: Sequence[frozenset[int]]) -> list[str]:
    """What speaks for a second indicator `other` beside `primary`, given the whole answers of the earlier values.

    Companions are the numerator of a share, the members of a list that have one value together, and the name that an
    elliptic name stands under (支出决算 under its account).
    """
    value = scene.values[rank]
    label = scene.entities[value].label[0]
    name = scene.entities[primary].text
    previous = sets[rank - 1] if rank else frozenset()
    run = scene.run[primary]
    in_run = other in run
    share = "share" if _SHARE.search(name) else "plain"
    is_aligned = scene.aligned(value, [i for i in scene.indicators if i != primary]) == other
    rest = [i for i in scene.run[value] if i != value]
    is_elsewhere = any(scene.aligned(i, scene.indicators) == other for i in rest)
    with_primary = any(primary in one and other in one for one in sets)
    order = ("o" if other < primary else "p") + ("o" if other < value else "v") + ("p" if primary < value else "v")
    rank_apart = min(abs(scene.indicators.index(other) - scene.indicators.index(primary)), 4)
    listing = f"{min(len(run), 4)}/{min(len(scene.run[value]), 4)}"
    gap = scene.between(other, primary)
    short = gap if len(gap) <= 4 else "…"
    used = min(sum(1 for one in sets if other in one), 2)
    names = [
        "companion",
        f"in-run:{in_run}:{listing if in_run else ''}",
        f"in-run:{in_run}:{_listed(scene, value)}:{listing if in_run else ''}",
        f"aligned:{is_aligned}:{share}",
        f"aligned:{is_aligned}:{used}",
        f"chain:{other in previous}:{primary in previous}:{label}",
        f"with:{with_primary}",
        f"elsewhere:{is_elsewhere}:{in_run}",
        f"with:{with_primary}:{used}",
        f"order:{order}",
        f"order:{order}:{rank_apart}:{used}",
        f"apart:{rank_apart}:{share}:{label}",
        f"apart:{rank_apart}:{share}:{other in previous}",
        f"previous:{other in previous}:{share}:{label}:{used}",
        f"gap:{short}",
        f"gap:{short}:{used}",
        f"used:{used}:{share}",
        f"sentence:{min(abs(scene.sentence[other] - scene.sentence[value]), 2)}",
        f"clause:{min(abs(scene.clause[other] - scene.clause[value]), 2)}:{share}",
        f"comma:{min(abs(scene.comma[other] - scene.comma[value]), 4)}:{share}",
        f"name:{name[-2:]}",
        f"name:{name[-2:]}:{rank_apart}:{used}",
        f"name:{name[:1]}:{label}:{other in previous}",
        f"short:{len(name) <= 4}:{rank_apart}:{used}",
        f"unit:{_unit(scene, primary, value)}",
    ]
    names += [f"cue:{cue}:{share}" for cue in ("其中", "分别", "实现", "的", "，", "。", "：", "完成") if cue in gap]
    return names


def _none_features(scene: Scene, value: int, kind: LinkType, label: str) -> list[str]:
    places = targets(scene, kind)
    here = bisect_left(places, value)
    before = places[here - 1] if here else None
    after = places[here] if here < len(places) else None
    text = scene.fillers[value]
    names = ["none", f"none:{label}", f"none:tail:{text[-2:]}", f"none:run:{min(len(scene.run[value]), 3)}"]
    names.append(f"none:before:{'no' if before is None else min(scene.sentence[value] - scene.sentence[before], 2)}")
    names.append(f"none:after:{'no' if after is None else min(scene.sentence[after] - scene.sentence[value], 2)}")
    names.append(f"none:next:{scene.fillers[value + 1][:2]}")
    if before is not None:
        names.append(f"none:commas:{min(scene.comma[value] - scene.comma[before], 4)}")
    if kind != "indicator":
        names += [f"none:cue:{cue}" for cue in _cues(scene, value)]
    return names


def _distance(scene: Scene, value: int, target: int, kind: LinkType, label: str) -> list[str]:
    side = "after" if target > value else "before"
    first, second = min(value, target), max(value, target)
    inner = scene.entities[first + 1 : second]
    same = sum(1 for i in targets(scene, kind) if first < i < second)
    values = sum(1 for i in scene.values if first < i < second)
    other = len(inner) - same - values
    sentence = min(abs(scene.sentence[value] - scene.sentence[target]), 3)
    clause = min(abs(scene.clause[value] - scene.clause[target]), 3)
    comma = min(abs(scene.comma[value] - scene.comma[target]), 5)
    depth = max(-1, min(1, scene.depth[value] - scene.depth[target]))
    return [
        f"{side}:{min(same, 4)}",
        f"{side}:{min(same, 4)}:{min(values, 4)}",
        f"{side}:{min(same, 3)}:{min(values, 3)}:{label}",
        f"{side}:{min(same, 2)}:comma:{comma}",
        f"{side}:comma:{comma}:{label}",
        f"{side}:sentence:{sentence}",
        f"{side}:clause:{clause}:{min(same, 2)}",
        f"{side}:depth:{depth}",
        f"{side}:other:{min(other, 2)}:{min(same, 2)}",
    ]


def _wording(scene: Scene, value: int, target: int, label: str) -> list[str]:
    side = "after" if target > value else "before"
    gap = scene.between(value, target).strip()
    is_aligned = scene.aligned(value, targets_of(scene, target)) == target
    listed = "list" if len(scene.run[target]) > 1 else "apart"
    names = [f"aligned:{is_aligned}:{scene.distributive[value]}:{listed if is_aligned else ''}"]
    if "▁" not in gap:
        names += [
            f"{side}:gap:{gap if len(gap) <= 5 else '…'}",
            f"{side}:gap-label:{gap if len(gap) <= 2 else '…'}:{label}",
        ]
        names += [
            f"{side}:gap-tail:{gap[-2:]}",
            f"{side}:gap-head:{gap[:1]}",
            f"{side}:gap-length:{min(len(gap) // 3, 5)}",
        ]
    else:
        names += [f"{side}:far-tail:{gap.rsplit('▁', 1)[-1][-2:]}:{label}", f"{side}:far-head:{gap[:1]}"]
    names += [f"{side}:cue:{cue}" for cue in sorted(set(_CUES.findall(gap)))]
    return names


def targets_of(scene: Scene, target: int) -> tuple[int, ...]:
    """The places of all entities with the target's own label."""
    return scene.places(scene.entities[target].label)


def _indicator(scene: Scene, value: int, target: int, label: str) -> list[str]:
    name = scene.entities[target].text
    side = "after" if target > value else "before"
    is_next = abs(target - value) == 1
    unit = _unit(scene, target, value)
    head = scene.entities[target + 1].label[0] if target + 1 < len(scene.entities) else "$"
    follows = scene.fillers[value + 1][:1]
    return [
        *_itemized(scene, value, target),
        f"unit:{unit}",
        f"end:{name[-1:]}:{label}",
        f"end:{name[-2:]}:{label}",
        f"share:{bool(_SHARE.search(name))}:{label}:{side}",
        f"change:{_change(scene, value)}:{side}:{label}",
        f"next:{is_next}:{side}:{label}",
        f"{side}:followed-by:{head}:{is_next}",
        f"{side}:value-followed-by:{follows}:{is_next}",
        f"{side}:listed:{_listed(scene, value)}:{len(scene.run[target]) == len(scene.run[value])}",
    ]


def _itemized(scene: Scene, value: int, target: int) -> list[str]:
    """A value right after a project in a breakdown (…支出合计…，主要用于…；甲工程35.9万元) is a part of the whole."""
    if value == 0 or scene.entities[value - 1].label != Label.PROJECT or scene.fillers[value].strip() or target > value:
        return []
    opens = "whole" if _PARTS.search(scene.between(target, value)) else "part"
    first = next(i for i in scene.indicators if scene.sentence[i] == scene.sentence[target])
    return [f"itemized:{opens}:{target == first}"]


def _project(scene: Scene, value: int, target: int, label: str) -> list[str]:
    run = min(len(scene.run[target]), 3)
    side = "after" if target > value else "before"
    gap = scene.between(value, target)
    indicators = sum(1 for i in scene.indicators if min(value, target) < i < max(value, target))
    head = scene.fillers[target].strip()
    names = [
        f"{side}:run:{run}",
        f"{side}:run:{run}:clause:{min(abs(scene.clause[value] - scene.clause[target]), 2)}",
        f"{side}:indicators:{min(indicators, 3)}:{label}",
        f"{side}:opens:{not head or head[-1:] in '。；;，、：:'}",
        f"{side}:head:{head[-1:]}",
        f"{side}:listed:{'等' in gap[:6]}:{run}",
        f"{side}:tail:{scene.fillers[target + 1][:2]}",
        f"{side}:projects:{min(len(scene.projects), 4)}",
    ]
    names += reach.project_features(scene, value, target, label)
    names += [f"{side}:cue:{cue}" for cue in _cues(scene, value)]
    before = [i for i in scene.indicators if i < value]
    if before and scene.sentence[before[-1]] == scene.sentence[value]:
        names.append(f"{side}:about:{scene.entities[before[-1]].text[-2:]}")
    return names


def _period(scene: Scene, value: int, target: int, label: str) -> list[str]:
    text = scene.entities[target].text
    side = "after" if target > value else "before"
    found = _BROAD_PERIOD.search(text)
    kind = found.group() if found else "…"
    head = scene.fillers[target].strip()
    sentence = min(abs(scene.sentence[value] - scene.sentence[target]), 3)
    follows = scene.fillers[target + 1].strip()
    to_next = scene.entities[target + 1].label[0] if target + 1 < len(scene.entities) else "$"
    names = [
        f"{side}:kind:{kind}:{sentence}",
        f"{side}:to:{follows[:1]}:{to_next}",
        f"{side}:opens:{not head or head[-1:] in '。；;：:'}:{sentence}",
        f"{side}:from:{head[-1:]}",
        f"{side}:open-bracket:{head[-1:] in '（('}",
        f"{side}:run:{min(len(scene.run[target]), 3)}:{min(len(scene.run[value]), 3)}",
        f"{side}:plan:{bool(re.search('到|底|末', text[:2]))}:{label}",
        f"{side}:dates:{_first_dated(scene, target)}:{sentence}",
        f"{side}:dates:{_first_dated(scene, target)}:{kind}",
        f"{side}:day:{bool(re.search('日|元月|近日|后$', text))}:{_first_dated(scene, target)}",
    ]
    names += reach.period_features(scene, value, target, label)
    names += [f"{side}:cue:{cue}" for cue in _cues(scene, value)]
    return names


def _first_dated(scene: Scene, period: int) -> str:
    """How many commas part a period from the first value after it: a date of a meeting is far from one."""
    after = next((i for i in scene.values if i > period), None)
    if after is None:
        return "none"
    sentence = min(scene.sentence[after] - scene.sentence[period], 1)
    return f"{min(scene.comma[after] - scene.comma[period], 3)}{'+' * sentence}"


_VALUE_CUES = re.compile(
    "预计|力争|目标|计划|达产|投产后|建成后|总投资|面积|每年|年均|年产|规划|将|拟|达到|由|从|增加到|提高到|增至|上年|去年|现有|编制|同期"
)


def _cues(scene: Scene, value: int) -> list[str]:
    """The words before a value, in its own stretch between commas, that say what kind of statement it is."""
    begin = scene.entities[value].start - scene.start
    before = re.split("[，,；;。]", scene.text[:begin])[-1]
    return sorted(set(_VALUE_CUES.findall(before)))


def _against_previous(scene: Scene, rank: int, target: int, previous: int, label: str) -> list[str]:
    if previous == NONE:
        return ["previous:none"]
    step = "same" if target == previous else "on" if target > previous else "back"
    earlier = scene.values[rank - 1]
    value = scene.values[rank]
    pair = scene.entities[earlier].label[0] + label
    gap = scene.between(earlier, value).strip()
    short = gap if len(gap) <= 3 else gap[:1] + "…"
    new = "new" if "▁" in gap else "none"
    return [
        f"step:{step}:{_joint(scene, rank)}",
        f"step:{step}:{pair}:{new}",
        f"step:{step}:{pair}:{_change(scene, value)}",
        f"step:{step}:gap:{short}",
        f"step:{step}:comma:{min(scene.comma[value] - scene.comma[earlier], 4)}:{new}",
        f"step:{step}:clause:{min(scene.clause[value] - scene.clause[earlier], 2)}",
        f"step:{step}:sentence:{min(scene.sentence[value] - scene.sentence[earlier], 2)}:{new}",
    ]


def _about(scene: Scene, rank: int, history: History) -> list[str]:
    """What the value is of, as far as it is known: the end of its indicator's name, whether it is of a project."""
    if not history.indicators:
        return []
    own = history.indicators[rank]
    name = scene.entities[own].text[-2:] if own != NONE else "-"
    project = history.projects[rank] if history.projects else None
    is_done = bool(_DONE.search(scene.fillers[min(own, scene.values[rank])])) if own != NONE else False
    return [f"about:{name}:{_state(project)}:{is_done}", f"about:{_state(project)}:{is_done}"]


def _beside_indicator(scene: Scene, rank: int, target: int, history: History) -> list[str]:
    """How earlier values of the same indicator were answered, and where that indicator stands."""
    own = history.indicators[rank]
    value = scene.values[rank]
    scope = _undated(scene, rank, target, history.chosen)
    sentence = min(abs(scene.sentence[value] - scene.sentence[target]), 2)
    names = [f"scope:{scope}:{sentence}", f"scope:{scope}:{min(scene.values[rank] - target, 2)}"]
    if own == NONE:
        return [*names, "own:none"]
    same = [history.chosen[k] for k in range(rank) if history.indicators[k] == own]
    kept = "new" if not same else "same" if same[-1] == target else "other"
    return [
        *names,
        f"own:{kept}:{scene.entities[value].label[0]}",
        f"own:{kept}:{_change(scene, value)}",
        f"own-side:{'after' if target > own else 'before'}:{'after' if own > value else 'before'}",
        f"own-apart:{min(abs(own - target), 3)}:{'after' if target > own else 'before'}",
        f"own-name:{scene.entities[own].text[-2:]}:{min(abs(own - target), 2)}",
        f"standing:{bool(_STANDING.search(scene.entities[own].text))}:{min(abs(own - target), 2)}",
        f"own-sentence:{min(abs(scene.sentence[own] - scene.sentence[target]), 2)}",
        f"own-clause:{min(abs(scene.clause[own] - scene.clause[target]), 2)}",
    ]


def _undated(scene: Scene, rank: int, target: int, chosen: Sequence[int]) -> str:
    """Whether values before the target, and values after it, were left alone: then its reach is short."""
    before = [answer for value, answer in zip(scene.values[:rank], chosen, strict=True) if value < target]
    after = [answer for value, answer in zip(scene.values[:rank], chosen, strict=True) if value > target]
    opening = "none" if not before else "open" if NONE in before else "dated"
    return f"{opening}:{min(after.count(NONE), 2)}:{min(len(after) - after.count(NONE), 2)}"


def _restated(scene: Scene, rank: int, target: int, chosen: Sequence[int]) -> list[str]:
    """A total (合计42人) says the value of its indicator once more."""
    value = scene.values[rank]
    if not _TOTAL.search(scene.fillers[value].strip()):
        return []
    same = {
        answer
        for earlier, answer in zip(scene.values[:rank], chosen, strict=True)
        if scene.entities[earlier].text == scene.entities[value].text
    }
    return [f"total:{target in same}:{bool(same)}"]


def _skipped(value: int, target: int, chosen: tuple[int, ...], places: Sequence[int]) -> int:
    """How many targets that have no value yet stand between a value and the target that it would take."""
    first, second = min(value, target), max(value, target)
    used = set(chosen)
    return min(3, sum(1 for i in places if first < i < second and i not in used))


def _joint(scene: Scene, rank: int) -> str:
    """How a value hangs on the one before it: in one list, with nothing named between them, or apart."""
    if rank and scene.values[rank - 1] in scene.run[scene.values[rank]]:
        return f"run:{scene.distributive[scene.values[rank]]}"
    if rank and scene.values[rank] - scene.values[rank - 1] == 1:
        return "next"
    return "apart"


def _listed(scene: Scene, value: int) -> str:
    return f"{min(len(scene.run[value]), 3)}:{scene.distributive[value]}"


def _change(scene: Scene, value: int) -> bool:
    return bool(_CHANGE.search(scene.fillers[value]))


def _unit(scene: Scene, target: int, value: int) -> str:
    """The last sign of the name and the last of the value: 项目 and 个, 率 and %."""
    return f"{scene.entities[target].text[-1:]}:{scene.entities[value].text[-1:]}"


def _state(previous: int | None) -> str:
    return "start" if previous is None else "none" if previous == NONE else "some"
