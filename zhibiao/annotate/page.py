"""Contradictions as one HTML file that needs nothing else: two sides beside each other, to read or to decide."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

from zhibiao.evaluate.page import script_safe

_PLACE = "{{REVIEW}}"


def render_disagreements(records: Sequence[Mapping[str, Any]], first: str, second: str) -> str:
    """The disagreements of two annotators, with buttons to decide each and to save the decisions as JSONL."""
    return _render("disagreements", records, ("first", "second"), (first, second))


def render_doubts(records: Sequence[Mapping[str, Any]], gold: str, models: str) -> str:
    """The doubts about a gold, the surest first: what it says and what the models do."""
    return _render("doubts", records, ("gold", "model"), (gold, models))


def _render(what: str, records: Sequence[Mapping[str, Any]], sides: tuple[str, str], names: tuple[str, str]) -> str:
    data = json.dumps({"what": what, "sides": sides, "names": names, "records": list(records)}, ensure_ascii=False)
    template = resources.files("zhibiao.annotate").joinpath("page.html").read_text(encoding="utf-8")
    return template.replace(_PLACE, script_safe(data))
