"""The words of data/organisations.txt, and the grammar of names that they make.

name = place* [ own words  end of a park, department or company ] [ committee ]
place = a division of the table | Han characters that end as a place does (清岭县, 河湾镇)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from zhibiao.identity.divisions import divisions
from zhibiao.identity.reading import sections

OrganisationKind = Literal["park", "department", "company"]

#: Characters of the own name of an organisation at most: 岑北矿业化工集团有限责任公司.
_LONGEST = 30
_LEVELS = "自治区|自治州|自治县|自治旗|省|市|地区|州|盟|县|旗|区|镇|乡|街道|苏木"
_PLACE = re.compile(f"[一-龥]{{1,6}}?(?:{_LEVELS})")
#: What ends as a place does and is none: 全县, 各乡镇, 国省, 城区.
_NO_PLACE = re.compile(
    "[全本我各该市县区省镇乡级据随].{0,2}$|.*上市$|.*全[省市县区]$|.*(?:公司|推进|实现|归属|各大|随着|受益|顺应|前述|获注|增资).*|.*[的与和及、在到从对占较]|.*自(?!治).*|.*国省$"
    "|.*(?:城市|城镇|乡镇|城区|地区|社区|园区|校区|街区|小区|灾区|景区|库区|片区|厂区|矿区|林区|牧区|辖区|新区|老区|项目区|示范区|试点区|保护区|功能区|核心区|集聚区|(?:项目|脱贫|贫困|试点|示范|重点|产粮)[县市])$"
)
#: Names of divisions that every city has parts of: they are names below a city only.
_GENERAL = frozenset({"城区", "东区", "西区", "郊区", "矿区", "新区", "市区", "市郊区", "城中区", "市中区"})
_GOES_ON = {
    "市": "场值盈净占属",
    "旗": "下舰帜",
    "县": "域级",
    "省": "级份",
    "区": "域间块位别",
    "镇": "静定",
    "州": "长",
    "乡": "愁土",
}
_NAME = re.compile("[一-龥A-Za-z0-9()·“”]*")


@dataclass(frozen=True)
class Named:
    """A name taken apart: the places at its front, the name without those above the last, what it is."""

    places: tuple[str, ...]
    own: str
    kind: OrganisationKind | None
    length: int

    @property
    def name(self) -> str:
        """The name from its last place on: 云台区农业农村局."""
        return (self.places[-1] if self.places else "") + self.own


@dataclass(frozen=True)
class Words:
    """data/organisations.txt as patterns."""

    kinds: Mapping[OrganisationKind, re.Pattern[str]]
    committee: re.Pattern[str]
    stop: re.Pattern[str]
    territory: re.Pattern[str]
    own: re.Pattern[str]
    publisher: re.Pattern[str]
    full: tuple[tuple[str, str], ...]


@cache
def words() -> Words:
    """The words, read once."""
    read: dict[str, list[str]] = {}
    for section, _, line in sections("organisations.txt"):
        read.setdefault(section, []).append(line.strip())

    def pattern(section: str, around: str = "{}") -> re.Pattern[str]:
        return re.compile(around.format(f"(?:{'|'.join(read[section])})"))

    kinds: dict[OrganisationKind, re.Pattern[str]] = {
        "park": pattern("park"),
        "department": pattern("department"),
        "company": pattern("company"),
    }
    full = [
        (short, target.strip())
        for line in read["full"]
        for shorts, _, target in (line.partition("="),)
        for short in shorts.split()
    ]
    return Words(
        kinds,
        pattern("committee", "{}$"),
        pattern("stop"),
        pattern("territory"),
        pattern("own"),
        pattern("publisher"),
        tuple(full),
    )


def read_name(text: str) -> Named | None:
    """The name of a place or organisation that `text` begins with; None where it begins with none."""
    stopped = words().stop.search(text)
    stretch = text[: stopped.start()] if stopped else text
    found = _NAME.match(stretch)
    stretch = found[0] if found else ""
    places = tuple(_places(stretch))
    start = sum(map(len, places))
    end, kind = _end(stretch[start:])
    if not places and (kind is None or words().kinds[kind].fullmatch(stretch[:end])):
        return None
    own = stretch[start : start + end]
    return Named(places, own, kind, start + end)


def is_place(name: str) -> bool:
    """Whether the whole of `name` is a place, or a place within a place.

    >>> is_place("沅溪市云台区"), is_place("项目区")
    (True, False)
    """
    return bool(name) and sum(map(len, _places(name))) == len(name)


def _places(text: str) -> Iterator[str]:
    """The places that `text` begins with, the widest first."""
    known = divisions().by_name
    parks = [found.span() for found in words().kinds["park"].finditer(text)]
    at = 0
    while text:
        place = next((text[:n] for n in range(min(15, len(text)), 1, -1) if text[:n] in known), None)
        if at == 0 and place in _GENERAL:
            place = None
        if place is None:
            found = _PLACE.match(text)
            place = found[0] if found and not _is_no_place(found[0]) else None
        if place is None or _goes_on(place, text[len(place) :]):
            return
        if any(start < at + len(place) <= end for start, end in parks):
            return
        yield place
        at, text = at + len(place), text[len(place) :]


def _goes_on(place: str, after: str) -> bool:
    """Whether the place's last character begins another word: 海外市|场, 旗|下, 县|域."""
    return after[:1] in _GOES_ON.get(place[-1], "") and after[:1] != ""


def _is_no_place(place: str) -> bool:
    return (len(place) < 3 and not place.endswith("县")) or bool(_NO_PLACE.match(place))


def _end(text: str) -> tuple[int, OrganisationKind | None]:
    """Where the organisation ends whose name `text` begins with, and what it is; the longest name wins."""
    best: tuple[int, OrganisationKind | None] = (0, None)
    for kind, pattern in words().kinds.items():
        for found in pattern.finditer(text[:_LONGEST]):
            if found.end() > best[0] and found.end() > 1:
                best = (found.end(), kind)
    return best


def full_form(name: str) -> str:
    """A park's name with its abbreviation written out: 鹤城高新区 -> 鹤城高新技术产业开发区."""
    for short, target in words().full:
        if name.endswith(short) and not name.endswith(target):
            return name.removesuffix(short) + target
    return name
