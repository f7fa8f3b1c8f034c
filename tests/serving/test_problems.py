"""Problems, as the page tells them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import serving
from serving.problems import _HTTP_ERRORS

FOLDER = Path(serving.__file__).parent
CODE = re.compile(r"[a-z]+(-[a-z]+)*")


def codes() -> Iterator[str]:
    """The code of every problem that the service raises."""
    yield from (code for code, _ in _HTTP_ERRORS.values())
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ProblemError":
                code = node.args[1]
                if isinstance(code, ast.Constant):
                    yield code.value


def test_the_page_has_chinese_words_for_every_problem_and_for_no_other():
    words = (FOLDER / "static" / "common" / "problems-zh.js").read_text("utf-8")
    known = re.findall(r'^  "?([a-z-]+)"?: \[', words, re.MULTILINE)
    raised = set(codes()) | {"http"}
    assert "too-large" in raised
    assert all(CODE.fullmatch(code) for code in raised)
    assert sorted(raised) == known
