"""The nouns: labels, values, entities, links, facts, reports.

Everything else speaks these. They are frozen, hold exact decimals, and dump to the JSON shapes of the documentation in
either mode (`model_dump()` equals the JSON): decimals and dates as strings, keys that do not apply left out.

Offsets are half-open, in Unicode code points, into the text exactly as it was submitted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, SerializerFunctionWrapHandler, model_serializer


class Label(StrEnum):
    """The labels of the guideline. A model may know others: an entity's label is any string."""

    INDICATOR = "INDICATOR"
    AMOUNT = "AMOUNT"
    QUANTITY = "QUANTITY"
    RATIO = "RATIO"
    GROWTH = "GROWTH"
    PROJECT = "PROJECT"
    PERIOD = "PERIOD"


#: The labels of values: what points at an indicator, a project and a period, and has a status.
VALUE_LABELS = frozenset({Label.AMOUNT, Label.QUANTITY, Label.RATIO, Label.GROWTH})

Status = Literal["actual", "target", "forecast", "budget"]
LinkType = Literal["indicator", "project", "period"]

#: The units that a caller may ask amounts to be shown in.
AmountUnit = Literal["元", "万元", "亿元"]


def plain(number: Decimal) -> str:
    """Write a decimal in plain notation without trailing zeros: 4.678E+9 -> 4678000000, 17.950 -> 17.95.

    >>> plain(Decimal("4.678E+9"))
    '4678000000'
    """
    written = format(number, "f")
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


Number = Annotated[Decimal, PlainSerializer(plain, return_type=str)]
Day = Annotated[date, PlainSerializer(date.isoformat, return_type=str)]


class Noun(BaseModel):
    """Frozen; unknown fields refused; fields named in `omitted_when_none` are left out of the JSON where None."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_serializer(mode="wrap")
    def _dump(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return self._shape(handler(self))

    def _shape(self, dumped: dict[str, Any]) -> dict[str, Any]:
        """A dump without the keys that do not apply, and with lists, as JSON has them, for tuples."""
        return {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in dumped.items()
            if value is not None or key not in self._optional()
        }

    @classmethod
    def _optional(cls) -> frozenset[str]:
        return frozenset()


# --- values ---------------------------------------------------------------------------------------------------------


class Bounded(Noun):
    """A number as the words bound it.

    `value` is the number as written, `low` and `high` what the words allow; each is None where it is open. The
    `*_inclusive` flags say whether a bound belongs to the range; they are left out of the JSON where low = high.
    """

    value: Number | None
    low: Number | None
    high: Number | None
    approximate: bool = False
    low_inclusive: bool = True
    high_inclusive: bool = True

    @model_serializer(mode="wrap")
    def _dump(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        dumped: dict[str, Any] = handler(self)
        is_exact = self.low is not None and self.low == self.high
        for key, bound in (("low_inclusive", self.low), ("high_inclusive", self.high)):
            if is_exact or bound is None:
                dumped.pop(key, None)
        return self._shape(dumped)


class Written(Noun):
    """The parts of an expression as the text has them: `46.78`, `亿`, `元`. A part that is not there is empty."""

    number: str
    scale: str = ""
    unit: str = ""


class Shown(Noun):
    """An amount in the unit that the caller asked for."""

    value: Number | None
    unit: AmountUnit
    low: Number | None = None
    high: Number | None = None

    @classmethod
    def _optional(cls) -> frozenset[str]:
        return frozenset({"low", "high"})


class Amount(Bounded):
    """A sum of money in the currency's main unit, named by its ISO 4217 code; `per` for 万元/亩 -> 亩."""

    unit: str
    written: Written
    per: str | None = None
    shown: Shown | None = None

    @classmethod
    def _optional(cls) -> frozenset[str]:
        return frozenset({"per", "shown"})


class SIValue(Noun):
    """A quantity in SI units (or those accepted with them): 15 亩 -> 10000 m²."""

    value: Number | None
    unit: str
    low: Number | None = None
    high: Number | None = None

    @classmethod
    def _optional(cls) -> frozenset[str]:
        return frozenset({"low", "high"})


class Quantity(Bounded):
    """A count or measure in the unit written, without its scale: 12万平方米 -> 120000 平方米."""

    unit: str
    written: Written
    per: str | None = None
    si: SIValue | None = None

    @classmethod
    def _optional(cls) -> frozenset[str]:
        return frozenset({"per", "si"})


class Ratio(Bounded):
    """A level: 88.5% -> 88.5 percent, 2.5‰ -> 2.5 permille, 1.32倍 -> 1.32 times."""

    unit: Literal["percent", "permille", "times"]


GrowthUnit = Literal["percent", "percentage_point", "permille", "basis_point", "times", "doubling"]
Direction = Literal["up", "down", "flat"]


class Growth(Bounded):
    """A change relative to an earlier value. `value` has no sign: `direction` has it.

    `factor` is new / old where it can be known. `base` is `prior_year`, `same_period`, `prior_period`, a named year
    ("2015") or None. `direction` is None where the words do not say.
    """

    unit: GrowthUnit
    direction: Direction | None
    factor: Number | None = None
    base: str | None = None


Granularity = Literal["day", "month", "quarter", "half", "year", "years", "plan"]


class Period(Noun):
    """A period with both ends included; an end that is open or could not be resolved is None."""

    start: Day | None
    end: Day | None
    granularity: Granularity


# --- entities and links ---------------------------------------------------------------------------------------------


class Span(Noun):
    """A labelled place in a text, before anything is known of it but where it is."""

    label: str
    start: int
    end: int
    confidence: float = 1.0


