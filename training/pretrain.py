"""Domain pretraining: whole-word masked language modelling on unannotated reports.

The encoder learns the words and turns of reports before it sees an annotation (Gururangan et al. 2020, "Don't Stop
Pretraining"; Cui et al. 2021 for whole-word masking of Chinese). Words are jieba's, and enter as token types exactly
as in fine-tuning. Only masked positions go through the output layer, which is tied to the input embeddings.
"""

from __future__ import annotations

import json
import logging
import lzma
import random
import re
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from transformers import BertModel

from training.optim import linear_schedule, save_atomically
from training.recipe import Pretrain
from zhibiao.tagger.features import Vocabulary, WordBoundary, boundaries
from zhibiao.tagger.windows import batched

log = logging.getLogger(__name__)

_CUT = re.compile(r"[^\n。；]*(?:\n|[。；]|$)")
_HAN = re.compile(r"[一-鿿]")


def read_corpus(paths: list[Path]) -> Iterator[str]:
    """The `text` of each line of JSONL files, `.xz` or plain."""
    for path in paths:
        with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)["text"]


def without_held_out(texts: Iterator[str], held_out: list[str], *, shingle: int = 24) -> Iterator[str]:
    """Leave out every text that shares a run of `shingle` characters with a held-out one."""
    guarded = {text[i : i + shingle] for text in held_out for i in range(len(text) - shingle + 1)}
    for text in texts:
        if not any(text[i : i + shingle] in guarded for i in range(max(0, len(text) - shingle + 1))):
            yield text


def chunks(text: str, size: int) -> Iterator[str]:
    """Cut `text` at line and sentence ends into pieces of at most `size` characters."""
    piece = ""
    for match in _CUT.finditer(text):
        sentence = match.group()
        if len(piece) + len(sentence) > size and piece:
            yield piece
            piece = ""
        while len(sentence) > size:
            yield sentence[:size]
            sentence = sentence[size:]
        piece += sentence
    if piece.strip():
        yield piece


def mask_words(
    text: str, rows: np.ndarray, types: np.ndarray, vocabulary: Vocabulary, rate: float, rng: random.Random
) -> tuple[np.ndarray, np.ndarray]:
    """Mask whole words: return (input rows, positions), positions being those to predict.

    80 % become [MASK], 10 % a random character, 10 % stay. Words without a Han character (numbers, punctuation) are
    never masked: their text cannot be guessed.
    """
    starts = np.flatnonzero((types == WordBoundary.SINGLE) | (types == WordBoundary.BEGIN)).tolist()
    spans = [(a, b) for a, b in zip(starts, [*starts[1:], len(text)], strict=True) if _HAN.search(text, a, b)]
    rng.shuffle(spans)
    wanted, masked = rate * len(text), rows.copy()
    chosen: list[int] = []
    for a, b in spans:
        if len(chosen) >= wanted:
            break
        chosen.extend(range(a, b))
        dice = rng.random()
        if dice < 0.8:
            masked[a:b] = vocabulary.mask
        elif dice < 0.9:
            masked[a:b] = rng.choices(vocabulary.han, k=b - a)
    return masked, np.array(sorted(chosen), dtype=np.int64)


class MaskedLanguageModel(nn.Module):
    """An encoder with a tied output layer; gives the loss over the positions to predict."""

    def __init__(self, encoder: BertModel) -> None:
        super().__init__()
        self.encoder = encoder
        width = encoder.config.hidden_size
        self.transform = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.LayerNorm(width))
        self.bias = nn.Parameter(torch.zeros(encoder.config.vocab_size))

    def forward(
        self, rows: torch.Tensor, types: torch.Tensor, mask: torch.Tensor, at: torch.Tensor, gold: torch.Tensor
    ) -> torch.Tensor:
        """`rows`, `types`, `mask` (batch, length); `at` (n, 2) the places to predict, `gold` (n,) their rows."""
        with torch.autocast("cpu", dtype=torch.bfloat16):
            hidden = self.encoder(rows, attention_mask=mask, token_type_ids=types).last_hidden_state
            picked = self.transform(hidden[at[:, 0], at[:, 1]])
            logits = picked @ self.encoder.embeddings.word_embeddings.weight.T
        return functional.cross_entropy(logits.float() + self.bias, gold)


def pretrain(
    encoder: BertModel,
    vocabulary: Vocabulary,
    texts: list[str],
    checkpoint: Path,
    settings: Pretrain,
    seed: int,
    *,
    every: int = 200,
) -> float:
    """Train `encoder` in place on `texts`; return the mean loss of the last tenth.

    `checkpoint` gets the encoder's weights every `every` steps and at the end.
    """
    rng = random.Random(seed)
    torch.manual_seed(seed)
    pieces = [piece for text in texts for piece in chunks(text, settings.window)]
    wanted = int(settings.epochs * sum(map(len, pieces)))
    model = MaskedLanguageModel(encoder).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=settings.learning_rate, weight_decay=0.01, fused=True)
    seen, step, losses, began = 0, 0, [], time.monotonic()
    while seen < wanted:
        for batch in _batches(pieces, settings.batch_characters, rng):
            for group in optimizer.param_groups:
                group["lr"] = settings.learning_rate * linear_schedule(seen / wanted, warm_up=0.06)
            loss = model(*_tensors(batch, vocabulary, settings.mask_rate, rng))
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            losses.append(float(loss.detach()))
            seen, step = seen + sum(map(len, batch)), step + 1
            if step % every == 0:
                speed = seen / (time.monotonic() - began)
                log.info("mlm step %d, %.1f %%, loss %.3f, %d characters/s", step, 100 * seen / wanted,
                         np.mean(losses[-every:]), speed)  # fmt: skip
                save_atomically(encoder.state_dict(), checkpoint)
            if seen >= wanted:
                break
    save_atomically(encoder.state_dict(), checkpoint)
    return float(np.mean(losses[-max(1, len(losses) // 10) :]))


def _batches(pieces: list[str], characters: int, rng: random.Random) -> Iterator[list[str]]:
    """Batches of pieces of like length, in random order, each of about `characters` characters."""
    order = sorted(pieces, key=lambda piece: (len(piece) // 16, rng.random()))
    batches = list(batched(order, lambda piece: len(piece) + 2, characters))
    rng.shuffle(batches)
    yield from batches


def _tensors(
    batch: list[str], vocabulary: Vocabulary, rate: float, rng: random.Random
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    length = max(map(len, batch)) + 2
    rows = np.full((len(batch), length), vocabulary.pad, dtype=np.int64)
    types = np.zeros_like(rows)
    mask = np.zeros_like(rows)
    at, gold = [], []
    for i, text in enumerate(batch):
        original, kinds = vocabulary.rows(text), boundaries(text)
        masked, positions = mask_words(text, original, kinds, vocabulary, rate, rng)
        end = len(text) + 1
        rows[i, 0], rows[i, 1:end], rows[i, end] = vocabulary.begin, masked, vocabulary.end
        types[i, 1:end] = kinds
        mask[i, : end + 1] = 1
        at.append(np.stack([np.full_like(positions, i), positions + 1], axis=1))
        gold.append(original[positions])
    return (torch.from_numpy(rows), torch.from_numpy(types), torch.from_numpy(mask),
            torch.from_numpy(np.concatenate(at)), torch.from_numpy(np.concatenate(gold)))  # fmt: skip
