"""Whose value a cell states: what its row and its column name between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from zhibiao.documents.model import Cell
from zhibiao.documents.tables.frames import Column, Frame, is_indicator_head, is_project_head, is_subject_head
from zhibiao.documents.tables.heads import Head, Measure, read_head
from zhibiao.documents.tables.nouns import Names, Piece

_TOTAL = re.compile(r"(?:总|合|小|共)\s*计|全[省市县区州]|平均")
_PLACE = re.compile(r".*(?:省|市|县|区|镇|乡|街道|村|园|本级|公司|集团|局|委|办|中心|学校|医院|全国|合计|总计|小计)")
_PROJECT = re.compile(
    r".*(?:项目|工程|基地|产业园|生产线|公路|大道|大桥|安置房|厂房|水库|电站|扩建|改造|建设)(?:[（(].*[)）])?"
)


_TABLE_NUMBER = re.compile(r"^\s*附?表\s*[\d一二三四五六七八九十]+(?:[-—.]\d+)?[\s:：、]*")
#: A caption that is a title and names no indicator.
_TITLE = re.compile(r"表$|情况|一览|明细|汇总|单位|[、，,。；]|各")


@dataclass(frozen=True, slots=True)
class RowHead:
    """The head of a row in one panel: its cell and what it says, the cell of its group, the row it is part of."""

    cell: Cell
    head: Head
    name: Piece | None
    group: Cell | None
    parent: int | None
    column: Column

    @property
    def is_period(self) -> bool:
        """A row of a time series."""
        return self.name is None and self.head.period is not None

    @property
    def is_place(self) -> bool:
        """A row of a place, an organisation or a total."""
        text = self.name.text if self.name else self.cell.text.strip()
        return _PLACE.fullmatch(text) is not None or is_total(text)


def piece_of(cell: Cell, extent: tuple[int, int] | None) -> Piece | None:
    """The piece of a cell's text at this extent; None where there is none."""
    if extent is None:
        return None
    start, end = extent
    return Piece(cell.text[start:end], cell.start + start, cell.start + end)


def is_total(text: str) -> bool:
    """合计, 总计, 全县 and the like."""
    return _TOTAL.search(text) is not None


def row_name(cell: Cell, head: Head) -> Piece | None:
    """What a row's head names; 合计 and the like name a row all the same, where nothing better does."""
    named = piece_of(cell, head.name)
    found = _TOTAL.search(cell.text)
    if named or found is None or head.period is not None:
        return named
    return Piece(found[0], cell.start + found.start(), cell.start + found.end())


def names_of(
    frame: Frame, column: Column, row: RowHead, measure: Measure, captions: Sequence[Piece] = ()
) -> Names | None:
    """Indicator, project, subject and numerator of a cell; None where they cannot be told."""
    subject = _group_subject(frame, row)
    if not column.names:
        captioned = _caption_name(captions) if row.is_place and not is_indicator_head(row.column) else None
        return Names(captioned, captioned.text, subject=row.name) if captioned and row.name else _by_row(row, subject)
    piece, text = _column_name(column)
    if row.name is None:
        return Names(piece, text, subject=subject) if row.is_period else None
    is_project = is_project_head(row.column) and not is_total(row.name.text)
    if measure == "share" and not row.is_place and not is_project:
        return Names(piece, text, subject=subject, numerator=row.name)
    if _rows_are_indicators(frame, column, row, measure):
        return Names(row.name, row.name.text, subject=piece)
    if is_project or (_PROJECT.fullmatch(row.name.text) and not is_subject_head(row.column)):
        return Names(piece, text, project=row.name, subject=subject)
    return Names(piece, text, subject=row.name)


def _caption_name(captions: Sequence[Piece]) -> Piece | None:
    """The indicator of a table of places whose caption is an indicator with its unit: 人均可支配收入（元）."""
    for caption in captions:
        head = read_head(_TABLE_NUMBER.sub(lambda found: " " * len(found[0]), caption.text))
        if head.name and head.unit and head.measure == "level" and not _TITLE.search(head.name_text):
            return Piece(head.name_text, caption.start + head.name[0], caption.start + head.name[1])
    return None


def _by_row(row: RowHead, subject: Piece | None) -> Names | None:
    """Where only the row names something, it is the indicator, or the project that an amount is for."""
    if row.name is None:
        return None
    is_project = is_project_head(row.column) or (
        _PROJECT.fullmatch(row.name.text) is not None and not is_indicator_head(row.column)
    )
    if is_project and not is_total(row.name.text):
        return Names(project=row.name, subject=subject)
    return Names(row.name, row.name.text, subject=subject)


def _rows_are_indicators(frame: Frame, column: Column, row: RowHead, measure: Measure) -> bool:
    """Where both name something: whether rows are indicators and columns whom they are of, or the other way round."""
    if is_indicator_head(row.column):
        return True
    if is_project_head(row.column) or is_subject_head(row.column) or column.unit or measure != "level" or row.is_place:
        return False
    values = [c for c in frame.columns if c.role == "value"]
    if all(_PLACE.fullmatch(h.head.name_text) for c in values for h in c.names):
        return True
    return row.head.unit is not None or frame.unit_column is not None


def _column_name(column: Column) -> tuple[Piece | None, str]:
    """The lowest head that names something, and the names of all heads as one."""
    text = ""
    for name in (h.head.name_text for h in column.names):
        text = name if text in name else text + name
    lowest = column.names[-1]
    return piece_of(lowest.cell, lowest.head.name), text


def _group_subject(frame: Frame, row: RowHead) -> Piece | None:
    """The row's group, where its column says whom the values are of (县区 before 指标)."""
    if row.group is None:
        return None
    column = next((c for c in frame.columns if c.index == row.group.column), None)
    if column is None or not is_subject_head(column):
        return None
    return piece_of(row.group, read_head(row.group.text).name)
