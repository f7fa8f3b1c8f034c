"""Fit the confidence of a model on held-out reports (Platt scaling, see `zhibiao.tagger.calibration`)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from zhibiao.schema import AnnotatedDocument
from zhibiao.tagger import Tagger
from zhibiao.tagger.calibration import logit

#: A name with fewer held-out cases than this shares the pair fitted over all of its kind.
FEWEST = 60

Cases = dict[str, list[tuple[float, bool]]]


def calibrate(folder: Path, documents: Sequence[AnnotatedDocument]) -> dict[str, tuple[float, float]]:
    """(slope, offset) a label and link type, from what the uncalibrated model of `folder` says of `documents`."""
    _forget(folder)
    tagger = Tagger.load(folder)
    cases: Cases = defaultdict(list)
    for document in documents:
        for name, raw, is_right in _cases(tagger, document):
            cases[name].append((raw, is_right))
            cases["link" if name.startswith("link:") else "entity"].append((raw, is_right))
    pooled = {kind: _platt(cases[kind]) for kind in ("entity", "link") if cases.get(kind)}
    names = [name for name in cases if name not in pooled]
    return {
        name: _platt(cases[name]) if len(cases[name]) >= FEWEST else pooled["link" if ":" in name else "entity"]
        for name in sorted(names)
    }


def _forget(folder: Path) -> None:
    """Take an earlier calibration out of the folder's `meta.json`."""
    path = folder / "meta.json"
    meta = json.loads(path.read_text("utf-8"))
    if meta.pop("calibration", None) is not None:
        path.write_text(json.dumps(meta, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _cases(tagger: Tagger, document: AnnotatedDocument) -> Iterator[tuple[str, float, bool]]:
    """(name, raw confidence, was it right) for every span that the model gives and every link between right spans."""
    tagging = tagger.tag(document.text)
    gold = {(entity.label, entity.start, entity.end): entity.id for entity in document.entities}
    links = {(relation.source, relation.target, relation.type) for relation in document.relations}
    right: dict[str, str] = {}
    for entity in tagging.entities:
        found = gold.get((entity.label, entity.start, entity.end))
        if found is not None:
            right[entity.id] = found
        yield entity.label, entity.confidence, found is not None
    for link in tagging.links:
        if link.value in right and link.target in right:
            yield f"link:{link.type}", link.confidence, (right[link.value], right[link.target], link.type) in links


def _platt(cases: list[tuple[float, bool]], *, steps: int = 50) -> tuple[float, float]:
    """Logistic regression of right / wrong on the raw logit, by Newton's method with a weak prior towards (1, 0)."""
    x = np.array([logit(raw) for raw, _ in cases])
    features = np.stack([x, np.ones_like(x)], axis=1)
    right = np.array([is_right for _, is_right in cases], dtype=np.float64)
    prior, strength = np.array([1.0, 0.0]), np.eye(2)
    weights: npt.NDArray[np.float64] = prior.copy()
    for _ in range(steps):
        p = 1 / (1 + np.exp(np.clip(-features @ weights, -30.0, 30.0)))
        gradient = features.T @ (p - right) + strength @ (weights - prior)
        curvature = (features * (p * (1 - p))[:, None]).T @ features + strength
        change = np.linalg.solve(curvature, gradient)
        weights = weights - change
        if np.abs(change).max() < 1e-9:
            break
    return round(float(weights[0]), 5), round(float(weights[1]), 5)
