"""Fit the weights of the linker's grammar to annotated reports: `python -m training.grammar OUT ANNOTATIONS...`.

Each question of a value (which indicator, project, period) is a multinomial logistic regression over its candidate
answers, with the earlier gold answers as history; the companions of an indicator are a binary one. Both are fitted with
L-BFGS and an L2 penalty that draws the weights to `PRIORS`; features seen less than `MIN_COUNT` times are dropped.
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from zhibiao.facts.features import (
    NONE,
    History,
    candidates,
    companion_features,
    history_features,
    place_features,
    targets,
)
from zhibiao.facts.linking import companion_candidates
from zhibiao.facts.scene import Scene, scenes
from zhibiao.facts.status import STATUSES, StatusScene, status_features, status_history
from zhibiao.formats import native
from zhibiao.schema import AnnotatedDocument, Entity, LinkType

MIN_COUNT = 3
PENALTY = 2.0
SMALLEST = 0.02
KINDS: tuple[LinkType, ...] = ("indicator", "project", "period")
UNUSED = {"indicator": 2.0}
#: Added to the log-odds of no link: on unseen reports values were linked to periods more readily than annotators do.
CAUTION = {"period": 0.3}
# A model is a good second opinion on indicators. On projects and periods, of which there are few in the training data,
# it leaves most links of unseen reports out, so that it only tips the scales.
MIX = {"indicator": 0.7, "companion": 0.7, "project": 0.1, "period": 0.1, "status": 0.4}

#: What the fit starts from and is drawn to, where reports say it plainly but rarely: 年初预算数：…, 合计42人, 分别为.
PRIORS: dict[str, dict[str, float]] = {
    "indicator": {
        "aligned:True:True:list": 3.0,
        "aligned:True:True:apart": 8.0,
        "total:True:True": 8.0,
        "itemized:whole:True": 6.0,
    },
    "project": {"aligned:True:True:list": 3.0, "taken:True:True:1": -4.0},
    "period": {
        "aligned:True:True:list": 3.0,
        "before:timeless:planned:day:0": -2.0,
        "before:timeless:planned:day:1": -2.0,
        "before:timeless:planned:now:1": -2.0,
        "before:timeless:yearly:day:0": -1.5,
        "before:timeless:yearly:day:1": -1.5,
        "reach:undated:False:1": -2.0,
    },
    "companion": {"elsewhere:True:True": -6.0},
    "status": {
        "actual|strong:none:-": 1.5,
        "target|list:t": 2.0,
        "forecast|list:f": 2.0,
        "forecast|opening:f:f": 3.0,
        "target|opening:t:t": 2.0,
        "budget|list:b": 5.0,
        "actual|list:a": 1.0,
        "target|stretch:t": 2.0,
        "forecast|stretch:f": 1.0,
        "budget|stretch:b": 1.5,
        "budget|name:b": 1.5,
        "actual|governor:name:a": 3.5,
        "target|governor:section:t": 5.0,
        "budget|governor:section:b": 5.0,
        "target|governor:lead:t": 1.5,
        "forecast|governor:lead:f": 1.5,
        "budget|text:True:AMOUNT": 2.0,
        "target|previous:target:True:-": 1.5,
        "forecast|previous:forecast:True:-": 1.5,
        "budget|previous:budget:True:-": 6.0,
        "target|strong:stretch:t": 1.0,
        "forecast|strong:stretch:f": 1.0,
    },
}

#: One decision: the features of each answer, and which answer is right.
Decision = tuple[list[list[str]], int]


def fit(documents: Iterable[AnnotatedDocument]) -> dict[str, Any]:
    """The grammar of annotated documents, as `grammar.json` holds it."""
    decisions: dict[str, list[Decision]] = {question: [] for question in (*KINDS, "companion", "status")}
    for document in documents:
        for scene, gold in gold_scenes(document):
            for question, found in _decisions(scene, gold):
                decisions[question].append(found)
        decisions["status"] += _status_decisions(document)
    weights = {question: _fit_question(found, PRIORS.get(question, {})) for question, found in decisions.items()}
    for question, odds in CAUTION.items():
        weights[question]["none"] = round(weights[question].get("none", 0.0) + odds, 3)
    base = {question: round(_base(found), 3) for question, found in decisions.items() if question != "status"}
    return {"weights": weights, "unused": UNUSED, "mix": MIX, "base": base}


def gold_scenes(document: AnnotatedDocument) -> Iterator[tuple[Scene, dict[LinkType, list[frozenset[int]]]]]:
    """The paragraphs of a document, with the places that each value points at, by kind."""
    text = document.text
    entities = _entities(document)
    refs: dict[tuple[str, str], set[str]] = {}
    for relation in document.relations:
        refs.setdefault((relation.source, relation.type), set()).add(relation.target)
    for scene in scenes(text, entities):
        place = {entity.id: i for i, entity in enumerate(scene.entities)}
        gold: dict[LinkType, list[frozenset[int]]] = {}
        for kind in KINDS:
            names = [refs.get((scene.entities[value].id, kind), set()) for value in scene.values]
            gold[kind] = [frozenset(place[name] for name in found if name in place) for found in names]
        yield scene, gold


def _entities(document: AnnotatedDocument) -> list[Entity]:
    text = document.text
    return [
        Entity(id=one.id, label=one.label, start=one.start, end=one.end, text=text[one.start : one.end])
        for one in document.entities
    ]


def primary(value: int, found: frozenset[int]) -> int:
    """The nearest of a value's targets, those before it first; `NONE` where it has none."""
    before = [i for i in found if i < value]
    return max(before) if before else min(found, default=NONE)


