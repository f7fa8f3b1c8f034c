"""A model folder, opened: what it must hold, and what it says of itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhibiao.errors import ModelError
from zhibiao.tagger.calibration import Calibration
from zhibiao.tagger.crf import Crf
from zhibiao.tagger.features import Vocabulary
from zhibiao.tagger.layout import TagSet

#: What serving needs; `model.safetensors` is there to train on.
NEEDED = ("config.json", "vocab.txt", "model.onnx", "meta.json")


@dataclass(frozen=True)
class ModelFolder:
    """A released or candidate model."""

    path: Path
    version: str
    tag_set: TagSet
    vocabulary: Vocabulary
    calibration: Calibration
    crf: Crf
    meta: dict[str, Any]

    @classmethod
    def open(cls, path: Path) -> ModelFolder:
        """Read what is small of a folder; ModelError names every file that is missing."""
        missing = [name for name in NEEDED if not (path / name).is_file()]
        if missing:
            raise ModelError(
                f"{path}: not a model folder, {', '.join(missing)} missing. "
                "Give the folder of a released model, or one that `python -m training` has finished."
            )
        try:
            meta = json.loads((path / "meta.json").read_text("utf-8"))
            labels = tuple(meta["labels"])
            version = str(meta["version"])
        except (ValueError, KeyError) as error:
            raise ModelError(f"{path / 'meta.json'}: not the description of a model ({error!r})") from error
        return cls(
            path,
            version,
            TagSet(labels),
            Vocabulary.read(path / "vocab.txt"),
            Calibration.read(meta),
            Crf.load(path, labels),
            meta,
        )


def default_folder() -> Path:
    """The released model that `models/CURRENT` names: beside the package in a checkout, within it when installed."""
    package = Path(__file__).resolve().parents[1]
    for models in (package.parent / "models", package / "models"):
        if (models / "CURRENT").is_file():
            return models / (models / "CURRENT").read_text("utf-8").strip()
    raise ModelError("no released model is installed; give the folder of one (Extractor.load, --model)")
