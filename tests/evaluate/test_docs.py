"""The pages on annotation, formats and evaluation name all there is, and their examples run."""

import re
import shutil
from pathlib import Path

import pytest
import typer

from zhibiao import formats
from zhibiao.cli import annotations, evaluate
from zhibiao.evaluate.errors import KINDS
from zhibiao.evaluate.scores import LINK_TYPES
from zhibiao.formats.findings import REMEDIES
from zhibiao.formats.guideline import RULES

ROOT = Path(__file__).parents[2]
PAGES = {
    name: (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8") for name in ("annotation", "formats", "evaluate")
}
OTHER_RULES = {"unused-indicator", "no-indicator", "no-earlier-period", "two-labels", "repeated", "leak"}


def commands():
    app = typer.Typer()
    annotations.register(app)
    evaluate.register(app)
    root = typer.main.get_command(app)
    return {"evaluate": root.commands["evaluate"], **root.commands["annotations"].commands}


def test_every_format_has_its_row():
    for name in formats.FORMATS:
        assert f"| `{name}` |" in PAGES["formats"]


def test_every_rule_has_its_row_with_its_severity():
    rows = dict(re.findall(r"\| `([\w-]+)` \| (fault|doubt) \|", PAGES["annotation"]))
    assert rows.keys() == RULES.keys() | OTHER_RULES == REMEDIES.keys()
    assert {name: rows[name] for name in RULES} == {name: severity for name, (severity, _) in RULES.items()}


def test_every_score_and_kind_of_error_is_explained():
    for name in ["spans", "spans:core", "boundaries", "partial", "links", "status", "values", "facts", "facts:undated"]:
        assert f"`{name}`" in PAGES["evaluate"]
    for name in [*KINDS, *(f"links:{kind}" for kind in LINK_TYPES)]:
        assert f"`{name}`" in PAGES["evaluate"]


@pytest.mark.parametrize(
    "name", ["evaluate", "convert", "check", "agree", "suggest", "doubt", "adjudicate", "label-config"]
)
def test_every_option_is_documented(name):
    page = PAGES[{"evaluate": "evaluate", "convert": "formats"}.get(name, "annotation")]
    options = [option for parameter in commands()[name].params for option in parameter.opts if option.startswith("--")]
    missing = [option for option in options if option not in page and option not in ("--doubts", "--from")]
    assert missing == []


@pytest.mark.parametrize(
    ("page", "example"),
    [(page, code) for page, text in PAGES.items() for code in re.findall(r"```python\n(.*?)```", text, re.DOTALL)],
)
def test_the_examples_run(page, example, tmp_path, monkeypatch, capsys):
    shutil.copytree(ROOT / "annotations", tmp_path / "annotations")
    monkeypatch.chdir(tmp_path)
    code = "\n".join(line.removeprefix("  ") if example.startswith("  ") else line for line in example.splitlines())
    exec(compile(code, page, "exec"), {})
    assert capsys.readouterr().out
