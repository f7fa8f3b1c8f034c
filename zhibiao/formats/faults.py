"""Gathers every fault of one annotated input, so that its author mends them in one pass."""

from __future__ import annotations

from zhibiao.errors import AnnotationError


class Faults:
    """The faults of one file: each says where it is, what is wrong, shows the place and names the remedy."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._found: list[str] = []

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, message: str, *, remedy: str, line: int | None = None, place: str = "") -> None:
        """Note one fault. `line` counts from 1; `place` names the record or shows the text that is wrong."""
        where = self.name if line is None else f"{self.name}, line {line}"
        shown = f"{place}: " if place else ""
        self._found.append(f"{where}: {shown}{message}; {remedy}")

    def raise_if_any(self) -> None:
        """Raise AnnotationError with all faults that were noted."""
        if self._found:
            raise AnnotationError(self._found)
