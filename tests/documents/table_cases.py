"""The planted tables: their file, and facts of tables as one line each."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from zhibiao.documents.tables import TableFact, TableReading

_FILE = Path(__file__).with_name("planted_tables.txt")


class PlantedTable(NamedTuple):
    name: str
    source: str
    expected: list[str]


def planted_tables() -> Iterator[PlantedTable]:
    for block in _FILE.read_text(encoding="utf-8").split("\n### ")[1:]:
        name, _, rest = block.partition("\n")
        source, _, expected = rest.partition("\n---\n")
        yield PlantedTable(name, source, [line for line in expected.splitlines() if line])


def described(reading: TableReading) -> list[str]:
    addresses = {fact.value.start: fact.cell.address for fact in reading.facts}
    facts = [describe(fact, addresses) for fact in reading.facts]
    return facts + [f"! {notice.message}" for notice in reading.notices]


def describe(fact: TableFact, addresses: dict[int, str]) -> str:
    names = fact.names
    parts = [
        f"{fact.cell.address} {names.indicator_text or '-'}",
        f"of {names.subject.text}" if names.subject else "",
        f"for {names.project.text}" if names.project else "",
        f"from {names.numerator.text}" if names.numerator else "",
        f"= {'-' if fact.number.is_negative else ''}{fact.number.written} {fact.unit}",
        fact.measure if fact.measure != "level" else "",
        f"@{fact.period.text}{'*' if fact.period.source == 'heading' else ''}" if fact.period else "",
        fact.status if fact.status != "actual" else "",
        f"part of row {fact.parent + 1}" if fact.parent is not None else "",
        f"joins {addresses[fact.joins]}" if fact.joins is not None else "",
    ]
    return " ".join(filter(None, parts))
