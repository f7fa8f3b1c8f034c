"""Growth joined to the value that grew.

A growth goes with the value of the same indicator (and project) that stands nearest before it, else nearest after it,
in the same paragraph, period and status; each value takes one. These stay facts of their own: a growth without a value,
a second growth (环比 after 同比), an average over years (年均), and what only compares (高于全省平均水平1.6个百分点) or
contributes (拉动增长2个百分点).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from zhibiao.facts.drafts import Draft
from zhibiao.schema import Label

_AVERAGE = re.compile(r"年均|平均每年|复合增长")
_COMPARED = re.compile(
    r"(?:高于|低于|快于|慢于|高出|低出|领先|落后|超过|好于|优于|(?:^|[^提])[高低快慢](?=全|该|预|平|同|上|计)|超(?=.*进度))"
    r"[^，,；;。]*$|(?:拉动|贡献|带动)[^，,；;。▁]*$|增[速幅][^，,；;。▁]*(?:提高|回落|加快|放缓|提升|收窄|扩大|上升|下降)[^，,；;。▁]*$"
)
_RESTATED = re.compile(r"完成[^，,；;。]*的$|(?:计划|任务|预算|目标|进度)[^，,；;。]*的$|占$")


def join_growths(drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts with every growth that has a value joined to it."""
    kept: list[Draft] = []
    for _, group in groupby(drafts, key=lambda draft: id(draft.scene)):
        kept += _join_in_paragraph(list(group))
    return kept


def _join_in_paragraph(drafts: Sequence[Draft]) -> list[Draft]:
    joined: set[int] = set()
    for i, growth in enumerate(drafts):
        value = _nearest_value(drafts, i) if growth.is_growth and _can_join(growth) else None
        if value is not None:
            value.growth, value.growth_links = growth.value, growth.links
            joined.add(i)
    return [draft for i, draft in enumerate(drafts) if i not in joined]


def _can_join(growth: Draft) -> bool:
    before = re.split("[，,；;。]", _words_before(growth))[-1]
    return not (_AVERAGE.search(before) or _COMPARED.search(before))


def _nearest_value(drafts: Sequence[Draft], at: int) -> Draft | None:
    growth = drafts[at]
    fitting = [(i, draft) for i, draft in enumerate(drafts) if _fits(draft, growth)]
    before = [draft for i, draft in fitting if i < at]
    after = [draft for i, draft in fitting if i > at and draft.scene.sentence[draft.place] == _sentence(growth)]
    levels = [draft for draft in before if draft.change is None and not _is_restated(draft)]
    nearest = [*levels[-1:], *before[-1:], *after[:1]]
    return next((draft for draft in nearest if draft.growth is None), None) if nearest else None


def _fits(value: Draft, growth: Draft) -> bool:
    return (
        not value.is_growth
        and value.indicator is growth.indicator
        and (value.project is growth.project or growth.project is None)
        and (value.period is growth.period or growth.period is None or value.period is None)
        and (value.value.status or "actual") == (growth.value.status or "actual")
        and not (value.value.label == Label.RATIO and growth.value.text.endswith("番"))
    )


def _is_restated(draft: Draft) -> bool:
    """Whether a ratio only restates its indicator as progress (完成年度任务的80%)."""
    return draft.value.label == Label.RATIO and bool(_RESTATED.search(draft.scene.fillers[draft.place].strip()))


def _sentence(draft: Draft) -> int:
    return draft.scene.sentence[draft.place]


def _words_before(draft: Draft) -> str:
    """The words of the sentence before a value, the list that it is a member of counted as one."""
    head = draft.scene.run[draft.place][0]
    end = draft.scene.entities[head].start - draft.scene.start
    return re.split("[。！？]", draft.scene.text[:end])[-1]
