"""Whether a value is an actual, a target, a forecast or a budget.

What says so: cue words in the value's own stretch and sentence (力争, 预计, 年初预算), the name of its indicator
(公务接待费预算数), the headings above it (2025年工作打算, 绩效目标), the year of its period beside that of the report,
and the status of the value before. The features are weighed as in `features`, and a model's probabilities are added.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import get_args

from zhibiao.facts.grammar import Grammar, default_grammar
from zhibiao.facts.outline import Outline
from zhibiao.facts.scene import Scene, scenes
from zhibiao.schema import Entity, Label, Status

STATUSES: tuple[Status, ...] = get_args(Status)
_FLOOR = 0.002

# The words that announce a status, by its letter. Names of accounts that hold 预算 (政府性基金预算支出) announce none,
# and neither does a goal or plan that was met (完成年度计划的80%).
_CUES = re.compile(
    r"(?P<t>力争|争取|确保|力促|奋力实现|努力|打算|要求|拟|明年|下一步|今后|未来[一二三四五六七八九十\d]*年|"
    r"(?<!完成)(?<!年度)(?<!全年)(?<!超)(?:目标|计划)(?!任务)(?!数?的)|任务是|主要目标|预期目标|"
    r"(?<!即)(?<!并)将(?!近|军|其|于)|(?<![增加高升降少展提至])到20\d\d年(?!末?底?的|.{0,4}已)|(?<=[，,。；;年])要(?![求点素])|必须|不低于|奖励|补助(?!资金)|给予|最高|支持)"
    r"|(?P<f>预计|预估|预测|估计|估算|有望|可望|达产|投产后|建成后|建成投产|投运后|可实现|可年|每年可|可新增|可带动|可解决)"
    r"|(?P<b>(?:年初|全年|调整|当年)?预算(?:数|金额|总额|总金额|安排|为|是)|年初预算|全年预算|调整预算|部门预算|预算(?=▁|[“”]|$)|预算：)"
    r"|(?P<a>已|累计|目前|截至|截止|去年|上年|实际|决算|今年以来|荣获|现有|一年来|五年来)"
)
_WORDS = re.compile(
    "力争|争取|确保|目标|计划|规划|要求|拟|将|打算|任务|努力|达到|突破|实现|完成|预计|预期|预估|达产|建成|可|每年|预算|决算|"
    "已|累计|截至|目前|共|去年|上年|实际|同比|了|现有|今年|全年|到|奖|补|最高"
)
_SECTION_CUES = re.compile(
    r"(?P<t>打算|目标(?!.*(?:完成|实现|达成))|(?:工作|行动|发展|年度|年)计划(?!.*(?:完成|执行))|工作安排|(?:工作|总体)思路|下一?步|"
    r"重点任务|主要任务|工作要点|重点工作任务|明年|展望)"
    r"|(?P<f>预估|预计|预测)"
    r"|(?P<b>(?<!公共)(?<!基金)(?<!经营)预算(?!执行|绩效|管理|收入|支出|拨款|财政|单位)(?:情况|安排|说明|编制|公开|草案)?)"
    r"|(?P<a>决算|总结|回顾|完成情况|实现情况|达成|成效|执行情况|开展情况|实施情况|取得|运行情况|汇报|简析|分析|通报|绩效情况|自评|"
    r"快报|公报|成就)"
)
_BOUND = re.compile("以上|以内|不低于|不少于|左右|至少|不超过|不高于")
_CONTINUED = re.compile("其中|包括|比上年|较上年|同比|主要")
_STRETCH = re.compile("[，,；;。：:（(]")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*年?")


@dataclass(frozen=True)
class StatusScene:
    """A text's values in order, with what their status is read from."""

    text: str
    entities: tuple[Entity, ...]

    @cached_property
    def places(self) -> tuple[tuple[Scene, int], ...]:
        """Every value: its paragraph and its place there."""
        return tuple((scene, value) for scene in scenes(self.text, self.entities) for value in scene.values)

    @cached_property
    def outline(self) -> Outline:
        """The headings."""
        return Outline(self.text)

    @cached_property
    def year(self) -> int | None:
        """The year that the text speaks of most: one in the title counts ten times."""
        counts = Counter(int(year) for year in _YEAR.findall(self.text))
        for year in _YEAR.findall(self.outline.title):
            counts[int(year)] += 10
        return max(counts, key=lambda year: (counts[year], year)) if counts else None

    @cached_property
    def is_budget(self) -> bool:
        """Whether the text speaks of budgets and never of what was spent: then it is a budget as a whole."""
        said = self.text.count("预算")
        return said >= 3 and said > 8 * len(re.findall("决算|预算执行|收入完成|支出完成", self.text))

    def value(self, rank: int) -> Entity:
        """The value number `rank`."""
        scene, place = self.places[rank]
        return scene.entities[place]


