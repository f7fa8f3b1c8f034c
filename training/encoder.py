"""The base encoder, loaded from a local folder, with token types for word boundaries."""

from __future__ import annotations

from pathlib import Path

import torch
from transformers import BertConfig, BertModel

from zhibiao.tagger.features import WordBoundary


def load_encoder(folder: Path) -> BertModel:
    """The BERT of `folder` (`config.json`, `model.safetensors`), its token types widened to the word boundaries.

    Pretrained BERT knows two token types; the rows that are missing are copies of the first with a little noise, so
    that the encoder begins where it was and can learn to tell them apart.
    """
    config = BertConfig.from_pretrained(folder, attn_implementation="eager")
    encoder = BertModel.from_pretrained(folder, config=config, add_pooling_layer=False)
    known = encoder.embeddings.token_type_embeddings.weight.data
    if len(known) < len(WordBoundary):
        noise = torch.randn(len(WordBoundary), known.shape[1], generator=torch.Generator().manual_seed(0))
        widened = torch.nn.Embedding.from_pretrained(known[:1] + 0.02 * noise, freeze=False)
        encoder.embeddings.token_type_embeddings = widened
        encoder.config.type_vocab_size = len(WordBoundary)
    return encoder
