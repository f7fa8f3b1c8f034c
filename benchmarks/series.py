"""How long series take, and how much memory: `python -m benchmarks.series [REPORTS...]`.

The reports are written as rows: each states twelve indicators of its county and year with their growth, what was meant
for the next year, and one figure of the year before anew. Each size runs in a process of its own, with DuckDB held to
500 MB. Memory is the peak of the process (resident), so it has Python's own in it.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

from zhibiao.batch.tables import facts_table, parquet_bytes, reports_table
from zhibiao.outputs import COLUMNS, Row
from zhibiao.series import Series, write_csv, write_parquet, write_sdmx, write_workbook

INDICATORS = (
    *("地区生产总值", "一般公共预算收入", "一般公共预算支出", "税收收入", "固定资产投资"),
    *("社会消费品零售总额", "规模以上工业增加值", "进出口总额", "实际利用外资"),
    *("城镇居民人均可支配收入", "农村居民人均可支配收入", "粮食产量"),
)
YEARS = range(2013, 2024)
SHARD = 500


def main() -> None:
    """Measure each size and print a line for it."""
    sizes = [int(size) for size in sys.argv[1:]] or [100, 1_000, 10_000]
    print(
        f"{'reports':>8} {'statements':>11} {'cells':>9} {'findings':>9} {'series s':>9} {'files s':>8} {'peak MB':>8}"
    )
    for size in sizes:
        subprocess.run([sys.executable, "-m", "benchmarks.series", "--one", str(size)], check=True)


def one(size: int) -> None:
    """Measure one size."""
    with tempfile.TemporaryDirectory() as scratch:
        folder, out = Path(scratch) / "in", Path(scratch) / "out"
        _write(size, folder)
        out.mkdir()
        start = time.perf_counter()
        with Series.from_folder(folder, memory="500MB", scratch=scratch) as series:
            made = time.perf_counter() - start
            for write in (write_csv, write_parquet, write_sdmx):
                write(series, out)
            write_workbook(series, out / "series.xlsx")
            written = time.perf_counter() - start - made
            counts = [series.count(name) for name in ("statements", "cells", "found")]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{size:>8} {counts[0]:>11} {counts[1]:>9} {counts[2]:>9} {made:>9.1f} {written:>8.1f} {peak:>8.0f}")


def _write(size: int, folder: Path) -> None:
    chance = random.Random(7)
    for part in ("facts", "reports"):
        (folder / part).mkdir(parents=True)
    for number, first in enumerate(range(0, size, SHARD)):
        facts, reports = [], []
        for index in range(first, min(first + SHARD, size)):
            county, year = divmod(index, len(YEARS))
            name = f"{county:05}-{YEARS[year]}.txt"
            reports.append({"report": name, "sha256": name, "reference_year": YEARS[year]})
            facts.extend(_facts(name, county, YEARS[year], chance))
        (folder / "facts" / f"part-{number:05}.parquet").write_bytes(parquet_bytes(facts_table(facts)))
        (folder / "reports" / f"part-{number:05}.parquet").write_bytes(parquet_bytes(reports_table(reports)))


def _facts(name: str, county: int, year: int, chance: random.Random) -> list[Row]:
    rows = []
    for number, indicator in enumerate(INDICATORS):
        value = Decimal(chance.randint(1000, 99999)) / 100
        rows.append(_row(name, county, indicator, year, value, growth=Decimal(chance.randint(1, 199)) / 10))
        rows.append(_row(name, county, indicator, year + 1, value + 1, status="target"))
        if number == 0:
            rows.append(_row(name, county, indicator, year - 1, value - 1))
    return rows


def _row(
    report: str,
    county: int,
    indicator: str,
    year: int,
    value: Decimal,
    *,
    growth: Decimal | None = None,
    status: str = "actual",
) -> Row:
    number = value * 10**8
    row: Row = dict.fromkeys(column.key for column in COLUMNS)
    row |= {"report": report, "sha256": report, "indicator": indicator}
    row |= {"indicator_id": indicator, "indicator_name": indicator, "indicator_kind": "amount"}
    row |= {"subject_name": f"县{county}", "subject_kind": "county", "subject_code": f"{county:06}"}
    row |= {"value": number, "low": number, "high": number, "approximate": False, "unit": "CNY"}
    row |= {"written": f"{value}亿元", "status": status, "period_from": "span"}
    row |= {"period_start": date(year, 1, 1), "period_end": date(year, 12, 31)}
    row |= {"confidence": 0.9, "start": 0, "end": 20, "sentence": f"{year}年，{indicator}{value}亿元。"}
    if growth is not None:
        row |= {"growth": growth, "growth_low": growth, "growth_high": growth, "growth_unit": "percent"}
        row |= {"growth_written": f"{growth}%", "growth_direction": "up", "growth_approximate": False}
    return row


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(int(sys.argv[2]))
    else:
        main()
