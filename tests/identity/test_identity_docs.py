"""docs/identity.md: its example runs, its counts and the figures of the pairs are those of the code."""

from __future__ import annotations

import contextlib
import io
import re
import sys
from pathlib import Path

import pytest

from benchmarks import identity as benchmark
from zhibiao.identity.divisions import divisions
from zhibiao.identity.reading import lines
from zhibiao.identity.vocabulary import vocabulary

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs" / "identity.md").read_text(encoding="utf-8")


def test_example_runs() -> None:
    code = re.findall("```python\n(.*?)```", DOCS, re.DOTALL)[0]
    written = io.StringIO()
    with contextlib.redirect_stdout(written):
        exec(compile(code, "docs/identity.md", "exec"), {})
    assert written.getvalue().splitlines() == [line[2:] for line in code.splitlines() if line.startswith("# ")]


def test_counts() -> None:
    assert f"lists {len(vocabulary().indicators)} indicators" in DOCS
    assert f"{sum(1 for _ in lines('divisions.txt')):,} divisions" in DOCS
    assert f"last year of the table ({divisions().last})" in DOCS


def test_figures(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    names = sorted(str(path) for path in (ROOT / "annotations").glob("*.jsonl"))
    monkeypatch.setattr(sys, "argv", ["identity", "--names", *names])
    benchmark.main()
    assert capsys.readouterr().out.strip() in DOCS
