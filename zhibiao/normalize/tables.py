"""The data files: what they hold, as plain immutable tables. Each file explains its own syntax in its header."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import NamedTuple


def lines(name: str) -> Iterator[str]:
    """The lines of `data/<name>` that say something, without comments."""
    for line in (files(__package__) / "data" / name).read_text(encoding="utf-8").splitlines():
        said = line.split("#")[0].strip()
        if said:
            yield said


def alternatives(words: Iterable[str]) -> str:
    """A regular expression for any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))


@cache
def folding() -> dict[int, str]:
    """What each character is read as (characters.txt, full-width ASCII, blanks), for `str.translate`."""
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    table |= dict.fromkeys((0x3000, 0xA0, 0x2002, 0x2003, 0x2009, 0x202F, 0x200A, 0x9), " ")
    for line in lines("characters.txt"):
        target, _, written = line.partition(": ")
        table |= {ord(character): target for character in written.split()}
    return table


def fold(text: str) -> str:
    """The text as it is read: full width, traditional and financial characters folded, its length unchanged."""
    return text.translate(folding())


class Scale(NamedTuple):
    """A word that multiplies the number before it."""

    factor: Decimal
    kind: str


@cache
def scales() -> dict[str, Scale]:
    """scales.txt: word -> factor and kind (small, large, latin)."""
    rows = (line.split() for line in lines("scales.txt"))
    return {word: Scale(Decimal(10) ** int(power), kind) for word, power, kind in rows}


@cache
def phrases() -> dict[str, tuple[Decimal, Decimal]]:
    """phrases.txt: phrase -> the least and the greatest number that it says, infinity where it is open."""
    rows = (line.split() for line in lines("phrases.txt"))
    return {phrase: (Decimal(low), Decimal("Infinity" if high == "-" else high)) for phrase, _, low, high in rows}


class Money(NamedTuple):
    """A name of a currency or of a part of one: `factor` in the main unit; `is_bare` where it is a common word too."""

    code: str
    factor: Decimal
    is_part: bool
    is_bare: bool


class Currencies(NamedTuple):
    """currencies.txt: what stands after a number, what stands before it, and which of these are common words too."""

    after: dict[str, Money]
    before: dict[str, str]
    weak: frozenset[str]


@cache
def currencies() -> Currencies:
    """currencies.txt."""
    after: dict[str, Money] = {}
    before: dict[str, str] = {}
    weak: set[str] = set()
    for line in lines("currencies.txt"):
        code, names, marks, parts = (field.strip() for field in line.split("|"))
        for name in names.split():
            word = fold(name.removeprefix("~"))
            after[word] = Money(code, Decimal(1), is_part=False, is_bare=name.startswith("~"))
            if code != "CNY" and not word.isascii():
                before[word] = code
        before |= {fold(mark.removeprefix("~")): code for mark in marks.split()}
        weak |= {fold(mark[1:]) for mark in marks.split() if mark.startswith("~")}
        for part in parts.split():
            name, _, fraction = part.partition("=")
            word = fold(name.removeprefix("~"))
            after[word] = Money(code, Decimal(fraction), is_part=True, is_bare=name.startswith("~"))
    return Currencies(after, before, frozenset(weak))


class Bound(NamedTuple):
    """A word that bounds a number.

    `not_beside` is a class of characters beside which it is part of another word, `only_before` one of those of which
    one must follow it; both are empty where there is no such rule.
    """

    kind: str
    place: str
    not_beside: str
    only_before: str


@cache
def bounds() -> dict[str, Bound]:
    """bounds.txt: word -> bound. No word stands on both sides."""
    table: dict[str, Bound] = {}
    for word, place, kind, *rest in (line.split() for line in lines("bounds.txt")):
        beside, _, following = fold("".join(rest)).partition(">")
        table[fold(word)] = Bound(kind, place, "一-龥" if beside == "*" else beside, following)
    return table


class Unit(NamedTuple):
    """A physical unit: the name that answers carry, and what it is in SI (`si` empty where it has none)."""

    name: str
    factor: Fraction
    offset: Fraction
    si: str


@cache
def units() -> dict[str, Unit]:
    """units.txt: every name -> unit."""
    table: dict[str, Unit] = {}
    for line in lines("units.txt"):
        names, _, meaning = line.partition(" = ")
        first = names.split()[0]
        unit = _unit(first, meaning.split())
        table |= {fold(name): unit for name in names.split()}
    return table


def _unit(name: str, meaning: list[str]) -> Unit:
    if meaning == ["-"]:
        return Unit(name, Fraction(1), Fraction(0), "")
    numerator, _, denominator = meaning[0].partition("/")
    offset = Fraction(meaning[3]) if len(meaning) > 2 else Fraction(0)
    return Unit(name, Fraction(numerator) / Fraction(denominator or "1"), offset, meaning[1])


@cache
def measures() -> dict[str, int]:
    """measures.txt: measure word -> how many things one of it is (打 -> 12)."""
    table: dict[str, int] = {}
    for line in lines("measures.txt"):
        for word in line.split():
            if not word.startswith("/"):
                name, _, times = word.partition("*")
                table[fold(name)] = int(times or 1)
    return table


@cache
def exceptions() -> dict[str, tuple[str, ...]]:
    """exceptions.txt: kind -> words, folded."""
    table: dict[str, tuple[str, ...]] = {}
    for kind, *words in (line.split() for line in lines("exceptions.txt")):
        table[kind] = (*table.get(kind, ()), *(fold(word) for word in words))
    return table


@cache
def per_names() -> str:
    """A regular expression for what may stand under the line of a rate: units, measures, and those marked with `/`."""
    marked = (word[1:] for line in lines("measures.txt") for word in line.split() if word.startswith("/"))
    return alternatives([*units(), *measures(), *marked])


@cache
def unit_names() -> str:
    """A regular expression for every unit and measure word, longest first."""
    return alternatives([*units(), *measures()])
