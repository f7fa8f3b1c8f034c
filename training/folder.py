"""Networks in folders: the finished model's files, and a network read back from them to train on."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from transformers import BertConfig, BertModel

from training.encoder import load_encoder, widen_token_types
from training.model import LINK_WIDTH, TaggerNetwork
from zhibiao.tagger.layout import TagSet


def save_network(network: TaggerNetwork, vocabulary: Path, folder: Path) -> None:
    """Write `config.json`, `vocab.txt` and `model.safetensors` (half precision: enough to go on training from)."""
    folder.mkdir(parents=True, exist_ok=True)
    halves = {name: tensor.to(torch.float16).contiguous() for name, tensor in network.state_dict().items()}
    save_file(halves, folder / "model.safetensors", metadata={"format": "pt"})
    config: dict[str, Any] = network.encoder.config.to_dict()
    config.pop("_name_or_path", None)
    config["zhibiao"] = {"labels": list(network.tag_set.labels), "link_width": LINK_WIDTH}
    (folder / "config.json").write_text(
        json.dumps(config, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8"
    )
    if vocabulary.resolve() != (folder / "vocab.txt").resolve():
        shutil.copyfile(vocabulary, folder / "vocab.txt")


def load_network(folder: Path, tag_set: TagSet) -> TaggerNetwork:
    """The network of `folder`, for `tag_set`.

    A base encoder gets new heads. A finished model keeps its own, with new rows for labels that it did not know, so
    that a user who annotates one more label trains it without touching code.
    """
    config = json.loads((folder / "config.json").read_text("utf-8"))
    if "zhibiao" not in config:
        return TaggerNetwork(load_encoder(folder), tag_set)
    known = TagSet(tuple(config.pop("zhibiao")["labels"]))
    encoder = BertModel(BertConfig.from_dict(config, attn_implementation="eager"), add_pooling_layer=False)
    widen_token_types(encoder)
    network = TaggerNetwork(encoder, tag_set)
    state = {name: tensor.float() for name, tensor in load_file(folder / "model.safetensors").items()}
    network.load_state_dict(_refit(state, network, known, tag_set))
    return network


def _refit(
    state: dict[str, torch.Tensor], network: TaggerNetwork, known: TagSet, wanted: TagSet
) -> dict[str, torch.Tensor]:
    """Move the rows and columns that belong to tags from the order of `known` to that of `wanted`."""
    if known == wanted:
        return state
    pairs = [(wanted.names.index(tag), row) for row, tag in enumerate(known.names) if tag in wanted.names]
    new, old = [a for a, _ in pairs], [b for _, b in pairs]
    fresh = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    width = network.encoder.config.hidden_size
    for name, tensor in state.items():
        if name.startswith("tags."):
            fresh[name][new] = tensor[old]
        elif name in ("queries.weight", "keys.weight", "statuses.weight"):
            fresh[name][:, :width] = tensor[:, :width]
            fresh[name][:, [width + n for n in new]] = tensor[:, [width + o for o in old]]
        else:
            fresh[name] = tensor
    return fresh
