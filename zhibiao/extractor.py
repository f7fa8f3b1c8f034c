"""The whole path: a text -> its entities, links and facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from zhibiao import facts
from zhibiao.documents import Document, check_text, from_text
from zhibiao.errors import NormalizeError
from zhibiao.facts.tables import with_tables
from zhibiao.normalize import find_reference_year, normalize, shown
from zhibiao.schema import (
    VALUE_LABELS,
    Amount,
    AmountUnit,
    AnnotatedDocument,
    DocumentInfo,
    Entity,
    Fact,
    Growth,
    Label,
    Link,
    Notice,
    Period,
    Quantity,
    Ratio,
    Report,
    Status,
)
from zhibiao.tagger import Tagger
from zhibiao.tagger.calibration import FACT, LINKED, Calibration
from zhibiao.tagger.engines import EngineName

#: How much of the text around a span the normaliser is shown: enough for 较上年同期下降幅度为.
CONTEXT = 40

_WITH_VALUE = VALUE_LABELS | {Label.PERIOD}


@dataclass(frozen=True)
class Analysis:
    """A report, and the links between its entities that its facts were made of.

    The confidence of a link is that of the whole: that both entities are right, and that one points at the other.
    """

    report: Report
    links: tuple[Link, ...]


class Extractor:
    """A model and all that turns its spans into facts. Safe to share between threads."""

    def __init__(self, tagger: Tagger) -> None:
        self._tagger = tagger

    @classmethod
    def load(
        cls, folder: Path | str | None = None, *, threads: int | None = None, engine: EngineName | None = None
    ) -> Extractor:
        """Load the model in `folder`, or the released one; ModelError where it cannot be used.

        `engine` None takes OpenVINO where it is installed (the extra `fast`), else ONNX Runtime.
        """
        return cls(Tagger.load(folder, threads=threads, engine=engine))

    @property
    def version(self) -> str:
        """The version of the model."""
        return self._tagger.folder.version

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that the model gives."""
        return self._tagger.folder.tag_set.labels

    def extract(
        self,
        text: str,
        *,
        reference_year: int | None = None,
        amount_unit: AmountUnit | None = None,
        min_confidence: float = 0.0,
        should_stop: Callable[[], bool] | None = None,
    ) -> Report:
        """The facts of `text`.

        `reference_year` is the year that 全年, 上半年 and the like mean; where it is not given it is looked for in the
        text. `amount_unit` (元, 万元 or 亿元) adds each amount in that unit. Entities and facts below `min_confidence`
        are left out. `should_stop` is asked now and then; where it says so, InterruptedError is raised. TextError
        where the text holds what no text may (lone surrogates).
        """
        return self.analyze(
            text,
            reference_year=reference_year,
            amount_unit=amount_unit,
            min_confidence=min_confidence,
            should_stop=should_stop,
        ).report

    def extract_document(
        self,
        document: Document,
        *,
        reference_year: int | None = None,
        amount_unit: AmountUnit | None = None,
        min_confidence: float = 0.0,
        should_stop: Callable[[], bool] | None = None,
    ) -> Report:
        """The facts of a document: as `extract`, with its text, and the page, paragraph or cell of each fact."""
        report = self._analyze(document, reference_year, amount_unit, min_confidence, should_stop).report
        sourced = tuple(
            fact.model_copy(update={"source": document.source_of(*_core(fact, report))}) for fact in report.facts
        )
        return report.model_copy(update={"text": document.text, "facts": sourced})

    def analyze(
        self,
        text: str,
        *,
        reference_year: int | None = None,
        amount_unit: AmountUnit | None = None,
        min_confidence: float = 0.0,
        should_stop: Callable[[], bool] | None = None,
    ) -> Analysis:
        """As `extract`, with the links."""
        check_text(text)
        return self._analyze(from_text(text), reference_year, amount_unit, min_confidence, should_stop)

    def _analyze(
        self,
        document: Document,
        reference_year: int | None,
        amount_unit: AmountUnit | None,
        min_confidence: float,
        should_stop: Callable[[], bool] | None,
    ) -> Analysis:
        text = document.text
        info = _document_info(document, reference_year)
        notices: list[Notice] = []
        entities: list[Entity] = []
        links: list[Link] = []
        scored: dict[str, Mapping[Status, float]] = {}
        for tagging in self._tagger.stream(text, should_stop=should_stop):
            kept = [entity for entity in tagging.entities if entity.confidence >= min_confidence]
            read = list(_normalized(text, kept, info.reference_year, amount_unit, notices))
            links += facts.link(text, read, tagging.links)  # a link stays within its paragraph
            entities += read
            scored |= tagging.statuses
        statuses = facts.decide_status(text, entities, scored)
        entities = [
            entity.model_copy(update={"status": statuses[entity.id]}) if entity.id in statuses else entity
            for entity in entities
        ]
        calibration = self._tagger.folder.calibration
        found, doubts = facts.build_facts(
            text, entities, links, reference_year=info.reference_year, calibrate=partial(calibration.probability, FACT)
        )
        whole = with_tables(document, entities, found, reference_year=info.reference_year, amount_unit=amount_unit)
        report = Report(
            model=self.version,
            characters=len(text),
            document=info,
            entities=tuple(whole.entities),
            facts=tuple(fact for fact in whole.facts if fact.confidence >= min_confidence),
            warnings=(*document.notices, *notices, *doubts, *whole.notices),
        )
        return Analysis(report, tuple(_end_to_end(links, whole.entities, calibration)))


