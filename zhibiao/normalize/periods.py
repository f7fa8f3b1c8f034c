"""Periods: what a text calls a time, as ISO dates with both ends included.

    period = [ until | since ] time [ joiner time ] [ tail ]
    time   = plan [ edge ] | span | open | date | [ year ] [ part | months | day ] [ edge ]
    tail   = 以来 | 起 | 前 | 止 | 期间 | 内 | 来 …

The words are those of data/periods.txt. A time without a year is in the reference year; without one its ends are open.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from zhibiao.errors import NormalizeError
from zhibiao.normalize.numbers import DIGITS, NotANumberError, evaluate
from zhibiao.normalize.tables import alternatives, fold, lines
from zhibiao.schema import Granularity, Period

_NUMBER = "(?:[0-9]{1,2}|[零一二三四五六七八九十]{1,3}|元)"
_JOIN = "(?:[—\\-~至到/]{1,2})"
_YEAR = re.compile(
    "(?P<year>(?:19|20)[0-9]{2}|[一二][零一二三四五六七八九]{3})(?:年度|财年|会计年度|财政年度|年|[EAF](?![A-Za-z])|(?=9M|[、和及与](?:19|20)[0-9]{2}年)|(?=[HQ]|第?[一二三四]季|[上下]半年)|(?=[.\\-/][0-9])|$)"
)
_SHORT_YEAR = re.compile(
    "'?(?P<year>[0-9]{2})(?:年度|年(?!来|间|多|内|[以之]?[前后])|(?=[HQ]))(?=.)|(?<=FY)(?P<fiscal>[0-9]{2})$"
)
_YEARS = re.compile(
    f"(?P<first>(?:19|20)[0-9]{{2}})年?{_JOIN}(?P<last>(?:(?:19|20)[0-9]{{2}}|[0-9]{{2}})年(?![0-9]|[上下前初末底]半?)度?|(?:19|20)[0-9]{{2}}$)"
)
_MONTHS = re.compile(f"(?P<first>{_NUMBER})月?份?{_JOIN}(?P<last>{_NUMBER})月份?(?![0-9]{{1,2}}[日号])")
_FIRST_MONTHS = re.compile(f"前(?P<last>{_NUMBER}|两)个?月份?")
_TWO_MONTHS = re.compile(f"(?P<first>{_NUMBER})[、和](?P<last>{_NUMBER})两?个?月份?")
_QUARTERS = re.compile(
    f"(?:第|Q)?(?P<first>[一二三四1-4])(?:季度)?(?:{_JOIN}|[、和及与]|(?<=[一二三]))(?:第|Q)?(?P<last>[一二三四1-4])"
    "(?:季度|(?<=Q[1-4]))"
)
_MONTH = re.compile(f"(?P<month>{_NUMBER})月份?")
_DAYS = re.compile(f"(?P<first>[0-9]{{1,2}})[日号]?{_JOIN}(?P<last>[0-9]{{1,2}})[日号](?!.*月)")
_DAY = re.compile("(?P<day>[0-9]{1,2}|[一二三]?十?[一二三四五六七八九十])[日号]")
_DOTTED = re.compile(
    "(?P<year>(?:19|20)[0-9]{2})(?P<mark>[.\\-/])(?P<month>[0-9]{1,2})(?:(?P=mark)(?P<day>[0-9]{1,2}))?(?![0-9])"
)
#: Q1-3 and 9M as research reports write them; a year may stand before or after.
_LATIN_QUARTERS = re.compile("Q(?P<first>[1-4])[—\\-~/]Q?(?P<last>[1-4])(?![0-9])")
_LATIN_MONTHS = re.compile("(?P<last>[1-9]|1[0-2])M(?P<year>(?:20)?[0-9]{2})?(?![0-9A-Za-z])")
_LATIN_YEAR = re.compile("(?:20)?(?P<year>[0-9]{2})(?![0-9])")
_TEN_DAYS = re.compile("(?:上中|中下|[上中下])旬")
_AND = re.compile("[、和及与]")
_PLAN_YEARS = re.compile(
    "(?P<side>前|头|后)(?P<number>[一二两三四1-4])年|(?P<one>开局|起步|首|收官|最后一?|末)(?:之)?年"
)
_PLAN_NUMBER = re.compile("第(?P<number>[一二三四五六七八九十]{1,2})个五年")
_CLOCK = re.compile("[0-9零一二三四五六七八九十]{1,3}[时点](?:[0-9]{1,2}分)?")
_TAIL = re.compile(
    "(?P<since>以来|来|起|开始|以后|之后|后|至今)|(?P<until>之前|以前|前|止|为止)"
    "|(?P<filler>[一二两三四五六七八九十0-9]{1,2}年间|期间|时期|时段内|时段|收市|[0-9零一二三四五六七八九十]{1,3}时(?:[0-9]{1,2}分)?|规划期|规划|间|内|当月|当日|收盘|累计|全年|年度|份|上午|下午|晚|时|的|里|中|初步)"
)


_NEAR_YEARS = 3


class Stretch(NamedTuple):
    """A time as dates; `year` is the year that it names, `edge` says that it is the first or last day of something."""

    start: date | None
    end: date | None
    granularity: Granularity
    year: int | None = None
    edge: str = ""


class _Words(NamedTuple):
    years: dict[str, int]
    plans: dict[str, tuple[int, int]]
    parts: dict[str, tuple[int, int, Granularity]]
    edges: dict[str, str]
    events: dict[str, tuple[date, date]]
    opened: frozenset[str]
    spans: dict[str, str]
    until: tuple[str, ...]
    since: tuple[str, ...]


@cache
def _words() -> _Words:
    rows: dict[str, list[tuple[str, list[str]]]] = {}
    for line in lines("periods.txt"):
        left, _, value = line.partition("=")
        kind, *words = left.split()
        rows.setdefault(kind, []).extend((fold(word), value.split()) for word in words)
    return _Words(
        years={word: int(value[0]) for word, value in rows["year"]},
        plans={word: (int(value[0]), int(value[1])) for word, value in rows["plan"]},
        parts={word: (int(value[0]), int(value[1]), _granularity(value[2])) for word, value in rows["part"]},
        edges={word: value[0] for word, value in rows["edge"]},
        events={word: (date.fromisoformat(days[0]), date.fromisoformat(days[1])) for word, days in rows["event"]},
        opened=frozenset(word for word, _ in rows["open"]),
        spans={word: value[0] for word, value in rows["span"]},
        until=tuple(word for word, _ in rows["until"]),
        since=tuple(word for word, _ in rows["since"]),
    )


def _granularity(word: str) -> Granularity:
    names: dict[str, Granularity] = {"half": "half", "quarter": "quarter", "year": "year"}
    return names[word]


@cache
def _span_pattern() -> re.Pattern[str]:
    leads = alternatives(_words().spans)
    digits = "(?:[0-9]{1,2}|[一二两三四五六七八九十半]{1,3})"
    number = f"(?:{digits}{_JOIN})?(?P<number>{digits})"
    return re.compile(f"(?P<lead>{leads})?的?{number}(?P<unit>年|个月|季度|个季度|天|日|周|个交易日)")


class _Patterns(NamedTuple):
    """The words of data/periods.txt as patterns."""

    until: re.Pattern[str]
    since: re.Pattern[str]
    plan: re.Pattern[str]
    event: re.Pattern[str]
    part: re.Pattern[str]
    edge: re.Pattern[str]
    relative: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    words = _words()
    return _Patterns(
        until=re.compile(alternatives(words.until)),
        since=re.compile(alternatives(words.since)),
        plan=re.compile(f"({alternatives(words.plans)})(?!年|日|天|个|号|月)"),
        event=re.compile(alternatives(words.events)),
        part=re.compile(alternatives(words.parts)),
        edge=re.compile(alternatives(words.edges)),
        relative=re.compile(alternatives(words.years)),
    )


def parse_period(text: str, *, reference_year: int | None = None, anchor: Period | None = None) -> Period:
    """The period that the whole text names.

    `reference_year` is the report's year, against which 全年, 上半年, 1—6月 and 去年 are resolved; `anchor` is the
    period that 同期 repeats in another year. An end that is open (截至…, …以来) or cannot be resolved is None. Raises
    NormalizeError, with the place, where the text names no period.
    """
    reader = _Reader(text, reference_year, anchor)
    return reader.period()


class _Reader:
    """Reads one period, left to right; blanks are left out beforehand, `_places` knows where they were."""

    def __init__(self, text: str, reference_year: int | None, anchor: Period | None) -> None:
        self._original = text
        folded = fold(text)
        kept = [(place, character) for place, character in enumerate(folded) if character not in " 　“”\"「」'‘’"]
        self._places = [place for place, _ in kept]
        self._text = "".join(character for _, character in kept)
        self._position = 0
        self._reference = reference_year
        self._year = reference_year
        self._anchor = anchor

    def period(self) -> Period:
        lead = self._lead()
        stretch = self._time()
        if stretch is None:
            raise self._error("no period")
        self._take(_CLOCK)
        stretch = self._joined(stretch)
        stretch = self._bracketed(self._led(stretch, lead))
        stretch = self._tailed(stretch, lead)
        if self._position != len(self._text):
            raise self._error("not part of a period")
        return Period(start=stretch.start, end=stretch.end, granularity=stretch.granularity)

    def _error(self, message: str) -> NormalizeError:
        place = self._places[self._position] if self._position < len(self._places) else len(self._original)
        remedy = "name a year, half-year, quarter, month, day or plan, such as 2020年1—6月"
        return NormalizeError(message, self._original, place, remedy)

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self._text, self._position)
        if match:
            self._position = match.end()
        return match

    def _lead(self) -> str:
        if self._text in _words().opened:
            return ""
        if self._take(_patterns().until):
            return "until"
        return "since" if self._take(_patterns().since) else ""

    def _led(self, stretch: Stretch, lead: str) -> Stretch:
        return stretch._replace(start=None) if lead == "until" else stretch

    def _time(self) -> Stretch | None:
        return (
            self._plan()
            or self._event()
            or self._open()
            or self._dotted()
            or self._years()
            or self._calendar()
            or self._span()
        )

    # --- plans, spans of years, open times

    def _plan(self) -> Stretch | None:
        numbered = self._take(_PLAN_NUMBER)
        match = self._take(_patterns().plan) if numbered is None else None
        name = f"{numbered['number']}五" if numbered else match[1] if match else ""
        if name not in _words().plans:
            return None
        first, last = _words().plans[name]
        self._take(re.compile("[规计]划期?|期"))
        if part := self._take(_PLAN_YEARS):
            return _years_of_plan(first, last, part)
        stretch = Stretch(date(first, 1, 1), date(last, 12, 31), "plan", last)
        return self._edge(stretch)

    def _event(self) -> Stretch | None:
        match = self._take(_patterns().event)
        if match is None:
            return None
        first, last = _words().events[match[0]]
        return Stretch(first, last, "day", last.year)

    def _open(self) -> Stretch | None:
        rest = self._text[self._position :]
        word = rest.partition("(")[0]
        if word not in _words().opened:
            return None
        self._position += len(word)
        return Stretch(None, None, "day")

    def _span(self) -> Stretch | None:
        """A number of years up to the report's (五年来, 近两年, 过去五年) or after it (未来三年)."""
        match = _span_pattern().match(self._text, self._position)
        if match is None or (match["lead"] is None and not self._is_span_end(match.end())):
            return None
        self._position = match.end()
        count = _integer(match["number"])
        if match["lead"] is None and self._is_short_year(count, match):
            self._year = 2000 + count
            return self._whole_year()
        self._take(re.compile("来|间"))
        if match["unit"] != "年" or self._reference is None or not count:
            return Stretch(None, None, "years" if match["unit"] == "年" else "day")
        if self._text[self._position : self._position + 1] == "内" and match["lead"] is None:
            return Stretch(None, None, "years")
        first, last = self._reference - count + 1, self._reference
        if _words().spans.get(match["lead"] or "") == "future":
            first, last = self._reference + 1, self._reference + count
        return Stretch(date(first, 1, 1), date(last, 12, 31), "years" if count > 1 else "year", last)

    def _is_short_year(self, count: int, match: re.Match[str]) -> bool:
        """19年 alone is 2019 where the report is of about that year, and nineteen years elsewhere."""
        is_near = self._reference is not None and abs(2000 + count - self._reference) <= _NEAR_YEARS
        return match["number"].isascii() and match["unit"] == "年" and is_near and self._position == len(self._text)

    def _is_span_end(self, end: int) -> bool:
        return re.fullmatch("(?:以来|来|间|内|里|中|时间|期间)?", self._text[end:]) is not None

    # --- calendar times

    def _dotted(self) -> Stretch | None:
        match = self._take(_DOTTED)
        if match is None:
            return None
        year, month = int(match["year"]), int(match["month"])
        if match["day"] is not None:
            return self._day(year, month, int(match["day"]))
        if month > 12 and match["mark"] in "-/":
            self._position = match.start()
            return None
        return self._month(year, month)

    def _years(self) -> Stretch | None:
        match = self._take(_YEARS)
        if match is None:
            return None
        digits = match["last"].rstrip("年度")
        last = digits if len(digits) == 4 else match["first"][:2] + digits
        first_year, last_year = sorted((int(match["first"]), int(last)))
        self._year = last_year
        return Stretch(date(first_year, 1, 1), date(last_year, 12, 31), "years", last_year)

    def _calendar(self) -> Stretch | None:
        start = self._position
        year = self._named_year()
        if year is not None:
            self._year = year
        has_year = self._position > start
        part = self._part() or self._same() or self._months() or self._days()
        if part is not None:
            return self._edge(part)
        if has_year:
            self._take(re.compile("年(?=[初末底终内])|全年|年内|内"))
            return self._edge(self._whole_year())
        if self._text[self._position : self._position + 1] == "年":
            self._position += 1
            return self._edge(self._whole_year(), is_needed=True)
        return None

    def _named_year(self) -> int | None:
        self._take(re.compile("FY(?=[0-9])"))
        if match := self._take(_YEAR):
            digits = "".join(str(DIGITS.get(digit, digit)) for digit in match["year"])
            return int(digits)
        if match := self._take(_SHORT_YEAR):
            return 2000 + int(match["year"] or match["fiscal"])
        match = self._take(_patterns().relative)
        if match is None:
            return None
        base = self._year if match[0] in ("次年", "翌年") else self._reference
        return None if base is None else base + _words().years[match[0]]

    def _whole_year(self) -> Stretch:
        if self._year is None:
            return Stretch(None, None, "year")
        return Stretch(date(self._year, 1, 1), date(self._year, 12, 31), "year", self._year)

    def _part(self) -> Stretch | None:
        self._take(re.compile("的|年(?=[上下前])"))
        if match := self._take(_LATIN_MONTHS):
            if match["year"]:
                self._year = 2000 + int(match["year"][-2:])
            return self._span_of_months(1, int(match["last"]), "month")
        if match := self._take(_LATIN_QUARTERS) or self._take(_QUARTERS):
            first, last = _integer(match["first"]), _integer(match["last"])
            return self._span_of_months(first * 3 - 2, last * 3, "quarter")
        match = self._take(_patterns().part)
        if match is None:
            return None
        first, last, granularity = _words().parts[match[0]]
        if match[0] in ("1H", "2H", "1Q", "2Q", "3Q", "4Q") and (year := self._take(_LATIN_YEAR)):
            self._year = 2000 + int(year["year"])
        return self._span_of_months(first, last, granularity)

    def _same(self) -> Stretch | None:
        if self._take(re.compile("同期")) is None:
            return None
        anchor, year = self._anchor, self._year
        if anchor is None or year is None:
            return Stretch(None, None, "year")
        start, end = _moved(anchor.start, anchor.end, year)
        return Stretch(start, end, anchor.granularity, year)

    def _span_of_months(self, first: int, last: int, granularity: Granularity) -> Stretch:
        if self._year is None or not 1 <= first <= 12 or not 1 <= last <= 12:
            return Stretch(None, None, granularity)
        year = self._year + (1 if last < first else 0)
        start, end = date(self._year, first, 1), date(year, last, monthrange(year, last)[1])
        return Stretch(start, end, granularity, self._year)

    def _months(self) -> Stretch | None:
        for pattern in (_MONTHS, _FIRST_MONTHS, _TWO_MONTHS):
            if match := self._take(pattern):
                first = _integer(match.groupdict().get("first") or "1")
                last = _integer(match["last"])
                if not (1 <= first <= 12 and 1 <= last <= 12):
                    self._position = match.start()
                    raise self._error("no such month")
                return self._span_of_months(first, last, "month")
        return None

    def _days(self) -> Stretch | None:
        """[ month ] [ ten days | days | day ]; a day without a month stays open."""
        if match := self._take(_MONTH):
            month = _integer(match["month"])
            if not 1 <= month <= 12:
                self._position = match.start()
                raise self._error("no such month")
            return self._in_month(month)
        if self._take(_DAY):
            return Stretch(None, None, "day")
        return None

    def _in_month(self, month: int) -> Stretch:
        if match := self._take(_TEN_DAYS):
            return self._ten_days(month, match[0])
        if match := self._take(_DAYS):
            first, last = (
                self._day(self._year, month, int(match["first"])),
                self._day(self._year, month, int(match["last"])),
            )
            return Stretch(first.start, last.end, "day", self._year)
        if match := self._take(_DAY):
            self._position = match.start()
            day = self._day(self._year, month, _integer(match["day"]))
            self._position = match.end()
            return day
        return self._month(self._year, month)

    def _ten_days(self, month: int, word: str) -> Stretch:
        if self._year is None:
            return Stretch(None, None, "day")
        last = monthrange(self._year, month)[1]
        first_day, last_day = {
            "上旬": (1, 10),
            "中旬": (11, 20),
            "下旬": (21, last),
            "上中旬": (1, 20),
            "中下旬": (11, last),
        }[word]
        return Stretch(date(self._year, month, first_day), date(self._year, month, last_day), "day", self._year)

    def _month(self, year: int | None, month: int) -> Stretch:
        if not 1 <= month <= 12:
            raise self._error("no such month")
        self._year = year
        return self._span_of_months(month, month, "month")

    def _day(self, year: int | None, month: int, day: int) -> Stretch:
        if year is None:
            return Stretch(None, None, "day")
        self._year = year
        try:
            moment = date(year, month, day)
        except ValueError:
            raise self._error("no such day") from None
        return Stretch(moment, moment, "day", year)

    def _edge(self, stretch: Stretch, *, is_needed: bool = False) -> Stretch | None:
        match = self._take(_patterns().edge)
        if match is None:
            return None if is_needed else stretch
        edge = _words().edges[match[0]]
        moment = stretch.start if edge == "start" else stretch.end
        return Stretch(moment, moment, "day", stretch.year, edge)

    # --- what joins and follows

    def _joined(self, first: Stretch) -> Stretch:
        start = self._position
        is_and = self._take(_AND) is not None
        if not is_and and self._take(re.compile(_JOIN)) is None:
            return first
        last = self._time()
        if last is None or (is_and and not _follows(first, last)):
            self._position = start
            return first
        if first.end and last.end and last.end < first.end and first.year == last.year and last.granularity != "plan":
            last = last._replace(end=last.end.replace(year=last.end.year + 1))
        granularity = "years" if {first.granularity, last.granularity} == {"year"} else last.granularity
        return Stretch(first.start, last.end, granularity, last.year, last.edge)

    def _bracketed(self, stretch: Stretch) -> Stretch:
        """今天（9月9日）: the date in brackets is the period."""
        if self._take(re.compile(r"\(")) is None:
            return stretch
        inner = self._time()
        if inner is None or self._take(re.compile(r"\)")) is None:
            raise self._error("not part of a period")
        return inner

    def _tailed(self, stretch: Stretch, lead: str) -> Stretch:
        while match := self._take(_TAIL):
            if match["until"] and match["until"] not in ("止", "为止"):
                stretch = self._before(stretch)
            elif match["until"]:
                stretch = stretch._replace(start=None)
            elif match["since"] in ("后", "以后", "之后"):
                start = stretch.end + timedelta(days=1) if stretch.end else None
                stretch = stretch._replace(start=start, end=None)
            elif match["since"]:
                stretch = stretch._replace(end=None)
        return stretch._replace(end=None) if lead == "since" and stretch.start == stretch.end else stretch

    @staticmethod
    def _before(stretch: Stretch) -> Stretch:
        """2030年前 ends with 2029; 6月底前 ends with June, because the day itself is the term."""
        if stretch.edge == "end" or stretch.start is None:
            return stretch._replace(start=None)
        return stretch._replace(start=None, end=stretch.start - timedelta(days=1))


