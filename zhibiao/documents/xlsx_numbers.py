"""A cell's number as Excel shows it: what the reader of the sheet sees is what the report states."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]')
_DIGITS = re.compile(r"[#0?][#0?,]*(?:\.[#0?]+)?,*")
#: Excel keeps 15 significant digits of a number.
_SIGNIFICANT = 15


def shown(value: object, number_format: str) -> str:
    """The text of a cell with this value and number format.

    Formats are read for percent, places, groups, scale and words (`0.0%`, `#,##0.00`, `0.00"亿元"`); a format of
    another kind shows the number with all its digits.

    >>> shown(0.885, "0.0%"), shown(1234.5, '#,##0.00"万元"'), shown(46.78000000000001, "General")
    ('88.5%', '1,234.50万元', '46.78')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (int, float, Decimal)):
        return _number(_exact(value), number_format)
    if isinstance(value, (date, time, timedelta)):
        return _moment(value, number_format)
    return str(value)


def _exact(value: float | Decimal) -> Decimal:
    """The decimal that was typed: a double's noise beyond the 15th digit is dropped, as Excel does."""
    return Decimal(f"{value:.{_SIGNIFICANT}g}") if isinstance(value, float) else Decimal(value)


def _number(value: Decimal, number_format: str) -> str:
    if not value.is_finite():
        return ""
    section = _section(value, number_format)
    words = _LITERAL.sub(lambda match: match[1] or match[2] or "", section)
    codes = _LITERAL.sub("", section)
    pattern = _DIGITS.search(codes)
    if pattern is None or number_format in ("General", "@") or "E" in codes:
        return format(value, "f") if not value or abs(value.adjusted()) < 20 else str(value)
    if value == 0 and not set(pattern[0]) & set("0#"):
        return words.replace("?", "").strip()  # the dash of accounting formats
    is_percent = "%" in codes
    written = _written(value * 100 if is_percent else value, pattern[0])
    # The number takes the place of its pattern; what stands around it are the format's own words.
    around = re.split(re.escape(pattern[0]), words, maxsplit=1)
    before, after = (around[0], around[1]) if len(around) == 2 else ("", words)
    has_sign = value < 0 and number_format.count(";") == 0
    return f"{'-' if has_sign else ''}{before}{written}{after}".strip()


def _section(value: Decimal, number_format: str) -> str:
    """The part of a format that is for positive, negative or zero numbers."""
    sections = number_format.split(";")
    if value < 0 and len(sections) > 1:
        return sections[1]
    return sections[2] if value == 0 and len(sections) > 2 else sections[0]


def _written(value: Decimal, pattern: str) -> str:
    whole, _, places = pattern.rstrip(",").partition(".")
    scale = len(pattern) - len(pattern.rstrip(","))  # each comma at the end divides by a thousand
    value = abs(value).scaleb(-3 * scale)
    rounded = value.quantize(Decimal(1).scaleb(-len(places)), rounding=ROUND_HALF_UP)
    written = format(rounded, "," if "," in whole else "f")
    optional = len(places) - len(places.rstrip("#?"))
    if optional and "." in written:
        required = len(written) - optional
        written = (written[:required] + written[required:].rstrip("0")).rstrip(".")
    return written


def _moment(value: date | time | timedelta, number_format: str) -> str:
    if isinstance(value, datetime):
        value = value.date() if value.time() == time() else value
    if not isinstance(value, date) or isinstance(value, datetime):
        return str(value)
    codes = _LITERAL.sub("", number_format).lower()
    if "d" in codes:
        return f"{value.year}年{value.month}月{value.day}日"
    if "m" in codes and "y" in codes:
        return f"{value.year}年{value.month}月"
    return f"{value.year}年" if "y" in codes else f"{value.month}月"
