"""Laws of the normaliser, on generated numbers and on any string.

`ROUND_TRIPS=1000000 pytest tests/normalize/test_properties.py -k round_trips` writes and reads a million amounts.
"""

from __future__ import annotations

import os
import random
import sys
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhibiao.normalize import (
    Found,
    NormalizeError,
    find_amounts,
    find_numbers,
    find_percentages,
    find_quantities,
    find_reference_year,
    normalize,
    parse_amount,
    parse_growth,
    parse_period,
    parse_quantity,
    parse_ratio,
)

SCALES = {"": 0, "十": 1, "百": 2, "千": 3, "万": 4, "百万": 6, "千万": 7, "亿": 8, "百亿": 10, "千亿": 11, "万亿": 12}
CURRENCIES = {"元": "CNY", "美元": "USD", "港元": "HKD", "欧元": "EUR", "日元": "JPY", "英镑": "GBP", "卢布": "RUB"}
FULL_WIDTH = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")
COMMON, FORMAL = "零一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖"
FORMAL_SCALES = str.maketrans("十百千万亿", "拾佰仟万亿")

numbers = st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False, allow_infinity=False)
wholes = st.integers(min_value=1, max_value=10**16 - 1)
#: Characters that expressions are made of, so that strings of them often nearly are some.
near_misses = st.text(
    alphabet="0123456789.,，．％%‰-+—~至到元万亿千百十两三几数余多半点个角分块成倍番近约超以上（含）年月日季底前“”之 ",
    max_size=24,
)
#: Pieces that values, lists and their words are made of, joined without rule; the last number is longer than any value.
WORDS = [
    "投资", "净利润", "3", "0.27", "亿", "万", "亿元", "元/吨", "美元", "、", "/", "和", "（+5%）", "(", ")", "约",
    "超", "-", "—", "至", "以上", "左右", "同比", "%", "成", "个", "Q1", "¥", "CAD", "2020年", "百分之", "^",
    "达", "。",
]  # fmt: skip
pieces = st.lists(st.sampled_from([*WORDS, " ", "1" * 40]), max_size=14).map("".join)
anything = st.text(max_size=60) | near_misses | pieces


def arabic(number: Decimal, style: str) -> str:
    """A number with or without thousands marks, half or full width."""
    written = f"{number:,}" if "," in style else f"{number:f}"
    return written.translate(FULL_WIDTH) if "w" in style else written


def group(number: int) -> str:
    """Up to 9999 in Chinese numerals, with its zeros: 1001 -> 一千零一."""
    words, is_zero = "", False
    for power, scale in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            words += ("零" if is_zero and words else "") + COMMON[digit] + scale
        is_zero = digit == 0
    return words


def chinese(number: int) -> str:
    """A whole number below 10^16 in Chinese numerals, by groups of four digits."""
    words, rest = "", number
    for power, scale in ((10**12, "万亿"), (10**8, "亿"), (10**4, "万"), (1, "")):
        part, rest = divmod(rest, power)
        if part:
            needs_zero = words and (part < 1000 or (words.endswith("万亿") and power == 10**4))
            words += ("零" if needs_zero else "") + group(part) + scale
    return words


def formal(number: int) -> str:
    """The same in the numerals of cheques: 壹仟零壹."""
    return chinese(number).translate(str.maketrans(COMMON, FORMAL)).translate(FORMAL_SCALES)


@given(
    numbers, st.sampled_from(sorted(SCALES)), st.sampled_from(sorted(CURRENCIES)), st.sampled_from(["", ",", "w", ",w"])
)
def test_parsing_undoes_writing_in_arabic(number: Decimal, scale: str, currency: str, style: str) -> None:
    text = arabic(number, style) + scale + currency
    amount = parse_amount(text)
    assert amount.value == amount.low == amount.high == number.scaleb(SCALES[scale])
    assert amount.unit == CURRENCIES[currency]
    [found] = find_amounts(f"完成{text}，")
    assert (found.text, found.value) == (text, amount)


def test_round_trips_in_all_scales_and_styles() -> None:
    """format∘parse = identity on seeded amounts: Arabic in four styles, Chinese and formal numerals."""
    draw = random.Random(20260101)
    scales, currencies = sorted(SCALES), sorted(CURRENCIES)
    for _ in range(int(os.environ.get("ROUND_TRIPS", "5000"))):
        currency = draw.choice(currencies)
        if draw.random() < 0.3:
            whole = draw.randrange(1, 10 ** draw.randrange(1, 17))
            text, value = draw.choice((chinese, formal))(whole), Decimal(whole)
        else:
            number = Decimal(draw.randrange(10 ** draw.randrange(1, 12))).scaleb(-draw.randrange(5))
            scale = draw.choice(scales)
            text, value = arabic(number, draw.choice(("", ",", "w", ",w"))) + scale, number.scaleb(SCALES[scale])
        amount = parse_amount(text + currency)
        assert (amount.value, amount.low, amount.high, amount.unit) == (value, value, value, CURRENCIES[currency]), text