def _years_of_plan(first: int, last: int, part: re.Match[str]) -> Stretch:
    """前三年, 后两年, 开局之年 and 收官之年 of a plan."""
    count = 1 if part["one"] else _integer(part["number"])
    is_last = (part["side"] or part["one"]) in ("后", "收官", "末", "最后", "最后一")
    first, last = (last - count + 1, last) if is_last else (first, first + count - 1)
    return Stretch(date(first, 1, 1), date(last, 12, 31), "years" if count > 1 else "year", last)


def _follows(first: Stretch, last: Stretch) -> bool:
    """Whether two times make one: 2019年和2020年 do, 2019年和2021年 do not."""
    if first.end is None or last.start is None:
        return first.granularity == last.granularity
    return last.start == first.end + timedelta(days=1)


def _moved(start: date | None, end: date | None, year: int) -> tuple[date | None, date | None]:
    """The same days of another year; the last day of February stays the last."""
    last = end or start
    if last is None:
        return None, None
    shift = year - last.year
    return (start and _in_year(start, start.year + shift), end and _in_year(end, end.year + shift))


def _in_year(day: date, year: int) -> date:
    is_month_end = day.day == monthrange(day.year, day.month)[1]
    last = monthrange(year, day.month)[1]
    return date(year, day.month, last if is_month_end else min(day.day, last))


def _integer(word: str) -> int:
    if word == "元":
        return 1
    if word.isascii():
        return int(word)
    try:
        return int(evaluate(word)[0])
    except NotANumberError:
        return 0
