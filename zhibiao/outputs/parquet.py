"""Rows as Parquet, with exact decimals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Context, Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from zhibiao.outputs.extras import need
from zhibiao.outputs.rows import COLUMNS, Column, Row, Value

if TYPE_CHECKING:
    import pyarrow

#: Wide enough for any sum of money in its smallest part; a growth or a rate may have this many places.
_PRECISION, _SCALE = 38, 10
#: What a number has beyond that (a third as 33.333…) is rounded here and here alone.
_QUANTUM = Decimal(1).scaleb(-_SCALE)
_CONTEXT = Context(prec=_PRECISION)


def write_parquet(rows: Iterable[Row], target: str | Path | BinaryIO) -> None:
    """Rows as a Parquet file: decimal128(38, 10) for numbers, date32 for days.

    A number of more than 28 digits before its point, which no report means, is null; `written` has it.

    Raises:
        ZhibiaoError: pyarrow is not installed.
    """
    parquet = need("pyarrow.parquet", "batch", "Writing Parquet")
    parquet.write_table(arrow_table(list(rows)), str(target) if isinstance(target, Path) else target)


def arrow_table(rows: Sequence[Row]) -> pyarrow.Table:
    """Rows as a `pyarrow.Table`; its schema does not depend on the rows."""
    arrow = need("pyarrow", "batch", "Writing Parquet")
    types = {
        "text": arrow.string(),
        "number": arrow.decimal128(_PRECISION, _SCALE),
        "integer": arrow.int64(),
        "date": arrow.date32(),
        "boolean": arrow.bool_(),
    }
    schema = arrow.schema([(c.key, arrow.float64() if c.key == "confidence" else types[c.type]) for c in COLUMNS])
    arrays = [
        arrow.array([_content(column, row) for row in rows], type=schema.field(column.key).type) for column in COLUMNS
    ]
    return arrow.Table.from_arrays(arrays, schema=schema)


def _content(column: Column, row: Row) -> Value:
    value: Value = row[column.key]
    if not isinstance(value, Decimal):
        return value
    try:
        return value.quantize(_QUANTUM, context=_CONTEXT)
    except InvalidOperation:
        return None
