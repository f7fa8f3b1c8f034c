"""Annotated documents -> windows -> batches of tensors.

A document is encoded once, as a whole. A window is a stretch of it: one paragraph, or several joined up to a size.
Training mixes both, so that the model can be served either way and has seen what stands above a line.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from zhibiao import formats
from zhibiao.errors import AnnotationError
from zhibiao.schema import AnnotatedDocument
from zhibiao.tagger.features import Vocabulary, boundaries
from zhibiao.tagger.layout import LINK_TARGETS, LINK_TYPES, STATUSES, TagSet, is_value
from zhibiao.tagger.windows import LONGEST, batched
from zhibiao.text import packed, paragraphs, sentences

IGNORED = -100
#: Lengths of batches are multiples of this.
PADDED_TO = 32
#: Characters from which the ranges of activations are learned.
SAMPLED = 40_000

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Value:
    """A gold value: the place of its last character, its status, and the last characters of what it points at."""

    at: int
    status: int
    targets: dict[int, tuple[int, ...]]


@dataclass(frozen=True)
class Encoded:
    """A document as arrays over its characters, and its gold or what an ensemble says: `soft`, (characters, tags)."""

    id: str
    rows: Ints
    types: Ints
    tags: Ints
    lines: tuple[tuple[int, int], ...]
    values: tuple[Value, ...]
    ends: dict[str, tuple[int, ...]]
    soft: npt.NDArray[np.float16] | None = None

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class Window:
    """`document[start:end]`."""

    document: Encoded
    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start


def read_documents(paths: Sequence[Path]) -> list[AnnotatedDocument]:
    """Read every annotated file or folder; all faults of all of them are raised as one AnnotationError."""
    documents: list[AnnotatedDocument] = []
    faults: list[str] = []
    for path in paths:
        try:
            documents += formats.read(path)
        except AnnotationError as error:
            faults += [f"{path}: {fault}" for fault in error.faults]
    if faults:
        raise AnnotationError(faults)
    return documents


def encode(document: AnnotatedDocument, vocabulary: Vocabulary, tag_set: TagSet) -> Encoded:
    """Look up the characters of `document` and lay out its gold."""
    text = document.text
    lines = tuple(_pieces(text))
    types = np.zeros(len(text), dtype=np.int64)
    for start, end in paragraphs(text):
        types[start:end] = boundaries(text[start:end])
    tags = gold_tags(document, tag_set)
    by_id = {entity.id: entity for entity in document.entities}
    ends: dict[str, list[int]] = {}
    for entity in document.entities:
        ends.setdefault(entity.label, []).append(entity.end - 1)
    targets: dict[str, dict[int, list[int]]] = {}
    for relation in document.relations:
        if relation.type in LINK_TYPES:
            kinds = targets.setdefault(relation.source, {})
            kinds.setdefault(LINK_TYPES.index(relation.type), []).append(by_id[relation.target].end - 1)
    values = tuple(
        Value(
            entity.end - 1,
            STATUSES.index(entity.status) if entity.status else IGNORED,
            {kind: tuple(places) for kind, places in targets.get(entity.id, {}).items()},
        )
        for entity in document.entities
        if is_value(entity.label)
    )
    return Encoded(
        document.id, vocabulary.rows(text), types, tags, lines, values, {k: tuple(sorted(v)) for k, v in ends.items()}
    )


def gold_tags(document: AnnotatedDocument, tag_set: TagSet) -> Ints:
    """The tag of each character of `document`."""
    tags = np.zeros(len(document.text), dtype=np.int64)
    for entity in document.entities:
        begin = tag_set.begin(entity.label)
        tags[entity.start : entity.end] = begin + 1
        tags[entity.start] = begin
    return tags


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """The paragraphs of `text`; those too long for the encoder cut at sentence ends, or where they must be."""
    for start, end in paragraphs(text):
        parts = sentences(text, start, end)
        yield from packed(parts, start, end, LONGEST, lambda first: first + LONGEST)


def windows(document: Encoded, size: int, joined: float, rng: random.Random) -> Iterator[Window]:
    """Windows that cover `document` once: with probability `joined` lines joined up to `size`, else one line."""
    at = 0
    while at < len(document.lines):
        last = at + 1
        start, end = document.lines[at]
        if rng.random() < joined:
            limit = rng.randint(size // 2, size)
            while last < len(document.lines) and document.lines[last][1] - start <= limit:
                end = document.lines[last][1]
                last += 1
        yield Window(document, start, end)
        at = last


def padded_length(characters: int) -> int:
    """The tokens of a window with [CLS], [SEP] and padding: few distinct lengths, for which kernels are kept."""
    return min(-(-(characters + 2) // PADDED_TO) * PADDED_TO, LONGEST + 2)


def batches(all_windows: Sequence[Window], characters: int, rng: random.Random) -> Iterator[list[Window]]:
    """Batches of windows of like length, in random order, each of about `characters` tokens with its padding."""
    ordered = sorted(all_windows, key=lambda window: (padded_length(len(window)), rng.random()))
    made = list(batched(ordered, lambda window: padded_length(len(window)), characters))
    rng.shuffle(made)
    yield from made


@dataclass
class Batch:
    """Tensors of B windows, L tokens: rows, types, mask, tags, statuses (B, L); candidates, links (B, types, L, L).

    `soft` (n, tags) are the targets of the n tokens at `soft_places` of the flattened batch, which have no gold.
    """

    rows: torch.Tensor
    types: torch.Tensor
    mask: torch.Tensor
    tags: torch.Tensor
    statuses: torch.Tensor
    candidates: torch.Tensor
    links: torch.Tensor
    soft: torch.Tensor
    soft_places: torch.Tensor
    characters: int = 0


def collate(batch: Sequence[Window], vocabulary: Vocabulary) -> Batch:
    """Lay windows out as tensors, [CLS] before and [SEP] behind each."""
    length = padded_length(max(map(len, batch)))
    shape = (len(batch), length)
    rows = np.full(shape, vocabulary.pad, dtype=np.int64)
    types, mask = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    tags, statuses = np.full(shape, IGNORED, dtype=np.int64), np.full(shape, IGNORED, dtype=np.int64)
    candidates = np.zeros((len(batch), len(LINK_TYPES), length, length), dtype=bool)
    links = np.zeros_like(candidates)
    soft: list[npt.NDArray[np.float16]] = []
    soft_places: list[Ints] = []
    for i, window in enumerate(batch):
        stop = len(window) + 1
        cut = slice(window.start, window.end)
        rows[i, 0], rows[i, 1:stop], rows[i, stop] = vocabulary.begin, window.document.rows[cut], vocabulary.end
        types[i, 1:stop] = window.document.types[cut]
        mask[i, : stop + 1] = 1
        if window.document.soft is not None:
            soft.append(window.document.soft[cut])
            soft_places.append(np.arange(1, stop) + i * length)
            continue
        tags[i, 1:stop] = window.document.tags[cut]
        _lay_links(window, statuses[i], candidates[i], links[i])
    return Batch(
        rows=torch.from_numpy(rows),
        types=torch.from_numpy(types),
        mask=torch.from_numpy(mask),
        tags=torch.from_numpy(tags),
        statuses=torch.from_numpy(statuses),
        candidates=torch.from_numpy(candidates),
        links=torch.from_numpy(links),
        soft=torch.from_numpy(np.concatenate(soft).astype(np.float32)) if soft else torch.zeros(0, 0),
        soft_places=torch.from_numpy(np.concatenate(soft_places)) if soft else torch.zeros(0, dtype=torch.long),
        characters=sum(map(len, batch)),
    )


def samples(
    documents: Sequence[Encoded], vocabulary: Vocabulary, characters: int = SAMPLED
) -> list[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]:
    """Batches of rows, types and mask, as a served model sees them: single lines, drawn from all documents."""
    rng = random.Random(0)
    lines = [window for document in documents for window in windows(document, LONGEST, 0.0, rng)]
    rng.shuffle(lines)
    sizes = itertools.accumulate(map(len, lines))
    drawn = [line for line, size in zip(lines, sizes, strict=True) if size <= characters]
    return [(b.rows, b.types, b.mask) for b in (collate(found, vocabulary) for found in batches(drawn, 2048, rng))]


def _lay_links(window: Window, statuses: Ints, candidates: npt.NDArray[np.bool_], links: npt.NDArray[np.bool_]) -> None:
    """Fill one window's row of `statuses` (L), `candidates` and `links` (types, L, L)."""
    document, offset = window.document, 1 - window.start
    lines = [line for line in document.lines if line[0] >= window.start and line[1] <= window.end]
    places = [np.array(document.ends.get(LINK_TARGETS[kind], ()), dtype=np.int64) for kind in LINK_TYPES]
    for value in document.values:
        if not window.start <= value.at < window.end:
            continue
        at = value.at + offset
        statuses[at] = value.status
        start, end = next(((a, b) for a, b in lines if a <= value.at < b), (window.start, window.end))
        for kind, known in enumerate(places):
            inside = known[(known >= start) & (known < end)]
            candidates[kind, at, inside + offset] = True
            chosen = [place + offset for place in value.targets.get(kind, ()) if start <= place < end]
            links[kind, at, chosen] = True
