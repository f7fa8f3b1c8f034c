"""其中: which fact a fact is part of.

After 其中 (包括, 主要用于 …) stand parts of the last whole before it that is counted in the same unit and is not
smaller; they go on to the end of the sentence, or to the first value that is greater than the whole. Of several wholes
(征地790亩、批地880亩，其中甲项目征地210亩) the one whose name the part says goes first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from zhibiao.facts.drafts import Draft
from zhibiao.schema import Label

_PARTS = re.compile(r"其中|包括|主要(?:为|用于|是)")
_TOTAL = re.compile(r"(?:合计|总计|共计|累计|总共)[^，,；;。▁]{0,6}$")
_REACH = 250


def find_parents(drafts: Sequence[Draft]) -> None:
    """Set the parent of every draft that is a part."""
    for _, group in groupby(drafts, key=lambda draft: id(draft.scene)):
        _find_in_paragraph(list(group))


def _find_in_paragraph(drafts: Sequence[Draft]) -> None:
    lists: dict[tuple[int, str], Draft | None] = {}
    for at, part in enumerate(drafts):
        cue = _cue(part) if _can_be_part(part) else None
        if cue is None:
            continue
        wholes = [whole for whole in drafts[:at] if _is_whole_of(whole, part, cue)]
        part.parent = next((whole for whole in reversed(wholes) if _is_named_alike(whole, part)), None)
        if part.parent is None:
            key = (cue, part.unit)
            last = next(reversed(wholes), None)
            part.parent = lists[key] = last if lists.get(key, last) is last else None


def is_total(draft: Draft) -> bool:
    """Whether a value is said to be a total (合计42人)."""
    return bool(_TOTAL.search(draft.scene.fillers[draft.place].strip()))


def _can_be_part(draft: Draft) -> bool:
    return _is_level(draft) and not is_total(draft)


def _is_level(draft: Draft) -> bool:
    return draft.value.label in {Label.AMOUNT, Label.QUANTITY} and draft.change is None


def _cue(part: Draft) -> int | None:
    """Where the words that open the breakdown stand, as an offset into the paragraph."""
    begin = part.value.start - part.scene.start
    sentence = max((part.scene.text.rfind(mark, 0, begin) for mark in "。！？"), default=-1) + 1
    cues = [found.start() for found in _PARTS.finditer(part.scene.text, sentence, begin)]
    return cues[-1] if cues else None


def _is_whole_of(whole: Draft, part: Draft, cue: int) -> bool:
    """Whether `whole` stands shortly before the words that open the breakdown and is large enough for the part."""
    scene = part.scene
    if whole.value is part.value or not _is_level(whole) or whole.unit != part.unit:
        return False
    end = whole.value.end - scene.start
    is_near = part.value.start - scene.start - _REACH < end <= cue
    if not is_near or scene.sentence[whole.place] < scene.sentence[part.place] - 1:
        return False
    large, small = whole.value.quantity, part.value.quantity
    if large is None or small is None or large.value is None or small.value is None:
        return False
    return large.value >= small.value and (whole.value.status or "actual") == (part.value.status or "actual")


def _is_named_alike(whole: Draft, part: Draft) -> bool:
    """Whether a part says its whole's name (工业投资 of 投资, a project's 征地 of 征地)."""
    return whole.indicator is not None and part.indicator is not None and whole.indicator.text in part.indicator.text
