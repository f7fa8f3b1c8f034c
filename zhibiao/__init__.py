"""Reads Chinese government and finance reports and returns the facts they state as exact, structured data.

    import zhibiao
    report = zhibiao.extract(text, reference_year=2020)             # the released model, loaded once
    extractor = zhibiao.Extractor.load("models/zhibiao-2026.11")    # one's own

`zhibiao.normalize` reads single expressions (`parse_amount("350余万元")`) and finds them in running text.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any

from zhibiao.errors import (
    AnnotationError,
    DocumentError,
    ModelError,
    NormalizeError,
    TextError,
    ZhibiaoError,
)

# ONNX Runtime (1.32, on Linux too) tells its makers how it is used unless this is set before it is imported; what reads
# reports that are not public asks no other host for anything.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

if TYPE_CHECKING:
    from zhibiao.extractor import Extractor
    from zhibiao.schema import AmountUnit, Report

__all__ = [
    "AnnotationError",
    "DocumentError",
    "Extractor",
    "ModelError",
    "NormalizeError",
    "TextError",
    "ZhibiaoError",
    "extract",
]


def extract(
    text: str,
    *,
    reference_year: int | None = None,
    amount_unit: AmountUnit | None = None,
    min_confidence: float = 0.0,
) -> Report:
    """The facts of `text`, by the released model; see `Extractor.extract`."""
    return _released().extract(
        text, reference_year=reference_year, amount_unit=amount_unit, min_confidence=min_confidence
    )


@cache
def _released() -> Extractor:
    from zhibiao.extractor import Extractor  # noqa: PLC0415 (see __getattr__)

    return Extractor.load()


def __getattr__(name: str) -> Any:  # noqa: ANN401 (what Python asks of a module)
    """`Extractor` is imported when it is first asked for: ONNX Runtime takes its time, and normalising needs none."""
    if name == "Extractor":
        from zhibiao.extractor import Extractor  # noqa: PLC0415

        return Extractor
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
