"""The columns of the output, and tables as the bytes of Parquet files that are the same wherever they are written."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from zhibiao.outputs import Row
from zhibiao.outputs.extras import need
from zhibiao.outputs.parquet import arrow_table

if TYPE_CHECKING:
    import pyarrow

#: What a fact's row has beside the columns of `zhibiao.outputs.COLUMNS`, and of what type.
FACT_COLUMNS: dict[str, str] = {
    "report": "string",
    "sha256": "string",
    "subject_name": "string",
    "subject_kind": "string",
    "subject_code": "string",
    "subject_within": "string",
    "report_subject_name": "string",
    "report_subject_code": "string",
    "indicator_id": "string",
    "indicator_name": "string",
    "indicator_kind": "string",
    "indicator_score": "float64",
}
#: The columns of a report's row.
REPORT_COLUMNS: dict[str, str] = {
    "report": "string",
    "sha256": "string",
    "source": "string",
    "title": "string",
    "reference_year": "int64",
    "characters": "int64",
    "facts": "int64",
    "entities": "int64",
    "warnings": "list",
    "subject_name": "string",
    "subject_kind": "string",
    "subject_code": "string",
    "subject_within": "string",
    "text": "string",
}


def facts_table(rows: Sequence[Row]) -> pyarrow.Table:
    """Rows of facts, with the keys of `COLUMNS` and of `FACT_COLUMNS`; those of the latter may be left out (null)."""
    table = arrow_table(rows)
    for name, kind in FACT_COLUMNS.items():
        table = table.append_column(_field(name, kind), [_array(rows, name, kind)])
    return table


def reports_table(rows: Sequence[dict[str, Any]]) -> pyarrow.Table:
    """Rows of reports, with the keys of `REPORT_COLUMNS`; one that is left out is null."""
    arrow = need("pyarrow", "batch", "Writing Parquet")
    fields = [_field(name, kind) for name, kind in REPORT_COLUMNS.items()]
    arrays = [_array(rows, name, kind) for name, kind in REPORT_COLUMNS.items()]
    return arrow.Table.from_arrays(arrays, schema=arrow.schema(fields))


def parquet_bytes(table: pyarrow.Table) -> bytes:
    """A table as a Parquet file. Nothing in it depends on when, where or by which process it was written."""
    parquet = need("pyarrow.parquet", "batch", "Writing Parquet")
    stream = io.BytesIO()
    parquet.write_table(table, stream, compression="zstd", version="2.6", row_group_size=65_536, store_schema=True)
    return stream.getvalue()


def _field(name: str, kind: str) -> Any:  # noqa: ANN401 - pyarrow has no types
    arrow = need("pyarrow", "batch", "Writing Parquet")
    return arrow.field(name, arrow.list_(arrow.string()) if kind == "list" else arrow.type_for_alias(kind))


def _array(rows: Sequence[Row], name: str, kind: str) -> Any:  # noqa: ANN401 - pyarrow has no types
    arrow = need("pyarrow", "batch", "Writing Parquet")
    return arrow.array([row.get(name) for row in rows], type=_field(name, kind).type)
