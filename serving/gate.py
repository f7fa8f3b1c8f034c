"""Whether a candidate model may take the place of the one that is served."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from serving.stores.evaluations import EvaluationInfo, EvaluationStore
from serving.stores.registry import Registry
from zhibiao.evaluate import Comparison

#: The scores that decide: what is marked, and what comes out in the end.
JUDGED = ("spans", "facts")


@dataclass(frozen=True)
class Verdict:
    """What is against a promotion (None: nothing), what to do about it, and the figures that say so."""

    against: str | None
    remedy: str = ""
    figures: dict[str, Any] | None = None


def judge(version: str, current: str, registry: Registry, evaluations: EvaluationStore) -> Verdict:
    """The verdict on promoting `version` in the place of `current`.

    By its newest evaluation beside `current`: one of JUDGED must be better by the paired test, none worse, and the
    candidate must have been trained neither on that held-out set nor on what the current model holds out.
    """
    found = next((one for one in evaluations.of_model(version) if one.baseline == current), None)
    if found is None:
        return Verdict(
            f"{version} has not been compared with {current}, which is served.",
            f'Score it on a held-out data set first: POST /v1/evaluations {{"dataset": …, "model": "{version}"}}.',
        )
    figures = _figures(found) | {"trained_on_held_out": _trained_on(found, version, current, registry)}
    if figures["trained_on_held_out"]:
        return Verdict(
            f"{version} was trained on {len(figures['trained_on_held_out'])} texts that were held out: its scores say "
            "nothing.",
            "Evaluate it on a data set that it was not trained on, or train it without those texts.",
            figures,
        )
    verdicts = {one["score"]: Comparison(**one).verdict for one in figures["comparisons"] if one["score"] in JUDGED}
    worse = [name for name, verdict in verdicts.items() if verdict == "worse"]
    if worse or "better" not in verdicts.values():
        how = f"worse than {current} in {' and '.join(worse)}" if worse else f"not shown to be better than {current}"
        return Verdict(
            f"{version} is {how} on the {figures['documents']} documents of {found.dataset}.",
            "Annotate and train more, or evaluate on more held-out documents: fewer than six can show nothing.",
            figures,
        )
    return Verdict(None, figures=figures)


def _figures(found: EvaluationInfo) -> dict[str, Any]:
    return {
        "evaluation": found.id,
        "dataset": found.dataset,
        "model": found.model,
        "baseline": found.baseline,
        "documents": found.result["documents"],
        "comparisons": found.result["comparisons"],
    }


def _trained_on(found: EvaluationInfo, version: str, current: str, registry: Registry) -> list[str]:
    """Digests of held-out texts that the candidate has seen."""
    held_out = set(found.result["texts"])
    held_out.update(registry.meta_of(current).get("data", {}).get("held_out", {}).get("texts", ()))
    return sorted(held_out & registry.trained_on(version))
