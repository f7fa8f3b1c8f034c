"""Many reports in, Parquet out: on one machine or a cluster, resumed where it was killed. Needs the extra `batch`.

    from zhibiao.batch import Options, run
    summary = run(["reports/", "more.jsonl"], "out/", Options(year=None), workers=2)

`out/` then holds `facts/year=…/source=…/part-*.parquet` (a row a fact), `reports/part-*.parquet` (a row a report),
`failures.jsonl` and `manifest.json`; `.batch/` is what a run that was killed goes on from.

The parts: `inputs` lists what there is to read, `plan` cuts it into shards and keeps the cut, `records` reads a shard,
`worker` extracts it and writes its files, `ledger` remembers which document killed its worker, `runner` puts shards and
workers together on Ray, `manifest` says at the end what was made.
"""

from zhibiao.batch.options import Options
from zhibiao.batch.runner import Summary, run
from zhibiao.batch.tables import facts_table, parquet_bytes, reports_table

__all__ = ["Options", "Summary", "facts_table", "parquet_bytes", "reports_table", "run"]
