"""Fine-tuning: the loop, its optimiser, and the state that lets a killed run go on."""

from __future__ import annotations

import json
import logging
import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

import torch
from torch import nn

from training.data import Batch, Encoded, Window, batches, collate, windows
from training.model import Outputs, TaggerNetwork, distillation_loss, link_loss, link_scores, status_loss, tag_loss
from training.optim import MovingAverage, linear_schedule, save_atomically
from training.recipe import Fit
from zhibiao.tagger.features import Vocabulary

log = logging.getLogger(__name__)


#: total, tags, links, status
Losses = tuple[float, float, float, float]


@dataclass
class Progress:
    """One line of `fit.jsonl`, from which curves are drawn."""

    step: int
    epoch: float
    loss: float
    tag_loss: float
    link_loss: float
    status_loss: float
    characters_per_second: float

    @classmethod
    def of(cls, step: int, epoch: float, losses: Sequence[Losses], speed: float) -> Progress:
        """The means of the losses since the last report."""
        loss, tags, links, status = (sum(column) / len(losses) for column in zip(*losses, strict=True))
        return cls(step, round(epoch, 3), loss, tags, links, status, round(speed))


def fit(
    network: TaggerNetwork,
    documents: Sequence[Encoded],
    vocabulary: Vocabulary,
    settings: Fit,
    folder: Path,
    *,
    seed: int,
    origin: str,
    with_links: bool = True,
    every: int = 50,
) -> None:
    """Train `network` in place on `documents`; `folder` gets `fit.jsonl` and a checkpoint after every epoch.

    A run that finds a checkpoint in `folder` goes on from its last whole epoch, where it was made from the same
    `origin` (what says which data and weights training began with) by the same settings but for the number of epochs;
    another's is left behind.
    """
    folder.mkdir(parents=True, exist_ok=True)
    optimizer = torch.optim.AdamW(_groups(network, settings), fused=True)
    peaks = [group["lr"] for group in optimizer.param_groups]
    average = MovingAverage(network, settings.average) if settings.average else None
    epochs = math.ceil(settings.epochs)
    total = settings.epochs * sum(end - start for document in documents for start, end in document.lines)
    made_of = _made_of(origin, settings, seed)
    done, seen = _resume(folder, network, optimizer, average, made_of)
    step, began, fresh = 0, time.monotonic(), 0
    recent: list[Losses] = []
    network.train()
    with (folder / "fit.jsonl").open("a", encoding="utf-8") as curve:
        for epoch in range(done, epochs):
            rng = random.Random(f"{seed}-{epoch}")
            torch.manual_seed(seed * 1000 + epoch)
            for batch in _epoch(documents, vocabulary, settings, rng):
                for group, peak in zip(optimizer.param_groups, peaks, strict=True):
                    group["lr"] = peak * linear_schedule(seen / total, warm_up=settings.warm_up)
                recent.append(_step(network, batch, settings, with_links))
                nn.utils.clip_grad_norm_(network.parameters(), 1.0)
                optimizer.step()
                optimizer.zero_grad()
                if average:
                    average.update(network)
                step, seen, fresh = step + 1, seen + batch.characters, fresh + batch.characters
                if step % every == 0:
                    speed = fresh / (time.monotonic() - began)
                    _report(Progress.of(step, seen / total * settings.epochs, recent, speed), curve)
                    recent.clear()
                if seen >= total:
                    break
            _checkpoint(folder, network, optimizer, average, {"epoch": epoch + 1, "seen": seen, "made_of": made_of})
    if average:
        average.copy_to(network)
    network.eval()


def _report(progress: Progress, curve: TextIO) -> None:
    curve.write(json.dumps(asdict(progress)) + "\n")
    curve.flush()
    log.info(
        "step %d, epoch %.2f, loss %.4f (tags %.4f, links %.4f, status %.4f), %d characters/s",
        *asdict(progress).values(),
    )


def _epoch(documents: Sequence[Encoded], vocabulary: Vocabulary, settings: Fit, rng: random.Random) -> Iterator[Batch]:
    cut: list[Window] = []
    for document in documents:
        cut.extend(windows(document, settings.window, settings.joined, rng))
    for batch in batches(cut, settings.batch_characters, rng):
        yield collate(batch, vocabulary)


