"""When a cell's value holds, and whether it is an actual: its column, its row, its section, its caption say so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from zhibiao.documents.tables.frames import Column
from zhibiao.documents.tables.heads import read_head
from zhibiao.documents.tables.naming import RowHead, piece_of
from zhibiao.documents.tables.nouns import Dating, Piece
from zhibiao.schema import PeriodSource, Status

_CAPTION_STATUSES: tuple[tuple[Status, re.Pattern[str]], ...] = (
    ("actual", re.compile(r"决算|执行情况|完成情况")),
    ("forecast", re.compile(r"预计|预测")),
    ("target", re.compile(r"目标|计划|任务")),
    ("budget", re.compile(r"预算(?:草案)?(?:[收支]{0,2}|安排)?(?:总|平衡|明细)?表|收支预算|预算安排")),
)
_YEAR = re.compile(r"(?:19|20)\d{2}")
_PLAN = re.compile(r"十[一二三四五六]?五")
_CUMULATIVE = re.compile(r"累计|自年初")
#: A single month, no range and no day.
_MONTH = re.compile(r"(?<![\d\-—–~至])(\d{1,2})月(?:份|底|末|止)?$")
_RELATIVE = re.compile(r"(?:比|较|与)?(?:上年|去年|本年|今年|当年)")


def is_dated(column: Column, row: RowHead) -> bool:
    """Whether a head of the cell itself has a period."""
    return any(h.head.period for h in column.heads) or row.head.period is not None


def date_of(column: Column, row: RowHead, section: Piece | None, captions: Sequence[Piece]) -> Dating | None:
    """When the value holds: what its column says, else its row, its section, its caption.

    Months without a year take the year from the next of these that has one; a year takes the months of the other head.
    Under 累计 a month stands for the months up to it.
    """
    found = _date_of(column, row, section, captions)
    if found is None or not _CUMULATIVE.search(column.text):
        return found
    return replace(found, text=_MONTH.sub(lambda month: f"1-{month[1]}月" if month[1] != "1" else month[0], found.text))


def _date_of(column: Column, row: RowHead, section: Piece | None, captions: Sequence[Piece]) -> Dating | None:
    own = [piece for h in reversed(column.heads) if (piece := piece_of(h.cell, h.head.period))]
    own += [piece] if (piece := piece_of(row.cell, row.head.period)) else []
    pieces = own + ([section] if section else []) + [piece for c in captions if (piece := _caption_period(c))]
    if not pieces:
        return None
    first, source = pieces[0], _source(own)
    if has_year(first.text):
        part = next((p for p in own[1:] if not has_year(p.text) and not is_relative(p.text)), None)
        return Dating(part or first, first.text + (part.text if part else ""), source)
    year = next((piece for piece in pieces[1:] if _YEAR.search(piece.text)), None)
    if year is None or is_relative(first.text):
        return Dating(first, first.text, source)
    return Dating(first, f"{_YEAR.findall(year.text)[0]}年{first.text}", source)


def _source(own: Sequence[Piece]) -> PeriodSource:
    return "span" if own else "heading"


def _caption_period(caption: Piece) -> Piece | None:
    extent = read_head(caption.text).period
    if extent is None or caption.text[slice(*extent)].endswith("日"):  # the day of the document, not of its figures
        return None
    return Piece(caption.text[slice(*extent)], caption.start + extent[0], caption.start + extent[1])


def has_year(text: str) -> bool:
    """Whether a period is fixed by itself: it has a year, or is a five-year plan."""
    return bool(_YEAR.search(text) or _PLAN.search(text))


def is_relative(text: str) -> bool:
    """上年, 本年 and the like, which the report's own year resolves."""
    return _RELATIVE.match(text) is not None


def last_year(period: Dating | None) -> int | None:
    """The last year of a period, to order by; 上年 comes before 本年. None where it has no year."""
    if period is None:
        return None
    years = _YEAR.findall(period.text)
    if years:
        return int(years[-1])
    if not is_relative(period.text):
        return None
    return 0 if re.search(r"上年|去年", period.text) else 1


def status_of(column: Column, row: RowHead, captions: Sequence[Piece]) -> Status:
    """The status of a value: its column's, its row's, else what the caption calls the whole table."""
    said = column.status or row.head.status
    if said:
        return said
    if any(h.head.name_text.startswith("总投资") for h in column.names):
        return "actual"  # a project's total investment is a fact of its plan, not a plan (guideline)
    found = (status for caption in captions for status, words in _CAPTION_STATUSES if words.search(caption.text))
    return next(found, "actual")
