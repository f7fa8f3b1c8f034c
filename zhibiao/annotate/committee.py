"""Models that read documents which they have not seen: one of a fold, or several that vote."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from zhibiao.errors import ModelError
from zhibiao.evaluate import Annotation, LinkKey, SpanKey, from_entities
from zhibiao.evaluate.annotation import Place
from zhibiao.extractor import Extractor
from zhibiao.schema import AnnotatedDocument, Span
from zhibiao.tagger import Tagger, Tagging

Key = TypeVar("Key")

#: Hexadecimal digits of a text's SHA-256 by which a model's `meta.json` names what it was trained on.
_DIGITS = 16


@dataclass(frozen=True)
class Verdict:
    """What the models say of one annotated document.

    `found` is what more than half of them find, with the mean of their confidences (0 from one that does not find it).
    `spans`, `links` and `status` hold the mean probability of each span, link and status that the gold has.
    """

    found: Annotation
    spans: Mapping[SpanKey, float]
    links: Mapping[LinkKey, float]
    status: Mapping[tuple[Place, str], float]


class Committee:
    """Several models, each of which is only asked about documents that it was not trained on."""

    def __init__(self, taggers: Sequence[Tagger]) -> None:
        self._members = [(tagger, Extractor(tagger), _seen(tagger)) for tagger in taggers]

    @classmethod
    def load(cls, folders: Iterable[Path]) -> Committee:
        """The models of these folders; ModelError where one cannot be used or does not say what it was trained on."""
        return cls([Tagger.load(folder) for folder in folders])

    @classmethod
    def of_folds(cls, folder: Path) -> Committee:
        """The models that `folds.json` of a cross-validation's folder names; ModelError where there is none."""
        path = folder / "folds.json"
        try:
            folds = json.loads(path.read_text("utf-8"))["folds"]
            models = [folder / fold["model"] for fold in folds]
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise ModelError(
                f"{path}: it does not list the models of a cross-validation ({error!r}); "
                "name the folder that `python -m training.folds` has made."
            ) from error
        return cls.load(models)

    @property
    def versions(self) -> list[str]:
        """The versions of the models."""
        return [tagger.folder.version for tagger, *_ in self._members]

    def is_impartial(self, document: AnnotatedDocument) -> bool:
        """Whether one of the models has not seen this text."""
        return bool(self._unseen(document))

    def judge(self, document: AnnotatedDocument) -> Verdict:
        """What the models that have not seen a document say of it; ModelError where all have."""
        members = self._unseen(document)
        if not members:
            raise ModelError(
                f"{document.id}: every model was trained on it; cross-validate (python -m training.folds)."
            )
        read = [_read(extractor, document) for _, extractor in members]
        given = [Span(label=one.label, start=one.start, end=one.end) for one in document.entities]
        judged = [tagger.judge(document.text, given) for tagger, _ in members]
        as_found = [from_entities(document.id, document.text, one.entities, one.links) for one in judged]
        found = Annotation(
            id=document.id,
            text=document.text,
            spans=_agreed([one.spans for one in read]),
            links=_agreed([one.links for one in read]),
            status=_voted([one.status for one in read]),
        )
        return Verdict(
            found,
            spans=_mean([one.spans for one in as_found]),
            links=_mean([one.links for one in as_found]),
            status=_mean([_status_odds(one) for one in judged]),
        )

    def _unseen(self, document: AnnotatedDocument) -> list[tuple[Tagger, Extractor]]:
        digest = hashlib.sha256(document.text.encode()).hexdigest()[:_DIGITS]
        return [(tagger, extractor) for tagger, extractor, seen in self._members if digest not in seen]


def _seen(tagger: Tagger) -> frozenset[str]:
    """The digests of the texts that a model was trained on."""
    try:
        return frozenset(tagger.folder.meta["data"]["train"]["texts"])
    except (LookupError, TypeError):
        raise ModelError(
            f"{tagger.folder.path}: its meta.json does not say which texts it was trained on (data.train.texts); "
            "train it with `python -m training`."
        ) from None


def _read(extractor: Extractor, document: AnnotatedDocument) -> Annotation:
    year = document.meta.get("year")
    analysis = extractor.analyze(document.text, reference_year=year if isinstance(year, int) else None)
    return from_entities(document.id, document.text, analysis.report.entities, analysis.links)


def _status_odds(judged: Tagging) -> dict[tuple[Place, str], float]:
    places = {entity.id: (entity.start, entity.end) for entity in judged.entities}
    return {
        (places[entity_id], status): probability
        for entity_id, odds in judged.statuses.items()
        for status, probability in odds.items()
    }


def _mean(each: Sequence[Mapping[Key, float]]) -> dict[Key, float]:
    """The mean over all models; what one does not have counts 0 there."""
    sums: dict[Key, float] = defaultdict(float)
    for one in each:
        for key, confidence in one.items():
            sums[key] += confidence / len(each)
    return dict(sums)


def _agreed(each: Sequence[Mapping[Key, float]]) -> dict[Key, float]:
    """What more than half have: two spans that overlap cannot both be there, as each model's are flat."""
    votes = Counter(key for one in each for key in one)
    return {key: confidence for key, confidence in _mean(each).items() if 2 * votes[key] > len(each)}


def _voted(each: Sequence[Mapping[Place, str]]) -> dict[Place, str]:
    votes = Counter(item for one in each for item in one.items())
    return {place: status for (place, status), times in votes.items() if 2 * times > len(each)}