def decide_status(
    text: str,
    entities: Sequence[Entity],
    probabilities: Mapping[str, Mapping[Status, float]] | None = None,
    *,
    grammar: Grammar | None = None,
) -> dict[str, Status]:
    """The status of every value, by its id. `probabilities` are a model's, by id and status, where there is one."""
    grammar = grammar or default_grammar()
    view = StatusScene(text=text, entities=tuple(entities))
    reached: dict[Status, float] = {}
    steps: list[dict[Status, Status]] = []
    for rank in range(len(view.places)):
        base = _base_scores(view, rank, probabilities or {}, grammar)
        reached, step = _advance(view, rank, base, reached, grammar)
        steps.append(step)
    best: Status = max(reached, key=lambda status: reached[status], default="actual")
    found: dict[str, Status] = {}
    for rank in range(len(steps) - 1, -1, -1):
        found[view.value(rank).id] = best
        best = steps[rank][best]
    return dict(reversed(found.items()))


def status_features(view: StatusScene, rank: int) -> list[str]:
    """The features of a value's status that hold whatever the other values are."""
    scene, place = view.places[rank]
    value = scene.entities[place]
    before = _said_before(scene, place)
    sentence = re.split("[。！？]", before)[-1]
    lead = before[: len(before) - len(sentence)]
    stretch = _STRETCH.split(sentence)[-1]
    after = re.split("[，,；;。]", scene.fillers[place + 1][:8])[0]
    name, side = _nearest_indicator(scene, place)
    levels = {
        "name": _last(_CUES, name + "▁"),
        "stretch": _last(_CUES, stretch),
        "clause": _last(_CUES, re.split("[；;]", sentence)[-1]),
        "sentence": _last(_CUES, sentence),
        "list": _governing_colon(before),
        "lead": _last(_CUES, lead),
        **_sections(view, value.start),
    }
    governor = next(((level, kind) for level, kind in levels.items() if kind != "-"), ("none", "-"))
    strong = next(((level, kind) for level, kind in levels.items() if kind in "tfb"), ("none", "-"))
    bound = "".join(_BOUND.findall(value.text)) or "-"
    names = ["bias", f"text:{view.is_budget}:{value.label}", f"after:{after[:2]}", f"name:{side}:{name[-2:]}"]
    firsts = {"sentence-first": _first(_CUES, sentence), "lead-first": _first(_CUES, lead), "rest": _last(_CUES, after)}
    names += [f"{level}:{kind}" for level, kind in (levels | firsts).items() if kind != "-"]
    names += [f"governor:{governor[1]}", f"governor:{governor[0]}:{governor[1]}", f"strong:{strong[0]}:{strong[1]}"]
    names += [f"governor:{governor[1]}:{strong[1]}", f"sections:{levels['section']}{levels['outer']}{levels['title']}"]
    names += [f"word:{word}" for word in sorted(set(_WORDS.findall(stretch)))]
    names += [f"bound:{bound}:{governor[1]}:{strong[1]}"]
    names += [f"opening:{_opening(sentence)}:{levels['sentence']}"]
    return names + _period_features(view, scene, place, governor[1])


def status_history(view: StatusScene, rank: int, previous: Status) -> list[str]:
    """The features of a value's status that look at the value before it, whose status is `previous`."""
    if not rank:
        return []
    scene, place = view.places[rank]
    before_scene, before = view.places[rank - 1]
    if before_scene is not scene:
        same_section = view.outline.above(scene.start) == view.outline.above(before_scene.start)
        return [f"previous:{previous}:text:{same_section}"]
    end, begin = scene.entities[before].end - scene.start, scene.entities[place].start - scene.start
    kind = _last(_CUES, scene.text[end:begin] + "▁")
    apart = scene.sentence[place] - scene.sentence[before]
    inside = f"sentence{min(apart, 2)}" if apart else f"clause{min(scene.clause[place] - scene.clause[before], 1)}"
    gap = scene.between(before, place)
    return [
        f"previous:{previous}:{inside}",
        f"previous:{previous}:{kind}:{inside}",
        f"previous:{previous}:{kind}",
        f"previous:{previous}:listed:{before in scene.run[place]}",
        f"previous:{previous}:new:{'▁' in gap}:{kind}",
        f"previous:{previous}:{_CONTINUED.search(gap) is not None}:{kind}",
    ]


