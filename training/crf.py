"""Fit the weights of the CRF that decodes what a network says (`zhibiao.tagger.crf`).

They are fitted to what networks say of documents that they have not seen: on its own training text a network is always
right, and nothing beside it would seem to be needed. The network's word enters as it is, log-probabilities; maximum
likelihood over whole lines, with an L2 penalty on the weights of single characters.
"""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from training.data import gold_tags
from zhibiao.schema import AnnotatedDocument
from zhibiao.tagger import Tagger
from zhibiao.tagger.crf import Crf, Weights, within_words
from zhibiao.tagger.windows import batched

log = logging.getLogger(__name__)

#: Characters that are frequent enough to have weights.
CHARACTERS = 1200
EPOCHS = 5
RATE = 0.05
DECAY = 0.6
#: Of the weights of characters, over all the text.
PENALTY = 2.0
#: Characters of a batch, padding included.
BATCH = 6000

_OF_CHARACTERS = ("first", "before", "last", "after")
_FORBIDDEN = -1e4


@dataclass(frozen=True)
class Line:
    """A line of n characters: what a network that has not seen it says, (n, tags), its word boundaries, its gold."""

    text: str
    tags: npt.NDArray[np.float32]
    types: npt.NDArray[np.int64]
    gold: npt.NDArray[np.int64]


def lines_of(folder: Path, documents: Sequence[AnnotatedDocument]) -> Iterator[Line]:
    """The lines of `documents`, with what the model in `folder` says of them."""
    tagger = Tagger.load(folder)
    for document in documents:
        gold = gold_tags(document, tagger.folder.tag_set)
        for (start, end), outputs in tagger.outputs(document.text):
            yield Line(document.text[start:end], outputs.tags, outputs.types, gold[start:end])


def _length(line: Line) -> int:
    return len(line.text)


def fit_crf(lines: Sequence[Line], labels: tuple[str, ...]) -> Crf:
    """The weights that make the gold of `lines` likeliest."""
    counts = Counter(character for line in lines for character in line.text)
    characters = "".join(character for character, _ in counts.most_common(CHARACTERS))
    crf = Crf(labels, characters, Weights.neutral(len(labels), len(characters) + 1))
    model = _Model(crf.weights)
    of_characters = [getattr(model, name) for name in _OF_CHARACTERS]
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    laid = [_lay(batch, crf) for batch in batched(sorted(lines, key=_length), _length, BATCH)]
    size, rng = sum(counts.values()), random.Random(0)
    for epoch in range(EPOCHS):
        rng.shuffle(laid)
        total = 0.0
        for batch in laid:
            loss = model.loss(batch)
            total += float(loss.detach())
            penalty = sum(((weights**2).sum() for weights in of_characters), torch.zeros(()))
            (loss / batch.is_there.sum() + PENALTY * penalty / size).backward()
            optimizer.step()
            optimizer.zero_grad()
        for group in optimizer.param_groups:
            group["lr"] *= DECAY
        log.info("crf: epoch %d, %.5f nats a character", epoch + 1, total / size)
    return Crf(labels, characters, model.weights())


@dataclass(frozen=True)
class _Batch:
    """B lines of up to n characters: tags (B, n, tags), the rest (B, n)."""

    tags: torch.Tensor
    gold: torch.Tensor
    is_there: torch.Tensor
    within: torch.Tensor
    here: torch.Tensor
    earlier: torch.Tensor


def _lay(lines: Sequence[Line], crf: Crf) -> _Batch:
    shape = (len(lines), max(len(line.text) for line in lines))
    tags = np.zeros((*shape, lines[0].tags.shape[1]), dtype=np.float32)
    gold, within, here, earlier = (np.zeros(shape, dtype=np.int64) for _ in range(4))
    is_there = np.zeros(shape, dtype=bool)
    for i, line in enumerate(lines):
        stop = len(line.text)
        rows = crf.rows(line.text)
        tags[i, :stop], gold[i, :stop], is_there[i, :stop] = line.tags, line.gold, True
        within[i, :stop] = within_words(line.types)
        here[i, :stop], earlier[i, 1:stop] = rows, rows[:-1]
    return _Batch(*map(torch.from_numpy, (tags, gold, is_there, within, here, earlier)))


