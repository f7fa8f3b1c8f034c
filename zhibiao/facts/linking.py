"""Which value belongs to which indicator, project and period: one assignment for a whole paragraph.

The values of a paragraph are answered from left to right, and a beam keeps the best assignments as wholes: what a value
takes depends on what the earlier ones took (a growth follows its amount, the k-th of a list its k-th name, an indicator
does not stay without a value). Grammar and model speak in log-odds, which are added.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from zhibiao.facts.features import (
    NONE,
    History,
    candidates,
    companion_features,
    history_features,
    place_features,
    targets,
)
from zhibiao.facts.grammar import Grammar, default_grammar
from zhibiao.facts.scene import Scene, scenes
from zhibiao.schema import Entity, Link, LinkType

_BEAM = 8
_BEHIND = 5.0  # a path that is so much less probable than the best, in nats, is given up
_COMPANION_REACH = 10
_FLOOR = 0.005  # the probability of a link that a model did not list

#: A model's probability of a link, by the ids of value and target and the type.
Scores = Mapping[tuple[str, str, LinkType], float]


@dataclass(frozen=True)
class _Path:
    """An assignment of the first values: the answers, their probabilities, and the sum of their logarithms."""

    chosen: tuple[int, ...] = ()
    probabilities: tuple[float, ...] = ()
    score: float = 0.0


def link(
    text: str, entities: Sequence[Entity], scored: Iterable[Link] = (), *, grammar: Grammar | None = None
) -> list[Link]:
    """The links of a text's values, best as a whole for each paragraph.

    `scored` are a model's candidate links with their probabilities; without them the grammar decides alone. The
    confidence of a link is its probability given the rest of the assignment. Links come in the order of their values,
    the nearest indicator first.
    """
    grammar = grammar or default_grammar()
    scores: Scores = {(one.value, one.target, one.type): one.confidence for one in scored}
    found: list[Link] = []
    for scene in scenes(text, entities):
        found += _link_scene(scene, scores, grammar)
    return found


def _link_scene(scene: Scene, scores: Scores, grammar: Grammar) -> list[Link]:
    indicators = _decode(scene, "indicator", scores, grammar, History(()))
    projects = _decode(scene, "project", scores, grammar, History((), indicators.chosen))
    periods = _decode(scene, "period", scores, grammar, History((), indicators.chosen, projects.chosen))
    answers: dict[LinkType, _Path] = {"indicator": indicators, "project": projects, "period": periods}
    companions = _companions(scene, indicators.chosen, scores, grammar)
    found: list[Link] = []
    for rank, value in enumerate(scene.values):
        for kind, path in answers.items():
            if path.chosen[rank] != NONE:
                found.append(_link(scene, value, path.chosen[rank], kind, path.probabilities[rank]))
            if kind == "indicator":
                found += [_link(scene, value, other, kind, odds) for other, odds in companions[rank].items()]
    return found


def _decode(scene: Scene, kind: LinkType, scores: Scores, grammar: Grammar, known: History) -> _Path:
    places = targets(scene, kind)
    paths = [_Path()]
    for rank, value in enumerate(scene.values):
        answers = (*candidates(scene, value, kind), NONE)
        fixed = [grammar.score(kind, place_features(scene, value, answer, kind)) for answer in answers]
        fixed = [
            score + _model(scene, value, answer, kind, scores, grammar)
            for score, answer in zip(fixed, answers, strict=True)
        ]
        grown = []
        for path in paths:
            history = replace(known, chosen=path.chosen)
            raw = [
                score + grammar.score(kind, history_features(scene, rank, answer, kind, history, places))
                for score, answer in zip(fixed, answers, strict=True)
            ]
            grown += _grow(path, answers, raw)
        grown.sort(key=lambda path: -path.score)
        paths = [path for path in grown[:_BEAM] if path.score > grown[0].score - _BEHIND]
    penalty = grammar.unused.get(kind, 0.0)
    return max(paths, key=lambda path: path.score - penalty * len(set(places) - set(path.chosen)))


def _grow(path: _Path, answers: Sequence[int], raw: Sequence[float]) -> list[_Path]:
    top = max(raw)
    total = top + math.log(sum(math.exp(score - top) for score in raw))
    return [
        _Path((*path.chosen, answer), (*path.probabilities, math.exp(score - total)), path.score + score - total)
        for answer, score in zip(answers, raw, strict=True)
        if score > top - 8
    ]


def _companions(scene: Scene, chosen: Sequence[int], scores: Scores, grammar: Grammar) -> list[dict[int, float]]:
    """For each value the indicators that it points at beside its own, with their probabilities."""
    sets: list[frozenset[int]] = []
    found: list[dict[int, float]] = []
    for rank, primary in enumerate(chosen):
        companions = {}
        for other in companion_candidates(scene, primary):
            raw = grammar.score("companion", companion_features(scene, rank, primary, other, sets))
            value = scene.values[rank]
            odds = _sigmoid(raw + _model(scene, value, other, "indicator", scores, grammar, "companion"))
            if odds > 0.5:
                companions[other] = odds
        found.append(companions)
        sets.append(frozenset({primary, *companions} - {NONE}))
    return found


def companion_candidates(scene: Scene, primary: int) -> tuple[int, ...]:
    """The indicators near a value's own that it may point at too."""
    if primary == NONE:
        return ()
    here = scene.indicators.index(primary)
    near = scene.indicators[max(0, here - _COMPANION_REACH) : here + 3]
    return tuple(i for i in near if i != primary)


def _model(
    scene: Scene,
    value: int,
    target: int,
    kind: LinkType,
    scores: Scores,
    grammar: Grammar,
    question: str | None = None,
) -> float:
    """A model's log-odds of a link, weighed; nothing for no link, and nothing at all where there is no model."""
    if not scores or target == NONE:
        return 0.0
    key = (scene.entities[value].id, scene.entities[target].id, kind)
    odds = min(max(scores.get(key, _FLOOR), _FLOOR), 1 - _FLOOR)
    question = question or kind
    return grammar.mix.get(question, 1.0) * (math.log(odds / (1 - odds)) - grammar.base.get(question, 0.0))


def _link(scene: Scene, value: int, target: int, kind: LinkType, confidence: float) -> Link:
    return Link(
        value=scene.entities[value].id, target=scene.entities[target].id, type=kind, confidence=round(confidence, 4)
    )


def _sigmoid(score: float) -> float:
    return 1 / (1 + math.exp(-score)) if score > -500 else 0.0
