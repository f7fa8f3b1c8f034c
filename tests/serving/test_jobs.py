from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import time
from datetime import timedelta

import pytest
import redis

from serving.stores.database import Database
from serving.stores.datasets import MissingError
from serving.stores.jobs import MAX_ATTEMPTS, JobState, JobStore
from serving.stores.keys import Role
from tests.serving.conftest import SEEDS, TEXT, problem_of, service

FILES = [("files", (seed.name, seed.read_bytes())) for seed in sorted(SEEDS.glob("*.txt"))[:2]]
BROKEN = ("files", ("broken.txt", bytes(range(256)) * 4))
LONG = ("files", ("long.txt", (TEXT * 1_000).encode()))


@pytest.fixture(params=["sqlite", "redis"])
def client(request, tmp_path):
    """A service on each kind of queue. Redis is flushed: REDIS_TEST_URL names a database of it for tests only."""
    queue_url = None
    if request.param == "redis":
        queue_url = os.environ.get("REDIS_TEST_URL")
        if queue_url is None:
            pytest.skip("REDIS_TEST_URL names no Redis for tests")
        with redis.Redis.from_url(queue_url) as server:
            server.flushdb()
    with service(home=tmp_path, job_heartbeat_seconds=0.2, queue_url=queue_url) as connected:
        yield connected


def until(job: dict, client, *states: str) -> dict:
    """A job once it is in one of these states; it must come there."""
    end = time.monotonic() + 600
    while job["state"] not in states:
        assert time.monotonic() < end, job
        time.sleep(0.05)
        job = client.get(f"/v1/jobs/{job['id']}").json()
    return job


def test_many_documents_are_read_and_one_that_cannot_be_says_why(client):
    submitted = client.post("/v1/jobs", files=[*FILES, BROKEN], data={"amount_unit": "亿元"})
    assert submitted.status_code == 202
    job = submitted.json()
    assert submitted.headers["location"] == f"/v1/jobs/{job['id']}"
    job = until(job, client, "done")
    assert (job["total"], job["done"], job["failed"]) == (3, 2, 1)
    assert "byte" in job["documents"][2]["error"]
    lines = [json.loads(line) for line in client.get(job["result"]).text.splitlines()]
    assert [line["file"] for line in lines] == [name for _, (name, _) in FILES]
    alone = client.post("/v1/extract/file", files={"file": FILES[0][1]}, data={"amount_unit": "亿元"}).json()
    assert lines[0]["facts"] == alone["facts"]
    table = csv.DictReader(io.StringIO(client.get(job["result"] + "?format=csv").content.decode("utf-8-sig")))
    assert len(list(table)) == sum(len(line["facts"]) for line in lines)


def test_a_job_can_be_cancelled_and_tried_again(client):
    job = client.post("/v1/jobs", files=[LONG, *FILES]).json()
    until(job, client, "running")
    assert client.post(f"/v1/jobs/{job['id']}/retry").status_code == 409
    cancelled = client.delete(f"/v1/jobs/{job['id']}").json()
    assert cancelled["state"] == "cancelled"
    assert cancelled["done"] == 0
    other = until(client.post("/v1/jobs", files=FILES).json(), client, "done")
    assert other["done"] == 2, "the worker goes on to the next job"
    assert client.get(f"/v1/jobs/{job['id']}").json()["state"] == "cancelled"
    assert client.post(f"/v1/jobs/{job['id']}/retry").status_code == 202
    assert client.delete(f"/v1/jobs/{job['id']}").json()["state"] == "cancelled"


def test_a_job_is_its_caller_s_alone(client):
    keys = client.app.state.service.keys
    headers = []
    for name, role in (("owner", Role.EXTRACT), ("other", Role.ANNOTATE), ("chief", Role.ADMIN)):
        headers.append({"Authorization": f"Bearer {keys.create(name, role)[1]}"})
    owner, other, chief = headers
    job = client.post("/v1/jobs", files=FILES, headers=owner).json()
    path = f"/v1/jobs/{job['id']}"
    assert client.get(path, headers=owner).status_code == 200
    assert client.get(path, headers=chief).status_code == 200
    for call in (client.get, client.delete):
        refused = call(path, headers=other)
        assert refused.status_code == 404
        problem_of(refused)


