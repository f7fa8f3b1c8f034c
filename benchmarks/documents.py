"""Reports made into every format and read back: is the text that of the .txt, are the facts, how fast, how much memory.

    python benchmarks/documents.py [--documents 20] [--facts] [--model FOLDER]

The reports are the seeds and the written ones under annotations/. `--facts` compares facts too, with a model.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "documents"))  # the makers of documents that the tests use

from made_documents import docx_of, html_of, lines_of, pdf_of, xlsx_lines  # noqa: E402

from zhibiao.documents import Document, read  # noqa: E402
from zhibiao.documents.plain import from_text  # noqa: E402
from zhibiao.schema import Report  # noqa: E402

MAKERS: dict[str, Callable[[str], bytes]] = {
    "txt": str.encode,
    "txt (GB18030)": lambda text: text.encode("gb18030"),
    "md": str.encode,
    "html": html_of,
    "docx": docx_of,
    "xlsx": xlsx_lines,
    "pdf (indented)": pdf_of,
    "pdf (flush)": lambda text: pdf_of(text, indent=0),
}


class Result(NamedTuple):
    """Figures of one format over all documents."""

    documents: int
    equal_texts: int
    equal_facts: int
    seconds: float
    characters: int


def reports(count: int) -> Iterator[tuple[str, str]]:
    """Ids and texts, the seeds first."""
    lines = [
        line
        for name in ("seeds.jsonl", "written.jsonl")
        for line in (ROOT / "annotations" / name).read_text(encoding="utf-8").splitlines()
    ]
    for document in map(json.loads, lines[:count]):
        yield document["id"], document["text"]


def stated(report: Report) -> list[tuple[object, ...]]:
    """What the facts of a report say, without the places where they stand and the model's confidence."""
    return [
        (
            fact.indicator and "".join(fact.indicator.text.split()),
            fact.project and "".join(fact.project.text.split()),
            fact.value and (fact.value.value, fact.value.low, fact.value.high, fact.value.unit),
            fact.growth and (fact.growth.value, fact.growth.direction),
            fact.period and (fact.period.start, fact.period.end),
            fact.status,
        )
        for fact in report.facts
    ]


def show(name: str, kind: str, wanted: list[tuple[object, ...]], found: list[tuple[object, ...]]) -> None:
    """Print the facts of a document that only one of its formats states."""
    for word, facts, others in (("missed", wanted, found), ("false", found, wanted)):
        for fact in facts:
            if fact not in others:
                print(f"{name} {kind} {word} {fact}")


def measure(
    make: Callable[[str], bytes],
    kind: str,
    count: int,
    extract: Callable[[Document], Report] | None,
    wanted: dict[str, list[tuple[object, ...]]],
) -> Result:
    """Make, read and compare every document in one format; `wanted` are the facts of each as plain text, by its id."""
    texts = facts = characters = 0
    seconds = 0.0
    for name, text in reports(count):
        source = make(text)
        start = time.perf_counter()
        document = read(source, f"{name}.{kind.split(maxsplit=1)[0]}")
        seconds += time.perf_counter() - start
        characters += len(document.text)
        texts += lines_of(document.text) == lines_of(text)
        if extract:
            found = stated(extract(document))
            facts += found == wanted[name]
            if found != wanted[name]:
                show(name, kind, wanted[name], found)
    return Result(count, texts, facts, seconds, characters)


def main() -> None:
    """Run and print a line a format."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=20)
    parser.add_argument("--facts", action="store_true")
    parser.add_argument("--model", type=Path)
    options = parser.parse_args()
    extract = None
    if options.facts:
        from zhibiao.extractor import Extractor

        extract = Extractor.load(options.model).extract_document
    wanted = {name: stated(extract(from_text(text))) for name, text in reports(options.documents)} if extract else {}
    print("format            same text   same facts   ms a document   characters a second")
    for kind, make in MAKERS.items():
        result = measure(make, kind, options.documents, extract, wanted)
        facts = f"{result.equal_facts}/{result.documents}" if extract else "-"
        print(
            f"{kind:16}  {result.equal_texts:4}/{result.documents:<4}  {facts:>11}"
            f"  {1000 * result.seconds / result.documents:14.1f}  {result.characters / result.seconds:20,.0f}"
        )
    print(f"peak memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
