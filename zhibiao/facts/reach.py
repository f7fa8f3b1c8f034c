"""How far a period or a project reaches: over commas, sentences, other projects and periods.

A period that opens its paragraph dates all of it; one that comes after undated values (…，全年投资845亿元) rarely
reaches over its own sentence, and one that dates a stage (6月投入使用) does not date what the thing is built as
(建筑面积) or will yield (日处理能力). A project that opens a sentence is what the next sentences speak of
(…进展迅速。新增用地350亩), until they turn to the whole (全市, 全年) or to another project.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from zhibiao.facts.scene import Scene
from zhibiao.schema import Label

# What is said of something not as it was in a period but as it will yield every year, or as it is planned and built.
_TIMELESS = re.compile(
    r"(?P<yearly>每年|[日年](?:均)?处理|年产|年税收|年销售|年纳税|年利润|年加工|年节约|达产|投产后|建成后|投用后|投运后|并网后|"
    r"可(?:新增|带动|形成|实现|提供|解决))"
    r"|(?P<planned>规划|设计|概算|总投资|计划投资|注册资|用地|占地|面积|总长|全长|长达|里程|期限|利率|装机|产能|能力|编制|定员|内设)"
)
_DAY = re.compile(
    r"(?P<day>\d[日号]|近日|日前|当[日天]|[昨今]日|元月$|\d月(?:份|[上中下]旬|初)?$|[会前后]$(?<!目前)(?<!当前))|(?P<now>目前|当前)"
)
_BASE = re.compile(r"(?:由|从|比|较|与|高于|低于)$")
_EARLIER = re.compile(r"上年|去年|同期|上期|年初")
# Words by which a sentence turns from a project to the whole, or to what else is done.
_TURN = re.compile(
    r"(?P<whole>全[市县区省州年旗镇乡]|我[市县区省]|社会|城[乡镇]|上述|以上|其他|其余)|(?P<verb>加快|推进|继续|持续|大力|实施|启动|开展|加强)"
)
_ITSELF = re.compile(r"(?:^|[，,。；;])\s*(?:项目|该|工程(?!建设)|建成后|达产后|投产后|首期|一期|首批)")


def timeless(scene: Scene, value: int) -> str:
    """Whether the words of a value's own stretch between commas say a size or plan, or a yearly yield."""
    begin = scene.entities[value].start - scene.start
    words = re.split("[，,；;。]", scene.text[:begin])[-1]
    if value + 1 < len(scene.entities) and scene.fillers[value + 1].strip() in {"", "的"}:
        words += scene.entities[value + 1].text
    kinds = [found.lastgroup or "-" for found in _TIMELESS.finditer(words)]
    return "yearly" if "yearly" in kinds else kinds[-1] if kinds else "-"


def moment(period: str) -> str:
    """Whether a period is a moment: what happened then (签约, 开工) is dated by it."""
    found = _DAY.search(period)
    return found.lastgroup or "-" if found else "-"


def period_features(scene: Scene, value: int, target: int, label: str) -> list[str]:
    """How far a value stands from a period, by what is said of it and what comes between."""
    when = moment(scene.entities[target].text)
    sentence = min(abs(scene.sentence[value] - scene.sentence[target]), 1)
    side = "after" if target > value else "before"
    said = timeless(scene, value)
    is_base = bool(_BASE.search(scene.fillers[target].strip())) or bool(_EARLIER.match(scene.entities[target].text))
    rank = sum(1 for i in scene.values if target < i < value)
    clause = min(abs(scene.clause[value] - scene.clause[target]), 1)
    shift = any(target < i < value for i in scene.projects)
    return [
        f"{side}:timeless:{said}:{when}:{sentence}",
        f"{side}:timeless:{said}:{sentence}",
        f"{side}:base:{is_base}:{min(rank, 2)}:{label}",
        f"{side}:shift:{shift}:{when}:{sentence}{clause}",
    ]


def period_history(scene: Scene, value: int, target: int, chosen: Sequence[int], places: Sequence[int]) -> list[str]:
    """Whether a period before a value is its paragraph's lead, an aside, or was passed over by values before."""
    if target > value:
        return []
    sentence = min(scene.sentence[value] - scene.sentence[target], 1)
    between = [i for i in places if target < i < value]
    answered = list(zip(scene.values, chosen, strict=False))
    before = [answer for one, answer in answered if one < target]
    opening = "first" if not before else "undated" if before[-1] < 0 else "dated"
    passed = any(answer < 0 for one, answer in answered if one > target)
    names = [
        f"reach:{opening}:{bool(between)}:{sentence}",
        f"reach:{opening}:{bool(between)}:{sentence}:{moment(scene.entities[target].text)}",
        f"reach:{opening}:{bool(between)}:{passed}:{sentence}",
    ]
    if between:
        last = between[-1]
        apart = min(scene.sentence[value] - scene.sentence[last], 1)
        names.append(f"over:{opening}:{last in chosen}:{moment(scene.entities[last].text)}:{apart}")
    return names


def project_features(scene: Scene, value: int, target: int, label: str) -> list[str]:
    """Whether a project before a value is what the value's sentence speaks of."""
    if target > value:
        return []
    opens = _opening(scene, target)
    sentence = min(scene.sentence[value] - scene.sentence[target], 3)
    clause = min(scene.clause[value] - scene.clause[target], 1)
    comma = min(scene.comma[value] - scene.comma[target], 3)
    other = any(target < i < value and i not in scene.run[target] for i in scene.projects)
    own = any(target < i and scene.comma[i] == scene.comma[target] for i in scene.values)
    gap = scene.between(target, value)
    turned = _TURN.search(re.split("[。；;]", gap)[-1])
    turn = (turned.lastgroup or "-") if turned else "-"
    itself = bool(_ITSELF.search(gap))
    is_taken = target + 1 < value and target + 1 in scene.values and not scene.fillers[target + 1].strip()
    is_named = scene.entities[value - 1].label == Label.INDICATOR
    return [
        f"topic:{opens}:{other}:{sentence}{clause}",
        f"topic:{opens}:{other}:{sentence}{clause}:{turn}",
        f"topic:{other}:{sentence}:{own}:{len(scene.run[target]) > 1}",
        f"topic:{opens}:{other}:{comma}:{label}",
        f"itself:{itself}:{other}:{min(sentence, 1)}",
        f"taken:{is_taken}:{is_named}:{min(comma, 1)}",
        f"turn:{turn}:{min(sentence, 1)}",
    ]


def _opening(scene: Scene, target: int) -> str:
    """What a project opens: a paragraph, sentence, clause or item of a breakdown; or that it is said to be done."""
    head = scene.fillers[target].strip()
    if target == 0 and len(head) < 8:
        return "start"
    if re.search("(?:其中|包括)[：:]?$", head):
        return "part"
    if re.search("(?:实施|启动|推进|组织|开展|完成|建成|建设|开工)了?$", head):
        return "done"
    return {"。": "sentence", "；": "clause", ";": "clause", "，": "comma", ",": "comma"}.get(head[-1:], "inside")