def _decisions(scene: Scene, gold: dict[LinkType, list[frozenset[int]]]) -> Iterator[tuple[str, Decision]]:
    own = tuple(primary(value, found) for value, found in zip(scene.values, gold["indicator"], strict=True))
    projects = tuple(primary(value, found) for value, found in zip(scene.values, gold["project"], strict=True))
    known = {"indicator": History(()), "project": History((), own), "period": History((), own, projects)}
    for kind in KINDS:
        places = targets(scene, kind)
        chosen = tuple(primary(value, found) for value, found in zip(scene.values, gold[kind], strict=True))
        for rank, value in enumerate(scene.values):
            answers = (*candidates(scene, value, kind), NONE)
            if chosen[rank] not in answers or len(answers) == 1:
                continue
            history = replace(known[kind], chosen=chosen[:rank])
            features = [
                place_features(scene, value, answer, kind)
                + history_features(scene, rank, answer, kind, history, places)
                for answer in answers
            ]
            yield kind, (features, answers.index(chosen[rank]))
    sets = gold["indicator"]
    for rank, found in enumerate(sets):
        for other in companion_candidates(scene, own[rank]):
            yield (
                "companion",
                ([companion_features(scene, rank, own[rank], other, sets[:rank]), []], int(other not in found)),
            )


def _status_decisions(document: AnnotatedDocument) -> Iterator[Decision]:
    """One decision a value, but for targets of which nothing says so: passages cut from the middle of a plan."""
    view = StatusScene(text=document.text, entities=tuple(_entities(document)))
    given = {one.id: one.status or "actual" for one in document.entities}
    gold = [given[view.value(rank).id] for rank in range(len(view.places))]
    for rank, right in enumerate(gold):
        names = status_features(view, rank)
        is_untold = right != "actual" and "strong:none:-" in names and (rank == 0 or gold[rank - 1] != "actual")
        if is_untold:
            continue
        names += status_history(view, rank, gold[rank - 1])
        yield [[f"{status}|{name}" for name in names] for status in STATUSES], STATUSES.index(right)


def _base(decisions: list[Decision]) -> float:
    """The log-odds that a candidate is right; the last answer of a decision is that there is none."""
    pairs = sum(len(answers) - 1 for answers, _ in decisions)
    right = sum(answer < len(answers) - 1 for answers, answer in decisions)
    return math.log((right + 1) / (pairs - right + 1))


def _fit_question(decisions: list[Decision], priors: Mapping[str, float]) -> dict[str, float]:
    counts = Counter(name for answers, _ in decisions for features in answers for name in features)
    names = sorted({name for name, count in counts.items() if count >= MIN_COUNT} | set(priors))
    start = np.array([priors.get(name, 0.0) for name in names])
    index = {name: i for i, name in enumerate(names)}
    rows = [[index[name] for name in features if name in index] for answers, _ in decisions for features in answers]
    sizes = np.array([len(answers) for answers, _ in decisions])
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    right = first + np.array([answer for _, answer in decisions])
    indptr = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    columns = np.array([column for row in rows for column in row], dtype=np.int32)
    matrix = csr_matrix((np.ones(len(columns)), columns, indptr), shape=(len(rows), len(names)))
    owner = np.repeat(np.arange(len(sizes)), sizes)

    def loss(weights: np.ndarray[Any, Any]) -> tuple[float, np.ndarray[Any, Any]]:
        scores = matrix @ weights
        scores -= np.maximum.reduceat(scores, first)[owner]
        odds = np.exp(scores)
        totals = np.add.reduceat(odds, first)
        value = float(-(scores[right] - np.log(totals)).sum() + PENALTY * ((weights - start) @ (weights - start)) / 2)
        residual = odds / totals[owner]
        residual[right] -= 1
        return value, matrix.T @ residual + PENALTY * (weights - start)

    fitted = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return {name: round(float(w), 3) for name, w in zip(names, fitted.x, strict=True) if abs(w) >= SMALLEST}


def main(arguments: list[str]) -> None:
    """Read annotation files and write the grammar."""
    out, *paths = arguments
    grammar = fit(document for path in paths for document in native.read(Path(path).read_text("utf-8"), path))
    Path(out).write_text(json.dumps(grammar, ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
