"""Annotated documents in the formats of other tools, and back.

`read(path)` and `write(documents, path, format)` speak all of them; `losses(document, format)` says what a format
cannot hold before it is lost.
"""

from zhibiao.formats.files import FORMATS, detect, losses, read, write

__all__ = ["FORMATS", "detect", "losses", "read", "write"]
