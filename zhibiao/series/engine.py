"""Facts of many reports -> series: DuckDB runs the queries of `sql/`, within bounds of memory.

facts, reports     what `zhibiao batch` writes, or tables in memory
stated             the facts in a fixed order
spoken             one row a statement
statements         in the unit of their series, with the interval that their words allow
claims, cells      what is said of a cell, and which of it is preferred
found              what does not fit
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from zhibiao.errors import SeriesError
from zhibiao.outputs.extras import need
from zhibiao.series.arithmetic import SCALES, install
from zhibiao.series.units import unit_rows

if TYPE_CHECKING:
    import duckdb
    import pyarrow

_STEPS = ("0_macros", "1_stated", "2_spoken", "3_statements", "4_cells", "5_findings")
#: Whose growth is published at constant prices, so that it does not follow from the values.
REAL_GROWTH = "生产总值|增加值|GDP|产业$|人均.*收入"
#: What is counted at a day: its figure at the end of a year is that of the year.
STOCKS = (
    "余额|存量|保有量|人口|户数|里程|床位|(?:耕地|绿地|林地|森林|建成区)面积|覆盖率|城镇化率|普及率|在校|企业数|单位数|市场主体|经营主体|装机|"
    "总资产|资产总|负债"
)
#: Of what less is better, so that what is meant to be "about" so much is a cap.
LESS_IS_BETTER = "失业率|消费价格|物价|浓度|能耗|排放|死亡|事故|负债率|债务率|不良贷款率"
#: What series need of each fact and report beside the columns of `zhibiao.outputs`.
FACT_COLUMNS = (
    "report", "sha256", "subject_name", "subject_kind", "subject_code", "subject_within",
    "indicator_id", "indicator_name", "indicator_kind",
)  # fmt: skip
REPORT_COLUMNS = ("report", "title", "reference_year")
_BATCH = 10_000
#: By what a value may be too small or too large where its scale is off.
_SCALES = [*map(float, SCALES), *(1 / float(scale) for scale in SCALES)]
#: The parameters of the queries.
_WORDS: dict[str, object] = {
    "real_growth": REAL_GROWTH,
    "stocks": STOCKS,
    "scales": _SCALES,
    "less_is_better": LESS_IS_BETTER,
}

Row = dict[str, Any]


class Series:
    """The series of a collection of reports; a context manager, which removes what it has on the disk.

    >>> with Series.from_folder("out") as series:  # doctest: +SKIP
    ...     rows = list(series.rows("cells"))
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, scratch: tempfile.TemporaryDirectory[str] | None) -> None:
        self._connection, self._scratch = connection, scratch

    @classmethod
    def from_folder(cls, folder: str | Path, *, memory: str = "1GB", scratch: str | Path | None = None) -> Self:
        """The series of an output folder of `zhibiao batch`.

        Args:
            folder: the folder with `facts/` and `reports/`.
            memory: what DuckDB may keep in memory (`500MB`, `4GB`); the rest goes to `scratch`.
            scratch: where a temporary folder is made; the system's place for such if left out.

        Raises:
            SeriesError: the folder has no such files, or they lack columns.
        """
        parts = {name: sorted((Path(folder) / name).rglob("*.parquet")) for name in ("facts", "reports")}
        for name, found in parts.items():
            if not found:
                raise SeriesError(f"{folder} has no {name}/*.parquet: give a folder that `zhibiao batch` has written.")
        kept = tempfile.TemporaryDirectory(prefix="zhibiao-series-", dir=scratch)
        try:
            return cls(_opened(Path(kept.name), memory, parts), kept)._made()
        except BaseException as error:
            kept.cleanup()
            if isinstance(error, need("duckdb", "series", "Making series").Error):
                raise SeriesError(f"{folder} cannot be read: {_remedy(error)}") from error
            raise

    @classmethod
    def from_tables(cls, facts: pyarrow.Table, reports: pyarrow.Table, *, memory: str = "500MB") -> Self:
        """The series of tables in memory, with the columns of the folder's files."""
        connection = _connect(None, memory)
        connection.register("facts", facts)
        connection.register("reports", reports)
        return cls(connection, None)._made()

    def rows(self, table: str, *, order: str = "1") -> Iterator[Row]:
        """The rows of a table; its name and `order` are words of this project, never a caller's."""
        for batch in self.batches(f"SELECT * FROM {table} ORDER BY {order}"):  # noqa: S608
            yield from batch.to_pylist()

    def batches(self, query: str, values: Sequence[object] = ()) -> pyarrow.RecordBatchReader:
        """What a query of this project gives, a batch at a time; `values` are its parameters."""
        relation = self._connection.cursor().sql(query, params=list(values) or None)
        return relation.to_arrow_reader(_BATCH)

    def count(self, table: str) -> int:
        """How many rows a table has."""
        [(found,)] = self._connection.cursor().execute(f"SELECT count(*) FROM {table}").fetchall()  # noqa: S608
        return int(found)

    def close(self) -> None:
        """Let go of the database and its files."""
        self._connection.close()
        if self._scratch is not None:
            self._scratch.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, place: TracebackType | None
    ) -> None:
        self.close()

    def _made(self) -> Self:
        _must_have(self._connection, "facts", FACT_COLUMNS)
        _must_have(self._connection, "reports", REPORT_COLUMNS)
        install(self._connection)
        for step in _STEPS:
            if step == "3_statements":
                self._install_units()
            for statement in self._connection.extract_statements(sql(step)):
                named = statement.named_parameters
                self._connection.execute(statement, {name: _WORDS[name] for name in _WORDS if name in named})
        return self

    def _install_units(self) -> None:
        found = self._connection.execute("SELECT DISTINCT stated_unit FROM spoken").fetchall()
        self._connection.execute(
            "CREATE TABLE units (unit VARCHAR, dimension VARCHAR, numerator HUGEINT, denominator HUGEINT)"
        )
        rows = unit_rows(name for (name,) in found if name)
        if rows:
            self._connection.executemany("INSERT INTO units VALUES (?, ?, ?, ?)", rows)