def report_of(
    annotated: AnnotatedDocument, *, reference_year: int | None = None, amount_unit: AmountUnit | None = None
) -> Report:
    """The report that annotations state: the facts of these spans, links and statuses, without a model.

    What people have marked counts as certain: every confidence is 1, and `model` is `annotations`. Tables are read as
    far as they are annotated. The options are those of `Extractor.extract`. The annotations must be consistent
    (`zhibiao.formats.consistency`).
    """
    text = annotated.text
    info = _document_info(from_text(text), reference_year)
    given = [
        Entity(
            id=one.id, label=one.label, start=one.start, end=one.end, text=text[one.start : one.end], status=one.status
        )
        for one in sorted(annotated.entities, key=lambda entity: entity.start)
    ]
    notices: list[Notice] = []
    entities = list(_normalized(text, given, info.reference_year, amount_unit, notices))
    links = [Link(value=one.source, target=one.target, type=one.type) for one in annotated.relations]
    found, doubts = facts.build_facts(text, entities, links, reference_year=info.reference_year)
    return Report(
        model="annotations",
        characters=len(text),
        document=info,
        entities=tuple(entities),
        facts=tuple(found),
        warnings=(*notices, *doubts),
    )


def _end_to_end(links: Iterable[Link], entities: Iterable[Entity], calibration: Calibration) -> Iterator[Link]:
    """The links between `entities`, their confidences made those of link and ends together."""
    sure = {entity.id: entity.confidence for entity in entities}
    for link in links:
        if link.value in sure and link.target in sure:
            raw = link.confidence * sure[link.value] * sure[link.target]
            confidence = calibration.probability(f"{LINKED}:{link.type}", raw)
            yield link.model_copy(update={"confidence": round(confidence, 4)})


def _core(fact: Fact, report: Report) -> tuple[int, int]:
    """Where the value of a fact stands, or its growth: what its source is the place of."""
    part = fact.value or fact.growth
    entity = report.entity(part.entity) if part else None
    return (entity.start, entity.end) if entity else (fact.start, fact.end)


def _document_info(document: Document, reference_year: int | None) -> DocumentInfo:
    if reference_year is not None:
        return DocumentInfo(title=document.title, reference_year=reference_year, reference_year_from="caller")
    found = find_reference_year(document.text)
    if found is None:
        return DocumentInfo(title=document.title)
    return DocumentInfo(title=document.title, reference_year=found[0], reference_year_from=found[1])


def _normalized(
    text: str, entities: list[Entity], year: int | None, amount_unit: AmountUnit | None, notices: list[Notice]
) -> Iterator[Entity]:
    """The entities with their exact values; one that cannot be read is kept without, and a notice says why."""
    for entity in entities:
        if entity.label not in _WITH_VALUE:
            yield entity
            continue
        before, after = _surroundings(text, entity)
        try:
            value = normalize(entity.label, entity.text, before=before, after=after, reference_year=year)
        except NormalizeError as error:
            message = f"{entity.label} {entity.text!r} was not read: {error.line}"
            notices.append(
                Notice(
                    code="value-not-read", message=message, start=entity.start, end=entity.end, entities=(entity.id,)
                )
            )
            yield entity
            continue
        if isinstance(value, Amount) and amount_unit is not None:
            value = value.model_copy(update={"shown": shown(value, amount_unit)})
        yield entity.model_copy(update={_field_of(value): value})


def _surroundings(text: str, entity: Entity) -> tuple[str, str]:
    """The words of the entity's own paragraph on both sides of it."""
    before = text[max(0, entity.start - CONTEXT) : entity.start]
    after = text[entity.end : entity.end + CONTEXT]
    return before.rpartition("\n")[2], after.partition("\n")[0]


def _field_of(value: Amount | Quantity | Ratio | Growth | Period) -> str:
    """The field of an entity that holds a value of this kind."""
    match value:
        case Ratio():
            return "ratio"
        case Growth():
            return "growth"
        case Period():
            return "period"
        case _:
            return "quantity"
