"""Speed, memory and safety of `zhibiao batch`, on generated reports.

    python -m benchmarks.batch [--reports 10000] [--overhead] [--growth] [--kill 2] [--cost] [--json FILE] ...

A generated report is the title and one or two paragraphs of a seed or written report with its figures changed, about
150 characters. Prints what is asked for (all of it where nothing is):

- `--overhead`: reports a second of the same work in a plain loop, without Ray, and of `zhibiao batch` with one worker;
- `--growth`: time and memory from 1 report up to `--reports`, with 1 and with 2 workers up to 1,000, then with 2;
- `--kill N`: the whole job, killed N times with kill -9 while it runs and each time gone on with, against the same job
  undisturbed: the outputs must be the same byte for byte; the memory of each worker over time;
- `--cost`: the seeds and written reports, whole, with 2 workers, and what a million reports of their length cost.

Wall times mean little on a machine that does other things; the processor time of all processes is given beside them.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
#: Characters of a generated report, about.
SIZE = 150
#: Reports of the plain loop, and of its counterpart on Ray.
SAMPLE = 500
_TICKS = os.sysconf("SC_CLK_TCK")
_WORKER = "ray::MapWorker"


def sources() -> list[list[str]]:
    """The paragraphs of the seeds and the written reports; the first of each is its title."""
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))]
    with (ROOT / "annotations" / "written.jsonl").open(encoding="utf-8") as lines:
        texts += [json.loads(line)["text"] for line in lines]
    return [[line.strip() for line in text.split("\n") if line.strip()] for text in texts]


def report(number: int, texts: list[list[str]]) -> dict[str, str]:
    """The generated report of this number: the same in every run."""
    chance = random.Random(number)
    title, *rest = texts[number % len(texts)]
    paragraphs = [paragraph for paragraph in rest if len(paragraph) >= 40]
    at = chance.randrange(len(paragraphs))
    taken = [title]
    while sum(map(len, taken)) < SIZE and at < len(paragraphs) and len(taken) < 3:
        taken.append(paragraphs[at][:SIZE])
        at += 1
    text = re.sub(r"\d+(?:\.\d+)?(?!\d*年)", lambda found: _changed(found[0], chance), "\n".join(taken))
    return {"id": f"{number:06d}", "text": text}


def _changed(figure: str, chance: random.Random) -> str:
    """Another figure of as many digits, which does not begin with 0 where this one does not."""
    digits = [str(chance.randrange(10)) if mark.isdigit() else mark for mark in figure]
    if digits[0] == "0" and figure[0] != "0":
        digits[0] = "1"
    return "".join(digits)


def corpus(folder: Path, reports: int) -> Path:
    """A JSONL file of generated reports."""
    texts, path = sources(), folder / f"reports-{reports}.jsonl"
    with path.open("w", encoding="utf-8") as stream:
        for number in range(reports):
            stream.write(json.dumps(report(number, texts), ensure_ascii=False) + "\n")
    return path


@dataclass
class Watched:
    """What was seen of a job and its processes."""

    seconds: float = 0.0
    processor: dict[int, float] = field(default_factory=dict)
    #: Seconds since the start, MiB of each worker, MiB of all processes (shared memory counted once).
    memory: list[tuple[float, list[int], int]] = field(default_factory=list)
    was_killed: bool = False

    @property
    def processor_seconds(self) -> float:
        """Of all processes."""
        return sum(self.processor.values())

    @property
    def worker_mib(self) -> int:
        """The most that one worker had resident."""
        return max((size for _, workers, _ in self.memory for size in workers), default=0)

    @property
    def total_mib(self) -> int:
        """The most of all processes."""
        return max((total for _, _, total in self.memory), default=0)


def job(given: list[Path], out: Path, workers: int, *, kill_at: int | None = None, shard: int | None = None) -> Watched:
    """Run `zhibiao batch` and watch it; kill it with SIGKILL when `kill_at` shards are finished."""
    command = [sys.executable, "-W", "ignore", "-m", "zhibiao", "batch", *map(str, given), str(out)]
    command += ["--workers", str(workers), *(["--shard-documents", str(shard)] if shard else [])]
    watched, began = Watched(), time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as started:
        for step in count():
            try:
                started.wait(0.1)
                break
            except subprocess.TimeoutExpired:
                pass
            if step % 5 == 0:
                _look(started.pid, watched, time.monotonic() - began, has_memory=step % 20 == 0)
            if kill_at is not None and len(list(out.glob(".batch/shards/*.json"))) >= kill_at:
                started.send_signal(signal.SIGKILL)
                watched.was_killed = True
                break
        said = started.stderr.read() if started.stderr and not watched.was_killed else ""
    watched.seconds = time.monotonic() - began
    if not watched.was_killed and started.returncode:
        raise SystemExit(f"the job ended with {started.returncode}: {said}")
    return watched


def _look(parent: int, watched: Watched, at: float, *, has_memory: bool) -> None:
    workers, total = [], 0
    for pid in [parent, *_below(parent)]:
        try:
            stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            watched.processor[pid] = (int(stat[11]) + int(stat[12])) / _TICKS
            if not has_memory:
                continue
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += int(re.search(r"^Pss:\s+(\d+)", rollup, re.M)[1])  # type: ignore[index]
            if Path(f"/proc/{pid}/cmdline").read_bytes().startswith(_WORKER.encode()):
                workers.append(int(re.search(r"^Rss:\s+(\d+)", rollup, re.M)[1]) // 1024)  # type: ignore[index]
        except (OSError, TypeError):
            continue  # it has just ended
    if has_memory:
        watched.memory.append((at, workers, total // 1024))


def _below(parent: int) -> Iterator[int]:
    """Every process that descends from this one."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_text()
        except OSError:
            continue
        children.setdefault(int(text.rpartition(")")[2].split()[1]), []).append(int(path.parent.name))
    found = [parent]
    while found:
        for child in children.get(found.pop(), []):
            found.append(child)
            yield child