def test_a_job_that_was_removed_with_age_is_told_from_one_that_never_was(tmp_path):
    with service(home=tmp_path) as client:
        job = until(client.post("/v1/jobs", files=FILES[:1]).json(), client, "done")
        client.app.state.service.jobs.expire(timedelta(0))
        for call in (
            client.get(f"/v1/jobs/{job['id']}"),
            client.get(job["result"]),
            client.post(f"/v1/jobs/{job['id']}/retry"),
        ):
            assert call.status_code == 410
            problem_of(call)
        keys = client.app.state.service.keys
        other = {"Authorization": f"Bearer {keys.create('other', Role.EXTRACT)[1]}"}
        assert client.get(f"/v1/jobs/{job['id']}", headers=other).status_code == 404


def test_a_job_that_is_not_there_is_told(client):
    answer = client.get("/v1/jobs/" + "0" * 32)
    assert answer.status_code == 404
    problem_of(answer)


def test_a_service_that_ends_in_good_order_hands_its_job_on(tmp_path):
    with service(home=tmp_path) as first:
        job = first.post("/v1/jobs", files=[*FILES, LONG]).json()
        until(job, first, "running")
    store = JobStore(Database(tmp_path))
    assert store.get(job["id"]).state is JobState.QUEUED
    store.keep(store.next_document(job["id"]).id, error="left out to keep the test short")
    with service(home=tmp_path) as second:
        job = until(job, second, "done")
    assert job["done"] + job["failed"] == 3


WORK = """
import sys
from pathlib import Path
from fastapi.testclient import TestClient
from serving.app import create_app
from serving.logs import configure_logs
from serving.settings import Settings
configure_logs("json", "error")
with TestClient(create_app(Settings(home=Path(sys.argv[1])))) as client:
    client.app.state.service.model.wait()
    files = [("files", ("long.txt", sys.argv[2].encode() * 1_000))]
    job = client.post("/v1/jobs", files=[("files", ("short.txt", sys.argv[2].encode())), *files]).json()
    while not client.get(f"/v1/jobs/{job['id']}").json()["done"]:
        pass
    print(job["id"], flush=True)
    import time
    time.sleep(600)
"""


def test_a_job_whose_process_was_killed_is_taken_up_where_it_was(tmp_path):
    command = [sys.executable, "-c", WORK, str(tmp_path), TEXT]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ}) as process:
        assert process.stdout is not None
        job = {"id": process.stdout.readline().strip(), "state": "running"}
        process.kill()
    store = JobStore(Database(tmp_path))
    before = store.get(job["id"])
    assert before.state is JobState.RUNNING
    store.keep(store.next_document(job["id"]).id, error="left out to keep the test short")
    with service(home=tmp_path, job_heartbeat_seconds=0.2) as second:
        job = until(job, second, "done")
    assert (job["done"], job["failed"]) == (1, 1)


def test_a_job_that_ends_its_worker_each_time_is_lost(database):
    jobs = JobStore(database)
    job_id = jobs.create(None, {}, [("a.txt", b"")])
    for _ in range(MAX_ATTEMPTS):
        assert jobs.claim(job_id)
        assert not jobs.claim(job_id), "one worker at a time"
        assert jobs.recover(timedelta(hours=1)) == []
        jobs.recover(timedelta(0))
    assert jobs.get(job_id).state is JobState.LOST
    assert not jobs.beat(job_id)
    assert jobs.retry(job_id)
    assert jobs.claim(job_id)


def test_old_jobs_are_removed_with_their_documents(database):
    jobs = JobStore(database)
    ended, waiting = (jobs.create(None, {}, [("a.txt", b"")]) for _ in range(2))
    assert jobs.cancel(ended)
    assert not jobs.cancel(ended)
    assert jobs.expire(timedelta(days=1)) == 0
    assert jobs.expire(timedelta(0)) == 1
    with pytest.raises(MissingError):
        jobs.get(ended)
    assert jobs.next_document(waiting) is not None
