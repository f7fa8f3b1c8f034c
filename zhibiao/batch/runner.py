"""Shards and workers, put together on Ray.

Ray Data schedules: a data set of shards is mapped over a pool of actors that each hold a model; it waits with the next
shard until an actor is free, brings back an actor that died, and runs its shard again. What it does not give are files
that are whole or not there, whose names and bytes do not depend on the number of workers: `Dataset.write_parquet` names
files after tasks and blocks of the run that wrote them. So the actors write the shards themselves, and only counts
flow back.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from zhibiao.batch import manifest, plan
from zhibiao.batch.ledger import Ledger
from zhibiao.batch.options import Options
from zhibiao.batch.store import Store
from zhibiao.batch.worker import GRACE_SECONDS, Job, ShardWorker
from zhibiao.errors import ZhibiaoError
from zhibiao.outputs.extras import need
from zhibiao.tagger import engines

#: Deaths of its worker after which a report is set aside.
ATTEMPTS = 2
#: Only shards' descriptions and counts pass through Ray's object store.
_OBJECT_STORE_BYTES = 100 * 2**20
#: How often starting Ray is tried: it gives itself 30 seconds, which a busy machine may not have.
_STARTS = 3


@dataclass(frozen=True)
class Progress:
    """How far a run is. `seconds` and `done_now` are of this run, the rest of the whole."""

    reports: int
    done: int
    done_now: int
    failures: int
    characters_now: int
    seconds: float
    peak_mib: int


@dataclass(frozen=True)
class Summary:
    """What a run has made; `manifest` is that of the output."""

    manifest: dict[str, Any]
    seconds: float
    done_now: int
    peak_mib: int

    @property
    def failures(self) -> int:
        """How many reports were set aside."""
        return int(self.manifest["counts"]["failures"])


def run(
    inputs: Sequence[str],
    out: str,
    options: Options = Options(),  # noqa: B008 - frozen
    *,
    workers: int | None = None,
    address: str | None = None,
    timeout: float = 300.0,
    restart: bool = False,
    retry: bool = False,
    told: Callable[[Progress], None] | None = None,
    worker: type[ShardWorker] = ShardWorker,
) -> Summary:
    """Extract every report of `inputs` into the folder `out`, going on where an earlier run of the same stopped.

    Args:
        inputs: folders, globs, documents, JSONL and Parquet files, as paths or fsspec URLs.
        out: the folder, as path or fsspec URL; every machine of the cluster must reach it.
        options: how reports are read.
        workers: how many are read at one time; the cores of the machine or cluster if None.
        address: of a Ray cluster (`host:port`, or `auto`); None starts Ray on this machine alone.
        timeout: seconds that one report may take.
        restart: forget what an earlier run has made.
        retry: do those shards again in which reports were set aside.
        told: called at the beginning and after each shard.
        worker: the class of the actors.

    Raises:
        ZhibiaoError: Ray is not installed, nothing is there to read, or `out` holds something else.
    """
    _quiet()
    need("ray.data", "batch", "Reading many reports")
    began = time.monotonic()
    options = replace(options, engine=engines.chosen(options.engine))
    store = Store(out)
    _check_apart(inputs, store)
    plan.check_ours(store)
    with store.locked():
        store.sweep()
        if restart:
            plan.clear(store)
        made = plan.make(inputs, options)
        plan.keep(made, store)
        todo = _todo(made, store, retry=retry)
        job = Job(str(store.folder.resolve()) if store.folder else out, options, made.head.model["sha256"], timeout)
        state = _State(made, todo, store)
        if told is not None:
            told(state.progress())
        if todo:
            with _ray(address, workers) as ray:
                try:
                    for row in _results(ray, todo, job, workers, worker):
                        state.add(row)
                        if told is not None:
                            told(state.progress())
                except ray.exceptions.RayError as error:
                    raise ZhibiaoError(_told(error)) from error
        done = manifest.write_results(store, made)
    progress = state.progress()
    return Summary(done, time.monotonic() - began, progress.done_now, progress.peak_mib)


class _State:
    """What has been done so far."""

    def __init__(self, made: plan.Plan, todo: list[plan.Shard], store: Store) -> None:
        self._began = time.monotonic()
        self._reports, left = made.count, {shard.number for shard in todo}
        self._before = self._reports - sum(shard.count for shard in todo)
        self._failures = sum(
            len(manifest.read_marker(store, shard.number).failures) for shard in made.shards if shard.number not in left
        )
        self._now = self._characters = self._peak = 0

    def add(self, row: dict[str, Any]) -> None:
        """A shard is done."""
        self._now += int(row["reports"]) + int(row["failures"])
        self._failures += int(row["failures"])
        self._characters += int(row["characters"])
        self._peak = max(self._peak, int(row["peak_kib"]) // 1024)

    def progress(self) -> Progress:
        """How far it is."""
        return Progress(
            self._reports,
            self._before + self._now,
            self._now,
            self._failures,
            self._characters,
            time.monotonic() - self._began,
            self._peak,
        )


def _told(error: Exception) -> str:
    """What became of the workers, without the stacks of Ray."""
    cause: BaseException = error
    while (inner := getattr(cause, "cause", None) or cause.__cause__) is not None:
        cause = inner
    said = str(cause).strip().splitlines() or [repr(cause)]
    return f"The workers stopped: {said[-1]}\nWhat is finished is kept: mend this and give the same command again."


def _todo(made: plan.Plan, store: Store, *, retry: bool) -> list[plan.Shard]:
    """The shards that are not finished; whatever a killed run left of them is removed."""
    there = store.list()
    markers = {path for path in there if path.endswith(".json") and path.startswith(".batch/")}
    if retry:
        markers -= {
            shard.marker
            for shard in made.shards
            if shard.marker in markers and manifest.read_marker(store, shard.number).failures
        }
    todo = [shard for shard in made.shards if shard.marker not in markers]
    parts = {f"{plan.part_name(shard.number)}." for shard in todo}
    for path in there:
        if path.rpartition("/")[2].partition(".")[0] + "." in parts:
            store.remove(path)
    return todo


def _results(
    ray: Any,  # noqa: ANN401 - Ray has no types that are checked here
    todo: list[plan.Shard],
    job: Job,
    workers: int | None,
    worker: type[ShardWorker],
) -> Iterator[dict[str, Any]]:
    """A row of counts for each shard, as they are done."""
    data = ray.data
    data.DataContext.get_current().enable_progress_bars = False
    size = min(workers or max(1, int(ray.cluster_resources().get("CPU", 1))), len(todo))
    near = ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), False)
    ledger = (
        ray.remote(Ledger).options(num_cpus=0, scheduling_strategy=near).remote(job.seconds + GRACE_SECONDS, ATTEMPTS)
    )
    pool = data.ActorPoolStrategy(min_size=1, initial_size=size, max_size=size, max_tasks_in_flight_per_actor=1)
    rows = [{"shard": shard.dump()} for shard in todo]
    yield from (
        data.from_items(rows, override_num_blocks=len(rows))
        .map_batches(
            worker,
            fn_constructor_args=(job, ledger),
            batch_size=1,
            num_cpus=1,
            compute=pool,
        )
        .iter_rows()
    )


@contextmanager
def _ray(address: str | None, workers: int | None) -> Iterator[Any]:
    """Ray: the one that is running in this process, else the cluster at `address`, else one of this machine alone."""
    ray = need("ray", "batch", "Reading many reports")
    need("ray.util.scheduling_strategies", "batch", "Reading many reports")
    if ray.is_initialized():
        yield ray
        return
    options: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    if address is None:
        options |= {
            "num_cpus": workers or cores(),
            "include_dashboard": False,
            "object_store_memory": _OBJECT_STORE_BYTES,
            "_node_ip_address": "127.0.0.1",  # nothing of it listens to the network
        }
    for left in reversed(range(_STARTS)):
        try:
            ray.init(address=address or "local", **options)
            break
        except Exception as error:  # Ray raises the base class where a busy machine is slow to start it
            ray.shutdown()
            if not left:
                raise ZhibiaoError(
                    f"Ray at {address or 'this machine'} does not answer: {error} Check the address, and what else the "
                    "machine is busy with; then give the same command again."
                ) from error
    try:
        yield ray
    finally:
        ray.shutdown()


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _quiet() -> None:
    """Ray tells its makers nothing, and its log nothing that the reader of a progress bar needs."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    os.environ.setdefault("RAY_DATA_LOG_LEVEL", "ERROR")


def _check_apart(inputs: Iterable[str], store: Store) -> None:
    """ZhibiaoError where the output would be read as input."""
    if store.folder is None:
        return
    out = store.folder.resolve()
    for one in inputs:
        there = Store(one).folder
        if there is not None and out.is_relative_to(there.resolve()):
            raise ZhibiaoError(f"{store.url} lies within {one}, which is to be read. Name a folder outside of it.")
