"""Text -> entities, scored links and status probabilities, a stretch of paragraphs at a time."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import count, groupby
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zhibiao.schema import Entity, Link, Span, Status
from zhibiao.tagger import decode
from zhibiao.tagger.calibration import Calibration, sigmoid
from zhibiao.tagger.engines import EngineName
from zhibiao.tagger.folder import ModelFolder, default_folder
from zhibiao.tagger.layout import LINK_TYPES, STATUSES, is_value
from zhibiao.tagger.links import LEAST_PROBABLE, Ends, scored_pairs
from zhibiao.tagger.network import CharacterOutputs, Network, padded_length
from zhibiao.tagger.windows import Window, batched, windows
from zhibiao.text import paragraphs, trimmed

Ints = npt.NDArray[np.int64]
#: The offsets of a paragraph.
Place = tuple[int, int]
#: A window, and the number of its paragraph within the stretch.
_Job = tuple[int, Window]
#: The batches of a stretch, with what the network will say of each.
_Work = list[tuple[list[_Job], Future[list[CharacterOutputs]]]]

#: Characters of text that are in work at one time, twice over: memory does not grow with the text.
STRETCH = 16_384
#: Most tokens of a batch.
BATCH = 1_024
#: Beginnings of spans that the model thinks less likely than this are not given on.
LEAST_POSSIBLE = 0.05


@dataclass(frozen=True)
class Tagging:
    """What the model says of a text.

    `links` holds every pair of a value and an indicator, project or period of its paragraph that is not quite
    improbable, with its calibrated probability; which of them hold is for the facts to decide. `statuses` has a
    probability for each status of each value. `possible` are the characters outside all entities at which the model
    thinks that one may begin, with the likeliest label and its probability: their sum is about how many were missed.
    """

    entities: tuple[Entity, ...]
    links: tuple[Link, ...]
    statuses: Mapping[str, Mapping[Status, float]]
    possible: tuple[Span, ...] = ()

    @classmethod
    def join(cls, parts: Iterable[Tagging]) -> Tagging:
        """The tagging of consecutive stretches, as one."""
        whole = list(parts)
        statuses = {value: odds for part in whole for value, odds in part.statuses.items()}
        return cls(
            tuple(entity for part in whole for entity in part.entities),
            tuple(link for part in whole for link in part.links),
            statuses,
            tuple(span for part in whole for span in part.possible),
        )


@dataclass(frozen=True)
class _Found:
    """A span of a paragraph: label, offsets in the text, confidence."""

    label: str
    start: int
    end: int
    confidence: float


class _Part(NamedTuple):
    """A paragraph: its place, its spans, and the outputs of its characters."""

    place: tuple[int, int]
    found: list[_Found]
    outputs: CharacterOutputs


class Tagger:
    """A loaded model. Safe to share between threads."""

    def __init__(self, folder: ModelFolder, *, threads: int | None = None, engine: EngineName | None = None) -> None:
        self.folder = folder
        self._labels = folder.tag_set.labels
        self._calibration: Calibration = folder.calibration
        self._network = Network(folder.path / "model.onnx", folder.vocabulary, threads=threads, engine=engine)

    @classmethod
    def load(
        cls, path: Path | str | None = None, *, threads: int | None = None, engine: EngineName | None = None
    ) -> Tagger:
        """Load the model in `path`, or the released one; ModelError where there is none.

        `engine` None takes OpenVINO where it is installed, else ONNX Runtime.
        """
        return cls(ModelFolder.open(Path(path) if path else default_folder()), threads=threads, engine=engine)

    @property
    def engine(self) -> EngineName:
        """What runs the graph."""
        return self._network.engine

    def tag(self, text: str, *, should_stop: Callable[[], bool] | None = None) -> Tagging:
        """Tag the whole of `text`. `should_stop` is asked between stretches; where it says so, InterruptedError."""
        return Tagging.join(self.stream(text, should_stop=should_stop))

    def stream(self, text: str, *, should_stop: Callable[[], bool] | None = None) -> Iterator[Tagging]:
        """As `tag`, a stretch of paragraphs at a time; the network is at work while the caller is."""
        return self._taggings(text, self._tagged(text, should_stop))

    def outputs(self, text: str) -> Iterator[tuple[Place, CharacterOutputs]]:
        """The offsets of each paragraph, and what the network says of its characters."""
        for stretch, results in self._run(text):
            yield from zip(stretch, results, strict=True)

    def judge(self, text: str, spans: Sequence[Span]) -> Tagging:
        """What the model says of spans that it is given, instead of those that it finds itself.

        The entities are `spans`, in the order of the text, each with the calibrated probability that the model gives to
        just this label and place; links and statuses are those between and of them. A span that crosses a line break,
        begins or ends in the white space around a paragraph, or whose label the model does not know, has the
        probability 0. Spans must not overlap, nor begin at a break.
        """
        judged = self._judged(text, sorted(spans, key=lambda span: span.start))
        return Tagging.join(self._taggings(text, judged))

    def _judged(self, text: str, spans: Sequence[Span]) -> Iterator[list[_Part]]:
        starts = [span.start for span in spans]
        first = 0
        for stretch, results in self._run(text):
            parts = []
            for place, outputs in zip(stretch, results, strict=True):
                last = bisect_left(starts, place[1])
                inside, first = spans[first:last], last
                probabilities = np.exp(outputs.tags)
                parts.append(_Part(place, [self._judged_span(span, place, probabilities) for span in inside], outputs))
            yield parts

    def _judged_span(self, span: Span, place: tuple[int, int], probabilities: decode.Floats) -> _Found:
        start, end = place
        if span.start < start or span.end > end or span.label not in self._labels:
            return _Found(span.label, span.start, min(span.end, end), 0.0)
        begin = self.folder.tag_set.begin(span.label)
        raw = _raw_confidence(probabilities, begin, span.start - start, span.end - start)
        return _Found(span.label, span.start, span.end, self._calibration.probability(span.label, raw))

    def _tagged(self, text: str, should_stop: Callable[[], bool] | None) -> Iterator[list[_Part]]:
        for stretch, outputs in self._run(text, should_stop):
            lines = [text[start:end] for start, end in stretch]
            tags = self._decoded(lines, outputs)
            yield [
                _Part(place, list(self._spans(place[0], line, output, sequence)), output)
                for place, line, output, sequence in zip(stretch, lines, outputs, tags, strict=True)
            ]

    def _decoded(self, lines: list[str], outputs: list[CharacterOutputs]) -> list[Ints]:
        """The tags of each line; lines of like length are searched together."""
        crf, tags = self.folder.crf, [np.zeros(0, dtype=np.int64)] * len(lines)
        ordered = sorted(range(len(lines)), key=lambda i: len(lines[i]))
        for batch in batched(ordered, lambda i: len(lines[i]), STRETCH):
            scores = [crf.scores(lines[i], outputs[i].tags, outputs[i].types) for i in batch]
            limits = [decode.edges(lines[i]) for i in batch]
            found = decode.best_tags(scores, limits, crf.weights.single, crf.weights.follows)
            for i, sequence in zip(batch, found, strict=True):
                tags[i] = sequence
        return tags

    def _taggings(self, text: str, stretches: Iterable[list[_Part]]) -> Iterator[Tagging]:
        numbers = count(1)
        for parts in stretches:
            yield self._tagging(text, parts, numbers)

    def _tagging(self, text: str, parts: list[_Part], numbers: Iterator[int]) -> Tagging:
        entities: list[Entity] = []
        links: list[Link] = []
        statuses: dict[str, Mapping[Status, float]] = {}
        possible: list[Span] = []
        for part in parts:
            (start, _), found, outputs = part
            ids = [f"e{next(numbers)}" for _ in found]
            entities += [
                Entity(id=i, label=span.label, start=span.start, end=span.end,
                       text=text[span.start : span.end], confidence=round(span.confidence, 3))
                for i, span in zip(ids, found, strict=True)
            ]  # fmt: skip
            places = [max(0, span.end - 1 - start) for span in found]
            links += self._links(ids, found, places, outputs)
            statuses.update(_statuses(ids, found, places, outputs))
            possible += self._possible(part)
        return Tagging(tuple(entities), tuple(links), statuses, tuple(possible))

    def _run(
        self, text: str, should_stop: Callable[[], bool] | None = None
    ) -> Iterator[tuple[list[Place], list[CharacterOutputs]]]:
        """The outputs of each paragraph, a stretch at a time; the network is one stretch ahead of what it has given."""
        ahead: deque[tuple[list[Place], _Work]] = deque()
        for stretch in _stretches(text):
            if should_stop is not None and should_stop():
                raise InterruptedError("tagging was stopped by its caller")
            ahead.append((stretch, self._begin(text, stretch)))
            if len(ahead) > 1:
                begun, work = ahead.popleft()
                yield begun, _outputs(begun, work)
        for begun, work in ahead:
            yield begun, _outputs(begun, work)

    def _begin(self, text: str, stretch: list[Place]) -> _Work:
        """Hand the windows of a stretch to the network, those of like length together, the longest first."""
        jobs = [(i, window) for i, (start, end) in enumerate(stretch) for window in windows(text, start, end)]
        return [
            (batch, self._network.submit([text[window.start : window.end] for _, window in batch]))
            for batch in reversed(list(_batches(jobs, self._network.threads)))
        ]

    def _spans(self, offset: int, line: str, output: CharacterOutputs, tags: Ints) -> Iterator[_Found]:
        found = decode.spans(tags)
        probabilities = np.exp(output.tags)
        for at, (number, start, end) in enumerate(found):
            left = found[at - 1][2] if at else 0
            right = found[at + 1][1] if at + 1 < len(found) else len(line)
            mended = decode.mend_brackets(line, start, end, left=left, right=right)
            if mended is None:
                continue
            label = self._labels[number]
            raw = _raw_confidence(probabilities, 2 * number + 1, start, end)
            yield _Found(label, offset + mended[0], offset + mended[1], self._calibration.probability(label, raw))

    def _possible(self, part: _Part) -> Iterator[Span]:
        (start, end), found, outputs = part
        begins = np.exp(outputs.tags[:, 1::2])
        is_free = np.ones(end - start, dtype=bool)
        for span in found:
            is_free[span.start - start : span.end - start] = False
        for at in np.flatnonzero(is_free & (begins.max(1) >= LEAST_POSSIBLE)).tolist():
            label = self._labels[int(begins[at].argmax())]
            sure = round(self._calibration.probability(label, float(begins[at].max())), 3)
            yield Span(label=label, start=start + at, end=start + at + 1, confidence=sure)

    def _links(self, ids: list[str], found: list[_Found], places: list[int], outputs: CharacterOutputs) -> list[Link]:
        ends = Ends([span.label for span in found], places, outputs.queries[places], outputs.keys[places])
        links = []
        for value, target, kind, score in scored_pairs(ends):
            probability = self._calibration.probability(f"link:{LINK_TYPES[kind]}", sigmoid(score))
            if probability >= LEAST_PROBABLE:
                links.append(
                    Link(value=ids[value], target=ids[target], type=LINK_TYPES[kind], confidence=round(probability, 3))
                )
        return links


def _raw_confidence(probabilities: decode.Floats, begin: int, start: int, end: int) -> float:
    """How sure the tags of a span are: the least of its characters, and that it ends where it does."""
    least = min(float(probabilities[start, begin]), float(probabilities[start + 1 : end, begin + 1].min(initial=1.0)))
    if end < len(probabilities):
        least = min(least, 1.0 - float(probabilities[end, begin + 1]))
    return least


def _statuses(
    ids: list[str], found: list[_Found], places: list[int], outputs: CharacterOutputs
) -> Iterator[tuple[str, dict[Status, float]]]:
    for entity_id, span, place in zip(ids, found, places, strict=True):
        if is_value(span.label):
            logits = outputs.statuses[place]
            weights = np.exp(logits - logits.max())
            yield entity_id, {s: round(float(w), 4) for s, w in zip(STATUSES, weights / weights.sum(), strict=True)}


def _stretches(text: str) -> Iterator[list[Place]]:
    """Consecutive paragraphs, about STRETCH characters at a time.

    Without the white space around them: it would move where a long paragraph is cut, and a document says the same with
    its lines indented or not.
    """
    stretch: list[Place] = []
    size = 0
    for start, end in (trimmed(text, *place) for place in paragraphs(text)):
        stretch.append((start, end))
        size += end - start
        if size >= STRETCH:
            yield stretch
            stretch, size = [], 0
    if stretch:
        yield stretch


def _batches(jobs: list[_Job], threads: int) -> Iterator[list[_Job]]:
    """Windows of one padded length together, at most BATCH tokens, and no thread idle for long."""

    def tokens(job: _Job) -> int:
        return padded_length(job[1].end - job[1].start)

    share = sum(map(tokens, jobs)) // threads + 1
    for _, alike in groupby(sorted(jobs, key=tokens), key=tokens):
        yield from batched(alike, tokens, min(BATCH, share))


def _outputs(stretch: list[Place], work: _Work) -> list[CharacterOutputs]:
    """The outputs of each paragraph of a stretch: those of its windows' cores, joined."""
    parts: list[list[tuple[int, CharacterOutputs]]] = [[] for _ in stretch]
    for batch, results in work:
        for (i, window), result in zip(batch, results.result(), strict=True):
            parts[i].append((window.first, result[window.first - window.start : window.last - window.start]))
    return [CharacterOutputs.join([core for _, core in sorted(part, key=lambda x: x[0])]) for part in parts]
