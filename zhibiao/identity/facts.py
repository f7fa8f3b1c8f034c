"""The subject of a fact: the report's own, or another that its table or sentence names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from zhibiao.identity.divisions import Division, divisions
from zhibiao.identity.named import of_division, of_place, subject_of
from zhibiao.identity.organisations import read_name
from zhibiao.identity.subjects import NATION, Subject
from zhibiao.schema import Entity, Fact, Report
from zhibiao.text import line_start, sentences

_LEVELS = "省|自治区|市|自治州|州|盟|地区|县|自治县|区|旗|镇|乡|街道|苏木"
#: 全县, 我市: the place of that level that the report's subject is or lies in. 县级 and 市本级 are no places.
_REGION = re.compile(
    f"(?P<word>全国|我国|(?:[全我]|(?<![一-龥])本)(?P<level>{_LEVELS}))(?!级|本级|面|直|人民|委|政府|外|城|域)"
)
#: What makes the place beside it a yardstick, a partner or a rank and no subject: 占全县…, 高于全国…, 居全省第3位.
_BEFORE = re.compile(
    "(?:占|较|比|于|过|超|向|与|同|和|对|居|列|在|位居|排名|纳入|成为|获得?|被评为|除|为|承办|举办|出席|参加|全国|面向|走在|领跑|辐射)$"
)
_AFTER = re.compile(
    "^(?:.{0,8}平均|.{0,6}(?:大会|会议|现场会|竞赛|考核|评比|推介)|唯一|建国|有史|历史|均值|同期|第|前|排|首|位|最|[先优]|之|的?[一二三四五六七八九十0-9]+(?:强|位|名|批))"
)
_COMPANY = re.compile(
    "(?:^|(?<=[,，。;；:：、]))(?P<name>[一-龥A-Za-z()]{2,25}?(?:有限(?:责任)?公司|集团|股份|银行|公司))"
    "(?=(?:20\\d\\d年|全年|上半年|累计|共|已)?(?:实现|完成|营业|营收|利润|净利|总资产|资产|贷款|存款|年产值|产值|税收|产销|主营))"
)
#: Characters before a fact in which its sentence may name whom it is about.
_LOOK_BACK = 600
_FILLER = re.compile(
    r"^(?:[\s,，、:：]|\d{2,4}年(?:度|末|底)?|全年|上半年|[前一二三四]+季度|截至|年末|年底|其中|到|至)+"
)
_CLAUSE = re.compile("[,，;；。:：]")
#: A new item of a list in one sentence: whom the last one spoke of, it does not say.
_ITEM = re.compile("[;；,，](?=[一二三四五六七八九十]是|[(（][一二三四五六七八九十1-9])")
#: What stands before a company's name, or for it where the name stands elsewhere: 前三季度公司.
_NO_COMPANY = re.compile(
    "(?:其中|第?[一二三四前]+季度|上半年|全年|报告期内?|该|本|我|各|国有|集团|商业|股份制|法人|对|向|由)*(?:公司|银行|集团|股份)"
)


def subject_of_fact(report: Report, fact: Fact, text: str, subject: Subject | None) -> Subject | None:
    """Whom the fact is about: another than the report's `subject` where its table or sentence names one.

    A table's row that names a place, park or organisation; the beginning of the indicator itself (全县工业总产值); the
    last place or company that the sentence names as the one spoken of before the value. A place that is a yardstick
    (占全县…, 高于全国…, 居全省第3位) is none.
    """
    if fact.subject is not None:
        return _named(fact.subject.text, text, subject) or Subject(fact.subject.text.strip(), "other")
    for name in (fact.numerator, fact.indicator):
        if name is not None and not name.text.startswith("占"):
            found = _leading(name.text, text, subject)
            if found is not None:
                return found
    anchor = _anchor(report, fact)
    if anchor is None:
        return subject
    start = _sentence_start(text, anchor.start)
    before = _ITEM.split(text[start : anchor.start])[-1]
    return _spoken_of(before, text, subject) or subject


def _anchor(report: Report, fact: Fact) -> Entity | None:
    """Where the fact's name stands, or else its value: what stands before it says whose it is."""
    part = fact.numerator or fact.indicator or fact.project or fact.value or fact.growth
    return report.entity(part.entity) if part else None


def _sentence_start(text: str, at: int) -> int:
    first = max(line_start(text, at), at - _LOOK_BACK)
    return max((start for start, _ in sentences(text, first, at + 1)), default=first)


