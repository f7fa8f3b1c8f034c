"""A folder of output on a disk and in an object store, which here is fsspec's own in memory."""

import uuid

import pytest

from zhibiao.batch import plan
from zhibiao.batch.inputs import list_files
from zhibiao.batch.ledger import Ledger
from zhibiao.batch.options import Options
from zhibiao.batch.store import Store
from zhibiao.errors import ZhibiaoError

fsspec = pytest.importorskip("fsspec", reason="the extra `batch` is not installed: pip install 'zhibiao[batch]'")


@pytest.fixture(params=["disk", "memory"])
def store(request, tmp_path):
    return Store(str(tmp_path / "out") if request.param == "disk" else f"memory://{uuid.uuid4()}/out")


def test_files_are_written_replaced_listed_and_removed(store):
    assert store.list() == []
    store.write("facts/year=2020/source=隆回/a.parquet", b"one")
    store.write("facts/year=2020/source=隆回/a.parquet", b"two")
    store.write("manifest.json", b"{}")
    assert store.list() == ["facts/year=2020/source=隆回/a.parquet", "manifest.json"]
    assert store.list("facts") == ["facts/year=2020/source=隆回/a.parquet"]
    assert store.read("facts/year=2020/source=隆回/a.parquet") == b"two"
    assert store.has("manifest.json")
    store.remove("manifest.json")
    assert not store.has("manifest.json")
    with pytest.raises(FileNotFoundError):
        store.read("manifest.json")


def test_what_was_left_half_written_is_swept(tmp_path):
    store = Store(str(tmp_path))
    store.write("facts/a.parquet", b"whole")
    (tmp_path / "facts" / ".b.parquet.77.unfinished").write_bytes(b"ha")
    store.sweep()
    assert [path.name for path in (tmp_path / "facts").iterdir()] == ["a.parquet"]


def test_a_plan_is_kept_and_another_refused(store, tmp_path):
    (tmp_path / "in").mkdir()
    for number in range(5):
        (tmp_path / "in" / f"{number}.txt").write_text("税收5亿元", "utf-8")
    options = Options(shard_documents=2)
    made = plan.make([str(tmp_path / "in")], options)
    plan.keep(made, store)
    plan.keep(made, store)
    lines = store.read(plan.PLAN).decode().splitlines()[1:]
    assert [plan.Shard.load(line) for line in lines] == made.shards
    with pytest.raises(ZhibiaoError, match="shard_documents was 2, is 3"):
        plan.keep(plan.make([str(tmp_path / "in")], Options(shard_documents=3)), store)
    (tmp_path / "in" / "3.txt").write_text("税收6亿元", "utf-8")
    with pytest.raises(ZhibiaoError, match="sha256 was"):
        plan.keep(plan.make([str(tmp_path / "in")], options), store)
    plan.clear(store)
    assert [path for path in store.list() if path != ".batch/lock"] == []


def test_an_object_store_is_read_as_a_folder_is():
    root = f"memory://{uuid.uuid4()}/报告"
    for name in ("b.txt", "a/c.docx", ".hidden", "r.jsonl"):
        with fsspec.open(f"{root}/{name}", "wb") as stream:
            stream.write(b"{}")
    assert [(file.name, file.source, file.kind) for file in list_files([root])] == [
        ("报告/a/c.docx", "报告", "document"),
        ("报告/b.txt", "报告", "document"),
        ("报告/r", "报告", "lines"),
    ]
    assert [file.name for file in list_files([f"{root}/**/*.docx"])] == ["报告/a/c.docx"]


def test_the_ledger_blames_what_a_worker_dies_of_twice_or_too_late():
    ledger = Ledger(seconds=1000, attempts=2)
    assert ledger.begin(1) == {}
    ledger.at(1, 4)
    assert ledger.begin(1) == {}
    ledger.at(1, 5)
    assert ledger.begin(1) == {}
    ledger.at(1, 4)
    assert ledger.begin(1) == {4: "death"}
    ledger.at(1, 6)
    ledger.end(1)
    assert ledger.begin(1) == {4: "death"}
    assert ledger.begin(2) == {}
    late = Ledger(seconds=0, attempts=2)
    late.at(1, 3)
    assert late.begin(1) == {3: "time"}