@given(wholes, st.sampled_from([chinese, formal]))
def test_parsing_undoes_writing_in_chinese(number: int, write: object) -> None:
    assert callable(write)
    assert parse_amount(write(number) + "元").value == number
    assert parse_quantity(write(number) + "亩").value == number


@given(numbers, numbers, st.sampled_from(sorted(SCALES)))
def test_order_of_text_is_order_of_value(one: Decimal, other: Decimal, scale: str) -> None:
    first, second = (parse_amount(f"{number}{scale}元").value for number in (one, other))
    assert first is not None
    assert second is not None
    assert (first < second) == (one < other)


@given(numbers, st.sampled_from(["约", "近", "超", "不到", "不超过", "不低于", "至少"]))
def test_bounds_hold_the_value(number: Decimal, word: str) -> None:
    amount = parse_amount(f"{word}{number}万元")
    assert amount.value == number * 10000
    assert amount.low is None or amount.low <= amount.value
    assert amount.high is None or amount.value <= amount.high


@given(numbers, numbers, st.sampled_from(["—", "-", "~", "至", "到"]), st.sampled_from(["万元", "亿元", "元"]))
def test_ranges_keep_both_ends(one: Decimal, other: Decimal, joiner: str, unit: str) -> None:
    amount = parse_amount(f"{one}{unit}{joiner}{other}{unit}")
    low, high = sorted((parse_amount(f"{one}{unit}").value, parse_amount(f"{other}{unit}").value))  # type: ignore[type-var]
    assert (amount.value, amount.low, amount.high) == (None, low, high)


@given(numbers, st.sampled_from(["增长", "下降"]))
def test_factor_follows_direction(number: Decimal, word: str) -> None:
    growth = parse_growth(f"{number}%", before=f"同比{word}")
    assert growth.value == number
    assert growth.direction == ("flat" if not number else "up" if word == "增长" else "down")
    signed = number if word == "增长" else -number
    assert growth.factor == (1 + signed / 100 if signed >= -100 else None)


@given(anything)
def test_parsers_raise_nothing_else(text: str) -> None:
    for parse in (parse_amount, parse_quantity, parse_ratio, parse_growth):
        with_fallback(lambda parse=parse: parse(text))
        with_fallback(lambda parse=parse: parse(text, unit="万元"))
    with_fallback(lambda: parse_period(text, reference_year=2020))
    with_fallback(lambda: parse_period(text))
    for label in ("AMOUNT", "QUANTITY", "RATIO", "GROWTH", "PERIOD", "INDICATOR"):
        with_fallback(lambda label=label: normalize(label, text, before=text, after=text, unit=text))
    find_reference_year(text)


def with_fallback(call: object) -> None:
    assert callable(call)
    try:
        call()
    except NormalizeError as error:
        assert "^" in str(error)  # noqa: PT017  either no error or one that shows its place
        assert len(error.line.splitlines()) == 1  # noqa: PT017


@pytest.mark.parametrize("find", [find_amounts, find_quantities, find_percentages, find_numbers])
@given(text=anything)
def test_spans_slice_back_and_never_overlap(find: object, text: str) -> None:
    assert callable(find)
    end = 0
    for found in find(text):
        assert isinstance(found, Found)
        assert text[found.start : found.end] == found.text
        assert end <= found.start < found.end
        end = found.end


def work(call: object) -> int:
    """How many functions a call enters: a measure of its work that no machine's speed changes."""
    assert callable(call)
    entered = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal entered
        entered += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        call()
    finally:
        sys.setprofile(None)
    return entered


HOSTILE = ["一", "百", "1,", "1.", "1 ", "3万", "三分之", "1元/", "1-", "约", "人民币", "1e5", "十万 ", "百分之", "(1)"]


@pytest.mark.parametrize("unit", HOSTILE)
@pytest.mark.parametrize("find", [find_amounts, find_quantities, find_percentages, find_numbers])
def test_work_grows_with_the_text_and_no_faster(find: object, unit: str) -> None:
    assert callable(find)
    list(find(unit * 10))
    short, long = (work(lambda size=size: list(find(unit * size))) for size in (200, 800))
    assert long <= 5 * short


@settings(deadline=None)
@given(text=near_misses)
def test_spans_never_part_a_number(text: str) -> None:
    for found in find_amounts(text):
        before, after = text[: found.start][-1:], text[found.end :][:1]
        assert not (before.isdigit() and found.text[:1].isdigit())
        assert not (after.isdigit() and found.text[-1:].isdigit())
