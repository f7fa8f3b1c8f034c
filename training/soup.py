"""The mean of models that began as one: `python -m training.soup OUT MODEL MODEL...`.

The models of `training.folds` have each seen other documents and began with the same weights; their mean has learned
from all of them and is one network (Wortsman et al. 2022, model soups). OUT is a folder to go on training from
(`encoder.source`), or to export.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file

from training.folder import load_network, save_network
from training.optim import mean
from training.recipe import RecipeError
from zhibiao.tagger.layout import TagSet


def soup(folders: list[Path], target: Path) -> None:
    """Write the mean of the weights of the models in `folders` to `target`.

    RecipeError where one is no model of this project, or is of another shape or with other labels than the first.
    """
    states = [_weights(folder) for folder in folders]
    configs = [json.loads((folder / "config.json").read_text("utf-8")) for folder in folders]
    for folder, state, config in zip(folders, states, configs, strict=True):
        shapes = {name: tensor.shape for name, tensor in state.items()}
        if config["zhibiao"] != configs[0]["zhibiao"] or shapes != {n: t.shape for n, t in states[0].items()}:
            raise RecipeError(f"{folder}: its labels or its shape are not those of {folders[0]}; a mean needs one kind")
    network = load_network(folders[0], TagSet(tuple(configs[0]["zhibiao"]["labels"])))
    network.load_state_dict(mean(states))
    save_network(network, folders[0] / "vocab.txt", target)


def _weights(folder: Path) -> dict[str, torch.Tensor]:
    config = folder / "config.json"
    if not config.is_file() or "zhibiao" not in json.loads(config.read_text("utf-8")):
        raise RecipeError(f"{folder}: no model of this project; name the `fitted` or `model` folder of a run")
    return {name: tensor.float() for name, tensor in load_file(folder / "model.safetensors").items()}


def main(arguments: list[str] | None = None) -> int:
    """Write the mean; the exit code is 1 where it could not be."""
    parser = argparse.ArgumentParser(prog="python -m training.soup", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("target", type=Path, metavar="OUT")
    parser.add_argument("models", type=Path, nargs="+", metavar="MODEL")
    chosen = parser.parse_args(arguments)
    try:
        soup(chosen.models, chosen.target)
    except RecipeError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
