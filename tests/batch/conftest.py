"""Ray, started once for all tests of a run: they ask about results, and starting takes longer than most of them."""

from __future__ import annotations

import json
import os
import sys
import warnings
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "tests" / "documents"))  # made_documents writes real files of every format


@pytest.fixture(scope="session")
def cluster():
    """A node of two processors, this process connected to it."""
    os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import ray  # noqa: PLC0415 - the tests say themselves where it is missing
        from ray.cluster_utils import Cluster  # noqa: PLC0415

        node = {"num_cpus": 2, "object_store_memory": 100 * 2**20, "include_dashboard": False}
        made = started(lambda: Cluster(initialize_head=True, head_node_args=node))
        ray.init(address=made.address, log_to_driver=False)
        yield made
        ray.shutdown()
        made.shutdown()


def started(start):
    """What `start` gives; tried again where Ray ran out of the 30 seconds that it allows itself on a busy machine."""
    for left in (2, 1, 0):
        try:
            return start()
        except Exception as error:
            if not left or "timed out during startup" not in str(error):
                raise
    return None


@pytest.fixture(autouse=True)
def _ray_may_warn():
    """Ray leaves sockets and futures to the garbage collector; what it warns of is not ours to mend."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.fixture(scope="session")
def written(tmp_path_factory) -> Path:
    """Twelve of the written reports, each cut to its first lines: records with an id and a text."""
    with (ROOT / "annotations" / "written.jsonl").open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines][::5][:12]
    cut = [{"id": one["id"], "text": one["text"][: one["text"].find("\n", 120)]} for one in records]
    return write_jsonl(tmp_path_factory.mktemp("written") / "written.jsonl", cut)


def write_jsonl(path: Path, records: list[dict]) -> Path:
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records), "utf-8")
    return path


def tree(out: Path) -> dict[str, bytes]:
    """Every file of an output but what a run keeps for itself."""
    files = (path for path in out.rglob("*") if path.is_file() and ".batch" not in path.parts)
    return {str(path.relative_to(out)): path.read_bytes() for path in files}


def rows(out: Path, what: str) -> list[dict]:
    """All rows of `facts` or `reports`, in the order of their files."""
    import pyarrow.parquet  # noqa: PLC0415 - as ray

    files = sorted((out / what).rglob("*.parquet"))
    return [row for file in files for row in pyarrow.parquet.ParquetFile(file).read().to_pylist()]


def failures(out: Path) -> dict[str, dict]:
    """What was set aside, by the name of the report."""
    lines = (out / "failures.jsonl").read_text("utf-8").splitlines()
    return {one["report"]: one for one in map(json.loads, lines)}
