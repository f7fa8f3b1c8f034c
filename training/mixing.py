"""Choose how much a model's word counts beside the grammar's: `python -m training.mixing FOLDS`.

FOLDS is the folder that `python -m training.folds` made. For every fold the grammar is fitted anew to the documents of
the others, and the fold's model, which has not seen its documents either, tags them; then each weight of `MIX`
(`training.grammar`) is set in turn to the value with the best F1 of its links or statuses, end to end, over all folds.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from training import grammar as grammars
from zhibiao.evaluate.annotation import Annotation, from_document, from_entities
from zhibiao.evaluate.scores import score
from zhibiao.facts import decide_status, link
from zhibiao.facts.grammar import Grammar, parse_grammar
from zhibiao.formats import native
from zhibiao.schema import AnnotatedDocument
from zhibiao.tagger import Tagger
from zhibiao.tagger.tagger import Tagging

VALUES = (0.0, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 1.0, 1.3)
#: The weights, in the order in which they are chosen, and the score that each is judged by.
JUDGED = {
    "indicator": "links:indicator",
    "companion": "links:indicator",
    "project": "links:project",
    "period": "links:period",
    "status": "status",
}


@dataclass(frozen=True)
class Case:
    """A document, what a model says of it that has not seen it, and a grammar that has not either."""

    document: AnnotatedDocument
    tagging: Tagging
    grammar: Grammar

    def linked(self, mix: Mapping[str, float]) -> Annotation:
        """The annotation that comes of it with these weights."""
        text, entities = self.document.text, self.tagging.entities
        mixed = replace(self.grammar, mix=mix)
        links = link(text, entities, self.tagging.links, grammar=mixed)
        statuses = decide_status(text, entities, self.tagging.statuses, grammar=mixed)
        decided = [one.model_copy(update={"status": statuses.get(one.id)}) for one in entities]
        return from_entities(self.document.id, text, decided, links)


def cases_of(folder: Path) -> Iterator[Case]:
    """The documents of all folds."""
    for fold in json.loads((folder / "folds.json").read_text("utf-8"))["folds"]:
        model = folder / fold["model"]
        seen, held_out = (
            list(native.read((model.parent / f"{name}.jsonl").read_text("utf-8"), name))
            for name in ("train", "held_out")
        )
        fitted = parse_grammar(json.dumps(grammars.fit(seen)))
        tagger = Tagger.load(model)
        for document in held_out:
            yield Case(document, tagger.tag(document.text), fitted)


def f1(cases: list[Case], mix: Mapping[str, float]) -> dict[str, float]:
    """The scores by which the weights are judged."""
    scores = score([(from_document(case.document), case.linked(mix)) for case in cases])
    return {name: scores[name].f1 for name in set(JUDGED.values())}


def choose(cases: list[Case]) -> dict[str, float]:
    """The best weights, one question at a time."""
    mix = dict(grammars.MIX)
    for question, judged in JUDGED.items():
        tried = {value: f1(cases, mix | {question: value})[judged] for value in VALUES}
        mix[question] = max(tried, key=lambda value: tried[value])
        told = ", ".join(f"{value}: {found:.4f}" for value, found in tried.items())
        sys.stdout.write(f"{question} ({judged}): {told} -> {mix[question]}\n")
    return mix


def main(arguments: list[str]) -> None:
    """Print every value tried and what is chosen."""
    (folder,) = arguments
    cases = list(cases_of(Path(folder)))
    before, mix = f1(cases, grammars.MIX), choose(cases)
    after = f1(cases, mix)
    for name in sorted(before):
        sys.stdout.write(f"{name}: {before[name]:.4f} -> {after[name]:.4f}\n")
    sys.stdout.write(f"MIX = {mix}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
