"""The service under load: throughput, latency and memory of a real server on loopback, beside the library's own.

    python benchmarks/load.py                        # rounds at 1, 8 and 64 clients
    python benchmarks/load.py --soak 300             # and 64 clients for five minutes, with the server's memory

The server is `zhibiao-serve` in a process of its own with its defaults; clients are threads of this process, each with
a connection of its own that it sends the next request over as soon as it has its answer. Requests are of many lengths:
lines, paragraphs and pieces of the reports in seeds/. Rounds of the service and of the library take turns, so that a
machine that is busy with other things is so for both. The library's own throughput is the better of its two ways to
use all cores: one text at a time with all threads, or a text a core. Characters for each second of processor time say
the same on a machine that is busy.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from zhibiao.extractor import Extractor

ROOT = Path(__file__).resolve().parents[1]
SERVE = [sys.executable, "-c", "from serving.cli import main; main()", "--port", "0"]
CLIENTS = (1, 8, 64)


@dataclass
class Round:
    """What came of one round: seconds of each request answered with 200, and the other answers by status."""

    seconds: float = 0.0
    processor: float = 0.0
    characters: int = 0
    latencies: list[float] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)

    @property
    def per_processor_second(self) -> float:
        """Characters for each second of processor time: what counts where other programs take theirs."""
        return self.characters / self.processor if self.processor else 0.0

    @property
    def throughput(self) -> float:
        """Characters a second."""
        return self.characters / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share of the requests was answered."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def texts() -> list[str]:
    """Requests: of each seed report lines, stretches of about 500 characters, and one of 3,000."""
    found: list[str] = []
    for path in sorted((ROOT / "seeds").glob("*.txt")):
        text = path.read_text("utf-8")
        lines = [line for line in text.splitlines() if len(line) > 20]
        found += lines[:20]
        found += [text[at : at + 500] for at in range(0, min(len(text), 5000), 500)]
        found.append(text[:3000])
    # Every client meets lengths in this order, neither sorted nor by chance.
    return [found[(at * 37) % len(found)] for at in range(len(found))]


@contextmanager
def server(home: str) -> Iterator[tuple[int, int]]:
    """The process id and the port of a service that is ready."""
    variables = {**os.environ, "ZHIBIAO_HOME": home, "ZHIBIAO_LOG_LEVEL": "info"}
    with subprocess.Popen(SERVE, cwd=ROOT, env=variables, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        port = 0
        for line in process.stderr:
            said = json.loads(line)
            if said["event"] == "listening":
                port = int(said["url"].rsplit(":", 1)[1].rstrip("/"))
            if said["event"] == "model loaded":
                break
        drain = threading.Thread(target=lambda: [None for _ in process.stderr or ()])
        drain.start()
        try:
            yield process.pid, port
        finally:
            process.terminate()
            process.wait()
            drain.join()


def at_once(workers: int, seconds: float, work: Callable[[int, Round], None]) -> Round:
    """A round in which so many threads do `work(number, round)` until the time is over."""
    whole = Round()
    numbers, lock = count(), threading.Lock()
    began = time.perf_counter()

    def loop() -> None:
        own = Round()
        while time.perf_counter() - began < seconds:
            with lock:
                number = next(numbers)
            work(number, own)
        with lock:
            whole.characters += own.characters
            whole.latencies += own.latencies
            whole.others += own.others

    threads = [threading.Thread(target=loop) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole.seconds = time.perf_counter() - began
    return whole


def of_service(pid: int, port: int, clients: int, seconds: float, requests: list[str]) -> Round:
    """A round of requests over HTTP."""
    bodies = [json.dumps({"text": text}).encode() for text in requests]
    local = threading.local()

    def ask(number: int, own: Round) -> None:
        if not hasattr(local, "connection"):
            local.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        which = number % len(bodies)
        began = time.perf_counter()
        try:
            local.connection.request("POST", "/v1/extract", bodies[which], {"Content-Type": "application/json"})
            answer = local.connection.getresponse()
            answer.read()
            status = str(answer.status)
        except (OSError, http.client.HTTPException) as error:
            local.connection.close()
            status = type(error).__name__
        if status == "200":
            own.latencies.append(time.perf_counter() - began)
            own.characters += len(requests[which])
        else:
            own.others[status] += 1

    before = processor_time(pid)
    found = at_once(clients, seconds, ask)
    found.processor = processor_time(pid) - before
    return found


def of_library(extractor: Extractor, threads: int, seconds: float, requests: list[str]) -> Round:
    """A round of calls of the library."""

    def extract(number: int, own: Round) -> None:
        text = requests[number % len(requests)]
        began = time.perf_counter()
        extractor.extract(text).model_dump_json()
        own.latencies.append(time.perf_counter() - began)
        own.characters += len(text)

    before = time.process_time()
    found = at_once(threads, seconds, extract)
    found.processor = time.process_time() - before
    return found


def processor_time(pid: int) -> float:
    """Seconds that a process has computed."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> float:
    """MiB that a process holds."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


def soak(pid: int, port: int, seconds: float, requests: list[str]) -> dict[str, object]:
    """64 clients for a long time: the memory at each tenth of it, and every answer that was not 200."""
    sizes, others, asked = [memory(pid)], Counter[str](), 0
    for _ in range(10):
        found = of_service(pid, port, CLIENTS[-1], seconds / 10, requests)
        sizes.append(memory(pid))
        others += found.others
        asked += len(found.latencies)
    return {"seconds": seconds, "requests": asked, "others": dict(others), "mib": [round(size) for size in sizes]}


def tell(figures: Mapping[str, Mapping[str, Any]], file: Path | None) -> None:
    """Print figures, a line each, and write them to `file` where one is named."""
    for name, row in figures.items():
        print(f"{name:32} {json.dumps(row)}")
    if file:
        file.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


def main() -> None:
    """Measure, print a table, and write the figures where --json says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10.0, help="of each round")
    parser.add_argument("--soak", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    requests, cores = texts(), os.cpu_count() or 1
    one, many = Extractor.load(), Extractor.load(threads=1)
    rounds: dict[str, list[Round]] = {}
    figures: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as home, server(home) as (pid, port):
        of_service(pid, port, cores, 2, requests)  # warms both up
        of_library(many, cores, 2, requests)
        for _ in range(chosen.rounds):
            rounds.setdefault("library, a text a core", []).append(of_library(many, cores, chosen.seconds, requests))
            for clients in CLIENTS:
                rounds.setdefault(f"service, {clients} clients", []).append(
                    of_service(pid, port, clients, chosen.seconds, requests)
                )
            rounds.setdefault("library, all threads on a text", []).append(of_library(one, 1, chosen.seconds, requests))
        if chosen.soak:
            figures["soak"] = soak(pid, port, chosen.soak, requests)
    for name, found in rounds.items():
        figures[name] = {
            "characters_per_second": round(statistics.median(one.throughput for one in found)),
            "per_processor_second": round(statistics.median(one.per_processor_second for one in found)),
            "requests_per_second": round(statistics.median(len(one.latencies) / one.seconds for one in found), 1),
            "p50_ms": round(statistics.median(one.percentile(0.5) for one in found), 1),
            "p99_ms": round(statistics.median(one.percentile(0.99) for one in found), 1),
            "others": dict(sum((one.others for one in found), Counter[str]())),
        }
    libraries = [name for name in rounds if name.startswith("library")]
    ratios = [
        rounds[f"service, {CLIENTS[-1]} clients"][at].throughput
        / max(rounds[name][at].throughput for name in libraries)
        for at in range(chosen.rounds)
    ]
    by_processor = [
        rounds[f"service, {CLIENTS[-1]} clients"][at].per_processor_second
        / max(rounds[name][at].per_processor_second for name in libraries)
        for at in range(chosen.rounds)
    ]
    figures["ratio"] = {
        "throughput": round(statistics.median(ratios), 3),
        "per_processor_second": round(statistics.median(by_processor), 3),
        "rounds": [round(ratio, 3) for ratio in ratios],
    }
    tell(figures, chosen.json)


if __name__ == "__main__":
    main()
