import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from zhibiao.cli.evaluate import register
from zhibiao.errors import AnnotationError
from zhibiao.formats import markup, native

ROOT = Path(__file__).parents[2]
GOLD = "⟦I1:税收⟧⟦A>I1:3亿元⟧，增长⟦G>I1:5%⟧。"
PREDICTED = "⟦I1:税收⟧⟦A>I1:3亿元⟧，增长⟦R>I1:5%⟧。"


@pytest.fixture
def files(tmp_path):
    """Gold as mark-up, predictions as JSONL, of one document named `report`."""
    (tmp_path / "gold").mkdir()
    (tmp_path / "gold" / "report.txt").write_text(GOLD, encoding="utf-8")
    (tmp_path / "predicted.jsonl").write_text(native.write([markup.read(PREDICTED, "report")]), encoding="utf-8")
    return tmp_path


def run(*arguments):
    app = typer.Typer()
    register(app)
    return CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=True)


def test_annotations_are_scored_and_everything_is_written(files):
    wanted = files / "all.json", files / "page.html", files / "errors.jsonl"
    arguments = [files / "gold", "--predictions", files / "predicted.jsonl"]
    done = run(*arguments, "--json", wanted[0], "--html", wanted[1], "--errors", wanted[2])
    assert done.exit_code == 0, done.output
    assert "0.6667" in done.output
    figures = json.loads(wanted[0].read_text(encoding="utf-8"))
    assert figures["scores"]["spans"]["f1"] == 0.6667
    assert figures["scores"]["links:indicator"]["f1"] == 1
    (error,) = [json.loads(line) for line in wanted[2].read_text(encoding="utf-8").splitlines()]
    assert (error["kind"], error["text"], error["predicted"]["label"]) == ("label", "5%", "RATIO")
    assert "5%" in wanted[1].read_text(encoding="utf-8")


def test_json_goes_to_standard_output_alone(files):
    done = run(files / "gold", "--predictions", files / "predicted.jsonl", "--json", "-")
    assert json.loads(done.stdout)["documents"] == 1


def test_other_documents_are_a_clear_error(files):
    (files / "gold" / "second.txt").write_text("无", encoding="utf-8")
    done = run(files / "gold", "--predictions", files / "predicted.jsonl")
    assert isinstance(done.exception, AnnotationError)
    assert "second: it is annotated on one side only" in str(done.exception)


@pytest.mark.skipif(not (ROOT / "models" / "CURRENT").exists(), reason="no model is released yet")
def test_the_released_model_is_scored_and_compared_with_itself(tmp_path):
    (tmp_path / "report.txt").write_text(GOLD, encoding="utf-8")
    released = ROOT / "models" / (ROOT / "models" / "CURRENT").read_text(encoding="utf-8").strip()
    done = run(tmp_path, "--compare", released, "--json", tmp_path / "all.json")
    assert done.exit_code == 0, done.output
    figures = json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))
    assert figures["scores"]["spans:AMOUNT"]["f1"] == 1
    assert {one["difference"] for one in figures["comparisons"]} == {0}
    assert figures["scores"]["facts"]["gold"] > 0