def _leading(name: str, text: str, subject: Subject | None) -> Subject | None:
    found = _REGION.match(name)
    return _region(found, text, subject) if found else None


def _named(name: str, text: str, subject: Subject | None) -> Subject | None:
    """The subject that a table's row head names: 全县, 祁阳市, 高新区 …"""
    if found := _REGION.fullmatch(name.strip()):
        return _region(found, text, subject)
    context = f"{subject.within if subject else ''}\n{text}"
    known = divisions().named(name.strip())
    home = _home(subject)
    inside = [one for one in known if home is not None and home in divisions().chain(one)]
    if len(inside) == 1:
        return of_division(inside[0])
    return subject_of(unicodedata.normalize("NFKC", name), context)


def _spoken_of(before: str, text: str, subject: Subject | None) -> Subject | None:
    """The last place or company that the sentence names as its subject, in what stands before the fact."""
    found = None
    for start, other in _mentions(before, text, subject):
        if not _BEFORE.search(before[:start]):
            found = other
    return found


def _mentions(before: str, text: str, subject: Subject | None) -> Iterator[tuple[int, Subject]]:
    mentions: list[tuple[int, Subject]] = []
    for found in _REGION.finditer(before):
        region = _region(found, text, subject)
        after = before[found.end() :]
        is_counted = after[:1].isdigit() and region is not None and not _is_home(region, subject)
        if region is not None and not is_counted and not _AFTER.match(after):
            mentions.append((found.start(), region))
    folded = (
        unicodedata.normalize("NFKC", before) if len(unicodedata.normalize("NFKC", before)) == len(before) else before
    )
    mentions += [
        (found.start("name"), Subject(found["name"], "company"))
        for found in _COMPANY.finditer(folded)
        if not _NO_COMPANY.fullmatch(found["name"])
    ]
    mentions += _places_at_clauses(folded, text, subject)
    yield from sorted(mentions, key=lambda one: one[0])


def _places_at_clauses(before: str, text: str, subject: Subject | None) -> Iterator[tuple[int, Subject]]:
    """A place or park that a clause begins with: 祁阳市完成投资…"""
    starts = [0, *(cut.end() for cut in _CLAUSE.finditer(before))]
    for start in starts:
        at = start + len(found[0]) if (found := _FILLER.match(before[start:])) else start
        named = read_name(before[at : at + 40])
        if named is None or named.kind in {"department", "company"} or _AFTER.match(before[at + named.length :]):
            continue
        if named.kind is None and divisions().named(named.places[-1]):
            yield at, _placed(named.places, text, subject)


def _is_home(other: Subject, subject: Subject | None) -> bool:
    return subject is not None and other.within is not None and other.within == subject.within


def _placed(places: tuple[str, ...], text: str, subject: Subject | None) -> Subject:
    """A place that a report about `subject` names: one that lies near it, or none that is known for sure."""
    found = of_place(places, text)
    home = _home(subject)
    if found.code is None or (subject is None and len(places) > 1):
        return found
    if home is not None and found.code[:2] == home.code[:2]:
        return found
    if found.kind in {"province", "city"} or len(places) > 1:
        return found
    return Subject(places[-1], found.kind, None, "".join(places))


def _region(found: re.Match[str], text: str, subject: Subject | None) -> Subject | None:
    """The place that 全省, 全县, 我国 mean in a report about `subject`; None where that is not known."""
    level = found["level"]
    if level is None:
        return NATION
    if subject is None or subject.kind == "nation":
        return subject
    if subject.kind == "park" and level == "区":
        return subject
    home = _home(subject)
    if home is not None:
        for division in reversed(divisions().chain(home)):
            if _is_level(division, level):
                return of_division(division)
    if subject.within:
        places = _written(subject.within, level)
        if places:
            return of_place(places, text)
    return Subject(f"{subject.name}所在{level}", "other")


def _written(within: str, level: str) -> tuple[str, ...]:
    """The written places down to one of this level: 沅溪市云台区, 市 -> (沅溪市,)."""
    named = read_name(within)
    places = named.places if named else ()
    for count in range(len(places), 0, -1):
        if places[count - 1].endswith(level):
            return places[:count]
    return ()


def _is_level(division: Division, level: str) -> bool:
    return division.name.endswith(level) or (
        level in {"市", "州"} and division.level == "city" and level in division.name
    )


def _home(subject: Subject | None) -> Division | None:
    return divisions().by_code.get(subject.code) if subject is not None and subject.code else None
