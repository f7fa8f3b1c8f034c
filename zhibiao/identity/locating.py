"""Which division of the table a written place is: by name, by what it is written below, and by what the text names."""

from __future__ import annotations

from zhibiao.identity.divisions import Division, divisions, stem

#: Characters of a text that are asked which place of several is meant.
_CONTEXT = 30_000


def locate(places: tuple[str, ...], context: str = "") -> Division | None:
    """The division that the last of `places` names, the others being what it is written below; None where unsure.

    A place that is written below one which it does not lie in is another place of the same name. Where several places
    have the name (鼓楼区), the one is taken whose city or province `context` names, and no other's.
    """
    if not places:
        return None
    table = divisions()
    found = [one for one in table.named(places[-1]) if all(_lies_in(one, place) for place in places[:-1])]
    return _chosen(tuple(found), context)


def locate_stem(name: str, context: str = "", *, has_counties: bool = True) -> Division | None:
    """The division whose short name `name` begins with: 冷水滩高科园 -> 冷水滩区; the longest short name decides."""
    table = divisions()
    for length in range(min(8, len(name) - 1), 1, -1):
        found = table.named(name[:length])
        if not has_counties:
            found = tuple(one for one in found if one.level != "county")
        if found:
            return _chosen(found, context)
    return None


def _lies_in(division: Division, place: str) -> bool:
    return any(place in {one.name, one.short} or stem(place) == one.short for one in divisions().chain(division)[:-1])


def _chosen(found: tuple[Division, ...], context: str) -> Division | None:
    if len(found) < 2:
        return found[0] if found else None
    inner = divisions()
    widest = [one for one in found if all(one in inner.chain(other) for other in found)]
    if widest:
        return widest[0]  # 长沙: the city, in which 长沙县 lies
    text = context[:_CONTEXT]
    scores = [(_support(one, text), one) for one in found]
    best = max(score for score, _ in scores)
    chosen = [one for score, one in scores if score == best]
    return chosen[0] if best > 0 and len(chosen) == 1 else None


def _support(division: Division, text: str) -> int:
    """How often the text names what the division lies in, the nearest counting most."""
    above = divisions().chain(division)[:-1]
    return sum((2 + rank) * text.count(one.short) for rank, one in enumerate(above) if len(one.short) > 1)
