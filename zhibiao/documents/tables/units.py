"""The unit that governs a cell."""

from __future__ import annotations

from collections.abc import Sequence

from zhibiao.documents.model import Cell
from zhibiao.documents.tables.cells import CellNumber
from zhibiao.documents.tables.frames import Column
from zhibiao.documents.tables.heads import Measure, unit_of, units_in_caption
from zhibiao.documents.tables.naming import RowHead
from zhibiao.documents.tables.nouns import Piece

_PERCENT = ("%", "‰", "个百分点", "百分点")


def govern(
    number: CellNumber,
    measure: Measure,
    column: Column,
    row: RowHead,
    beside: Cell | None,
    section: str | None,
    captions: Sequence[Piece],
) -> str | None:
    """The unit of a cell: its own, else its column's, its row's (`beside` is the cell of a column of units), its
    section's, its caption's. None where none is given, or a caption gives several (单位：万元、个).

    A caption's unit is that of levels and absolute changes;
    a growth or share takes percent from its head or a word that means a rate.
    """
    if number.unit and not (number.unit in "百千万亿" and column.unit):
        return number.unit
    row_unit = (unit_of(beside.text) if beside else None) or row.head.unit
    captioned = next((units for piece in captions if (units := units_in_caption(piece.text))), [])
    if measure in ("level", "change"):
        levels = [unit for unit in captioned if unit not in _PERCENT]
        return column.unit or row_unit or section or (levels[0] if len(levels) == 1 else None)
    if column.unit or row.head.measure != "level":
        return column.unit or row.head.unit or ("%" if row.head.is_rate else None)
    if row_unit in _PERCENT and measure == "growth":
        return None  # the change of a percentage: in points or in percent, nobody says
    is_rate = measure in ("share", "progress") or any(h.head.is_rate for h in column.heads)
    return "%" if is_rate or "%" in captioned else None
