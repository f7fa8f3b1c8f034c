"""The weights of the grammar: how much each feature speaks for a link, as log-odds.

They are fitted to annotated reports by `training.grammar` and shipped as `grammar.json`: one table a question
(`indicator`, `project`, `period`, `companion`), each from the name of a feature to its weight.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Grammar:
    """Weights of features by question, and the settings that go with them.

    `unused` is what an indicator or period without a value costs (an annotator marks none), by question; `mix` is how
    much a model's log-odds count beside those of the grammar, and `base` the log-odds of any candidate link, which the
    grammar knows already and a model's are therefore counted from.
    """

    weights: Mapping[str, Mapping[str, float]]
    unused: Mapping[str, float] = field(default_factory=dict)
    mix: Mapping[str, float] = field(default_factory=dict)
    base: Mapping[str, float] = field(default_factory=dict)

    def score(self, question: str, features: Iterable[str]) -> float:
        """The sum of the weights of `features`; a feature that was never seen weighs nothing."""
        table = self.weights[question]
        return sum(table.get(feature, 0.0) for feature in features)


def parse_grammar(written: str) -> Grammar:
    """Read the JSON that `training.grammar` writes."""
    parts = json.loads(written)
    return Grammar(weights=parts["weights"], unused=parts["unused"], mix=parts["mix"], base=parts["base"])


@cache
def default_grammar() -> Grammar:
    """The grammar that is shipped with the library, loaded once."""
    return parse_grammar(resources.files("zhibiao.facts").joinpath("grammar.json").read_text(encoding="utf-8"))
