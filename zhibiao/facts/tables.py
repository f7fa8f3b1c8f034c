"""What a document's tables state -> entities and facts, beside those that the tagger found.

A table's numbers are read by their heads alone: what the tagger makes of a table's rows as if they were sentences is
dropped, except where it lies within a single cell of words (完成投资2200万元 under 进展).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from zhibiao.documents import Document
from zhibiao.documents.tables import Dating, Piece, TableFact, read_tables
from zhibiao.errors import NormalizeError
from zhibiao.facts.values import fact_growth, fact_value
from zhibiao.normalize import parse_amount, parse_growth, parse_period, parse_quantity, parse_ratio, shown
from zhibiao.schema import (
    Amount,
    AmountUnit,
    Direction,
    Entity,
    Fact,
    FactPeriod,
    Growth,
    Label,
    Name,
    Notice,
    Period,
    Quantity,
    Ratio,
)

#: The confidence of a fact from a table whose grid is clear: its rules are strict, its heads may still mislead.
CONFIDENCE = 0.95
_RATIO_UNITS = frozenset(["%", "％", "‰", "倍"])
_CHANGE_UNITS = frozenset(["个百分点", "百分点", "个基点", "基点", "番", "pct", "PCT", "bp", "BP"])
_MONEY = re.compile(r"元|美金|港币|英镑|人民币|^[百千万亿]+$")
_DECLINE = re.compile(r"下降|减少|降低|降幅|回落|跌幅|减幅")
_EITHER = re.compile(r"增|升|涨|±|\+/")
_BARE_YEAR = re.compile(r"((?:19|20)\d{2})\s*$")

_Exact = Amount | Quantity | Ratio | Growth


class TableFacts(NamedTuple):
    """Entities and facts of a whole document, and notices about what could not be read."""

    entities: list[Entity]
    facts: list[Fact]
    notices: list[Notice]


def with_tables(
    document: Document,
    entities: Sequence[Entity] = (),
    facts: Sequence[Fact] = (),
    *,
    reference_year: int | None = None,
    amount_unit: AmountUnit | None = None,
) -> TableFacts:
    """The entities and facts of the text, with those of the document's tables.

    `entities` and `facts` are what the text alone gave. Those that mix the cells of a table are left out; the ids of
    new ones go on from theirs. Facts come in the order of their values. `reference_year` dates what a table does not.
    """
    kept_entities, kept_facts = _outside(document, entities, facts)
    if not document.tables:
        return TableFacts(kept_entities, kept_facts, [])
    reading = read_tables(document)
    maker = _Maker(document, reference_year, amount_unit, _last_number(entities), _last_number(facts))
    maker.reuse(kept_entities)
    maker.add(reading.facts)
    kept_entities = _without_overlaps(kept_entities, kept_facts, maker.entities)
    all_entities = sorted([*kept_entities, *maker.entities], key=lambda entity: entity.start)
    starts = {entity.id: entity.start for entity in all_entities}
    return TableFacts(
        all_entities,
        sorted([*kept_facts, *maker.facts], key=lambda fact: starts.get(_value_id(fact), fact.start)),
        [*reading.notices, *maker.notices],
    )


def _without_overlaps(entities: Sequence[Entity], facts: Sequence[Fact], new: Sequence[Entity]) -> list[Entity]:
    """Entities that no fact uses give way to those of tables: spans never overlap."""
    used = {entity_id for fact in facts for entity_id in _entities_of(fact)}
    starts = sorted((entity.start, entity.end) for entity in new)

    def overlaps(entity: Entity) -> bool:
        place = bisect_left(starts, entity.end, key=lambda span: span[0]) - 1
        return place >= 0 and starts[place][1] > entity.start

    return [entity for entity in entities if entity.id in used or not overlaps(entity)]


def _value_id(fact: Fact) -> str:
    """The entity of a fact's value, or of its growth where it has none."""
    part = fact.value or fact.growth
    return part.entity if part else ""


def _last_number(items: Sequence[Entity] | Sequence[Fact]) -> int:
    """The highest number in the ids e1, f7 …"""
    return max((int(digits[0]) for item in items if (digits := re.findall(r"\d+", item.id))), default=0)


