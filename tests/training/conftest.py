"""A base encoder small enough to train in seconds, and a few annotated lines that it can learn by heart."""

import json
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `training`")

from transformers import BertConfig, BertModel  # noqa: E402

from zhibiao.formats import native  # noqa: E402
from zhibiao.formats.markup import read as read_markup  # noqa: E402

LINES = [
    "⟦T1:2020年⟧，⟦I1:工业增加值⟧⟦A>I1,T1:46.78亿元⟧，增长⟦G>I1,T1:17.95%⟧。",
    "⟦I1:财政收入⟧⟦A>I1!b:12.5亿元⟧，⟦I2:企业⟧⟦Q>I2:38家⟧。",
    "力争⟦I1:出口额⟧达到⟦A>I1!t:3亿元⟧，⟦I2:占比⟧⟦R>I2!t:45%⟧。",
]


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory):
    """A folder with a BERT of one layer, random weights, and the vocabulary of `LINES`."""
    folder = tmp_path_factory.mktemp("encoder")
    special = ["[PAD]", "[unused1]", "[unused2]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    vocabulary = [*special, *sorted({character for line in LINES for character in line})]
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", "utf-8")
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=48, num_hidden_layers=1, num_attention_heads=4, intermediate_size=64
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def annotated(tmp_path_factory) -> Path:
    """A JSONL file of `LINES`, each several times over with figures changed."""
    documents = []
    for n in range(6):
        lines = [line.replace("46", f"{46 + n}").replace("38", f"{38 + n}") for line in LINES]
        documents.append(read_markup("\n".join(lines), "lines", f"d{n}"))
    path = tmp_path_factory.mktemp("annotated") / "lines.jsonl"
    path.write_text(native.write(documents), "utf-8")
    return path


@pytest.fixture
def recipe_file(tmp_path, tiny_encoder, annotated):
    """Writes a recipe; `overrides` replace settings by section."""

    def write(name="run", **overrides):
        held_out = annotated.with_name("held_out.jsonl")
        held_out.write_text(annotated.read_text("utf-8").replace("12.5", "81.3"), "utf-8")
        sections = {
            "run": {"output": str(tmp_path / name), "version": f"tiny-{name}", "threads": 1},
            "data": {"train": [str(annotated)], "held_out": [str(held_out)]},
            "encoder": {"source": str(tiny_encoder), "licence": "none"},
            "fit": {"epochs": 60, "learning_rate": 3e-3, "head_factor": 1.0, "batch_characters": 256, "dropout": 0.0},
        }
        for section, settings in overrides.items():
            sections.setdefault(section, {}).update(settings)
        lines = []
        for section, settings in sections.items():
            lines += [f"[{section}]", *(f"{key} = {json.dumps(value)}" for key, value in settings.items())]
        path = tmp_path / f"{name}.toml"
        path.write_text("\n".join(lines) + "\n", "utf-8")
        return path

    return write
