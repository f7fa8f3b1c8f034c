"""A fact in the making: which entities it is of, before it is dated, gets its growth, and is written out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from zhibiao.facts.scene import Scene, scenes
from zhibiao.schema import Direction, Entity, Label, Link, LinkType

# A share names its whole: 占…, or ends in 占比, 比重, 份额.
_SHARE = re.compile(r"^占|占比$|占.*(?:比重|比例|份额|百分比)$|比重$")
_LESS = re.compile(r"(?:减少|下降|降低|回落|缩减|压减|少|下跌|收窄|净减)(?:了|为|约)?$")
_MORE = re.compile(r"(?:增加|增长|提高|上升|净增|多|扩大|上涨|增收|增支|提升)(?:了|为|约)?$")


@dataclass
class Draft:
    """The entities of one fact. `value` is a growth where the fact is of a growth alone."""

    scene: Scene
    place: int
    value: Entity
    indicator: Entity | None
    numerator: Entity | None
    project: Entity | None
    period: Entity | None
    links: list[Link]
    growth: Entity | None = None
    growth_links: list[Link] = field(default_factory=list)
    parent: Draft | None = None

    @property
    def is_growth(self) -> bool:
        """Whether this is a growth alone."""
        return self.value.label == Label.GROWTH

    @property
    def change(self) -> Direction | None:
        """The direction of a value that is itself a change (增加3.2亿元), None of a level."""
        if self.value.label not in {Label.AMOUNT, Label.QUANTITY}:
            return None
        before = self.scene.fillers[self.scene.run[self.place][0]].strip()
        if _LESS.search(before):
            return "down"
        return "up" if _MORE.search(before) else None

    @property
    def unit(self) -> str:
        """What the value is counted in; empty where it was not read."""
        exact = self.value.normalized
        return getattr(exact, "unit", "") if exact is not None else ""

    @property
    def subject(self) -> tuple[str | None, str | None]:
        """The ids of what the fact is about: indicator and project."""
        return (self.indicator.id if self.indicator else None, self.project.id if self.project else None)


def is_share(name: str) -> bool:
    """Whether an indicator is a share of something (占全县规模工业增加值比重)."""
    return bool(_SHARE.search(name))


def drafts(text: str, entities: Sequence[Entity], links: Iterable[Link]) -> list[Draft]:
    """One draft for each value and indicator (a share with its numerator being one), in the order of the values."""
    by_value: dict[str, list[Link]] = {}
    for one in links:
        by_value.setdefault(one.value, []).append(one)
    by_id = {entity.id: entity for entity in entities}
    found: list[Draft] = []
    for scene in scenes(text, entities):
        for place in scene.values:
            found += _of_value(scene, place, by_value.get(scene.entities[place].id, []), by_id)
    return found


def _of_value(scene: Scene, place: int, links: list[Link], by_id: dict[str, Entity]) -> Iterator[Draft]:
    indicators, projects, periods = (_targets(links, kind) for kind in ("indicator", "project", "period"))
    period = by_id[periods[0].target] if periods else None
    for indicator, numerator in _subjects(scene.entities[place], indicators, by_id):
        for project in [*projects] if projects else [None]:
            if indicator is None and project is None:
                continue
            used = [one for one in (indicator, numerator, project, *periods[:1]) if one is not None]
            yield Draft(
                scene=scene,
                place=place,
                value=scene.entities[place],
                indicator=by_id[indicator.target] if indicator else None,
                numerator=by_id[numerator.target] if numerator else None,
                project=by_id[project.target] if project else None,
                period=period,
                links=used,
            )


def _subjects(value: Entity, indicators: list[Link], by_id: dict[str, Entity]) -> list[tuple[Link | None, Link | None]]:
    """The indicator and numerator of each fact of a value."""
    if not indicators:
        return [(None, None)]
    shares = [one for one in indicators if is_share(by_id[one.target].text)]
    if value.label in {Label.RATIO, Label.GROWTH} and len(shares) == 1 and len(indicators) > 1:
        rest = [one for one in indicators if one is not shares[0]]
        return [(shares[0], other) for other in rest]
    return [(one, None) for one in indicators]


def _targets(links: list[Link], kind: LinkType) -> list[Link]:
    return [one for one in links if one.type == kind]