def _outside(document: Document, entities: Sequence[Entity], facts: Sequence[Fact]) -> tuple[list[Entity], list[Fact]]:
    """What lies outside the tables, or within one cell of words."""
    places = _Places(document)
    found = {entity.id: places.of(entity.start, entity.end) for entity in entities}
    kept = {entity_id for entity_id, place in found.items() if place != _IN_TABLE}
    kept_facts = [
        fact
        for fact in facts
        if _entities_of(fact) <= kept and len({found[entity_id] for entity_id in _entities_of(fact)} - {_OUTSIDE}) < 2
    ]
    ids = {fact.id for fact in kept_facts}
    return (
        [entity for entity in entities if entity.id in kept],
        [fact if fact.parent in ids else fact.model_copy(update={"parent": None}) for fact in kept_facts],
    )


class _Places:
    """Where the tables of a document are, and their cells of words."""

    def __init__(self, document: Document) -> None:
        self._tables = [(table.start, table.end) for table in document.tables]
        self._prose = [
            (cell.start, cell.end) for table in document.tables for cell in table.cells if _is_prose(cell.text)
        ]

    def of(self, start: int, end: int) -> int:
        """The number of the cell of words that holds this range; else whether it lies outside or in a table."""
        table = bisect_left(self._tables, end, key=lambda place: place[0]) - 1
        if table < 0 or self._tables[table][1] <= start:
            return _OUTSIDE
        cell = bisect_right(self._prose, start, key=lambda place: place[0]) - 1
        return cell if cell >= 0 and end <= self._prose[cell][1] else _IN_TABLE


_OUTSIDE, _IN_TABLE = -1, -2


def _is_prose(text: str) -> bool:
    """Words with a number in them, too long for a name."""
    return len(text) > _PROSE and re.search(r"[一-鿿].*\d", text) is not None


#: A cell of fewer characters names something or is a number; longer ones may be sentences.
_PROSE = 12


def _entities_of(fact: Fact) -> set[str]:
    parts = (fact.indicator, fact.numerator, fact.project, fact.subject, fact.value, fact.growth, fact.period)
    return {part.entity for part in parts if part and part.entity}


