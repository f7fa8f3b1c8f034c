"""How much a PDF unpacks to, found out before it is opened: the reader itself would take any amount."""

from __future__ import annotations

import re
import zlib

from zhibiao.documents.model import Limits
from zhibiao.errors import DocumentError

_STREAM = re.compile(rb"stream\r?\n")
#: A stream's dictionary is looked for in this many bytes before it.
_DICTIONARY = 1024
_CHUNK = 1 << 20


def check_streams(source: bytes, limits: Limits) -> None:
    """Refuse a file whose compressed streams, pictures left out, unpack to more than `limits.unpacked_bytes`.

    Pictures are unpacked only where their page is recognised (OCR), one at a time.
    """
    total = 0
    for found in _STREAM.finditer(source):
        head = source[max(0, found.start() - _DICTIONARY) : found.start()]
        head = head[head.rfind(b"obj") + 1 :]
        times = head.count(b"FlateDecode")
        if times and b"/Image" not in head:
            total += _unpacked(source, found.end(), times, limits.unpacked_bytes - total)
        if total > limits.unpacked_bytes:
            raise DocumentError(
                f"The PDF unpacks to more than the limit of {limits.unpacked_bytes:,} bytes. "
                "Split it, or raise the limit."
            )


def _unpacked(source: bytes, start: int, times: int, most: int) -> int:
    """The size of a stream, compressed so many times, counted up to just above `most`; 0 where it is broken."""
    layers = [zlib.decompressobj() for _ in range(times)]
    size = 0
    for place in range(start, len(source), _CHUNK):
        pieces = [source[place : place + _CHUNK]]
        for layer in layers:
            pieces = [part for piece in pieces for part in _inflated(layer, piece, most - size)]
        size += sum(map(len, pieces))
        if size > most or layers[0].eof:
            break
    return size


def _inflated(layer: zlib._Decompress, piece: bytes, most: int) -> list[bytes]:
    """What a piece unpacks to, at most a little above `most` bytes; nothing where it is broken."""
    try:
        return [layer.decompress(piece, max(1, most + 1))]
    except zlib.error:
        return []
