"""The shards of a run: fixed by what there is to read and by the options, and kept beside the output.

A shard is a run of reports in the order of the listing. Its results depend on nothing but itself, and so are the same
whichever worker makes them, when, and how often.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from zhibiao.batch.inputs import File, Piece, fingerprint, list_files, pieces
from zhibiao.batch.options import Options
from zhibiao.batch.store import Store
from zhibiao.errors import ModelError, ZhibiaoError

#: Raised by one whenever shards, names or columns come to be made in another way.
FORMAT = 1
PLAN = ".batch/plan.jsonl"
_SHARDS = ".batch/shards/"


@dataclass(frozen=True, slots=True)
class Item:
    """Consecutive reports of one file. `start`:`stop` are as in `Piece`; `number` is that of the first.

    `repeated` are the numbers of those whose names stand before in the listing already; `problem` is the piece's.
    """

    file: File
    start: int
    stop: int
    number: int
    group: int
    count: int
    repeated: tuple[int, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Shard:
    """What a worker takes at one time; numbered from 0."""

    number: int
    items: tuple[Item, ...]

    @property
    def count(self) -> int:
        """How many reports it holds."""
        return sum(item.count for item in self.items)

    @property
    def marker(self) -> str:
        """The file that says that all files of the shard are there."""
        return marker_of(self.number)

    def dump(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def load(cls, line: str) -> Shard:
        """From what `dump` wrote."""
        found = json.loads(line)
        items = (
            Item(**{**item, "file": File(**item["file"]), "repeated": tuple(item["repeated"])})
            for item in found["items"]
        )
        return cls(found["number"], tuple(items))


@dataclass(frozen=True)
class Head:
    """What a plan was made from; two runs with the same are the same run."""

    inputs: dict[str, Any]
    model: dict[str, str]
    options: dict[str, Any]
    format: int = FORMAT


@dataclass(frozen=True)
class Plan:
    """All shards of a run."""

    head: Head
    shards: list[Shard] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many reports there are."""
        return sum(shard.count for shard in self.shards)


def part_name(number: int) -> str:
    """The name of a shard's files."""
    return f"part-{number:06d}"


def marker_of(number: int) -> str:
    """The file that says that all files of a shard are there."""
    return f"{_SHARDS}{part_name(number)}.json"


def make(given: Iterable[str], options: Options) -> Plan:
    """List what there is and cut it into shards. ZhibiaoError as `list_files` and `pieces` raise it."""
    files = list_files(given)
    digest = hashlib.sha256()
    for file in files:
        digest.update(json.dumps([file.name, file.size, fingerprint(file)]).encode())
    inputs = {"files": len(files), "bytes": sum(file.size for file in files), "sha256": digest.hexdigest()}
    found = (piece for file in files for piece in pieces(file, text=options.text, id=options.id))
    head = Head(
        inputs, {"version": _version(options.folder), "sha256": hash_model(options.folder)}, options.described()
    )
    return Plan(head, list(_shards(found, options)))


def check_ours(store: Store) -> None:
    """ZhibiaoError where the folder holds things and no plan: it is not the output of a run."""
    others = [path for path in store.list() if not path.startswith(".batch/")]
    if others and not store.has(PLAN):
        raise ZhibiaoError(f"{store.url} holds other files ({others[0]} …). Name a new or empty folder.")


def keep(plan: Plan, store: Store) -> None:
    """Write the plan down, or check it against the one that is there.

    Raises ZhibiaoError where the one that is there was made from something else, and says from what.
    """
    if not store.has(PLAN):
        lines = [json.dumps(asdict(plan.head)), *(shard.dump() for shard in plan.shards)]
        store.write(PLAN, ("\n".join(lines) + "\n").encode())
        return
    kept = json.loads(store.read(PLAN).partition(b"\n")[0])
    now = json.loads(json.dumps(asdict(plan.head)))
    changed = [key for key in now if now[key] != kept.get(key)]
    if changed:
        raise ZhibiaoError(
            f"{store.url} was begun from something else: {'; '.join(_told(key, kept, now) for key in changed)}. "
            "Run it as it was begun, name another folder, or begin this one anew with --restart."
        )


def clear(store: Store) -> None:
    """Remove the output of an earlier run, and nothing else: not where there is no plan."""
    there = store.list()
    if PLAN not in there:
        return
    for path in there:
        is_ours = path.startswith((".batch/", "facts/", "reports/")) or path in ("failures.jsonl", "manifest.json")
        if is_ours and path not in (PLAN, ".batch/lock"):
            store.remove(path)
    store.remove(PLAN)


def hash_model(folder: Path) -> str:
    """SHA-256 over the files that a model is served from; ModelError where one is missing."""
    digest = hashlib.sha256()
    for name in ("config.json", "crf.npz", "meta.json", "model.onnx", "vocab.txt"):
        path = folder / name
        if path.is_file():
            digest.update(name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _version(folder: Path) -> str:
    try:
        return str(json.loads((folder / "meta.json").read_text("utf-8"))["version"])
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{folder}: not a model folder ({error}). Give the folder of a released model.") from None


def _told(key: str, kept: dict[str, Any], now: dict[str, Any]) -> str:
    """What of a head has changed, in words."""
    if not isinstance(now[key], dict) or not isinstance(kept.get(key), dict):
        return f"{key} was {kept.get(key)}, is {now[key]}"
    parts = [
        f"{part} was {kept[key].get(part)}, is {new}" for part, new in now[key].items() if new != kept[key].get(part)
    ]
    return f"{key} ({', '.join(parts)})"


def _shards(found: Iterable[Piece], options: Options) -> Iterator[Shard]:
    """Consecutive pieces, up to the bounds of a shard; one that is larger alone."""
    names: set[str] = set()
    items: list[Item] = []
    number = count = size = 0
    for piece in found:
        if items and (count >= options.shard_documents or size + piece.size > options.shard_bytes):
            yield Shard(number, tuple(items))
            number, items, count, size = number + 1, [], 0, 0
        _add(items, piece, is_repeated=piece.name in names)
        names.add(piece.name)
        count, size = count + 1, size + piece.size
    if items:
        yield Shard(number, tuple(items))


def _add(items: list[Item], piece: Piece, *, is_repeated: bool) -> None:
    """Append a piece to the last item where it goes on with it, else as an item of its own."""
    repeated = (piece.number,) if is_repeated else ()
    last = items[-1] if items else None
    is_apart = piece.problem or piece.file.kind == "document"
    if last and last.file == piece.file and last.group == piece.group and not is_apart:
        items[-1] = Item(
            piece.file, last.start, piece.stop, last.number, last.group, last.count + 1, (*last.repeated, *repeated)
        )
    else:
        items.append(Item(piece.file, piece.start, piece.stop, piece.number, piece.group, 1, repeated, piece.problem))
