"""The network as it is served: the same function in fewer, larger matrix products that survive 8 bits.

Queries, keys and values are one product. The inner channels of a feed-forward layer whose activations are outliers go a
way of their own in full precision, so that the range of all others is narrow (Dettmers et al. 2022, LLM.int8()).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import torch
from torch import nn
from torch.nn import functional
from transformers import BertModel
from transformers.models.bert.modeling_bert import BertLayer, BertSelfAttention

from training.model import TaggerNetwork

#: Inner channels of each layer that stay in full precision.
OUTLIERS = 32

#: rows, types, mask, each (B, L)
Inputs = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


class Served(nn.Module):
    """A `TaggerNetwork`, served: tag log-probabilities, and plain tensors."""

    def __init__(self, network: TaggerNetwork, samples: Iterable[Inputs]) -> None:
        """`samples` are inputs from which the outlying channels are learned."""
        super().__init__()
        widest = _outliers(network.encoder, samples)
        self.embeddings = network.encoder.embeddings
        self.layers = nn.ModuleList(
            _Layer(layer, outliers) for layer, outliers in zip(_layers(network.encoder), widest, strict=True)
        )
        self.tags, self.queries, self.keys, self.statuses = (
            network.tags, network.queries, network.keys, network.statuses
        )  # fmt: skip
        self.shape = network.link_shape

    def forward(
        self, rows: torch.Tensor, types: torch.Tensor, mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """As `TaggerNetwork.forward`."""
        hidden = self.embeddings(input_ids=rows, token_type_ids=types)
        unseen = (1.0 - mask[:, None, None, :].to(hidden.dtype)) * -1e4
        for layer in self.layers:
            hidden = layer(hidden, unseen)
        tags = self.tags(hidden).log_softmax(-1)
        informed = torch.cat([hidden, tags.exp()], dim=-1)
        shape = (*rows.shape, *self.shape)
        return tags, self.queries(informed).view(shape), self.keys(informed).view(shape), self.statuses(informed)


class _Layer(nn.Module):
    """A BERT layer; `outliers` are the inner channels of its feed-forward part that go their own way."""

    def __init__(self, layer: BertLayer, outliers: torch.Tensor) -> None:
        super().__init__()
        attention = layer.attention
        self.heads = attention.self.num_attention_heads
        self.attend = _merged(cast("BertSelfAttention", attention.self))
        self.project, self.project_norm = attention.output.dense, attention.output.LayerNorm
        inner, outer = layer.intermediate.dense, layer.output.dense
        rest = torch.ones(inner.out_features, 1)
        rest[outliers] = 0.0
        self.inner = _linear(inner.weight * rest, inner.bias * rest[:, 0])
        self.outer = _linear(outer.weight * rest.T, outer.bias)
        self.rare_inner = _linear(inner.weight[outliers], inner.bias[outliers])
        self.rare_outer = _linear(outer.weight[:, outliers], None)
        self.norm = layer.output.LayerNorm

    def forward(self, hidden: torch.Tensor, unseen: torch.Tensor) -> torch.Tensor:
        windows, length, width = hidden.shape
        parts = self.attend(hidden).view(windows, length, 3, self.heads, width // self.heads)
        queries, keys, values = parts.permute(2, 0, 3, 1, 4).unbind(0)
        weights = (queries @ keys.transpose(-1, -2) + unseen).softmax(-1)
        seen = (weights @ values).transpose(1, 2).reshape(windows, length, width)
        hidden = self.project_norm(self.project(seen) + hidden)
        rare = self.rare_outer(functional.gelu(self.rare_inner(hidden)))
        return self.norm(self.outer(functional.gelu(self.inner(hidden))) + rare + hidden)


def _merged(attention: BertSelfAttention) -> nn.Linear:
    """Queries, keys and values as one product; the queries already divided by the root of the heads' width."""
    scale = attention.attention_head_size**-0.5
    return _linear(
        torch.cat([attention.query.weight * scale, attention.key.weight, attention.value.weight]),
        torch.cat([attention.query.bias * scale, attention.key.bias, attention.value.bias]),
    )


def _linear(weight: torch.Tensor, bias: torch.Tensor | None) -> nn.Linear:
    made = nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None)
    made.weight = nn.Parameter(weight.detach().clone())
    if bias is not None:
        made.bias = nn.Parameter(bias.detach().clone())
    return made


def _layers(encoder: BertModel) -> list[Any]:
    return list(encoder.encoder.layer)


def _outliers(encoder: BertModel, samples: Iterable[Inputs]) -> list[torch.Tensor]:
    """For each layer, the inner channels with the largest activations."""
    layers = _layers(encoder)
    largest = [torch.zeros(encoder.config.intermediate_size) for _ in layers]

    def note(place: int, activations: torch.Tensor) -> None:
        largest[place] = torch.maximum(largest[place], activations.abs().amax((0, 1)))

    hooks = [
        layer.intermediate.register_forward_hook(lambda _module, _inputs, output, place=place: note(place, output))
        for place, layer in enumerate(layers)
    ]
    with torch.no_grad():
        for rows, types, mask in samples:
            encoder(rows, attention_mask=mask, token_type_ids=types)
    for hook in hooks:
        hook.remove()
    return [found.topk(min(OUTLIERS, len(found) // 2)).indices for found in largest]
