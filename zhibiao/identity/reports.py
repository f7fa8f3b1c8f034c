"""The subject of a report: from its title, its heading, or the text itself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from zhibiao.identity.divisions import divisions
from zhibiao.identity.named import company, of_division, subject_named
from zhibiao.identity.organisations import read_name
from zhibiao.identity.subjects import NATION, Subject
from zhibiao.text import paragraphs, sentences

_TITLE_LINES, _LONGEST_TITLE = 4, 80
#: Sentences at the front of a text that are asked for its subject where no title names it.
_OPENING = 30
_DATE = re.compile(
    r"^(?:[（(]?(?:公元)?\d{2,4}年?(?:度|末|底)?(?:[前上下]?半年|[一二三四1-4前]*季度)?|今年以?来?|去年|本月|前[一两二三四五六七八九十\d]+个?月|\d+(?:[—\-~至]\d+)?月(?:份)?(?:\d+日)?|[前上下]半年|[前一二三四]+季度)+[,，、]?"
)
_LEAD = re.compile(
    r"^(?:关于|对|在|为|根据|中共|中国共产党|对照|坚持|我(?![国们])|[一二三四五六七八九十]+[、.]|\(?[一二三四五六七八九十]\)|\d+[、.]|[《“]|附件\d*:?)+"
)
_BREAKS = re.compile(r"[\s—–|｜:：,，。;；!！?？、《》·]+|(?<=[一-龥])-(?=[一-龥])")
_NATION = re.compile("全国|我国|^国务院|^中国(?:经济|外贸|服务贸易|对外|国民|货物|工业|人口)|中央和地方预算")
#: What follows a province's or city's short name where a headline means the place: 前五月太原|社会消费品零售额.
_OF_PLACE = re.compile(
    "(?:完成|实现|社会|固定资产|GDP|地区生产|生产总值|财政|工业|经济|一季度|上半年|前.{1,3}月|规上|规模|外贸|进出口|居民|城镇|农村|房地产|今年|去年)"
)
#: What a sentence says that tells who reports: 隆回高新区|成立于2005年, ……公司|（以下简称…）.
_INTRODUCED = re.compile(
    "\\(?(?:以下)?简称|前身|成立|组建|位于|坐落|地处|始建|内设|下设|下辖|负责|主要(?:职责|职能|负责|从事)|承担|现有|是.{2,30}(?:单位|部门|机构|园区|开发区)|系|设有|核定|共有|为.{0,12}(?:单位|部门|机构)"
)
_LISTED = re.compile(
    r"^([一-龥A-Za-z]{2,8}?)(?:\(\d{6}\))?(?:公布|发布|披露)?(?:20)?\d\d(?:年|[HQ])[^,，。]{0,6}(?:年报|半年报|中报|季报|业绩|快报)"
)


#: Words that stand for a company, or before the year of a report, and name none.
_NOBODY = re.compile("(?:[本该我]?公司|公布|发布|披露|公告|其|我们|截至|预计|事件)")


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
    return [line for line in islice(lines, _TITLE_LINES) if len(line) <= _LONGEST_TITLE and "。" not in line]


def _of_title(title: str, context: str) -> Subject | None:
    folded = unicodedata.normalize("NFKC", title)
    nation = None
    for part, rest in _parts(folded):
        named = read_name(part)
        if named is not None and (subject := subject_named(named, rest, context)) is not None:
            return subject
        if (place := _short_place(part)) is not None:
            return place
        if _NATION.search(part):
            nation = NATION
        if (listed := _LISTED.match(part)) and not _NOBODY.match(listed[1]):
            return company(listed[1], context)
    return nation


def _short_place(part: str) -> Subject | None:
    """The province or city that a headline calls by its short name."""
    for length in (2, 3, 4):
        if _OF_PLACE.match(part[length:]):
            found = [one for one in divisions().named(part[:length]) if one.level != "county"]
            if len(found) == 1:
                return of_division(found[0])
    return None


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
    """The first park, department or company that introduces itself in the opening, or the first place."""
    place = None
    for start, end in islice(sentences(text), _OPENING):
        part = unicodedata.normalize("NFKC", text[start:end]).strip()
        part = part[_skipped(part) :]
        named = read_name(part)
        subject = subject_named(named, part, context) if named is not None else None
        if named is None or subject is None:
            continue
        if subject.kind in {"park", "department", "company"}:
            if _INTRODUCED.match(part[named.length :].lstrip("(")):
                return subject
        elif subject.code is not None:
            place = place or subject
    return place
