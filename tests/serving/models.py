"""Model folders for tests: the shipped model by other names, as good as it is or with two labels interchanged."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from zhibiao.formats import markup, native
from zhibiao.tagger.folder import default_folder

LINE = "⟦T1:{year}年⟧，⟦I1:财政收入⟧⟦A>I1,T1:{amount}亿元⟧，增长⟦G>I1,T1:{growth}%⟧，新增⟦I2:企业⟧⟦Q>I2,T1:{count}家⟧。"


def make_model(folder: Path, version: str, *, is_worse: bool = False, trained_on: list[str] | None = None) -> Path:
    """A copy of the shipped model that says to have been trained on nothing else than `trained_on`."""
    shutil.copytree(default_folder(), folder, ignore=shutil.ignore_patterns("*.safetensors"))
    path = folder / "meta.json"
    meta: dict[str, Any] = json.loads(path.read_text("utf-8"))
    meta |= {"version": version, "data": {"train": {"texts": trained_on or []}, "held_out": {"texts": []}}}
    meta["base_encoder"].pop("started_from", None)
    if is_worse:
        swapped = {"AMOUNT": "QUANTITY", "QUANTITY": "AMOUNT"}
        meta["labels"] = [swapped.get(label, label) for label in meta["labels"]]
    path.write_text(json.dumps(meta, ensure_ascii=False), "utf-8")
    return folder


def annotated(count: int, first: int = 0) -> str:
    """So many documents of one line each, in the project's format; other ones from another `first` on."""
    numbers = range(first, first + count)
    lines = [LINE.format(year=2010 + n % 12, amount=21 + n, growth=f"{3 + n}.5", count=101 + n) for n in numbers]
    return native.write([markup.read(line, "line", f"d{n}") for n, line in zip(numbers, lines, strict=True)])
