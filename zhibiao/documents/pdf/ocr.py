"""Scanned pages -> lines of text, by rapidocr (PaddleOCR's models on ONNX Runtime, part of its package)."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pypdfium2

from zhibiao.documents.pdf.lines import Line, Segment, make_line
from zhibiao.documents.pdf.page import Box

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from rapidocr import RapidOCR

#: Pages are rendered at this many dots an inch; small print of reports is read well from 200.
_DPI = 200
#: Text that is recognised with less confidence is noise: stamps, signatures, the grain of the paper.
_CONFIDENCE = 0.5


def is_installed() -> bool:
    """Whether the extra `ocr` is there."""
    return find_spec("rapidocr") is not None


def lines_of_page(page: pypdfium2.PdfPage) -> list[Line]:
    """The lines on the image of a page, in points from its upper left corner, from top to bottom."""
    from rapidocr.utils.output import RapidOCROutput  # noqa: PLC0415 - optional

    scale = _DPI / 72
    result = _engine()(page.render(scale=scale, grayscale=False).to_numpy())
    if not isinstance(result, RapidOCROutput) or result.boxes is None or not result.txts or not result.scores:
        return []
    found = zip(result.boxes, result.txts, result.scores, strict=True)
    segments = [
        _segment(corners / scale, text) for corners, text, score in found if score >= _CONFIDENCE and text.strip()
    ]
    return _lines(segments)


@lru_cache(maxsize=1)
def _engine() -> RapidOCR:
    import logging  # noqa: PLC0415

    from rapidocr import RapidOCR  # noqa: PLC0415 - optional, and seconds to load

    engine = RapidOCR()
    logging.getLogger("RapidOCR").setLevel(logging.WARNING)
    return engine


def _segment(corners: NDArray[np.float32], text: str) -> Segment:
    text = text.strip()
    left, top = float(corners[:, 0].min()), float(corners[:, 1].min())
    right, bottom = float(corners[:, 0].max()), float(corners[:, 1].max())
    # Recognition gives no place for single characters: they share the width, Latin ones half as wide.
    widths = [0.5 if character.isascii() else 1.0 for character in text]
    edges, so_far = [], 0.0
    for width in widths:
        so_far += width
        edges.append(left + (right - left) * so_far / sum(widths))
    return Segment(text, Box(left, top, right, bottom), (left, *edges[:-1]), tuple(edges))


def _lines(segments: list[Segment]) -> list[Line]:
    rows: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda s: s.box.middle):
        last = rows[-1][-1] if rows else None
        if last and abs(last.box.middle - segment.box.middle) < 0.45 * min(last.box.height, segment.box.height):
            rows[-1].append(segment)
        else:
            rows.append([segment])
    return [make_line(sorted(row, key=lambda s: s.box.left)) for row in rows]