def _step(network: TaggerNetwork, batch: Batch, settings: Fit, with_links: bool) -> tuple[float, float, float, float]:
    """Forward and backward, twice where training is adversarial; the losses of the clean pass."""
    losses = _losses(network, batch, settings, with_links)
    total = _total(losses, settings)
    total.backward()
    if settings.adversarial:
        embeddings = network.encoder.embeddings.word_embeddings.weight
        with perturbed(embeddings, settings.adversarial):
            _total(_losses(network, batch, settings, with_links), settings).backward()
    tags, links, status = (float(loss.detach()) for loss in losses)
    return float(total.detach()), tags, links, status


def _losses(
    network: TaggerNetwork, batch: Batch, settings: Fit, with_links: bool
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        outputs: Outputs = network(batch.rows, batch.types, batch.mask)
    given = len(batch.soft_places) / batch.characters
    tags = (1 - given) * tag_loss(outputs, batch.tags, settings.label_smoothing)
    tags = tags + given * distillation_loss(outputs, batch.soft, batch.soft_places)
    nothing = tags.new_zeros(())
    if not with_links:
        return tags, nothing, nothing
    links = link_loss(link_scores(outputs), batch.candidates, batch.links)
    return tags, links, status_loss(outputs, batch.statuses)


def _total(losses: tuple[torch.Tensor, torch.Tensor, torch.Tensor], settings: Fit) -> torch.Tensor:
    tags, links, status = losses
    return tags + settings.link_weight * links + settings.status_weight * status


class perturbed:  # noqa: N801 (a context manager, used like a function)
    """Within it, `weight` stands `norm` further along its gradient (FGM, Miyato et al. 2017)."""

    def __init__(self, weight: torch.Tensor, norm: float) -> None:
        self.weight, self.norm = weight, norm

    def __enter__(self) -> None:
        """Move the weight."""
        gradient = self.weight.grad
        self.kept = self.weight.data.clone()
        if gradient is not None and (size := gradient.norm()) > 0:
            self.weight.data.add_(gradient, alpha=self.norm / float(size))

    def __exit__(self, *_: object) -> None:
        """Put the weight back."""
        self.weight.data.copy_(self.kept)


def _groups(network: TaggerNetwork, settings: Fit) -> list[dict[str, object]]:
    """Parameter groups: heads at their own rate, layers decayed from the top, no weight decay on biases and norms."""
    depth = network.encoder.config.num_hidden_layers
    heads = {id(p) for p in network.heads()}
    groups: list[dict[str, object]] = []
    for name, parameter in network.named_parameters():
        rate = settings.learning_rate
        if id(parameter) in heads:
            rate *= settings.head_factor
        elif ".layer." in name:
            rate *= settings.layer_decay ** (depth - 1 - int(name.split(".layer.")[1].split(".")[0]))
        else:
            rate *= settings.layer_decay**depth
        decay = 0.0 if parameter.ndim == 1 else settings.weight_decay
        groups.append({"params": [parameter], "lr": rate, "weight_decay": decay})
    return groups


def _made_of(origin: str, settings: Fit, seed: int) -> str:
    """What a checkpoint must agree in to be gone on from."""
    return json.dumps([origin, settings.model_dump(mode="json", exclude={"epochs", "interpolate"}), seed])


def _checkpoint(
    folder: Path,
    network: TaggerNetwork,
    optimizer: torch.optim.Optimizer,
    average: MovingAverage | None,
    progress: dict[str, int | str],
) -> None:
    save_atomically(network.state_dict(), folder / "network.safetensors")
    kept = average and {"weights": average.state, "steps": average.steps}
    state = {"optimizer": optimizer.state_dict(), "average": kept, **progress}
    partial = folder / "state.pt.partial"
    torch.save(state, partial)
    partial.replace(folder / "state.pt")


def _resume(
    folder: Path,
    network: TaggerNetwork,
    optimizer: torch.optim.Optimizer,
    average: MovingAverage | None,
    made_of: str,
) -> tuple[int, int]:
    """Load the checkpoint of a run made of the same; (epochs done, characters seen), zeros where there is none."""
    from safetensors.torch import load_file  # noqa: PLC0415

    path = folder / "state.pt"
    if not path.exists():
        return 0, 0
    state = torch.load(path, weights_only=True)
    if state.get("made_of") != made_of:
        log.info("the checkpoint is of other data, weights or settings; training begins anew")
        return 0, 0
    network.load_state_dict(load_file(folder / "network.safetensors"))
    optimizer.load_state_dict(state["optimizer"])
    if average and state["average"]:
        average.state, average.steps = state["average"]["weights"], state["average"]["steps"]
    log.info("going on after epoch %d", state["epoch"])
    return state["epoch"], state["seen"]
