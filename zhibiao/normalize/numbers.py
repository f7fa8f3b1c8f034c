"""Read: where a number begins and ends, and what it says.

Everything here works on the folded text (`tables.fold`). A number is read as two decimals, the least and the greatest
that its own words allow: 3500 is (3500, 3500), 几十 is (10, 100), 两三百 is (200, 300), 350余万 is (3500000, 3600000).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from zhibiao.normalize.tables import alternatives, phrases, scales

Kind = Literal["exact", "more", "some", "either"]
#: Arabic numbers longer than this are no quantities of anything; below it the default decimal context is exact.
_LONGEST = 26

#: No number has more words than this; the limit keeps hostile texts from costing the square of their length.
_MOST_TOKENS = 60
DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_TWENTIES = {"廿": 20, "卅": 30}
_DIGIT = "[零一二两三四五六七八九]"
_PLACE = "[零一二三四五六七八九]"
#: Prefixes of units, not scales: 万千瓦 is 万 + 千瓦, 3兆瓦 is 3 + 兆瓦, 百分点 is a word of its own.
_NOT_UNIT = {"千": "(?![瓦克米伏升卡帕焦赫字])", "兆": "(?![瓦帕赫伏字焦比])", "百": "(?! *分 *[之点])"}

#: After 3万4000 and 1千零20 neither the number nor a date goes on.
_NO_MORE_DIGITS = r"(?![\d.,]?\d|[年月日号时%])"

ARABIC = r"(?:\d{1,3}(?:,\d{3}){1,9}(?![\d,]\d)(?!\d)|\d+)(?: ?\.\d+)?(?:[eE][+-]?\d{1,2}(?![\d.A-Za-z]))?|\.\d+"


class Numeral(NamedTuple):
    """A number as read: its extent, the decimals that it allows, and how it was written."""

    start: int
    end: int
    low: Decimal
    high: Decimal
    kind: Kind
    number: str
    scale: str


class _Syntax(NamedTuple):
    run: re.Pattern[str]
    token: re.Pattern[str]


@cache
def _scale(kind: str) -> str:
    return "|".join(re.escape(word) + _NOT_UNIT.get(word, "") for word, scale in scales().items() if scale.kind == kind)


@cache
def syntax() -> _Syntax:
    """The regular expressions of a whole number and of its tokens.

    number   = phrase | first { [blanks] next }
    first    = arabic | digit | scale | 半 | 几 | 数 before a scale
    next     = digit | scale | latin scale | 半 | 几 | 余 | 多 | 来 | 点 digit | 个 before 亿
             | arabic before a scale, or filling the places below one (3万4000, 1千零20)
    """
    small, large = _scale("small"), _scale("large")
    latin = f"(?:{alternatives(w for w, s in scales().items() if s.kind == 'latin')})(?![A-Za-z0-9²³/])"
    more = r"余(?![额款下股热])|多(?!式联运|功能|媒体)|(?<=[十百千万])来(?=[个万亿家户人名年天亩元块里斤岁次])"
    first = (
        f"{ARABIC}|{_DIGIT}|(?:{small}|{large})(?!\\d)|[廿卅半]|(?<![一-龥0-9])点(?={_PLACE})|[几数](?=[十百千万亿])"
    )
    after_scale = (
        rf"(?<=[十百千万亿])\d+(?:\.\d+)?(?= ?(?:{small}|{large}))|(?<=[百千万亿] )\d+(?= ?(?:{small}|{large}))"
        rf"|(?:(?<=[百千万亿兆]零)\d{{1,7}}|(?<=万)\d{{4}}|(?<=千)\d{{3}}|(?<=百)\d{{2}}){_NO_MORE_DIGITS}"
    )
    spoken = f"(?<![0-9])(?<![0-9] )(?:{_DIGIT}|几|点(?= ?{_PLACE}))"
    following = f"{spoken}|{small}|{large}|{latin}|[廿卅半]|{more}|个(?=半?亿)|{after_scale}"
    token = (
        f"(?P<arabic>{ARABIC})|(?P<digits>{_DIGIT}(?: *{_DIGIT})*)|(?P<twenty>[廿卅])|(?P<small>{small})"
        f"|(?P<large>{large})|(?P<latin>{latin})|(?P<half>半)|(?P<some>[几数])|(?P<more>[余多来])|(?P<dot>点)|(?P<ge>个)"
    )
    run = f"{alternatives(phrases())}|(?:{first})(?: {{0,4}}(?:{following})){{0,{_MOST_TOKENS}}}"
    return _Syntax(re.compile(run), re.compile(f" *(?:{token})"))


class NotANumberError(ValueError):
    """Number words that say no number (千百, 三三五百); `position` is the offset of the word that does not fit."""

    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.position = position


def read_numeral(text: str, position: int) -> Numeral | None:
    """The number that begins at this offset of a folded text, or None.

    Raises NotANumberError where the words there are those of numbers but say none.
    """
    match = syntax().run.match(text, position)
    if match is None:
        return None
    try:
        low, high, kind, number, scale = evaluate(match[0])
    except NotANumberError as error:
        raise NotANumberError(position + error.position) from None
    return Numeral(position, match.end(), low, high, kind, number, scale)


@lru_cache(maxsize=4096)
def evaluate(run: str) -> tuple[Decimal, Decimal, Kind, str, str]:
    """What a run of number words says: least, greatest, kind, and the run parted into number and scale."""
    if run in phrases():
        return *phrases()[run], "some", run, ""
    reckoner = _Reckoner()
    for name, word, position in _tokens(run):
        if not getattr(reckoner, name)(word):
            raise NotANumberError(position)
    low, high = reckoner.total()
    if reckoner.kind == "more":
        high = low + step_of(low)
    return low, high, reckoner.kind, *_parted(run)


_SPACED = re.compile(r"(?<![\d.,])\d{1,3}(?: \d{3})+(?![\d])")
_PARTED = re.compile(r"(?<=\d)\. (?=\d)")
_INCLUDED = re.compile(r"\(含本?[\d.,]+[百千万亿]*[^()\d]{0,4}\)(?=[以及])|\(含本数\)")


def joined(text: str) -> str:
    """A folded expression whose blanks inside numbers are marks instead: 12 345.67 -> 12,345.67 and 6. 5 -> 6 .5.

    (含5亿元) before 以上 becomes (含). The length stays.

    For an expression that is known to be one; in running text such a blank may part two numbers.
    """
    text = _INCLUDED.sub(lambda match: "(含)" + " " * (len(match[0]) - 3), _PARTED.sub(" .", text))
    return _SPACED.sub(lambda match: match[0].replace(" ", ","), text)


def step_of(number: Decimal) -> Decimal:
    """One in the last digit that is not zero: 350 -> 10, 3.5 -> 0.1; 1 for zero."""
    if not number:
        return Decimal(1)
    exponent = number.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return Decimal(1).scaleb(exponent)


def decimal(arabic: str) -> Decimal:
    """An Arabic number with its thousands marks as a decimal."""
    return Decimal(arabic.replace(",", "").replace(" ", ""))


def _tokens(run: str) -> Iterator[tuple[str, str, int]]:
    position = 0
    while position < len(run):
        match = syntax().token.match(run, position)
        if match is None or match.lastgroup is None:
            raise NotANumberError(position)
        yield match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)
        position = match.end()


@cache
def _trailing_scale() -> re.Pattern[str]:
    words = alternatives(word for word, scale in scales().items() if scale.kind != "small")
    return re.compile(f"(?P<number>.*?)[余多来个 ]*(?P<scale>(?:{words}|(?<=[0-9余多 ])[千百十])(?:[余多 ]|{words})*)$")


def _parted(run: str) -> tuple[str, str]:
    match = _trailing_scale().match(run)
    if match is None or _has_large_scale(match["number"]):
        return run.rstrip("余多来 "), ""
    return match["number"], re.sub("[余多 ]", "", match["scale"])


def _has_large_scale(words: str) -> bool:
    return any(word in words for word, scale in scales().items() if scale.kind == "large")


Pair = tuple[Decimal, Decimal]
_ZERO: Pair = (Decimal(0), Decimal(0))
_ONE: Pair = (Decimal(1), Decimal(1))


class _Reckoner:
    """Adds up the tokens of a number; a method per kind of token says whether it fits there.

    A number is a sum of parts closed by a large scale and an open section below 万. A digit waits for its scale; one
    that gets none counts one place below the last scale (一万三 = 13000), unless 零 stands between (一万零三).
    """

    def __init__(self) -> None:
        self.kind: Kind = "exact"
        self._parts: list[tuple[Decimal, Decimal, Decimal]] = []
        self._section: Pair | None = None
        self._digit: Pair | None = None
        self._place: Decimal | None = None
        self._is_shorthand = False
        self._is_positional = False
        self._last = ""

    def arabic(self, word: str) -> bool:
        is_after_zero = self._digit == _ZERO and self._last == "digits" and (self._section or self._parts)
        if (self._digit is not None and not is_after_zero) or len(word) > _LONGEST:
            return False
        self._digit = (decimal(word), decimal(word))
        return self._went("arabic")

    def digits(self, word: str) -> bool:
        word = word.replace(" ", "")
        if self._last == "dot":
            self._add(Decimal("0." + "".join(str(DIGITS[digit]) for digit in word)))
            return self._went("fraction")
        if self._digit is not None:
            return False
        spoken = word.lstrip("零") or "零"
        numbers = [DIGITS[digit] for digit in spoken]
        if len(numbers) == 1:
            self._digit = (Decimal(numbers[0]), Decimal(numbers[0]))
            self._is_shorthand = spoken == word
        elif len(numbers) == 2 and self._is_choice(numbers):
            self._digit = (Decimal(numbers[0]), Decimal(numbers[1]))
            self.kind = "either"
        elif self._section is None and not self._parts:
            value = Decimal("".join(map(str, numbers)))
            self._digit = (value, value)
            self._is_positional = True
        else:
            return False
        return self._went("digits")

    @staticmethod
    def _is_choice(numbers: list[int]) -> bool:
        """两三百, 七八千, 三五百: neighbours, or three and five, say a choice; 一七 is 17."""
        return numbers[1] - numbers[0] == 1 or numbers == [3, 5]

    def twenty(self, word: str) -> bool:
        if self._digit is not None:
            return False
        self._add(Decimal(_TWENTIES[word]))
        self._place = Decimal(10)
        return self._went("small")

    def small(self, word: str) -> bool:
        factor = scales()[word].factor
        if self._is_positional:
            return False
        if self._digit == _ZERO and self._last == "digits" and (self._section or self._parts or word == "十"):
            self._digit = _ONE  # 一千零十
        if self._digit is None:
            is_implied = self._last in ("", "some") or (word == "十" and self._place in (100, 1000))
            if not is_implied:
                return False
            self._digit = _ONE
        low, high = self._digit
        self._digit = None
        self._add(low * factor, high * factor)
        self._place = factor
        return self._went("small")

    def large(self, word: str) -> bool:
        factor = scales()[word].factor
        if self._last == "large" and self._parts:
            low, high, unit = self._parts.pop()
            self._parts.append((low * factor, high * factor, unit * factor))
            self._place = unit * factor
            return self._went("large")
        if self._section is None and self._digit is None and self._last != "":
            return False
        low, high = self._open() if self._last else (Decimal(1), Decimal(1))
        while self._parts and self._parts[-1][2] < factor:
            below = self._parts.pop()
            low, high = low + below[0], high + below[1]
        self._parts.append((low * factor, high * factor, factor))
        self._section = self._digit = None
        self._place = factor
        return self._went("large")

    def latin(self, word: str) -> bool:
        if self._last != "arabic" or self._digit is None:
            return False
        factor = scales()[word].factor
        self._parts.append((self._digit[0] * factor, self._digit[1] * factor, factor))
        self._digit = None
        return self._went("latin")

    def half(self, _: str) -> bool:
        if self._last in ("large", "small") and self._place is not None:
            self._add(self._place / 2)
        elif self._last == "":
            self._digit = (Decimal("0.5"), Decimal("0.5"))
        elif self._last == "ge" and self._digit is not None:
            self._digit = (self._digit[0] + Decimal("0.5"), self._digit[1] + Decimal("0.5"))
        else:
            return False
        return self._went("half")

    def some(self, _: str) -> bool:
        if self._digit is not None and any(self._digit):
            return False
        self._digit = (Decimal(1 if self._last == "" else 0), Decimal(10))
        self._is_shorthand = False
        self.kind = "some"
        return self._went("some")

    def more(self, _: str) -> bool:
        if self.kind != "exact":
            return self.kind == "some"
        self.kind = "more"
        return True

    def dot(self, _: str) -> bool:
        if self._last not in ("", "digits", "small", "large"):
            return False
        self._section, self._digit = self._open(is_final=True), None
        return self._went("dot")

    def ge(self, _: str) -> bool:
        return self._went("ge")

    def total(self) -> Pair:
        low, high = self._open(is_final=True)
        return low + sum(part[0] for part in self._parts), high + sum(part[1] for part in self._parts)

    def _open(self, *, is_final: bool = False) -> Pair:
        low, high = self._section or (Decimal(0), Decimal(0))
        if self._digit is None:
            return low, high
        place = Decimal(1)
        if is_final and self._is_shorthand and self._last == "digits" and self._place is not None and self._place > 10:
            place = self._place / 10
        return low + self._digit[0] * place, high + self._digit[1] * place

    def _add(self, low: Decimal, high: Decimal | None = None) -> None:
        section = self._section or (Decimal(0), Decimal(0))
        self._section = (section[0] + low, section[1] + (low if high is None else high))

    def _went(self, name: str) -> bool:
        self._last = name
        return True