def overhead(folder: Path) -> dict[str, Any]:
    """The same shards by a plain loop in this process, and by one worker on Ray."""
    from zhibiao.batch import Options
    from zhibiao.batch.plan import keep, make
    from zhibiao.batch.store import Store
    from zhibiao.batch.worker import Job, ShardWorker

    class Alone(ShardWorker):
        """A worker without Ray."""

        def _call(self, *_: object) -> dict[int, str]:
            return {}

    given = corpus(folder, SAMPLE)
    plan = make([str(given)], Options())
    keep(plan, Store(str(folder / "alone")))
    worker = Alone(Job(str(folder / "alone"), Options(), plan.head.model["sha256"], 300.0), None)
    worker({"shard": [plan.shards[0].dump()]})  # warms it up
    wall, processor = time.monotonic(), time.process_time()
    for shard in plan.shards:
        counts = worker({"shard": [shard.dump()]})
    wall, processor = time.monotonic() - wall, time.process_time() - processor
    texts = [json.loads(line)["text"] for line in given.open(encoding="utf-8")]
    characters = sum(map(len, texts))
    one = job([corpus(folder, 1)], folder / "ray-1", 1)
    ray = job([given], folder / "ray-sample", 1)
    print(f"{SAMPLE} reports, {characters:,} characters", counts["peak_kib"][0] // 1024, "MiB in a plain loop")
    found = {
        "reports": SAMPLE,
        "characters": characters,
        "loop": {"seconds": wall, "processor_seconds": processor},
        "ray": {"seconds": ray.seconds, "processor_seconds": ray.processor_seconds},
        "ray, one report": {"seconds": one.seconds, "processor_seconds": one.processor_seconds},
    }
    net = {key: found["ray"][key] - found["ray, one report"][key] for key in found["ray"]}
    for name, row in (("plain loop", found["loop"]), ("Ray", found["ray"]), ("Ray, less one report", net)):
        print(
            f"{name:22} {row['seconds']:8.1f} s  {SAMPLE / row['seconds']:7.1f} reports/s  "
            f"{characters / row['seconds']:9,.0f} characters/s  {row['processor_seconds']:8.1f} processor s"
        )
    share = net["processor_seconds"] / processor - 1
    print(f"overhead of Ray beyond its start: {share:+.1%} of processor time")
    return {**found, "overhead": share}


def growth(folder: Path, largest: int) -> list[dict[str, Any]]:
    """Time and memory by the number of reports."""
    found = []
    print("workers   reports    wall s  reports/s  characters/s  processor s  MiB a worker  MiB of all")
    for workers in (1, 2):
        for reports in (1, 10, 100, 1_000, 10_000, 100_000):
            if reports > (largest if workers == 2 else min(largest, 1_000)):
                break
            given = corpus(folder, reports)
            out = folder / f"growth-{workers}-{reports}"
            watched = job([given], out, workers)
            found.append(_row(workers, reports, watched, out))
            shutil.rmtree(out)
    return found


def _row(workers: int, reports: int, watched: Watched, out: Path) -> dict[str, Any]:
    counts = json.loads((out / "manifest.json").read_text("utf-8"))["counts"]
    print(
        f"{workers:7} {reports:9,} {watched.seconds:9.1f} {reports / watched.seconds:10.1f} "
        f"{counts['characters'] / watched.seconds:13,.0f} {watched.processor_seconds:12.1f} {watched.worker_mib:13} "
        f"{watched.total_mib:11}",
        flush=True,
    )
    return {
        "workers": workers,
        "reports": reports,
        "seconds": watched.seconds,
        "processor_seconds": watched.processor_seconds,
        "worker_mib": watched.worker_mib,
        "total_mib": watched.total_mib,
        **{key: counts[key] for key in ("characters", "facts", "failures")},
    }


def cost(folder: Path) -> dict[str, Any]:
    """The seeds and written reports as they are, and from their speed what a million like them cost."""
    one = job([corpus(folder, 1)], folder / "cost-1", 2)
    out = folder / "cost"
    watched = job([ROOT / "seeds" / "*.txt", ROOT / "annotations" / "written.jsonl"], out, 2, shard=4)
    counts = json.loads((out / "manifest.json").read_text("utf-8"))["counts"]
    length = counts["characters"] / counts["reports"]
    begun = one.processor_seconds
    busy = watched.processor_seconds - begun
    speed = counts["characters"] / busy
    print(f"{counts['reports']} whole reports, {counts['characters']:,} characters, {counts['facts']:,} facts:")
    print(
        f"{watched.seconds:.1f} s with 2 workers, {watched.processor_seconds:.1f} s of processor time, of which "
        f"{begun:.1f} s to begin; {speed:,.0f} characters a second and core, {watched.worker_mib} MiB a worker"
    )
    rows = []
    for characters in (SIZE, round(length), 15_000):
        hours = 1e6 * characters / speed / 3600
        machines = {count: hours / 16 / count for count in (1, 10, 50)}
        told = ", ".join(f"{each:,.2f} h on {count}" for count, each in machines.items())
        print(f"a million reports of {characters:,} characters: {hours:,.0f} core hours; of 16 cores: {told} machines")
        rows.append({"characters": characters, "core_hours": hours})
    return {"speed": speed, "seconds": watched.seconds, "worker_mib": watched.worker_mib, **counts, "million": rows}


def killed(folder: Path, reports: int, kills: int) -> dict[str, Any]:
    """The job killed `kills` times, against the undisturbed one."""
    given, undisturbed = corpus(folder, reports), folder / "undisturbed"
    shard = min(256, max(1, reports // 40))  # so that a small job too is killed between and within shards
    print("undisturbed:")
    _row(2, reports, job([given], undisturbed, 2, shard=shard), undisturbed)
    shards = len(list(undisturbed.glob(".batch/shards/*.json")))
    out = folder / "killed"
    for number in range(1, kills + 1):
        watched = job([given], out, 2, kill_at=number * shards // (kills + 1), shard=shard)
        finished = len(list(out.glob(".batch/shards/*.json")))
        print(f"killed with kill -9 after {watched.seconds:.0f} s, {finished} of {shards} shards finished", flush=True)
        _tell_memory(watched)
    watched = job([given], out, 2, shard=shard)
    print("gone on with to the end:")
    _row(2, reports, watched, out)
    _tell_memory(watched)
    one, other = _tree(undisturbed), _tree(out)
    is_same = one == other
    print(f"{len(one)} files, {sum(map(len, one.values())):,} bytes: {'identical' if is_same else 'NOT THE SAME'}")
    if not is_same:
        raise SystemExit(f"differ: {sorted(path for path in one | other if one.get(path) != other.get(path))[:10]}")
    return {"kills": kills, "shards": shards, "files": len(one), "identical": is_same, "memory": watched.memory}


def _tell_memory(watched: Watched) -> None:
    """Memory at up to ten moments."""
    seen = [row for row in watched.memory if row[1]]
    for at, workers, total in seen[:: max(1, len(seen) // 10)]:
        print(f"  {at:6.0f} s: {' + '.join(map(str, workers))} MiB of workers, {total} MiB of all processes")


def _tree(out: Path) -> dict[str, bytes]:
    files = (path for path in out.rglob("*") if path.is_file() and ".batch" not in path.parts)
    return {str(path.relative_to(out)): path.read_bytes() for path in files}


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument("--overhead", action="store_true")
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--kill", type=int, metavar="N")
    parser.add_argument("--cost", action="store_true")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--folder", type=Path, help="where reports and outputs are kept; a new one if left out")
    chosen = parser.parse_args()
    is_all = not (chosen.overhead or chosen.growth or chosen.kill or chosen.cost)
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as made:
        folder = chosen.folder or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        if chosen.overhead or is_all:
            found["overhead"] = overhead(folder)
        if chosen.growth or is_all:
            found["growth"] = growth(folder, chosen.reports)
        if chosen.kill or is_all:
            found["killed"] = killed(folder, chosen.reports, chosen.kill or 2)
        if chosen.cost or is_all:
            found["cost"] = cost(folder)
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
