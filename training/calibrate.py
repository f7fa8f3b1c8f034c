"""Fit the confidence of a model on reports that it has not seen (Platt scaling, see `zhibiao.tagger.calibration`).

Two layers: first what the network says of spans and of links between right spans, then, with that in place, what the
whole path says of links and facts end to end.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from training.evaluation import Documents, predicted
from zhibiao.evaluate.calibration import fact_judgements, link_judgements
from zhibiao.evaluate.scores import LINK_TYPES
from zhibiao.schema import AnnotatedDocument
from zhibiao.tagger import Tagger
from zhibiao.tagger.calibration import FACT, LINKED, logit

#: A name with fewer cases than this shares the pair fitted over all of its kind.
FEWEST = 60

#: By name, (raw confidence, was it right).
Cases = dict[str, list[tuple[float, bool]]]
#: By name, (slope, offset).
Pairs = dict[str, tuple[float, float]]

#: A model's folder, and documents that it has not seen.
Outsider = tuple[Path, Sequence[AnnotatedDocument]]


def calibrate(outsiders: Sequence[Outsider]) -> Pairs:
    """Fit a calibration for all that these models say of documents that they have not seen, and put it into each."""
    network: Cases = defaultdict(list)
    for folder, documents in outsiders:
        set_calibration(folder, {})
        tagger = Tagger.load(folder)
        for document in documents:
            _add(network, _of_network(tagger, document))
    pairs = fit_pairs(network)
    whole: Cases = defaultdict(list)
    for folder, documents in outsiders:
        set_calibration(folder, pairs)
        _add(whole, _of_path(predicted(folder, documents)))
    pairs |= fit_pairs(whole)
    for folder, _ in outsiders:
        set_calibration(folder, pairs)
    return pairs


def set_calibration(folder: Path, pairs: Pairs) -> None:
    """Put a calibration into the folder's `meta.json`."""
    path = folder / "meta.json"
    meta = json.loads(path.read_text("utf-8")) | {"calibration": pairs}
    path.write_text(json.dumps(meta, ensure_ascii=False, indent=1) + "\n", "utf-8")


def fit_pairs(cases: Cases) -> Pairs:
    """The pair of each name; those of few cases share that of their kind."""
    kinds: Cases = defaultdict(list)
    for name, found in cases.items():
        kinds[_kind(name)] += found
    shared = {kind: _platt(found) for kind, found in kinds.items()}
    return {name: _platt(cases[name]) if len(cases[name]) >= FEWEST else shared[_kind(name)] for name in sorted(cases)}


def _kind(name: str) -> str:
    """Labels are of one kind; the others are named before a colon."""
    return name.partition(":")[0] if ":" in name or name == FACT else ""


def _add(cases: Cases, found: Iterable[tuple[str, float, bool]]) -> None:
    for name, raw, is_right in found:
        cases[name].append((raw, is_right))


def _of_network(tagger: Tagger, document: AnnotatedDocument) -> Iterator[tuple[str, float, bool]]:
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


def _of_path(documents: Documents) -> Iterator[tuple[str, float, bool]]:
    """(name, raw confidence, was it right) for every link and every fact that the whole path gives."""
    for kind in LINK_TYPES:
        for raw, is_right in link_judgements(documents, kind):
            yield f"{LINKED}:{kind}", raw, is_right
    for raw, is_right in fact_judgements(documents):
        yield FACT, raw, is_right


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
