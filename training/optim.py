"""Learning-rate schedule and checkpoints that a kill cannot leave half-written."""

from __future__ import annotations

import os
from pathlib import Path

import torch
from safetensors.torch import save_file


def linear_schedule(progress: float, *, warm_up: float) -> float:
    """The share of the peak learning rate at `progress` in [0, 1]: linear up over `warm_up`, then linear to 0."""
    if progress < warm_up:
        return max(progress, 1e-3) / warm_up
    return max(0.0, (1.0 - progress) / (1.0 - warm_up))


def save_atomically(state: dict[str, torch.Tensor], path: Path) -> None:
    """Write `state` as safetensors beside `path` and move it into place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(path.suffix + ".partial")
    save_file({name: tensor.contiguous() for name, tensor in state.items()}, partial, metadata={"format": "pt"})
    os.replace(partial, path)
