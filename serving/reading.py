"""Texts and documents -> reports, measured; called from threads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from serving.metrics import Metrics
from serving.model import ServedModel
from serving.problems import ProblemError, too_large
from zhibiao import documents
from zhibiao.documents.detect import kind_of
from zhibiao.errors import DocumentError
from zhibiao.extractor import Extractor
from zhibiao.schema import AmountUnit, Report

ShouldStop = Callable[[], bool]


@dataclass(frozen=True)
class Options:
    """How a caller wants a report to be read; see the API's fields of these names."""

    reference_year: int | None = None
    amount_unit: AmountUnit | None = None
    min_confidence: float = 0.0


class Reading:
    """Reads with the model that is served; InterruptedError where `should_stop` says so."""

    def __init__(self, model: ServedModel, metrics: Metrics, max_characters: int) -> None:
        self._model, self._metrics, self._max_characters = model, metrics, max_characters

    def check_length(self, text: str) -> None:
        """Raise ProblemError 413 where a text is longer than is read."""
        if len(text) > self._max_characters:
            raise too_large(
                f"The text has {len(text)} characters", self._max_characters, "Send the report in several parts."
            )

    def read_text(self, text: str, options: Options, should_stop: ShouldStop) -> Report:
        """The report of a text. Raises ProblemError 503 where there is no model."""
        with self._extracting() as extractor:
            report = extractor.extract(
                text,
                reference_year=options.reference_year,
                amount_unit=options.amount_unit,
                min_confidence=options.min_confidence,
                should_stop=should_stop,
            )
        return self._counted(report)

    def read_document(self, data: bytes, name: str, options: Options, should_stop: ShouldStop) -> Report:
        """The report of a document; its name is only a hint. Raises ProblemError 413, 415, 503 or a ZhibiaoError."""
        with self._metrics.stage.labels("read").time():
            document = _document(data, name)
        self.check_length(document.text)
        with self._extracting() as extractor:
            report = extractor.extract_document(
                document,
                reference_year=options.reference_year,
                amount_unit=options.amount_unit,
                min_confidence=options.min_confidence,
                should_stop=should_stop,
            )
        return self._counted(report)

    @contextmanager
    def _extracting(self) -> Iterator[Extractor]:
        extractor = self._model.extractor
        with self._metrics.stage.labels("extract").time():
            yield extractor

    def _counted(self, report: Report) -> Report:
        self._metrics.characters.observe(report.characters)
        self._metrics.facts.inc(len(report.facts))
        return report


def _document(data: bytes, name: str) -> documents.Document:
    try:
        kind_of(data, name)
    except DocumentError as error:
        raise ProblemError(415, "document-kind", str(error), "Send one of the kinds of document named.") from None
    return documents.read(data, name)
