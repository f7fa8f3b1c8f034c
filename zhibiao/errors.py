"""The errors that a caller may catch.

    ZhibiaoError
    ├── NormalizeError     an expression is not a number, amount, ratio, growth or period
    ├── TextError          a text or file cannot be read: encoding, lone surrogates, binary content
    ├── DocumentError      a document is broken, encrypted, too large or of an unknown kind
    ├── AnnotationError    an annotated document breaks its format; gathers every fault of the input
    ├── ModelError         a model folder is incomplete, or does not fit this version
    └── SeriesError        a collection of facts lacks what series are made of

A message says what is wrong, where, and what to do about it.
"""

from __future__ import annotations


class ZhibiaoError(Exception):
    """The base of every error that this library raises on purpose."""


class NormalizeError(ZhibiaoError):
    """An expression that cannot be read; shows it with a caret under the place.

    `text` is the whole expression, `position` the offset of the first character that does not fit.
    """

    def __init__(self, message: str, text: str, position: int, remedy: str = "") -> None:
        self.text, self.position, self.remedy = text, position, remedy
        lines = [message, f"  {text}", f"  {_caret_indent(text[:position])}^"]
        super().__init__("\n".join([*lines, remedy] if remedy else lines))
        self.message = message

    @property
    def line(self) -> str:
        """The error on one line, for a report's warnings, which name the text themselves."""
        said = f"{self.message}, at character {self.position + 1}" + (f"; {self.remedy}" if self.remedy else "")
        return " ".join(said.split())


class TextError(ZhibiaoError):
    """A text that cannot be taken as it is."""


class DocumentError(ZhibiaoError):
    """A document that cannot be read."""


class AnnotationError(ZhibiaoError):
    """All faults of one annotated input, each with its place; `faults` is the list of them."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


class ModelError(ZhibiaoError):
    """A model folder that cannot be used."""


class SeriesError(ZhibiaoError):
    """A collection of facts that no series can be made of."""


def _caret_indent(before: str) -> str:
    """White space as wide as `before` in a terminal, where Han characters take two columns."""
    return "".join("　" if ord(c) > 0x2E7F else " " for c in before)
