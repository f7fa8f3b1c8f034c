"""An evaluation as one HTML file that needs nothing else: its data as JSON, and a script that draws them."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from zhibiao.evaluate.evaluation import Evaluation

_PLACE = "{{EVALUATION}}"


def render(evaluation: Evaluation) -> str:
    """The page, Chinese first with a switch to English: scores, confusion, calibration and every error in its words."""
    data: dict[str, Any] = evaluation.as_json()
    data["errors"] = [mistake.as_json() for mistake in evaluation.mistakes]
    template = resources.files("zhibiao.evaluate").joinpath("page.html").read_text(encoding="utf-8")
    return template.replace(_PLACE, script_safe(json.dumps(data, ensure_ascii=False)))


def script_safe(written: str) -> str:
    """JSON that cannot end the script element it stands in, whatever the reports say."""
    return written.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
