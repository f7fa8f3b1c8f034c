"""What was made: a marker beside each finished shard, and one manifest of them all. Neither holds a time or a path of
the machine, so that the same reports give the same manifest."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from zhibiao.batch.plan import Plan, marker_of
from zhibiao.batch.store import Store


@dataclass(frozen=True)
class FileWritten:
    """A file of the output."""

    path: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Marker:
    """A finished shard."""

    reports: int
    characters: int
    facts: int
    by_source: dict[str, int]
    files: list[FileWritten]
    failures: list[dict[str, str]]

    def dump(self) -> bytes:
        """As JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True).encode()

    @classmethod
    def load(cls, content: bytes) -> Marker:
        """From what `dump` wrote."""
        found = json.loads(content)
        return cls(**{**found, "files": [FileWritten(**file) for file in found["files"]]})


def read_marker(store: Store, number: int) -> Marker:
    """The marker of a finished shard; FileNotFoundError where it is not finished."""
    return Marker.load(store.read(marker_of(number)))


def write_results(store: Store, plan: Plan) -> dict[str, Any]:
    """Write `failures.jsonl` and, last of all, `manifest.json`, whose content is returned."""
    counts: Counter[str] = Counter()
    by_source: Counter[str] = Counter()
    by_year: Counter[str] = Counter()
    by_error: Counter[str] = Counter()
    files: list[FileWritten] = []
    lines: list[str] = []
    for shard in plan.shards:
        marker = read_marker(store, shard.number)
        counts.update(reports=marker.reports, characters=marker.characters, facts=marker.facts)
        by_source.update(marker.by_source)
        by_error.update(failure["error"] for failure in marker.failures)
        for file in marker.files:
            if file.path.startswith("facts/"):
                by_year[_year(file.path)] += file.rows
        files += marker.files
        lines += [json.dumps(failure, ensure_ascii=False) + "\n" for failure in marker.failures]
    failures = "".join(lines).encode()
    store.write("failures.jsonl", failures)
    manifest = {
        "format": plan.head.format,
        "model": plan.head.model,
        "options": plan.head.options,
        "inputs": {**plan.head.inputs, "reports": plan.count},
        "shards": len(plan.shards),
        "counts": {**{key: counts[key] for key in ("reports", "characters", "facts")}, "failures": len(lines)},
        "failures": dict(sorted(by_error.items())),
        "reports_by_source": dict(sorted(by_source.items())),
        "facts_by_year": dict(sorted(by_year.items())),
        "files": [asdict(file) for file in files],
    }
    store.write("manifest.json", (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode())
    return manifest


def _year(path: str) -> str:
    return path.split("/")[1].removeprefix("year=")
