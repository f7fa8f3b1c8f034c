"""其中: which fact a fact is part of.

After 其中 (包括, 主要用于 …) stand parts of the last whole before it that is counted in the same unit and is not
smaller than the part; they go on to the end of the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from zhibiao.facts.drafts import Draft
from zhibiao.schema import Label

_PARTS = re.compile(r"其中|包括|主要(?:为|用于|是)|分别(?:为|是)：")
_REACH = 250
_TOTAL = re.compile(r"(?:合计|总计|共计|累计|总共)[^，,；;。▁]{0,6}$")


def find_parents(drafts: Sequence[Draft]) -> None:
    """Set the parent of every draft that is a part."""
    for at, draft in enumerate(drafts):
        if not draft.is_growth and draft.value.label != Label.RATIO and not is_total(draft):
            draft.parent = _whole(drafts[:at], draft)


def is_total(draft: Draft) -> bool:
    """Whether a value is said to be a total (合计42人)."""
    return bool(_TOTAL.search(draft.scene.fillers[draft.place].strip()))


def _whole(before: Sequence[Draft], part: Draft) -> Draft | None:
    scene, begin = part.scene, part.value.start - part.scene.start
    cue = _cue(part)
    if cue is None:
        return None
    wholes = [
        whole
        for whole in before
        if whole.scene is scene
        and begin - _REACH < whole.value.end - scene.start <= cue
        and scene.sentence[whole.place] >= scene.sentence[part.place] - 1
        and whole.parent is None
        and _is_whole_of(whole, part)
    ]
    namesakes = [whole for whole in wholes if _is_named_alike(whole, part)]
    return next(reversed(namesakes or wholes), None)


def _is_named_alike(whole: Draft, part: Draft) -> bool:
    """Whether a part says its whole's name (工业投资 of 投资, 征地 of a project of 征地)."""
    return whole.indicator is not None and part.indicator is not None and whole.indicator.text in part.indicator.text


def _cue(part: Draft) -> int | None:
    """Where the words that open the breakdown stand, as an offset into the paragraph."""
    begin = part.value.start - part.scene.start
    sentence = max((part.scene.text.rfind(mark, 0, begin) for mark in "。！？"), default=-1) + 1
    cues = [found.start() for found in _PARTS.finditer(part.scene.text, sentence, begin)]
    return cues[-1] if cues else None


def _is_whole_of(whole: Draft, part: Draft) -> bool:
    if whole.is_growth or whole.change is not None or whole.unit != part.unit or whole.value is part.value:
        return False
    large, small = whole.value.quantity, part.value.quantity
    if large is None or small is None or large.value is None or small.value is None:
        return False
    return large.value >= small.value and (whole.value.status or "actual") == (part.value.status or "actual")
