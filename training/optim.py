"""Learning-rate schedule and checkpoints that a kill cannot leave half-written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn


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
    partial.replace(path)


def mixed(start: dict[str, torch.Tensor], end: dict[str, torch.Tensor], share: float) -> dict[str, torch.Tensor]:
    """The weights on the way from `start` to `end`, `share` of it gone (Wortsman et al. 2022, WiSE-FT)."""
    return {
        name: torch.lerp(start[name], tensor, share) if tensor.is_floating_point() else tensor
        for name, tensor in end.items()
    }


def mean(states: Sequence[dict[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """The mean of the weights of several networks that began as one (Wortsman et al. 2022, model soups)."""
    return {
        name: torch.stack([state[name] for state in states]).mean(0) if tensor.is_floating_point() else tensor
        for name, tensor in states[0].items()
    }


class MovingAverage:
    """An exponential moving average of a network's weights, with the decay grown from 0 as steps are taken."""

    def __init__(self, network: nn.Module, decay: float) -> None:
        self.decay, self.steps = decay, 0
        self.state = {name: tensor.detach().clone() for name, tensor in network.state_dict().items()}

    @torch.no_grad()
    def update(self, network: nn.Module) -> None:
        """Take in the weights after one step."""
        self.steps += 1
        weight = 1 - min(self.decay, (1 + self.steps) / (10 + self.steps))
        current = network.state_dict()
        floats = [name for name, tensor in current.items() if tensor.is_floating_point()]
        torch._foreach_lerp_([self.state[name] for name in floats], [current[name] for name in floats], weight)

    def copy_to(self, network: nn.Module) -> None:
        """Give the network the averaged weights."""
        network.load_state_dict(self.state)
