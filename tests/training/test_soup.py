"""The mean of models is a model."""

import json
import shutil

import pytest

pytest.importorskip("torch", reason="training needs the extra `training`")

import torch
from safetensors.torch import load_file, save_file

from training.soup import main
from zhibiao.tagger.folder import default_folder


@pytest.fixture
def two(tmp_path):
    folders = [tmp_path / "first", tmp_path / "second"]
    for n, folder in enumerate(folders):
        folder.mkdir()
        for name in ("config.json", "vocab.txt"):
            shutil.copyfile(default_folder() / name, folder / name)
        state = load_file(default_folder() / "model.safetensors")
        state["tags.bias"] = torch.full_like(state["tags.bias"], 1.0 + 2 * n)
        save_file(state, folder / "model.safetensors")
    return folders


def test_the_mean_of_two_models_is_between_them(tmp_path, two):
    assert main([str(tmp_path / "mean"), *map(str, two)]) == 0
    mean, first = (load_file(folder / "model.safetensors") for folder in (tmp_path / "mean", two[0]))
    assert torch.equal(mean["tags.bias"], torch.full_like(mean["tags.bias"], 2.0))
    assert torch.equal(mean["tags.weight"], first["tags.weight"])
    assert json.loads((tmp_path / "mean" / "config.json").read_text("utf-8"))["zhibiao"]["labels"]


def test_models_with_other_labels_have_no_mean(tmp_path, two, capsys):
    config = json.loads((two[1] / "config.json").read_text("utf-8"))
    config["zhibiao"]["labels"] = config["zhibiao"]["labels"][::-1]
    (two[1] / "config.json").write_text(json.dumps(config), "utf-8")
    assert main([str(tmp_path / "mean"), *map(str, two)]) == 1
    assert "second" in capsys.readouterr().err


def test_what_is_no_model_is_named(tmp_path, two, capsys):
    (tmp_path / "empty").mkdir()
    assert main([str(tmp_path / "mean"), str(two[0]), str(tmp_path / "empty")]) == 1
    assert "no model of this project" in capsys.readouterr().err