class Link(Noun):
    """A value belongs to an indicator, a project or a period; the ids are those of entities."""

    value: str
    target: str
    type: LinkType
    confidence: float = 1.0


class Entity(Noun):
    """A span of the text with its label and, for values and periods, what it means exactly.

    An AMOUNT carries an `Amount` and a QUANTITY a `Quantity`, both as `quantity`. `status` is set on values.
    """

    id: str
    label: str
    start: int
    end: int
    text: str
    confidence: float = 1.0
    quantity: Amount | Quantity | None = None
    ratio: Ratio | None = None
    growth: Growth | None = None
    period: Period | None = None
    status: Status | None = None

    @classmethod
    def _optional(cls) -> frozenset[str]:
        return frozenset({"quantity", "ratio", "growth", "period", "status"})

    @property
    def normalized(self) -> Amount | Quantity | Ratio | Growth | Period | None:
        """Whichever exact value this entity carries."""
        return self.quantity or self.ratio or self.growth or self.period


# --- facts ----------------------------------------------------------------------------------------------------------


class Name(Noun):
    """An indicator or project as a fact names it."""

    entity: str
    text: str


class FactValue(Bounded):
    """The value of a fact. `unit` is an ISO 4217 code, `percent`, `permille`, `times`, or a measure word.

    `change` is set where the value is no level but a change of one (增加3.2亿元: up).
    """

    entity: str
    text: str
    unit: str
    per: str | None = None
    shown: Shown | None = None
    change: Direction | None = None

    @classmethod
    def _optional(cls) -> frozenset[str]:
        return frozenset({"per", "shown", "change"})


class FactGrowth(Bounded):
    """The growth of a fact; see `Growth`."""

    entity: str
    text: str
    unit: GrowthUnit
    direction: Direction | None
    factor: Number | None = None
    base: str | None = None


#: How a fact's period was found: a span that its value points at, a heading above it, or the report's own year.
PeriodSource = Literal["span", "heading", "report"]


class FactPeriod(Noun):
    """The period of a fact. `entity` is None where the report's own year was taken (`from` = report)."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)

    entity: str | None
    start: Day | None
    end: Day | None
    source: PeriodSource = Field(default="span", alias="from")


class Source(Noun):
    """Where in a document a fact stands, beside its offsets; what does not apply is left out.

    `page` counts from 1; `paragraph` from 1; `table` from 1 with `cell` in A1 notation; `sheet` is its name.
    """

    page: int | None = None
    paragraph: int | None = None
    sheet: str | None = None
    table: int | None = None
    cell: str | None = None

    @classmethod
    def _optional(cls) -> frozenset[str]:
        return frozenset({"page", "paragraph", "sheet", "table", "cell"})


class Fact(Noun):
    """An indicator (or project) had a value in a period, grew by so much, and the value is an actual or not.

    `numerator` is set where `indicator` is a share (占…比重) and the sentence names what is shared. `subject` is whom
    the value is of, where a table has indicators as columns and places or organisations as rows. `parent` is the id of
    the fact that this one is part of (其中). `start`/`end` enclose every entity of the fact.
    """

    id: str
    indicator: Name | None
    numerator: Name | None = None
    project: Name | None
    subject: Name | None = None
    value: FactValue | None
    growth: FactGrowth | None
    period: FactPeriod | None
    status: Status
    parent: str | None = None
    confidence: float
    start: int
    end: int
    source: Source | None = None

    @classmethod
    def _optional(cls) -> frozenset[str]:
        return frozenset({"subject", "parent", "source"})


# --- the report -----------------------------------------------------------------------------------------------------


class DocumentInfo(Noun):
    """What is known of a report as a whole."""

    title: str | None = None
    reference_year: int | None = None
    reference_year_from: Literal["caller", "title", "heading", "text"] | None = None


class Notice(Noun):
    """Something that the reader of a report should know: a stable `code`, a message, and its place if it has one."""

    code: str
    message: str
    start: int | None = None
    end: int | None = None
    entities: tuple[str, ...] = ()

    @classmethod
    def _optional(cls) -> frozenset[str]:
        return frozenset({"start", "end"})


class Report(Noun):
    """What a text states. `text` is set where it was extracted from a document: the offsets are into it."""

    model: str
    characters: int
    document: DocumentInfo
    entities: tuple[Entity, ...]
    facts: tuple[Fact, ...]
    warnings: tuple[Notice, ...] = ()
    text: str | None = None

    @classmethod
    def _optional(cls) -> frozenset[str]:
        return frozenset({"text"})

    def entity(self, entity_id: str) -> Entity:
        """The entity with this id; KeyError where there is none."""
        return self._entities_by_id[entity_id]

    @cached_property
    def _entities_by_id(self) -> Mapping[str, Entity]:
        return {entity.id: entity for entity in self.entities}


# --- annotated documents --------------------------------------------------------------------------------------------


class AnnotatedEntity(Noun):
    """One gold span; `status` on values."""

    id: str
    label: str
    start: int
    end: int
    status: Status | None = None

    @classmethod
    def _optional(cls) -> frozenset[str]:
        return frozenset({"status"})


class Relation(Noun):
    """A gold link from a value to an indicator, project or period."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)

    source: str = Field(alias="from")
    target: str = Field(alias="to")
    type: str


class AnnotatedDocument(Noun):
    """One line of the project's annotation format."""

    id: str
    text: str
    entities: tuple[AnnotatedEntity, ...] = ()
    relations: tuple[Relation, ...] = ()
    meta: dict[str, Any] = Field(default_factory=dict)
