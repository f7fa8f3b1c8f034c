"""The examples of docs/normalize.md run, and its table of functions is whole."""

from __future__ import annotations

import doctest
from pathlib import Path

from zhibiao import normalize

DOCS = Path(__file__).parents[2] / "docs" / "normalize.md"


def test_examples_run() -> None:
    failures, count = doctest.testfile(str(DOCS), module_relative=False, encoding="utf-8")
    assert (failures, count > 0) == (0, True)


def test_every_public_function_is_documented() -> None:
    docs = DOCS.read_text(encoding="utf-8")
    assert [name for name in normalize.__all__ if name not in docs] == []
