"""Whole runs of a tiny model: every stage, for real."""

import json
import os

import pytest

pytest.importorskip("torch", reason="training needs the extra `training`")

import numpy as np
import torch
from safetensors.torch import load_file

from training import distil
from training.__main__ import main
from training.recipe import read_recipe
from training.stages import STAGES
from zhibiao.extractor import Extractor
from zhibiao.tagger.features import Vocabulary
from zhibiao.tagger.layout import TagSet

pytestmark = pytest.mark.filterwarnings("default")  # torch's exporter warns of its own insides


def _stage(name):
    return next(stage for stage in STAGES if stage.name == name)


@pytest.fixture
def finished(recipe_file):
    path = recipe_file()
    assert main([str(path)]) == 0
    return path, read_recipe(path).run.output


def test_a_run_makes_a_model_that_serves(finished):
    _, output = finished
    extractor = Extractor.load(output / "model")
    analysis = extractor.analyze("2020年，工业增加值99.78亿元，增长17.95%。")
    found = [(entity.label, entity.text) for entity in analysis.report.entities]
    assert found == [
        ("PERIOD", "2020年"),
        ("INDICATOR", "工业增加值"),
        ("AMOUNT", "99.78亿元"),
        ("GROWTH", "17.95%"),
    ]
    meta = json.loads((output / "model" / "meta.json").read_text("utf-8"))
    assert meta["version"] == "tiny-run"
    assert meta["metrics"]["model"]["spans"]["f1"] > 0.9
    assert set(meta["calibration"]) >= {"AMOUNT", "INDICATOR", "link:indicator"}
    card = (output / "model" / "README.md").read_text("utf-8")
    assert card.startswith("# tiny-run\n")
    assert f"**{meta['metrics']['model']['spans']['f1']:.3f}**" in card


def test_a_finished_run_does_nothing_again_and_a_changed_input_does_it_again(finished, annotated):
    path, output = finished
    recipe = read_recipe(path)
    assert all(stage.is_done(recipe) for stage in STAGES)
    before = (output / "fitted" / "model.safetensors").stat().st_mtime_ns
    assert main([str(path)]) == 0
    assert (output / "fitted" / "model.safetensors").stat().st_mtime_ns == before
    os.utime(annotated)
    assert not _stage("data").is_done(recipe)


def test_a_killed_fit_goes_on_from_its_last_epoch(recipe_file):
    path = recipe_file("killed", fit={"epochs": 2})
    for stage in ("data", "encoder", "pretrain", "distil", "fit"):
        assert main([str(path), stage]) == 0
    longer = recipe_file("killed", fit={"epochs": 4})
    assert main([str(longer), "fit"]) == 0
    log = (read_recipe(path).run.output / "run.log").read_text("utf-8")
    assert "going on after epoch 2" in log


def test_a_checkpoint_of_other_data_is_not_gone_on_from(recipe_file, annotated, tmp_path):
    path = recipe_file("changed", fit={"epochs": 2})
    for stage in ("data", "encoder", "pretrain", "distil", "fit"):
        assert main([str(path), stage]) == 0
    fewer = tmp_path / "fewer.jsonl"
    fewer.write_text("".join(annotated.read_text("utf-8").splitlines(keepends=True)[:4]), "utf-8")
    path = recipe_file("changed", fit={"epochs": 2}, data={"train": [str(fewer)]})
    for stage in ("data", "fit"):
        assert main([str(path), stage]) == 0
    log = (read_recipe(path).run.output / "run.log").read_text("utf-8")
    assert "training begins anew" in log
    assert "going on after" not in log


def test_retraining_starts_from_the_model_and_learns_a_new_label(finished, recipe_file, annotated, tmp_path):
    _, output = finished
    documents = [json.loads(line) for line in annotated.read_text("utf-8").splitlines()]
    for document in documents:
        at = document["text"].index("力争")
        document["entities"].append({"id": "cue", "label": "CUE", "start": at, "end": at + 2})
        document["entities"].sort(key=lambda entity: entity["start"])
    more = tmp_path / "more.jsonl"
    more.write_text("".join(json.dumps(d, ensure_ascii=False) + "\n" for d in documents), "utf-8")
    path = recipe_file("more", data={"train": [str(more)], "held_out": []}, encoder={"source": str(output / "model")})
    for stage in ("data", "encoder", "pretrain", "fit", "export"):
        assert main([str(path), stage]) == 0
    extractor = Extractor.load(read_recipe(path).run.output / "model")
    assert "CUE" in extractor.labels
    report = extractor.extract("力争出口额达到3亿元，占比45%。")
    assert [(e.label, e.text) for e in report.entities][:2] == [("CUE", "力争"), ("INDICATOR", "出口额")]


def test_a_retrained_model_is_compared_with_the_one_it_came_from(finished, recipe_file):
    _, output = finished
    path = recipe_file("again", fit={"epochs": 1}, encoder={"source": str(output / "model")})
    assert main([str(path)]) == 0
    again = read_recipe(path).run.output
    found = json.loads((again / "model" / "meta.json").read_text("utf-8"))["compared"]
    assert found["with"] == "tiny-run"
    assert found["verdict"] in {"better", "worse", "undecided"}
    assert {one["score"] for one in found["comparisons"]} >= {"spans", "facts"}
    assert "## Beside tiny-run" in (again / "model" / "README.md").read_text("utf-8")


def test_held_out_text_is_never_trained_on(recipe_file, annotated, capsys):
    path = recipe_file("overlap", data={"held_out": [str(annotated)]})
    assert main([str(path), "data"]) == 1
    assert "never trained on" in capsys.readouterr().err