def _said_before(scene: Scene, place: int) -> str:
    """The text of the paragraph before a value, with every entity but periods as `▁`: a name announces nothing."""
    said = []
    for filler, entity in zip(scene.fillers[: place + 1], scene.entities[: place + 1], strict=True):
        said += [filler, entity.text if entity.label == Label.PERIOD else "▁"]
    return "".join(said[:-1])


def _base_scores(
    view: StatusScene, rank: int, probabilities: Mapping[str, Mapping[Status, float]], grammar: Grammar
) -> dict[Status, float]:
    """The score of each status whatever the other values are: the grammar's and, where there is one, the model's."""
    names = status_features(view, rank)
    known = probabilities.get(view.value(rank).id)
    mix = grammar.mix.get("status", 1.0) if known else 0.0
    return {
        status: grammar.score("status", [f"{status}|{name}" for name in names])
        + (mix * math.log(max(known.get(status, 0.0), _FLOOR)) if known else 0.0)
        for status in STATUSES
    }


def _advance(
    view: StatusScene, rank: int, base: Mapping[Status, float], reached: Mapping[Status, float], grammar: Grammar
) -> tuple[dict[Status, float], dict[Status, Status]]:
    """One step of the Viterbi algorithm: the best score that ends in each status, and the status before it."""
    best: dict[Status, float] = {}
    step: dict[Status, Status] = {}
    for previous, total in (reached or {"actual": 0.0}).items():
        history = status_history(view, rank, previous)
        scores = {
            status: score + grammar.score("status", [f"{status}|{name}" for name in history])
            for status, score in base.items()
        }
        top = max(scores.values())
        norm = top + math.log(sum(math.exp(score - top) for score in scores.values()))
        for status, score in scores.items():
            if total + score - norm > best.get(status, -math.inf):
                best[status], step[status] = total + score - norm, previous
    return best, step


def _nearest_indicator(scene: Scene, place: int) -> tuple[str, str]:
    before = [i for i in scene.indicators if i < place and scene.sentence[i] == scene.sentence[place]]
    after = [i for i in scene.indicators if i > place and scene.sentence[i] == scene.sentence[place]]
    if after and (not before or scene.between(place, after[0]).strip() in {"", "的"}):
        return scene.entities[after[0]].text, "after"
    return (scene.entities[before[-1]].text, "before") if before else ("", "none")


def _sections(view: StatusScene, offset: int) -> dict[str, str]:
    """What the headings above a place and the title announce, the nearest first."""
    kinds = [_last(_SECTION_CUES, heading.text) for heading in view.outline.above(offset)]
    said = [kind for kind in reversed(kinds) if kind != "-"]
    return {
        "section": said[0] if said else "-",
        "outer": said[1] if len(said) > 1 else "-",
        "title": _last(_SECTION_CUES, view.outline.title),
    }


def _opening(sentence: str) -> str:
    """What a cue announces that opens a sentence (预计2018年全年完成…；…): it governs the whole, till another comes."""
    found = _CUES.match(re.sub(r"^[\s\d一二三四五六七八九十、.（）()]*", "", sentence))
    return (found.lastgroup or "-") if found else "-"


def _governing_colon(words: str) -> str:
    """What a cue before a colon announces (全年预估数：…): it governs the list that follows."""
    kind = "-"
    for found in re.finditer(r"[^，,；;。：:]{2,20}[：:]", words):
        announced = _last(_CUES, found.group())
        kind = announced if announced != "-" else _last(_SECTION_CUES, found.group()) if kind == "-" else kind
    return kind


def _last(pattern: re.Pattern[str], words: str) -> str:
    """The status that the last cue in `words` announces, by its letter; `-` for none."""
    kind = "-"
    for found in pattern.finditer(words):
        kind = found.lastgroup or "-"
    return kind


def _first(pattern: re.Pattern[str], words: str) -> str:
    found = pattern.search(words)
    return (found.lastgroup or "-") if found else "-"


def _period_features(view: StatusScene, scene: Scene, place: int, kind: str) -> list[str]:
    before = [i for i in scene.periods if i < place]
    heading = next((h.text for h in reversed(view.outline.above(scene.start)) if _YEAR.search(h.text)), "")
    text = scene.entities[before[-1]].text if before else heading
    apart = min(scene.sentence[place] - scene.sentence[before[-1]], 2) if before else "heading"
    year = _YEAR.search(text)
    when = _relative(view, year.group(1)) if year else re.sub(r"\d+", "0", text)[:3]
    return [f"period:{when}", f"period:{when}:{apart}", f"period-to:{text[:1] == '到'}", f"period:{when}:{kind}"]


def _relative(view: StatusScene, year: str) -> str:
    if view.year is None:
        return "year"
    apart = int(year) - view.year
    return f"year{max(-2, min(2, apart)):+d}"
