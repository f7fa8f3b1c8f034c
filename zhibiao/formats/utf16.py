"""Code points and UTF-16 code units of one text: JavaScript counts an emoji, and Han beyond U+FFFF, as two."""

from __future__ import annotations

from bisect import bisect_left


class Utf16:
    """Converts offsets of one text between code points and UTF-16 code units.

    >>> Utf16("a🙂b").units(2), Utf16("a🙂b").code_points(3), Utf16("a🙂b").code_points(2)
    (3, 2, None)
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._wide = [at for at, character in enumerate(text) if character > "\uffff"]
        self._wide_units = [at + before for before, at in enumerate(self._wide)]

    def units(self, code_points: int) -> int:
        """The offset in UTF-16 code units of an offset in code points."""
        return code_points + bisect_left(self._wide, code_points)

    def code_points(self, units: int) -> int | None:
        """The offset in code points of one in UTF-16 code units; None within a pair, and outside the text."""
        code_points = units - bisect_left(self._wide_units, units)
        if not 0 <= code_points <= len(self.text) or self.units(code_points) != units:
            return None
        return code_points
