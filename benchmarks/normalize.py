"""Speed of `find_amounts` beside the money extractors of JioNLP and Recognizers-Text, on one core, in one run.

    python benchmarks/normalize.py CORPUS.jsonl[.xz] [--peers PYTHON] [--characters N]

CORPUS has one JSON object with a `text` a line. PYTHON is an interpreter in whose environment the peers are installed
(see money_peers.py); without it ours is timed alone. Recognizers-Text, which is far slower, reads the first 50,000
characters only. Prints characters a second and the ratio of ours to each, then the most that a finder needs for hostile
texts of two lengths, whose ratio should be that of the lengths.
"""

from __future__ import annotations

import argparse
import json
import lzma
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from zhibiao.normalize import find_amounts, find_numbers, find_percentages, find_quantities

HOSTILE = ("一", "百", "1,", "1.", "1 ", "3万", "三分之", "1元/", "1-", "约", "人民币", "1e5", "百分之")
HOSTILE_LENGTHS = (5_000, 20_000)
PEERS = Path(__file__).with_name("money_peers.py")
SLOW = {"recognizers": 50_000}


def corpus_texts(path: Path, characters: int | None) -> list[str]:
    """The texts of the corpus, up to about so many characters."""
    texts: list[str] = []
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            texts.append(json.loads(line)["text"])
            if characters is not None and sum(map(len, texts)) >= characters:
                break
    return texts


def seconds_of_ours(texts: list[str]) -> tuple[float, int]:
    """The best of three readings, and how many amounts there are."""
    best, count = float("inf"), 0
    for _ in range(3):
        started = time.perf_counter()
        count = sum(1 for text in texts for _ in find_amounts(text))
        best = min(best, time.perf_counter() - started)
    return best, count


def seconds_of_peer(python: str, name: str, texts: list[str]) -> tuple[float, int]:
    """One reading by a peer in its own environment, and how many amounts it found."""
    *found, last = peer_lines(python, name, texts)
    return json.loads(last)["seconds"], sum(len(json.loads(line)) for line in found)


def peer_lines(python: str, name: str, texts: list[str]) -> Iterator[str]:
    """The lines that money_peers.py prints for these texts."""
    given = "".join(json.dumps(text) + "\n" for text in texts)
    done = subprocess.run([python, str(PEERS), name], input=given, capture_output=True, text=True, check=True)
    yield from done.stdout.splitlines()[-len(texts) - 1 :]


def seconds_of_hostile(length: int) -> tuple[float, str]:
    """The longest that any finder needs for a text of this length that repeats one hostile piece, and which that is."""
    longest = (0.0, "")
    for find in (find_amounts, find_quantities, find_percentages, find_numbers):
        for piece in HOSTILE:
            text = piece * (length // len(piece))
            started = time.perf_counter()
            count = sum(1 for _ in find(text))
            longest = max(longest, (time.perf_counter() - started, f"{find.__name__}({piece} …), {count} found"))
    return longest


def main() -> None:
    """Time and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--peers", metavar="PYTHON")
    parser.add_argument("--characters", type=int)
    given = parser.parse_args()
    texts = corpus_texts(given.corpus, given.characters)
    size = sum(map(len, texts))
    seconds, count = seconds_of_ours(texts)
    ours = size / seconds
    print(f"{'zhibiao':12} {ours:12,.0f} characters/s  {count:7,} amounts in {size:,} characters")
    for name in ("jionlp", "recognizers") if given.peers else ():
        part = corpus_texts(given.corpus, SLOW[name]) if name in SLOW else texts
        seconds, count = seconds_of_peer(given.peers, name, part)
        part_size = sum(map(len, part))
        print(
            f"{name:12} {part_size / seconds:12,.0f} characters/s  {count:7,} amounts in {part_size:,} characters"
            f"  ours is {ours * seconds / part_size:.2f} times as fast"
        )
    for length in HOSTILE_LENGTHS:
        seconds, which = seconds_of_hostile(length)
        print(f"hostile texts of {length:,} characters: at most {seconds:.2f} s, {which}")


if __name__ == "__main__":
    main()
