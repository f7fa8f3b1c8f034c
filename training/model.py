"""The network: an encoder, and heads for tags, links and status.

One forward pass gives for every character its tag logits, a query and a key for each type of link, and its status
logits. A link's score is the product of the query at the last character of the value and the key at the last
character of the target, turned by their distance (rotary positions, Su et al. 2021, RoFormer). The heads of links
and status also see the tag probabilities, so that they know where the spans are.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional
from transformers import BertModel

from zhibiao.tagger.layout import LINK_TYPES, STATUSES, TagSet

#: Width of link queries and keys.
LINK_WIDTH = 64


@dataclass
class Outputs:
    """What the network says of a batch; B windows, L tokens.

    tags (B, L, tags); queries, keys (B, L, link types, LINK_WIDTH), not yet turned; statuses (B, L, statuses).
    """

    tags: torch.Tensor
    queries: torch.Tensor
    keys: torch.Tensor
    statuses: torch.Tensor


class TaggerNetwork(nn.Module):
    """Encoder and heads."""

    def __init__(self, encoder: BertModel, tag_set: TagSet) -> None:
        super().__init__()
        self.encoder, self.tag_set = encoder, tag_set
        width, links = encoder.config.hidden_size, len(LINK_TYPES) * LINK_WIDTH
        self.dropout = nn.Dropout(0.1)
        self.tags = nn.Linear(width, len(tag_set))
        self.queries = nn.Linear(width + len(tag_set), links)
        self.keys = nn.Linear(width + len(tag_set), links)
        self.statuses = nn.Linear(width + len(tag_set), len(STATUSES))

    def set_dropout(self, hidden: float, attention: float) -> None:
        """Set the dropout of hidden states (the heads' too) and of attention weights."""
        for name, module in self.named_modules():
            if isinstance(module, nn.Dropout):
                module.p = attention if name.endswith("attention.self.dropout") else hidden

    @property
    def link_shape(self) -> tuple[int, int]:
        """(link types, width) of the queries and keys of one character."""
        return len(LINK_TYPES), LINK_WIDTH

    def heads(self) -> list[nn.Parameter]:
        """The parameters that no pretraining has seen."""
        return [p for head in (self.tags, self.queries, self.keys, self.statuses) for p in head.parameters()]

    def forward(self, rows: torch.Tensor, types: torch.Tensor, mask: torch.Tensor) -> Outputs:
        """`rows`, `types`, `mask`: (B, L) integers; the first token of a window is [CLS], the last [SEP]."""
        hidden = self.encoder(rows, attention_mask=mask, token_type_ids=types).last_hidden_state
        hidden = self.dropout(hidden)
        tags = self.tags(hidden)
        informed = torch.cat([hidden, tags.detach().softmax(-1)], dim=-1)
        shape = (*rows.shape, *self.link_shape)
        return Outputs(
            tags, self.queries(informed).view(shape), self.keys(informed).view(shape), self.statuses(informed)
        )


def turn(vectors: torch.Tensor) -> torch.Tensor:
    """Rotary positions along dimension 1 of (B, L, types, width); see `zhibiao.tagger.links.turn`, its twin."""
    length, width = vectors.shape[1], vectors.shape[-1]
    inverse = 10000.0 ** (-torch.arange(0, width, 2, dtype=torch.float32) / width)
    angles = torch.arange(length, dtype=torch.float32)[:, None] * inverse
    sin, cos = angles.sin()[None, :, None], angles.cos()[None, :, None]
    even, odd = vectors[..., 0::2], vectors[..., 1::2]
    return torch.stack([even * cos - odd * sin, odd * cos + even * sin], dim=-1).flatten(-2)


def link_scores(outputs: Outputs) -> torch.Tensor:
    """Scores (B, types, L values, L targets); 0 is the threshold between a link and none."""
    queries, keys = turn(outputs.queries.float()), turn(outputs.keys.float())
    return torch.einsum("bvkd,btkd->bkvt", queries, keys) / LINK_WIDTH**0.5


def link_loss(scores: torch.Tensor, candidates: torch.Tensor, gold: torch.Tensor) -> torch.Tensor:
    """Mean over (value, type) of log(1 + Σ e^neg) + log(1 + Σ e^-pos) (Su et al. 2022, ZLPR).

    The targets of one value compete with one another and with none at all. `candidates`, `gold`: boolean, the shape
    of `scores`.
    """
    asked = candidates.any(-1)
    if not asked.any():
        return scores.sum() * 0.0
    scores, candidates, gold = scores[asked], candidates[asked], gold[asked]
    low = torch.finfo(scores.dtype).min / 2
    negative = torch.where(candidates & ~gold, scores, low)
    positive = torch.where(gold, -scores, low)
    zero = torch.zeros_like(scores[..., :1])
    return (
        torch.logsumexp(torch.cat([zero, negative], -1), -1) + torch.logsumexp(torch.cat([zero, positive], -1), -1)
    ).mean()


def tag_loss(outputs: Outputs, gold: torch.Tensor, smoothing: float = 0.0) -> torch.Tensor:
    """Cross-entropy over the tokens whose gold tag is not -100."""
    if not (gold >= 0).any():
        return outputs.tags.sum() * 0.0
    return functional.cross_entropy(
        outputs.tags.float().flatten(0, 1), gold.flatten(), ignore_index=-100, label_smoothing=smoothing
    )


def distillation_loss(outputs: Outputs, targets: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
    """Cross-entropy with `targets` (n, tags), the probabilities that an ensemble gives at `places` of the batch."""
    if not len(places):
        return outputs.tags.sum() * 0.0
    return functional.cross_entropy(outputs.tags.float().flatten(0, 1)[places], targets)


def status_loss(outputs: Outputs, gold: torch.Tensor) -> torch.Tensor:
    """Cross-entropy at the last characters of values; -100 elsewhere."""
    if not (gold >= 0).any():
        return outputs.statuses.sum() * 0.0
    return functional.cross_entropy(outputs.statuses.float().flatten(0, 1), gold.flatten(), ignore_index=-100)