def test_broken_annotations_are_all_named(recipe_file, tmp_path, capsys):
    broken = tmp_path / "broken.jsonl"
    entity = {"id": "e1", "label": "AMOUNT", "start": 0, "end": 9}
    broken.write_text(json.dumps({"id": "a", "text": "甲", "entities": [entity]}) + "\n{\n", "utf-8")
    assert main([str(recipe_file("broken", data={"train": [str(broken)]})), "data"]) == 1
    said = capsys.readouterr().err
    assert "line 1" in said
    assert "line 2" in said


def test_masked_language_model_learns(recipe_file, tmp_path):
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text(json.dumps({"text": "财政收入增长，工业增加值增长。\n" * 20}, ensure_ascii=False) + "\n", "utf-8")
    path = recipe_file("mlm", pretrain={"corpus": [str(corpus)], "epochs": 3, "batch_characters": 128})
    for stage in ("data", "encoder", "pretrain"):
        assert main([str(path), stage]) == 0
    assert (read_recipe(path).run.output / "pretrained.safetensors").is_file()


def test_members_are_fitted_side_by_side_and_averaged(recipe_file):
    path = recipe_file("members", fit={"epochs": 2, "members": 2}, run={"threads": 2})
    for stage in ("data", "encoder", "pretrain", "distil", "fit"):
        assert main([str(path), stage]) == 0
    output = read_recipe(path).run.output
    members = [load_file(output / "fit" / name) for name in ("member.safetensors", "member-1/member.safetensors")]
    fitted = load_file(output / "fitted" / "model.safetensors")
    name = "tags.weight"
    assert not torch.equal(members[0][name], members[1][name])
    assert torch.allclose(fitted[name].float(), (members[0][name] + members[1][name]) / 2, atol=1e-3)


def test_an_ensemble_teaches_what_no_gold_says(finished, recipe_file, tmp_path):
    _, output = finished
    texts = [f"出口额{n}亿元，企业{n}家，占比{n}%。" for n in range(200)]
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text("".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts), "utf-8")
    settings = {"teachers": [str(output / "model")] * 2, "corpus": [str(corpus)], "characters": 2000}
    path = recipe_file("taught", distil=settings, fit={"epochs": 30})
    for stage in ("data", "encoder", "pretrain", "distil", "fit"):
        assert main([str(path), stage]) == 0
    recipe = read_recipe(path)
    vocabulary = Vocabulary.read(recipe.run.output / "encoder" / "vocab.txt")
    tag_set = TagSet(tuple(json.loads((recipe.run.output / "data" / "description.json").read_text("utf-8"))["labels"]))
    taught = list(distil.read(recipe.run.output / "distilled", vocabulary, tag_set))
    assert sum(map(len, taught)) >= 2000
    in_paragraphs = np.concatenate([document.soft.sum(-1) for document in taught]) > 0
    assert in_paragraphs.mean() > 0.9
    losses = [json.loads(line) for line in (recipe.run.output / "fit" / "fit.jsonl").read_text("utf-8").splitlines()]
    assert losses[-1]["tag_loss"] < 0.2 * losses[0]["tag_loss"]


def test_a_corpus_of_held_out_text_alone_teaches_nothing(finished, recipe_file, annotated, capsys):
    _, output = finished
    held_out = annotated.with_name("held_out.jsonl")
    settings = {"teachers": [str(output / "model")], "corpus": [str(held_out)], "characters": 2000}
    assert main([str(recipe_file("taught", distil=settings))]) == 1
    assert "distil.corpus" in capsys.readouterr().err


def test_teachers_of_other_labels_are_refused(finished, recipe_file, annotated, tmp_path, capsys):
    _, output = finished
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text(json.dumps({"text": "财政收入增长。"}, ensure_ascii=False) + "\n", "utf-8")
    documents = [json.loads(line) for line in annotated.read_text("utf-8").splitlines()]
    documents[0]["entities"][0]["label"] = "CUE"
    documents[0]["relations"] = []
    other = tmp_path / "other.jsonl"
    other.write_text("".join(json.dumps(d, ensure_ascii=False) + "\n" for d in documents), "utf-8")
    settings = {"teachers": [str(output / "model")], "corpus": [str(corpus)], "characters": 1000}
    path = recipe_file(
        "refused",
        data={"train": [str(other)], "held_out": [str(annotated.with_name("held_out.jsonl"))]},
        distil=settings,
    )
    assert main([str(path)]) == 1
    assert "distil.teachers" in capsys.readouterr().err


def test_plain_tagging_data_in_bmes_needs_no_links(recipe_file, tmp_path):
    """Resume NER's form: one character and its tag a line, a blank line between sentences, labels of its own."""
    tagged = {"财": "B-ORG", "政": "E-ORG", "收": "S-NAME", "入": "O", "38": "", "企": "B-TITLE", "业": "E-TITLE"}
    lines = "\n".join(f"{character} {tag}" for character, tag in tagged.items() if tag)
    for name, times in (("train", 12), ("test", 2)):
        endings = ("1 O", "2 O", "3 O", "4 O", "5 O", "6 O", "7 O", "8 O", "9 O", ". O", "元 O", "家 O")
        sentences = [f"{lines}\n{ending}\n" for ending in (endings if times > 2 else ("年 O", "元 S-NAME"))]
        (tmp_path / f"{name}.bmes").write_text("\n".join(sentences), "utf-8")
    data = {"train": [str(tmp_path / "train.bmes")], "held_out": [str(tmp_path / "test.bmes")], "link_types": False}
    path = recipe_file("plain", data=data, fit={"epochs": 60})
    assert main([str(path)]) == 0
    scores = json.loads((read_recipe(path).run.output / "scores.json").read_text("utf-8"))["metrics"]["model"]
    assert scores["spans"]["gold"] == 7
    assert scores["spans:ORG"]["f1"] == 1.0
    assert scores["spans:TITLE"]["f1"] == 1.0
