"""That what comes out does not depend on how it came about: workers, nodes, deaths, kills, further runs."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest

from tests.batch.conftest import failures, rows, started, tree, write_jsonl
from zhibiao.batch import Options, run
from zhibiao.batch.worker import ShardWorker
from zhibiao.errors import ZhibiaoError

ray = pytest.importorskip("ray", reason="the extra `batch` is not installed: pip install 'zhibiao[batch]'")

SMALL = Options(shard_documents=2)


class TellsItsNode(ShardWorker):
    """A worker that leaves the name of its node beside the output."""

    def __call__(self, batch):
        folder = self._store.folder.with_name("nodes")
        folder.mkdir(exist_ok=True)
        (folder / ray.get_runtime_context().get_node_id()).touch()
        return super().__call__(batch)


class DiesOrHangs(ShardWorker):
    """A worker that some documents kill, as one would that needs more memory than there is, or hold for good."""

    def read(self, one):
        if one.name.endswith("kills"):
            os.kill(os.getpid(), signal.SIGKILL)
        if one.name.endswith("hangs"):
            re.fullmatch("(a+)+b", "a" * 64)  # for years, and holding the interpreter's lock
        return super().read(one)


@pytest.fixture(scope="module")
def undisturbed(cluster, written, tmp_path_factory):
    """The output of one worker that nothing happens to."""
    out = tmp_path_factory.mktemp("undisturbed")
    run([str(written)], str(out), SMALL, workers=1)
    assert len(tree(out)) > 8
    return out


def test_two_workers_give_the_same_as_one(undisturbed, written, tmp_path):
    run([str(written)], str(tmp_path / "out"), SMALL, workers=2)
    assert tree(tmp_path / "out") == tree(undisturbed)


def test_two_nodes_give_the_same_as_one(cluster, undisturbed, written, tmp_path):
    node = started(lambda: cluster.add_node(num_cpus=2, object_store_memory=100 * 2**20))
    try:
        cluster.wait_for_nodes()
        run([str(written)], str(tmp_path / "out"), SMALL, workers=4, worker=TellsItsNode)
    finally:
        cluster.remove_node(node)
    assert len(list((tmp_path / "nodes").iterdir())) == 2
    assert tree(tmp_path / "out") == tree(undisturbed)


def test_a_run_killed_in_the_middle_is_gone_on_with(undisturbed, written, tmp_path):
    out = tmp_path / "out"
    command = [sys.executable, "-m", "zhibiao", "batch", str(written), str(out), "--workers", "1"]
    command += ["--shard-documents", "2"]
    environment = {name: value for name, value in os.environ.items() if name != "RAY_ADDRESS"}
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as started:
        end = time.monotonic() + 300
        while not list(out.glob(".batch/shards/*.json")):
            assert started.poll() is None
            assert time.monotonic() < end
            time.sleep(0.05)
        started.send_signal(signal.SIGKILL)
    finished = {path: path.stat().st_mtime_ns for path in out.glob(".batch/shards/*.json")}
    assert not (out / "manifest.json").exists()
    (out / "reports" / ".part-000005.parquet.1.unfinished").write_bytes(b"half")
    (out / "reports" / "part-000005.parquet").write_bytes(b"of a shard that was not finished")
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert "12 reports" in done.stderr.decode()
    assert {path: path.stat().st_mtime_ns for path in finished} == finished
    assert tree(out) == tree(undisturbed)


def test_only_shards_that_are_not_finished_are_done(undisturbed, written, tmp_path):
    out = tmp_path / "out"
    shutil.copytree(undisturbed, out)
    (out / ".batch" / "shards" / "part-000002.json").unlink()
    told = []
    summary = run([str(written)], str(out), SMALL, told=told.append)
    assert (summary.done_now, told[-1].done, told[-1].reports) == (2, 12, 12)
    assert tree(out) == tree(undisturbed)
    assert run([str(written)], str(out), SMALL).done_now == 0


def test_a_document_that_kills_or_holds_its_worker_is_set_aside_and_the_others_are_done(cluster, written, tmp_path):
    records = [json.loads(line) for line in written.read_text("utf-8").splitlines()[:4]]
    given = write_jsonl(
        tmp_path / "a.jsonl",
        [*records[:1], {"id": "kills", "text": "税收"}, *records[1:3], {"id": "hangs", "text": "税收"}, *records[3:]],
    )
    run([str(given)], str(tmp_path / "out"), timeout=20, worker=DiesOrHangs)
    aside = failures(tmp_path / "out")
    assert {name: one["error"] for name, one in aside.items()} == {"a/kills": "NotReadError", "a/hangs": "Timeout"}
    assert "died" in aside["a/kills"]["message"]
    assert [row["report"] for row in rows(tmp_path / "out", "reports")] == [f"a/{one['id']}" for one in records]
    summary = run([str(given)], str(tmp_path / "out"), retry=True)
    assert summary.failures == 0
    assert len(rows(tmp_path / "out", "reports")) == 6


def test_what_takes_too_long_is_set_aside(cluster, written, tmp_path):
    summary = run([str(written)], str(tmp_path / "out"), timeout=1e-9)
    assert summary.manifest["failures"] == {"Timeout": 12}
    assert "--timeout" in failures(tmp_path / "out")[next(iter(failures(tmp_path / "out")))]["message"]


def test_another_run_in_the_same_folder_is_refused(undisturbed, written, tmp_path):
    out = tmp_path / "out"
    shutil.copytree(undisturbed, out)
    with pytest.raises(ZhibiaoError, match=r"options \(year was None, is 2019\).*--restart"):
        run([str(written)], str(out), Options(year=2019, shard_documents=2))
    more = write_jsonl(tmp_path / "written.jsonl", [{"id": "1", "text": "2020年税收5亿元。"}])
    with pytest.raises(ZhibiaoError, match=r"inputs \(bytes was \d+, is \d+, sha256 was"):
        run([str(more)], str(out), SMALL)
    assert tree(out) == tree(undisturbed)
    run([str(more)], str(out), SMALL, restart=True)
    assert [row["report"] for row in rows(out, "reports")] == ["written/1"]


def test_folders_that_are_not_ours_are_refused(written, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("税收5亿元")
    with pytest.raises(ZhibiaoError, match="holds other files"):
        run([str(written)], str(tmp_path / "mine"))
    with pytest.raises(ZhibiaoError, match="holds other files"):
        run([str(written)], str(tmp_path / "mine"), restart=True)
    with pytest.raises(ZhibiaoError, match="lies within"):
        run([str(tmp_path)], str(tmp_path / "out"))
    with pytest.raises(ZhibiaoError, match=r"none.*\n.*neither"):
        run([str(tmp_path / "none"), str(tmp_path / "neither*")], str(tmp_path / "new"))
    with pytest.raises(ZhibiaoError, match="nosuch"):
        run(["nosuch://bucket/a"], str(tmp_path / "new"))


def test_a_folder_at_work_is_refused(undisturbed, written):
    fcntl = pytest.importorskip("fcntl")
    with (undisturbed / ".batch" / "lock").open("wb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        with pytest.raises(ZhibiaoError, match="at work there"):
            run([str(written)], str(undisturbed), SMALL)
