"""Processes killed with SIGKILL in the middle of their work: nothing acknowledged is lost, nothing is half done."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from serving.client import Client
from serving.start import listen
from serving.stores.registry import Registry
from tests.serving.conftest import SEEDS, TEXT
from tests.serving.models import annotated, make_model

SERVE = [sys.executable, "-c", "from serving.cli import main; main()"]
DOCUMENT = json.loads(annotated(1))
SEED = SEEDS / "longhui-hightech-zone-2020-performance.txt"


@contextmanager
def process(home: Path, **variables: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A service in a process of its own, ready, and its URL; killed at the end where it still runs."""
    with listen("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    environment = {**os.environ, "ZHIBIAO_HOME": str(home), "ZHIBIAO_JOB_HEARTBEAT_SECONDS": "0.3", **variables}
    with subprocess.Popen([*SERVE, "--port", str(port)], env=environment, stderr=subprocess.DEVNULL) as started:
        url = f"http://127.0.0.1:{port}"
        try:
            end = time.monotonic() + 120
            while True:
                try:
                    with Client(url) as client:
                        client.wait_until_ready(120)
                    break
                except httpx.TransportError:
                    assert started.poll() is None
                    assert time.monotonic() < end
                    time.sleep(0.1)
            yield started, url
        finally:
            started.kill()


class Saver(threading.Thread):
    """Saves version after version of one document, and remembers the last that was acknowledged."""

    def __init__(self, url: str, first: int) -> None:
        super().__init__()
        self.url, self.acknowledged, self.others = url, first, []
        self.path = "/v1/datasets/kept/documents/" + DOCUMENT["id"]

    def run(self) -> None:
        with httpx.Client(base_url=self.url, timeout=30) as http:
            while True:
                changed = {**DOCUMENT, "meta": {"save": self.acknowledged + 1}}
                try:
                    answer = http.put(self.path, json=changed, headers={"If-Match": f'"{self.acknowledged}"'})
                except httpx.TransportError:
                    return
                if answer.is_success:
                    self.acknowledged = answer.json()["version"]
                else:
                    self.others.append(answer.status_code)
                    return


class Repeater(threading.Thread):
    """Makes one call after another until the service is gone; remembers what they were answered with."""

    def __init__(self, url: str, *calls: tuple[str, dict | None]) -> None:
        super().__init__()
        self.url, self.calls, self.statuses = url, calls, set()

    def run(self) -> None:
        with httpx.Client(base_url=self.url, timeout=120) as http:
            try:
                while True:
                    for path, body in self.calls:
                        self.statuses.add(http.post(path, json=body).status_code)
            except httpx.TransportError:
                return


def test_a_service_killed_while_it_reads_saves_and_promotes_starts_again_with_all_that_it_acknowledged(tmp_path):
    worse = make_model(tmp_path / "given", "worse", is_worse=True)
    make_model(tmp_path / "models" / "good", "good")
    promote = ("/v1/models/good/promote", {"force": True, "reason": "a test"})
    acknowledged, known = 1, ("worse", "good")
    for is_new, kill_after in ((True, 0.4), (False, 1.1), (False, 0.7)):
        with process(tmp_path, ZHIBIAO_MODEL=str(worse)) as (service, url), Client(url) as client:
            http = client._http
            if is_new:
                assert http.post("/v1/datasets/kept/documents", content=json.dumps(DOCUMENT)).status_code == 201
            newest = http.get("/v1/datasets/kept/documents").json()
            version = int(http.get(f"/v1/datasets/kept/documents/{DOCUMENT['id']}").headers["etag"].strip('"'))
            assert version in (acknowledged, acknowledged + 1), "at most the save under way is more than was told"
            assert newest["meta"].get("save", 1) == version
            history = http.get(f"/v1/datasets/kept/documents/{DOCUMENT['id']}/versions").json()
            assert [one["version"] for one in history] == list(range(1, version + 1))
            current = [one["version"] for one in http.get("/v1/models").json() if one["is_current"]]
            assert current == [http.get("/health/ready").json()["model"]]
            assert current[0] in known
            changes = http.get(f"/v1/models/{current[0]}").json()["changes"]
            assert not changes or changes[-1]["version"] == current[0]
            saver = Saver(url, version)
            workers = [
                saver,
                Repeater(url, ("/v1/extract", {"text": TEXT * 20})),
                Repeater(url, promote, ("/v1/models/rollback", None)),
            ]
            for worker in workers:
                worker.start()
            time.sleep(kill_after)
            service.send_signal(signal.SIGKILL)
            for worker in workers:
                worker.join()
            assert saver.others == []
            assert all(worker.statuses <= {200, 409} for worker in workers[1:])
            acknowledged = saver.acknowledged
    registry = Registry(tmp_path, worse)
    assert registry.folder_of(registry.current() or "").is_dir()


def test_a_service_that_is_told_to_end_answers_what_it_is_at(tmp_path):
    with process(tmp_path) as (service, url), httpx.Client(base_url=url, timeout=300) as http:
        statuses: list[int] = []
        asking = threading.Thread(
            target=lambda: statuses.append(
                httpx.post(f"{url}/v1/extract", json={"text": (TEXT + "\n") * 500}, timeout=300).status_code
            )
        )
        asking.start()
        while "zhibiao_queue 1.0" not in http.get("/metrics").text:
            assert asking.is_alive()
        service.send_signal(signal.SIGTERM)
        asking.join()
        assert statuses == [200]
        service.wait(60)


@pytest.mark.parametrize("at", ["copying", "copied"])
def test_a_model_whose_copying_was_killed_is_not_there_at_all(tmp_path, at):
    source = make_model(tmp_path / "source", "new")
    code = {
        "copying": "registry.shutil.copytree = lambda a, b: (os.mkdir(b), os.kill(os.getpid(), 9))",
        "copied": "Registry.changing = lambda self: os.kill(os.getpid(), 9)",
    }[at]
    program = (
        "import os, sys; from pathlib import Path; from serving.stores import registry; "
        f"from serving.stores.registry import Registry; {code}; "
        "Registry(Path(sys.argv[1])).install(Path(sys.argv[2]), 'new')"
    )
    done = subprocess.run([sys.executable, "-c", program, tmp_path, source], check=False)
    assert done.returncode == -signal.SIGKILL
    registry = Registry(tmp_path)
    assert "new" not in registry.versions()
    registry.install(source, "new")
    assert "new" in registry.versions()


def test_a_promotion_killed_between_its_record_and_its_carrying_out_never_was(tmp_path):
    make_model(tmp_path / "models" / "good", "good")
    program = (
        "import os, sys; from pathlib import Path; from fastapi.testclient import TestClient; "
        "from serving.app import create_app; from serving.settings import Settings; "
        "from serving.stores.registry import Registry\n"
        "Registry.point_to = lambda self, pointer: os.kill(os.getpid(), 9)\n"
        "with TestClient(create_app(Settings(home=Path(sys.argv[1])))) as client:\n"
        "    client.app.state.service.model.wait()\n"
        "    client.post('/v1/models/good/promote', json={'force': True, 'reason': 'a test'})\n"
    )
    done = subprocess.run([sys.executable, "-c", program, tmp_path], check=False, stderr=subprocess.DEVNULL)
    assert done.returncode == -signal.SIGKILL
    with process(tmp_path) as (_, url), httpx.Client(base_url=url, timeout=60) as http:
        assert http.get("/health/ready").json()["model"] != "good"
        assert http.get("/v1/models/good").json()["changes"] == []
        forced = http.post("/v1/models/good/promote", json={"force": True, "reason": "again"})
        assert forced.status_code == 200
        changes = http.get("/v1/models/good").json()["changes"]
        assert [change["reason"] for change in changes] == ["again"]


class Cluster:
    """A PostgreSQL of the test's own, which it may kill."""

    def __init__(self, folder: Path) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
        if not found or (os.getuid() == 0 and shutil.which("runuser") is None):
            pytest.skip("PostgreSQL is not installed")
        self._programs, self._folder = found[-1], folder
        with listen("127.0.0.1", 0) as free:
            self.port = free.getsockname()[1]
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
        self._run("initdb", "-D", str(folder / "data"), "-A", "trust", "-U", "postgres", "-E", "UTF8")
        self.start()
        self.url = f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        options = f"-h 127.0.0.1 -p {self.port} -k {self._folder}"
        log = str(self._folder / "log")
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-w", "-s", "-l", log, "-o", options, "start")

    def start_again(self) -> None:
        """As a supervisor does: until it works, for the memory of the killed one is given back only by and by."""
        end = time.monotonic() + 60
        while True:
            try:
                self.start()
            except subprocess.CalledProcessError:
                assert time.monotonic() < end
                time.sleep(0.5)
            else:
                return

    def kill(self) -> None:
        """End the server and every process of it, as a machine that fails would."""
        postmaster = int((self._folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        for pid in [postmaster, *map(int, children)]:
            os.kill(pid, signal.SIGKILL)
        while Path(f"/proc/{postmaster}").exists():
            time.sleep(0.05)

    def stop(self) -> None:
        if (self._folder / "data" / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "-w", "-s", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        if os.getuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")


@pytest.fixture
def cluster():
    # Not under pytest's own folder, which other users, PostgreSQL's among them, may not enter.
    with tempfile.TemporaryDirectory() as folder:
        made = Cluster(Path(folder))
        yield made
        made.stop()


def test_a_database_killed_under_saves_and_a_job_keeps_what_was_acknowledged(tmp_path, cluster):
    with process(tmp_path / "home", ZHIBIAO_DATABASE_URL=cluster.url) as (service, url):
        with httpx.Client(base_url=url, timeout=60) as http:
            assert http.post("/v1/datasets/kept/documents", content=json.dumps(DOCUMENT)).status_code == 201
            files = [("files", (f"{n}.txt", SEED.read_bytes()[:3000] + b"\n", "text/plain")) for n in range(3)]
            job = http.post("/v1/jobs", files=files).json()
            saver = Saver(url, 1)
            saver.start()
            time.sleep(0.7)
            cluster.kill()
            saver.join()
            assert saver.others == [503]
            assert http.get("/health/ready").status_code == 503
            assert http.get("/health/live").status_code == 200
            cluster.start_again()
            end = time.monotonic() + 60
            while http.get("/health/ready").status_code != 200:
                assert time.monotonic() < end
                time.sleep(0.1)
            found = http.get(f"/v1/datasets/kept/documents/{DOCUMENT['id']}")
            assert int(found.headers["etag"].strip('"')) in (saver.acknowledged, saver.acknowledged + 1)
            assert saver.acknowledged > 1
            end = time.monotonic() + 120
            while (now := http.get(f"/v1/jobs/{job['id']}").json())["state"] != "done":
                assert time.monotonic() < end, now
                time.sleep(0.2)
            assert (now["done"], now["failed"]) == (3, 0)
        assert service.poll() is None
