"""How well links, statuses and facts are found where the spans are given.

    python -m benchmarks.linking ANNOTATIONS.jsonl... [--grammar FILE] [--errors indicator|project|period|status|facts]

Prints for each file the precision, recall and F1 of the links by type, the accuracy of the status, and the precision
and recall of whole facts: indicator, numerator, project, value, growth, period and status all right, beside the facts
that the gold links and statuses give. A value whose period stands in an earlier paragraph (`meta.earlier_period`) is
compared without its period. `--grammar` takes other weights than the shipped ones, say such as were fitted without
these reports.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from zhibiao.errors import NormalizeError
from zhibiao.facts import build_facts, decide_status, link
from zhibiao.facts.grammar import Grammar, default_grammar, parse_grammar
from zhibiao.formats import native
from zhibiao.normalize import find_reference_year, normalize
from zhibiao.schema import VALUE_LABELS, AnnotatedDocument, Entity, Fact, Growth, Label, Link, Period, Ratio

KINDS = ("indicator", "project", "period")
CONTEXT = 40


def entities_of(document: AnnotatedDocument, year: int | None) -> list[Entity]:
    """The gold spans with their exact values, where these can be read."""
    return [_entity(document.text, one.id, one.label, one.start, one.end, year) for one in document.entities]


def _entity(text: str, name: str, label: str, start: int, end: int, year: int | None) -> Entity:
    entity = Entity(id=name, label=label, start=start, end=end, text=text[start:end])
    if label not in {*VALUE_LABELS, Label.PERIOD}:
        return entity
    before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    try:
        value = normalize(label, entity.text, before=before, after=after, reference_year=year)
    except NormalizeError:
        return entity
    fields: dict[type, str] = {Ratio: "ratio", Growth: "growth", Period: "period"}
    return entity.model_copy(update={fields.get(type(value), "quantity"): value})


def compare(document: AnnotatedDocument, grammar: Grammar) -> Iterator[tuple[str, set[object], set[object]]]:
    """For each question its name, the gold answers and the answers found."""
    found_year = find_reference_year(document.text)
    year = found_year[0] if found_year else None
    entities = entities_of(document, year)
    links = link(document.text, entities, grammar=grammar)
    statuses = decide_status(document.text, entities, grammar=grammar)
    gold = [Link(value=one.source, target=one.target, type=one.type) for one in document.relations]  # type: ignore[arg-type]
    given = {one.id: one.status or "actual" for one in document.entities if one.id in statuses}
    for kind in KINDS:
        yield kind, *({(one.value, one.target) for one in side if one.type == kind} for side in (gold, links))
    yield "status", set(given.items()), set(statuses.items())
    earlier = frozenset(document.meta.get("earlier_period", ()))
    sides = []
    for side, status in ((gold, given), (links, statuses)):
        stated = [one.model_copy(update={"status": status.get(one.id)}) for one in entities]
        facts, _ = build_facts(document.text, stated, side, reference_year=year)
        sides.append({_key(fact, earlier) for fact in facts})
    yield "facts", sides[0], sides[1]


def _key(fact: Fact, earlier: frozenset[str]) -> tuple[object, ...]:
    parts = (fact.indicator, fact.numerator, fact.project, fact.value, fact.growth)
    names = tuple(part.entity if part else None for part in parts)
    is_earlier = not earlier.isdisjoint(names)
    period = (fact.period.entity, fact.period.source) if fact.period and not is_earlier else None
    return (*names, period, fact.status)


def main() -> None:
    """Read the arguments and print one table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.linking", description=__doc__.splitlines()[0])
    parser.add_argument("annotations", nargs="+", type=Path)
    parser.add_argument("--grammar", type=Path, help="weights to use instead of the shipped ones")
    parser.add_argument("--errors", choices=[*KINDS, "status", "facts"], help="print the answers that are wrong")
    arguments = parser.parse_args()
    grammar = parse_grammar(arguments.grammar.read_text("utf-8")) if arguments.grammar else default_grammar()
    table = Table("annotations", "question", "P", "R", "F1", "gold")
    for path in arguments.annotations:
        right: Counter[str] = Counter()
        gold_count: Counter[str] = Counter()
        found_count: Counter[str] = Counter()
        for document in native.read(path.read_text("utf-8"), path.name):
            for name, gold, found in compare(document, grammar):
                right[name] += len(gold & found)
                gold_count[name] += len(gold)
                found_count[name] += len(found)
                if name == arguments.errors:
                    _print_errors(document, gold, found)
        for name in right:
            precision, recall = right[name] / max(found_count[name], 1), right[name] / max(gold_count[name], 1)
            f1 = 2 * right[name] / max(gold_count[name] + found_count[name], 1)
            table.add_row(path.name, name, f"{precision:.4f}", f"{recall:.4f}", f"{f1:.4f}", str(gold_count[name]))
    Console().print(table)


def _print_errors(document: AnnotatedDocument, gold: set[object], found: set[object]) -> None:
    texts = {one.id: document.text[one.start : one.end] for one in document.entities}
    for word, answers in (("missed", gold - found), ("false", found - gold)):
        for answer in sorted(map(str, answers)):
            shown = answer
            for name in sorted(texts, key=len, reverse=True):
                shown = shown.replace(f"'{name}'", texts[name])
            print(f"{document.id} {word} {shown}")


if __name__ == "__main__":
    main()
