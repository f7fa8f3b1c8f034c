"""One paragraph as the linker sees it: its entities in order, and what stands between them.

Entities are spoken of by their place in the order, from 0. Runs (甲、乙和丙) and distributive lists (分别为) are found
here, because every question about links needs them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from zhibiao.schema import VALUE_LABELS, Entity, Label
from zhibiao.text import clauses, line_start, packed, paragraphs, sentences

#: Characters of a scene at most, where its sentences allow it.
LONGEST = 2_000

# What may stand between the members of a list: 、 or 和 and the verb that is said anew (和下降3%), or a comma alone.
_LISTING = re.compile(
    r"\s*(?:(?:[、/]|[、,，;；]?\s*(?:和|及|与|以及|或|至))\s*"
    r"(?:增长|下降|减少|提高|上升|回落|增加|降低|增至|超过|约|达)*|[,，;；])\s*"
)
_DISTRIBUTIVE = re.compile(r"分别|依次|各自|双双|按序|分列")
_OPEN, _CLOSE = "（([【", "）)]】"


@dataclass(frozen=True)
class Scene:
    """A paragraph with its entities in order. `fillers[i]` is the text before entity i, the last one the text after."""

    text: str
    start: int
    entities: tuple[Entity, ...]

    @cached_property
    def fillers(self) -> tuple[str, ...]:
        """The texts around the entities: one more than there are entities."""
        ends = [0, *(entity.end - self.start for entity in self.entities)]
        starts = [*(entity.start - self.start for entity in self.entities), len(self.text)]
        return tuple(self.text[a:b] for a, b in zip(ends, starts, strict=True))

    @cached_property
    def values(self) -> tuple[int, ...]:
        """The places of the values."""
        return self.places(*VALUE_LABELS)

    @cached_property
    def indicators(self) -> tuple[int, ...]:
        """The places of the indicators."""
        return self.places(Label.INDICATOR)

    @cached_property
    def projects(self) -> tuple[int, ...]:
        """The places of the projects."""
        return self.places(Label.PROJECT)

    @cached_property
    def periods(self) -> tuple[int, ...]:
        """The places of the periods."""
        return self.places(Label.PERIOD)

    def places(self, *labels: str) -> tuple[int, ...]:
        """The places of the entities with one of these labels."""
        return tuple(i for i, entity in enumerate(self.entities) if entity.label in labels)

    @cached_property
    def sentence(self) -> tuple[int, ...]:
        """The number of each entity's sentence."""
        return self._numbered([start for start, _ in sentences(self.text)])

    @cached_property
    def clause(self) -> tuple[int, ...]:
        """The number of each entity's clause: a sentence cut at semicolons."""
        return self._numbered([start for start, _ in clauses(self.text)])

    @cached_property
    def comma(self) -> tuple[int, ...]:
        """How many commas, semicolons and full stops stand before each entity, outside of entities."""
        count, counts = 0, []
        for filler in self.fillers[:-1]:
            count += sum(filler.count(mark) for mark in "，,；;。")
            counts.append(count)
        return tuple(counts)

    @cached_property
    def depth(self) -> tuple[int, ...]:
        """How many brackets are open at each entity."""
        depth, depths = 0, []
        for filler in self.fillers[:-1]:
            for character in filler:
                depth = depth + 1 if character in _OPEN else max(0, depth - 1) if character in _CLOSE else depth
            depths.append(depth)
        return tuple(depths)

    def between(self, first: int, second: int) -> str:
        """The text between two places, with every entity that stands there as one `▁`."""
        first, second = min(first, second), max(first, second)
        return "▁".join(self.fillers[first + 1 : second + 1])

    @cached_property
    def run(self) -> tuple[tuple[int, ...], ...]:
        """For each place the list that it is a member of: itself alone, or 甲、乙和丙 of one kind."""
        kinds = ["VALUE" if entity.label in VALUE_LABELS else entity.label for entity in self.entities]
        runs: list[list[int]] = []
        for i, kind in enumerate(kinds):
            is_next = i > 0 and kinds[i - 1] == kind and _LISTING.fullmatch(self.fillers[i])
            if is_next:
                runs[-1].append(i)
            else:
                runs.append([i])
        return tuple(tuple(run) for run in runs for _ in run)

    @cached_property
    def distributive(self) -> tuple[bool, ...]:
        """For each place whether 分别, 依次 … stands shortly before the list that it is a member of."""
        return tuple(self._is_distributive(run) for run in self.run)

    def aligned(self, value: int, targets: Sequence[int]) -> int | None:
        """The target at the value's own rank in the list before it: the k-th of n values goes with the k-th of n names.

        Names in one run are preferred (甲、乙分别为…); names that each had a value of their own come next (甲5亿元、
        乙3亿元，分别增长…), then a run in the sentence before (甲、乙开工。总投资分别为…). None where the counts do not
        agree.
        """
        run = self.run[value]
        if len(run) < 2:
            return None
        before = targets[: bisect_left(targets, run[0])]
        for target in reversed(before):
            names = self.run[target]
            if len(names) == len(run) and self.sentence[names[0]] == self.sentence[run[0]]:
                return names[run.index(value)]
        names = tuple(before[-len(run) :])
        if len(names) == len(run) and self.distributive[value] and self.sentence[names[0]] == self.sentence[run[0]]:
            return names[run.index(value)]
        for target in reversed(before if self.distributive[value] else ()):
            names = self.run[target]
            if len(names) == len(run) and self.sentence[names[0]] == self.sentence[run[0]] - 1:
                return names[run.index(value)]
        return None

    def _is_distributive(self, run: tuple[int, ...]) -> bool:
        head = run[0]
        return bool(_DISTRIBUTIVE.search(self.fillers[head])) or (
            head > 0
            and self.entities[head - 1].label == Label.INDICATOR
            and bool(_DISTRIBUTIVE.search(self.fillers[head - 1]))
        )

    def _numbered(self, starts: list[int]) -> tuple[int, ...]:
        return tuple(bisect_right(starts, entity.start - self.start) for entity in self.entities)


def _stretches(text: str, at: int) -> Iterator[tuple[int, int]]:
    """The paragraphs from that of the character `at` on, those too long cut at the last sentence end before LONGEST."""
    for start, end in paragraphs(text, line_start(text, at)):
        yield from packed(sentences(text, start, end), start, end, LONGEST)


def scenes(text: str, entities: Iterable[Entity]) -> list[Scene]:
    """The paragraphs that hold entities, in order. An entity that crosses a line break goes with where it starts.

    A paragraph longer than LONGEST is several scenes, cut at sentence ends: nothing links across so many sentences, and
    the time for a text on a single line stays in proportion to it.
    """
    ordered = sorted(entities, key=lambda entity: (entity.start, entity.end))
    if not ordered:
        return []
    found: list[Scene] = []
    index = 0
    for start, end in _stretches(text, ordered[0].start):
        if index == len(ordered):
            break
        inside = []
        while index < len(ordered) and ordered[index].start < end:
            inside.append(ordered[index])
            index += 1
        if inside:
            found.append(Scene(text=text[start : max(end, inside[-1].end)], start=start, entities=tuple(inside)))
    return found
