"""Where `find_amounts`, JioNLP and Recognizers-Text read the money of a corpus differently.

    python benchmarks/compare_amounts.py CORPUS.jsonl[.xz] --peers PYTHON --out DIFFERENCES.jsonl
        [--readings FOLDER] [--sample 200 --seed 0]

Reads the corpus by lines, so that a peer's crash costs one line. Writes one difference a line: the words around it and
what each tool read there as [text, low, high], null where it read nothing. Prints how many there are of each kind. With
`--sample`, prints that many drawn at random, to be judged by reading. `--readings` keeps what the peers read of exactly
these lines in a folder, and takes it from there the next time: the peers need many minutes, ours a second.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from normalize import corpus_texts, peer_lines

from zhibiao.normalize import find_amounts

Reading = tuple[int, int, str | None, str | None]
CONTEXT = 20


def ours(text: str) -> list[Reading]:
    """Our amounts as the peers' are given: a bounded amount by its number, a range by its ends."""
    readings: list[Reading] = []
    for found in find_amounts(text):
        value = found.value
        is_range = value.value is None or (value.approximate and value.low is not None and value.high is not None)
        low, high = (value.low, value.high) if is_range else (value.value, value.value)
        readings.append(
            (found.start, found.end, None if low is None else str(low), None if high is None else str(high))
        )
    return readings


def differences(text: str, readings: dict[str, list[Reading]]) -> Iterator[dict[str, Any]]:
    """Every place of a text where the tools do not agree."""
    for start, end in places(readings):
        here = {name: [one for one in found if one[0] < end and start < one[1]] for name, found in readings.items()}
        said = {name: [(number(one[2]), number(one[3])) for one in found] for name, found in here.items()}
        if len({json.dumps(one, default=str) for one in said.values()}) > 1:
            shown = {
                name: [[text[a:b], low, high] for a, b, low, high in found] or None for name, found in here.items()
            }
            yield {
                "around": f"{text[max(start - CONTEXT, 0) : start]}⟦{text[start:end]}⟧{text[end : end + CONTEXT]}",
                **shown,
            }


def places(readings: dict[str, list[Reading]]) -> list[tuple[int, int]]:
    """The stretches of text that any tool reads as money, overlapping ones joined."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted((one[0], one[1]) for found in readings.values() for one in found):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def number(written: str | None) -> str | None:
    """A number in one notation, to two decimals, which is what JioNLP gives."""
    try:
        return None if written is None else str(Decimal(written).quantize(Decimal("0.01")).normalize())
    except InvalidOperation:
        return written


def peer_readings(python: str, name: str, lines: list[str], folder: Path | None) -> list[list[Reading]]:
    """What a peer reads in each line: kept in the folder under the hash of the lines, or read now."""
    sha = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
    kept = folder / f"{name}-{sha}.jsonl" if folder else None
    if kept and kept.exists():
        return [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()]
    read = list(peer_lines(python, name, lines))[:-1]
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text("".join(line + "\n" for line in read), encoding="utf-8")
    return [json.loads(line) for line in read]


def main() -> None:
    """Read the corpus with all three and list what differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--peers", metavar="PYTHON", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--tools", nargs="+", default=["jionlp", "recognizers"])
    parser.add_argument("--characters", type=int)
    parser.add_argument("--readings", type=Path, metavar="FOLDER")
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    lines = [
        line for text in corpus_texts(given.corpus, given.characters) for line in text.splitlines() if line.strip()
    ]
    read = {name: peer_readings(given.peers, name, lines, given.readings) for name in given.tools}
    found = [
        difference
        for place, line in enumerate(lines)
        for difference in differences(line, {"zhibiao": ours(line), **{name: read[name][place] for name in read}})
    ]
    with given.out.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(difference, ensure_ascii=False) + "\n" for difference in found)
    kinds = Counter(tuple(name for name in ("zhibiao", *given.tools) if difference[name]) for difference in found)
    print(f"{len(found)} places read differently, by the tools that read anything there:")
    for tools, count in kinds.most_common():
        print(f"  {count:6}  {' + '.join(tools)}")
    for difference in random.Random(given.seed).sample(found, min(given.sample or 0, len(found))):
        print(json.dumps(difference, ensure_ascii=False))


if __name__ == "__main__":
    main()