@dataclass(slots=True)
class _Maker:
    """Makes entities, one for each piece of text, and facts of what tables state."""

    document: Document
    reference_year: int | None
    amount_unit: AmountUnit | None
    entity_count: int
    fact_count: int
    entities: list[Entity] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    _by_piece: dict[tuple[int, int, str], Entity] = field(default_factory=dict)
    _periods: dict[str, Period | None] = field(default_factory=dict)

    def reuse(self, entities: Sequence[Entity]) -> None:
        """Take these for pieces of text that are the same: a caption's year may be found by the tagger too."""
        self._by_piece.update({(entity.start, entity.end, entity.label): entity for entity in entities})

    def add(self, stated: Sequence[TableFact]) -> None:
        """Make the facts of these cells, a growth as part of its value's."""
        growths = {fact.joins: fact for fact in stated if fact.joins is not None}
        ids: dict[tuple[int, int, int], str] = {}
        for fact in stated:
            if fact.joins is not None:
                continue
            made = self._fact(fact, growths.get(fact.value.start), ids)
            if made:
                ids[fact.table, fact.cell.row, fact.cell.column] = made.id
                self.facts.append(made)

    def _fact(self, stated: TableFact, growing: TableFact | None, ids: dict[tuple[int, int, int], str]) -> Fact | None:
        value = self._value_entity(stated)
        growth = self._value_entity(growing) if growing else None
        if value is None:
            return None
        if value.growth:
            value, growth = None, value
        names = stated.names
        period = self._period(stated.period)
        parts = [
            self._named(names.indicator, Label.INDICATOR),
            self._named(names.numerator, Label.INDICATOR),
            self._named(names.project, Label.PROJECT),
            self._named(names.subject, Label.INDICATOR),
        ]
        indicator, numerator, project, subject = parts
        used = [entity for entity in (*parts, value, growth) if entity]
        self.fact_count += 1
        return Fact(
            id=f"f{self.fact_count}",
            indicator=Name(entity=indicator.id, text=names.indicator_text) if indicator else None,
            numerator=_name(numerator),
            project=_name(project),
            subject=_name(subject),
            value=fact_value(value, _change(stated)) if value else None,
            growth=fact_growth(growth),
            period=period,
            status=stated.status,
            parent=ids.get((stated.table, stated.parent, stated.cell.column)) if stated.parent is not None else None,
            confidence=CONFIDENCE,
            start=min(entity.start for entity in used),
            end=max(entity.end for entity in used),
            source=self.document.source_of(stated.value.start, stated.value.end),
        )

    def _entity(self, piece: Piece, label: Label, **exact: object) -> Entity:
        key = (piece.start, piece.end, label)
        if key not in self._by_piece:
            self.entity_count += 1
            entity = Entity(
                id=f"e{self.entity_count}",
                label=label,
                start=piece.start,
                end=piece.end,
                text=piece.text,
                confidence=CONFIDENCE,
                **exact,
            )
            self._by_piece[key] = entity
            self.entities.append(entity)
        return self._by_piece[key]

    def _named(self, piece: Piece | None, label: Label) -> Entity | None:
        return self._entity(piece, label) if piece else None

    def _value_entity(self, stated: TableFact) -> Entity | None:
        """The entity of a cell's number; None, with a notice, where it cannot be read."""
        label, parse = _reader(stated)
        try:
            exact = parse(_expression(stated), stated.unit)
        except NormalizeError as error:
            self._note(stated, error.line)
            return None
        if isinstance(exact, Growth):
            exact = exact.model_copy(
                update={"base": stated.base, "direction": "flat" if exact.value == 0 else exact.direction}
            )
            return self._entity(stated.value, label, growth=exact, status=stated.status)
        if isinstance(exact, Ratio):
            return self._entity(stated.value, label, ratio=exact, status=stated.status)
        if isinstance(exact, Amount) and self.amount_unit:
            exact = exact.model_copy(update={"shown": shown(exact, self.amount_unit)})
        return self._entity(stated.value, label, quantity=exact, status=stated.status)

    def _period(self, dating: Dating | None) -> FactPeriod | None:
        if dating is None:
            if self.reference_year is None:
                return None
            year = self.reference_year
            return FactPeriod(entity=None, start=date(year, 1, 1), end=date(year, 12, 31), source="report")
        if dating.text not in self._periods:
            self._periods[dating.text] = self._parsed(dating.text)
        period = self._periods[dating.text]
        if period is None:
            return None
        entity = self._entity(dating.piece, Label.PERIOD, period=period)
        return FactPeriod(entity=entity.id, start=period.start, end=period.end, source=dating.source)

    def _parsed(self, text: str) -> Period | None:
        try:
            return parse_period(_BARE_YEAR.sub(r"\1年", re.sub(r"\s", "", text)), reference_year=self.reference_year)
        except NormalizeError:
            return None

    def _note(self, stated: TableFact, message: str) -> None:
        self.notices.append(
            Notice(code="value-not-read", message=message, start=stated.value.start, end=stated.value.end)
        )


def _reader(stated: TableFact) -> tuple[Label, Callable[[str, str], _Exact]]:
    """The label of a cell's number, and what reads it."""
    if stated.measure == "growth" or stated.unit in _CHANGE_UNITS:
        return Label.GROWTH, lambda text, unit: parse_growth(text, before=_words(stated), unit=unit)
    if stated.unit in _RATIO_UNITS:
        return Label.RATIO, lambda text, unit: parse_ratio(text, unit=unit)
    if _MONEY.search(stated.unit):
        return Label.AMOUNT, lambda text, unit: parse_amount(text, unit=unit)
    return Label.QUANTITY, lambda text, unit: parse_quantity(text, unit=unit)


def _expression(stated: TableFact) -> str:
    """The cell as the normaliser reads it: brackets and arrows that mean a minus as a minus sign."""
    text = stated.value.text.strip("()（）+＋-－−–↑↓ *＊①②③")
    return f"-{text}" if stated.number.is_negative else text


def _words(stated: TableFact) -> str:
    """What stands before a growth: 增减 says no direction, its sign does."""
    return "下降" if _is_decline(stated) else "增长"


def _is_decline(stated: TableFact) -> bool:
    return bool(_DECLINE.search(stated.head)) and not _EITHER.search(stated.head)


def _name(entity: Entity | None) -> Name | None:
    return Name(entity=entity.id, text=entity.text) if entity else None


def _change(stated: TableFact) -> Direction | None:
    """The direction of a value that is itself a change, None of a level."""
    if stated.measure != "change":
        return None
    return "down" if stated.number.is_negative or _is_decline(stated) else "up"
