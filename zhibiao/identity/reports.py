"""The subject of a report: from its title, its heading, or the text itself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from zhibiao.identity.divisions import Division, divisions
from zhibiao.identity.locating import locate, locate_stem
from zhibiao.identity.organisations import Named, full_form, read_name, words
from zhibiao.identity.subjects import NATION, Subject, SubjectKind
from zhibiao.text import paragraphs, sentences

_TITLE_LINES, _LONGEST_TITLE = 4, 80
#: Sentences at the front of a text that are asked for its subject where no title names it.
_OPENING = 30
_DATE = re.compile(
    r"^(?:[（(]?(?:公元)?\d{2,4}年?(?:度|末|底)?(?:[前上下]?半年|[一二三四1-4前]*季度)?|\d+(?:[—\-~至]\d+)?月(?:份)?|[前上下]半年|[前一二三四]+季度)+[,，、]?"
)
_LEAD = re.compile(
    r"^(?:关于|对|在|为|根据|中共|中国共产党|对照|坚持|[一二三四五六七八九十]+[、.]|\(?[一二三四五六七八九十]\)|\d+[、.]|[《“]|附件\d*:?)+"
)
_BREAKS = re.compile(r"[\s—–|｜:：,，。;；!！?？、《》·]+|(?<=[一-龥])-(?=[一-龥])")
_NATION = re.compile(
    r"^(?:全国|我国|中国(?!人民银行|银行|建设|农业|工商|移动|联通|电信|石|铁|中|平安|人寿|太)|国务院|国家)"
)
_PUBLISHED = re.compile("^(.{2,12}?)(?:统计局|调查总?队|海关)")
_TOWN = re.compile("(?:镇|乡|街道|苏木)$")
_LISTED = re.compile(
    r"^([一-龥A-Za-z]{2,8}?)(?:\(\d{6}\))?(?:20)?\d\d(?:年|[HQ])[^,，。]{0,6}(?:年报|半年报|中报|季报|业绩|快报)"
)
_REGION = re.compile("全(?:省|自治区|市|州|县|区|旗|镇|乡|盟)")


def subject_of_report(text: str, *, title: str | None = None, name: str | None = None) -> Subject | None:
    """Whom the report is about; None where neither title, heading, file name nor the opening of the text say it.

    Args:
        text: the whole text; it also decides which of several places of one name is meant.
        title: the report's title, where it is known.
        name: the name of its file, asked after title and heading.
    """
    context = f"{title or ''}\n{name or ''}\n{text}"
    headings = [title] if title else []
    headings += _headings(text)
    if name:
        headings.append(re.sub(r"\.\w{1,5}$", "", name))
    for heading in headings:
        if (found := _of_title(heading, context)) is not None:
            return found
    return _of_opening(text, context)


def _headings(text: str) -> list[str]:
    lines = (text[start:end].strip() for start, end in paragraphs(text))
    return [line for line in islice(lines, _TITLE_LINES) if len(line) <= _LONGEST_TITLE and not line.endswith("。")]


def _of_title(title: str, context: str) -> Subject | None:
    folded = unicodedata.normalize("NFKC", title)
    nation = None
    for part, rest in _parts(folded):
        named = read_name(part)
        if named is not None and (subject := _subject(named, rest, context)) is not None:
            return subject
        if _NATION.match(part):
            nation = NATION
        if listed := _LISTED.match(part):
            return _company(listed[1], context)
    return nation


def _parts(title: str) -> Iterator[tuple[str, str]]:
    """The parts of a title that may begin with a name, each with the title from there on."""
    start = 0
    for cut in [*_BREAKS.finditer(title), None]:
        end = cut.start() if cut else len(title)
        at = start + _skipped(title[start:end])
        if at < end:
            yield title[at:end], title[at:]
        if found := re.search("关于", title[at:end]):
            inner = at + found.end()
            yield title[inner:end], title[inner:]
        start = cut.end() if cut else end


def _skipped(part: str) -> int:
    at = 0
    while found := _DATE.match(part[at:]) or _LEAD.match(part[at:]):
        at += found.end()
    return at


def _of_opening(text: str, context: str) -> Subject | None:
    """The first park, department or company that a sentence of the opening begins with, or the first place."""
    place = None
    for start, end in islice(sentences(text), _OPENING):
        part = unicodedata.normalize("NFKC", text[start:end])
        part = part[_skipped(part) :].strip()
        named = read_name(part[_skipped(part) :])
        if named is None:
            continue
        subject = _subject(named, part, context)
        if subject and subject.kind in {"park", "department", "company"}:
            return subject
        place = place or subject
    return place


def subject_of(name: str, context: str) -> Subject | None:
    """The subject that `name` names, from its beginning on; None where it names none."""
    named = read_name(name)
    return _subject(named, name, context) if named is not None else None


def _subject(named: Named, rest: str, context: str) -> Subject | None:
    own = words().committee.sub("", named.own)
    is_park = bool(own) and words().kinds["park"].search(own) and _ends_as_park(own)
    if is_park:
        return _park(named, own, context)
    if not own or named.kind is None:
        return of_place(named.places, context) if named.places else None
    if named.kind == "company":
        return _company_of(named, context)
    after = rest[named.length :]
    if named.places and words().territory.search(after) and not words().own.search(after):
        return of_place(named.places, context)
    if not named.places and len(named.own) < 4:
        return None  # 县财政局: whose, the text must say
    division = locate(named.places, context)
    return Subject(named.name, "department", *_where(division, named.places))


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


def _company(name: str, context: str) -> Subject:
    return Subject(name, "company", *_where(locate_stem(name, context, has_counties=False), ()))
