"""The data files of this package, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files


def lines(name: str) -> Iterator[tuple[int, str]]:
    """The lines of `data/<name>` that say something, without comments, each with its number."""
    for number, line in enumerate((files(__package__) / "data" / name).read_text(encoding="utf-8").splitlines(), 1):
        if said := line.partition("#")[0].rstrip():
            yield number, said


def sections(name: str) -> Iterator[tuple[str, int, str]]:
    """As `lines`, each with the `[section]` that it stands in."""
    section = ""
    for number, line in lines(name):
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
        else:
            yield section, number, line