def sql(name: str) -> str:
    """The text of a query file of this package."""
    return files("zhibiao.series").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")


def _opened(scratch: Path, memory: str, parts: dict[str, list[Path]]) -> duckdb.DuckDBPyConnection:
    connection = _connect(scratch, memory)
    for name, found in parts.items():
        paths = [str(path) for path in found]
        connection.read_parquet(paths, union_by_name=True, hive_partitioning=False).create_view(name)
    return connection


def _remedy(error: Exception) -> str:
    if type(error).__name__ == "OutOfMemoryException":
        return "the memory that was allowed does not do; raise --memory, or free room where --scratch is."
    return f"{error}. Run `zhibiao batch` again for the files that are broken."


def _connect(folder: Path | None, memory: str) -> duckdb.DuckDBPyConnection:
    duckdb = need("duckdb", "series", "Making series")
    settings = {"memory_limit": memory, "preserve_insertion_order": True, "enable_external_access": True}
    if folder is not None:
        settings["temp_directory"] = str(folder / "spilled")
    try:
        return duckdb.connect(str(folder / "series.duckdb") if folder else ":memory:", config=settings)  # type: ignore[no-any-return]
    except duckdb.Error as error:
        raise SeriesError(f"DuckDB does not start with memory {memory!r}: {error}. Write it as 500MB or 4GB.") from None


def _must_have(connection: duckdb.DuckDBPyConnection, table: str, wanted: Sequence[str]) -> None:
    have = {row[0] for row in connection.execute(f"DESCRIBE {table}").fetchall()}
    missing = [column for column in wanted if column not in have]
    if missing:
        raise SeriesError(
            f"The {table} lack the columns {', '.join(missing)}: read the reports anew with `zhibiao batch`."
        )
