"""What a run is asked for, so far as its results depend on it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from zhibiao.schema import AmountUnit
from zhibiao.tagger.engines import EngineName
from zhibiao.tagger.folder import default_folder


@dataclass(frozen=True)
class Options:
    """How reports are read. A run is gone on with only where all of this is as it was.

    `engine` runs the model's graph, the same on every machine; None takes the fastest that is installed where the run
    begins. `year`, `amount_unit` and `min_confidence` are those of `Extractor.extract`. Records of JSONL and Parquet
    have their text in the field `text`, their name in `id` where they have one. A shard holds at most `shard_documents`
    reports and `shard_bytes` of them as they were submitted; what is larger is a shard of its own.
    """

    model: Path | None = None
    engine: EngineName | None = None
    year: int | None = None
    amount_unit: AmountUnit | None = None
    min_confidence: float = 0.0
    text: str = "text"
    id: str = "id"
    shard_bytes: int = 2**20
    shard_documents: int = 256

    @property
    def folder(self) -> Path:
        """The model's folder; ModelError where none is named and none is installed."""
        return (self.model or default_folder()).resolve()

    def described(self) -> dict[str, Any]:
        """All but the model, which is known by its content."""
        return {key: value for key, value in asdict(self).items() if key != "model"}
