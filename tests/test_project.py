"""What the project says of itself."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CURRENT = (ROOT / "models" / "CURRENT").read_text("utf-8").strip()


def test_the_wheel_holds_the_released_model():
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    included = wheel["force-include"]
    for name in ("README.md", "config.json", "crf.npz", "meta.json", "model.onnx", "vocab.txt"):
        assert included[f"models/{CURRENT}/{name}"] == f"zhibiao/models/{CURRENT}/{name}"


def test_models_stay_small():
    size = sum(path.stat().st_size for path in (ROOT / "models").rglob("*") if path.is_file())
    assert size < 80_000_000


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_python_in_the_readme_runs_and_prints_what_it_says(name, capsys):
    text = (ROOT / name).read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, name, "exec"), {})
        printed = capsys.readouterr().out.splitlines()
        said = re.findall(r"#\s+(\S.*(?:actual|True))$", block, re.MULTILINE)
        assert all(line in printed for line in said)


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_opens_with_what_the_command_prints(name):
    lines = (ROOT / name).read_text("utf-8").splitlines()[:30]
    start = next(i for i, line in enumerate(lines) if line.startswith("$ echo"))
    text = lines[start].split("'")[1]
    table = [line for line in lines[start + 1 : lines.index("```", start)] if line.strip()]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "zhibiao", "extract", "-"],
        input=text, capture_output=True, check=True, encoding="utf-8", env={**os.environ, "COLUMNS": "80"},
    )  # fmt: skip
    assert [line.strip() for line in done.stdout.splitlines() if line.strip()] == [line.strip() for line in table]


@pytest.mark.parametrize("path", [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")], ids=lambda path: path.name)
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#]+)", path.read_text("utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), target
