"""From a name that was taken apart to the subject that it is."""

from __future__ import annotations

import re

from zhibiao.identity.divisions import Division, divisions
from zhibiao.identity.locating import locate, locate_stem
from zhibiao.identity.organisations import Named, full_form, read_name, words
from zhibiao.identity.subjects import NATION, Subject, SubjectKind

_TOWN = re.compile("(?:镇|乡|街道|苏木)$")
#: What the name of a company does not hold: a sentence about one.
_NO_COMPANY = re.compile(
    "公告|公司.*公司|们|建议|通过|挂出|关注|受益|鉴于|收购|子公司|发布|公布|预计|看好|上市(?:公司|银行)|拟|首个|^银行"
)
#: An office that publishes figures speaks of its territory.
_SAYS = re.compile(
    "(?:最新|今天|今日|近日|日前|昨日|\\(.{1,12}\\)|\\d+日)*(?:公布|发布|通报|数据|统计|获悉|消息|介绍|披露|的?最?新?数据)"
)


def subject_of(name: str, context: str) -> Subject | None:
    """The subject that `name` names, from its beginning on; None where it names none."""
    named = read_name(name)
    return subject_named(named, name, context) if named is not None else None


def subject_named(named: Named, rest: str, context: str) -> Subject | None:
    """The subject that a name is; `rest` is the name and what follows it in its title or sentence."""
    own = words().committee.sub("", named.own)
    if _ends_as_park(own):
        return _park(named, own, context)
    if not own or named.kind is None:
        return of_place(named.places, context) if named.places else None
    if named.kind == "department" or words().publisher.match(named.own):
        return _department(named, rest, context)
    return None if _NO_COMPANY.search(named.own) else _company_of(named, context)


def _department(named: Named, rest: str, context: str) -> Subject | None:
    """An office, or the territory that it reports of."""
    after = rest[named.length :]
    if named.places and _is_of_territory(after):
        return of_place(named.places, context)
    if words().publisher.match(named.own) and _SAYS.match(after):
        return NATION
    if not named.places and len(named.own) < 4:
        return None  # 县财政局: whose, the text must say
    division = locate(named.places, context)
    return Subject(named.name, "department", *_where(division, named.places))


def _is_of_territory(after: str) -> bool:
    """Whether what follows an office's name in a title is of its territory, not of the office."""
    is_territory = bool(words().territory.search(after)) and not words().own.search(after)
    return is_territory or bool(_SAYS.match(after))


def _ends_as_park(own: str) -> bool:
    return any(found.end() == len(own) for found in words().kinds["park"].finditer(own))


def of_place(places: tuple[str, ...], context: str) -> Subject:
    """The subject that a written place is, the wider places before it."""
    division = locate(places, context)
    if division is not None:
        return of_division(division)
    name = places[-1]
    kind = _kind_of(name)
    if kind == "town":
        return Subject(name, kind, *_where(locate(places[:-1], context), places))
    return Subject(name, kind, None, "".join(places))


def of_division(division: Division) -> Subject:
    """The subject that a division of the table is."""
    return Subject(division.name, division.level, division.code, divisions().full_name(division))


def _kind_of(name: str) -> SubjectKind:
    if _TOWN.search(name):
        return "town"
    if name.endswith(("省", "自治区")):
        return "province"
    return "county" if name.endswith(("县", "区", "旗")) else "city"


def _where(division: Division | None, places: tuple[str, ...]) -> tuple[str | None, str | None]:
    if division is not None:
        return division.code, divisions().full_name(division)
    return None, "".join(places) or None


def _park(named: Named, own: str, context: str) -> Subject:
    division = locate(named.places, context)
    inner = locate_stem(own, context)
    if inner is not None and (division is None or division in divisions().chain(inner)):
        division = inner if not named.places or division is not None else None
    wider = divisions().named(named.places[-1]) if named.places else ()
    is_wider = any(one.level == "province" for one in wider) or (inner is not None and division is inner)
    name = own if is_wider and len(own) > 4 else named.places[-1] + own if named.places else own
    return Subject(full_form(name), "park", *_where(division, named.places))


def _company_of(named: Named, context: str) -> Subject:
    division = locate(named.places, context) or (
        None if named.places else locate_stem(named.own, context, has_counties=False)
    )
    return Subject(named.name, "company", *_where(division, named.places))


def company(name: str, context: str) -> Subject:
    """The company of this name, as headlines call it: 凌屿精工."""
    return Subject(name, "company", *_where(locate_stem(name, context, has_counties=False), ()))
