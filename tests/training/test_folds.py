"""Cross-validation of a tiny model, for real."""

import json

import pytest

pytest.importorskip("torch", reason="training needs the extra `training`")

from training.__main__ import main as run
from training.folds import deal, main
from training.recipe import read_recipe
from zhibiao.extractor import Extractor
from zhibiao.formats import native
from zhibiao.schema import AnnotatedDocument

pytestmark = pytest.mark.filterwarnings("default")  # torch's exporter warns of its own insides


def _document(name, size, title=None):
    return AnnotatedDocument(id=name, text="甲" * size, meta={"title": title} if title else {})


def test_documents_are_dealt_evenly_and_titles_stay_together():
    documents = [_document(f"d{n}", 10 + n) for n in range(20)] + [_document(f"t{n}", 5, "同题") for n in range(6)]
    parts = deal(documents, 5)
    assert sorted(d.id for part in parts for d in part) == sorted(d.id for d in documents)
    sizes = [sum(len(d.text) for d in part) for part in parts]
    assert max(sizes) - min(sizes) <= 30
    assert sum(any(d.id.startswith("t") for d in part) for part in parts) == 1


def test_as_many_reports_as_folds_are_each_left_out_once():
    assert [len(part) for part in deal([_document(f"d{n}", 1000 * n + 1) for n in range(5)], 5)] == [1] * 5


def test_every_document_is_tagged_by_a_model_that_has_not_seen_it(recipe_file, annotated):
    path = recipe_file("folded", fit={"epochs": 40})
    assert main([str(path), "--folds", "2"]) == 0
    folder = read_recipe(path).run.output / "folds"
    described = json.loads((folder / "folds.json").read_text("utf-8"))
    known = {document.id for document in native.read(annotated.read_text("utf-8"), "annotated")}
    held_out = [{one["id"] for one in fold["held_out"]} for fold in described["folds"]]
    assert held_out[0] | held_out[1] == known
    assert not held_out[0] & held_out[1]
    for fold, left_out in zip(described["folds"], held_out, strict=True):
        seen = native.read((folder / fold["model"]).parent.joinpath("train.jsonl").read_text("utf-8"), "train")
        assert {document.id for document in seen} == known - left_out
    scores = json.loads((folder / "scores.json").read_text("utf-8"))
    assert set(scores) == {"lines", "all"}
    assert scores["all"]["spans"]["gold"] == sum(
        len(document.entities) for document in native.read(annotated.read_text("utf-8"), "annotated")
    )
    assert scores["all"]["spans"]["f1"] > 0.9
    calibration = json.loads((folder / "calibration.json").read_text("utf-8"))
    assert set(calibration) >= {"AMOUNT", "link:indicator", "linked:indicator", "fact"}
    assert Extractor.load(folder / described["folds"][0]["model"]).extract("财政收入12.5亿元。").facts

    taken = recipe_file("folded", fit={"epochs": 40}, folds={"folder": str(folder)})

    assert run([str(taken)]) == 0
    meta = json.loads((read_recipe(path).run.output / "model" / "meta.json").read_text("utf-8"))
    assert meta["calibration"] == calibration
    card = (read_recipe(path).run.output / "model" / "README.md").read_text("utf-8")
    assert "## Scores by cross-validation" in card
    assert "| lines |" in card


def test_too_few_documents_for_the_folds_are_an_error(recipe_file, capsys):
    assert main([str(recipe_file("few")), "--folds", "50"]) == 1
    assert "too few documents" in capsys.readouterr().err