class _Model(nn.Module):
    """`Weights` as parameters, and the loss that they are fitted by."""

    scale: nn.Parameter
    bias: nn.Parameter
    begin: nn.Parameter
    end: nn.Parameter
    inside: nn.Parameter
    single: nn.Parameter
    first: nn.Parameter
    before: nn.Parameter
    last: nn.Parameter
    after: nn.Parameter
    follows: nn.Parameter

    def __init__(self, start: Weights) -> None:
        super().__init__()
        for field in fields(Weights):
            setattr(self, field.name, nn.Parameter(torch.from_numpy(getattr(start, field.name))))

    def weights(self) -> Weights:
        """The parameters as they are."""
        return Weights(**{name: value.detach().numpy().astype(np.float32) for name, value in self.named_parameters()})

    def loss(self, batch: _Batch) -> torch.Tensor:
        """Minus the log-likelihood of the gold, summed over the lines."""
        tags = batch.tags * self.scale + self.bias
        begin = self.begin[batch.within] + self.first[batch.here] + self.before[batch.earlier]
        begin = torch.cat([self.first[batch.here[:, :1]], begin[:, 1:]], 1)
        end = self.end[batch.within] + self.last[batch.earlier] + self.after[batch.here]
        inside = self.inside[batch.within]
        return self._all(batch, tags, begin, end, inside) - self._gold(batch, tags, begin, end, inside)

    def _gold(
        self, batch: _Batch, tags: torch.Tensor, begin: torch.Tensor, end: torch.Tensor, inside: torch.Tensor
    ) -> torch.Tensor:
        """The score of the gold sequences, summed."""
        gold = batch.gold
        label = (gold - 1).div(2, rounding_mode="floor").clamp(min=0)
        begins, goes_on = gold % 2 == 1, (gold > 0) & (gold % 2 == 0)
        ended = (gold[:, :-1] > 0) & ~goes_on[:, 1:] & batch.is_there[:, 1:]
        before, now = label[:, :-1], label[:, 1:]
        emitted = tags.gather(2, gold[:, :, None])[:, :, 0] * batch.is_there
        moves = _of(begin, label) * begins + _of(inside, label) * goes_on
        ends = (_of(end[:, 1:], before) + self.single[before] * begins[:, :-1]) * ended
        adjoining = self.follows[before, now] * (ended & begins[:, 1:])
        return emitted.sum() + (moves * batch.is_there).sum() + ends.sum() + adjoining.sum()

    def _all(
        self, batch: _Batch, tags: torch.Tensor, begin: torch.Tensor, end: torch.Tensor, inside: torch.Tensor
    ) -> torch.Tensor:
        """The logarithm of the sum over all sequences, summed over the lines (the forward algorithm)."""
        outside, first = tags[:, 0, 0], tags[:, 0, 1::2] + begin[:, 0]
        within = torch.full_like(first, _FORBIDDEN)
        for at in range(1, tags.shape[1]):
            ended = torch.logaddexp(first + self.single, within) + end[:, at]
            left = torch.logaddexp(outside, torch.logsumexp(ended, 1))
            adjoining = torch.logsumexp(ended[:, :, None] + self.follows, 1)
            opened = torch.logaddexp(outside[:, None].expand_as(adjoining), adjoining) + begin[:, at]
            there = batch.is_there[:, at, None]
            within = torch.where(there, torch.logaddexp(first, within) + inside[:, at] + tags[:, at, 2::2], within)
            first = torch.where(there, opened + tags[:, at, 1::2], first)
            outside = torch.where(there[:, 0], left + tags[:, at, 0], outside)
        return torch.logsumexp(torch.cat([outside[:, None], first, within], 1), 1).sum()


def _of(scores: torch.Tensor, label: torch.Tensor) -> torch.Tensor:
    """Of scores (B, n, labels) those of one label each, (B, n)."""
    return scores.gather(2, label[:, :, None])[:, :, 0]
