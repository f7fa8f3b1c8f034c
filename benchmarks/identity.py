"""Whether names that mean one indicator are told from those that do not: `python -m benchmarks.identity`.

The pairs of tests/identity/pairs.jsonl were labelled before the matcher's answers were looked at; the rules of
zhibiao/identity/data were written with the `tuning` pairs in view, the `held-out` ones were only counted. A pair counts
as said to be the same where both names are identified and as one indicator; where one is not, nothing is said.

The facts of tests/identity/read_facts.jsonl were drawn from our own reports; `is` is the indicator that the text means,
null where it is none of the vocabulary: there the name is right and means something else.

With `--names FILE...` (annotated JSONL) it also prints how many of the indicators of reports are identified.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from zhibiao.formats.native import read
from zhibiao.identity import identify_indicator
from zhibiao.schema import Label

CASES = Path(__file__).parent.parent / "tests" / "identity"
PAIRS = CASES / "pairs.jsonl"
#: 200 facts of our own annotated reports, drawn at random from those with an identified indicator, read in their texts.
READ = CASES / "read_facts.jsonl"


def judged(pair: dict[str, Any]) -> tuple[bool, bool]:
    """Whether the matcher says that a pair is the same, and whether it identified both names."""
    one, other = (identify_indicator(pair[side]) for side in "ab")
    return bool(one and other and one.id == other.id), bool(one and other)


def score(pairs: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Precision and recall of "same", and the pairs that were judged wrongly."""
    counts: Counter[str] = Counter()
    wrong, missed = [], []
    for pair in pairs:
        says_same, both = judged(pair)
        counts["pairs"] += 1
        counts["same"] += pair["same"]
        counts["both"] += both
        counts["said"] += says_same
        counts["right"] += says_same and pair["same"]
        if says_same and not pair["same"]:
            wrong.append(pair["id"])
        elif pair["same"] and not says_same:
            missed.append(pair["id"])
    return {
        "pairs": counts["pairs"],
        "same": counts["same"],
        "both identified": counts["both"],
        "precision": round(counts["right"] / max(1, counts["said"]), 3),
        "recall": round(counts["right"] / max(1, counts["same"]), 3),
        "wrong": wrong,
        "missed": missed,
    }


def read_in_texts() -> tuple[int, int]:
    """How many of the facts that were read are identified, and how many of those rightly."""
    facts = [json.loads(line) for line in READ.read_text(encoding="utf-8").splitlines()]
    found = [(identify_indicator(fact["name"], unit=fact["unit"]), fact["is"]) for fact in facts]
    said = [(match.id, right) for match, right in found if match]
    return len(said), sum(given == right for given, right in said)


def indicators(paths: Iterable[Path]) -> Iterator[str]:
    """The names of the indicators of annotated reports."""
    for path in paths:
        for document in read(path.read_text(encoding="utf-8"), path.name):
            for entity in document.entities:
                if entity.label == Label.INDICATOR:
                    yield document.text[entity.start : entity.end]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=Path, default=PAIRS)
    parser.add_argument("--names", type=Path, nargs="*", default=[])
    parser.add_argument("--show", action="store_true", help="the tuning pairs that were judged wrongly or not at all")
    options = parser.parse_args()
    pairs = [json.loads(line) for line in options.pairs.read_text(encoding="utf-8").splitlines()]
    for split in ("tuning", "held-out"):
        scored = score(pair for pair in pairs if pair["split"] == split)
        wrong, missed = scored.pop("wrong"), scored.pop("missed")
        print(f"{split}: " + ", ".join(f"{key} {value}" for key, value in scored.items()))
        if options.show and split == "tuning":
            print("  said to be the same:", *wrong)
            print("  not said to be the same:", *missed)
    said, right = read_in_texts()
    print(f"facts read in their reports: {said} identified, {right} rightly, precision {right / said:.3f}")
    if options.names:
        names = Counter(indicators(options.names))
        found = {name: match for name in names if (match := identify_indicator(name))}
        hows = Counter(match.how for match in found.values())
        print(
            f"names: {len(names)} in {names.total()} places; identified {len(found)} in "
            f"{sum(names[name] for name in found)} places; " + ", ".join(f"{how} {n}" for how, n in hows.most_common())
        )


if __name__ == "__main__":
    main()
