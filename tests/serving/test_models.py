"""Evaluations, promotions and rollbacks, on a service that serves a model with two labels taken for each other."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from serving.runners.evaluation import digest
from serving.stores.keys import Role
from serving.stores.registry import Pointer, Registry
from tests.serving.conftest import TEXT, problem_of, service
from tests.serving.models import annotated, make_model
from tests.serving.test_jobs import until

DOCUMENTS = annotated(8)
PROMOTE = "/v1/models/{}/promote"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A client of a service that serves `worse`, with the versions `good`, `same` and `seen` beside it."""
    home = tmp_path_factory.mktemp("served")
    worse = make_model(home / "given", "worse", is_worse=True)
    make_model(home / "models" / "good", "good")
    make_model(home / "models" / "same", "same", is_worse=True)
    first = json.loads(DOCUMENTS.splitlines()[0])["text"]
    make_model(home / "models" / "seen", "seen", trained_on=[digest(first)])
    with service(home=home, model=worse, job_heartbeat_seconds=0.2) as client:
        client.post("/v1/datasets/held-out/documents", content=DOCUMENTS)
        yield client


@pytest.fixture
def client(served):
    """The service, serving `worse` again when a test is over."""
    yield served
    registry = served.app.state.service.registry
    if registry.current() != "worse":
        registry.point_to(Pointer("worse"))
        served.app.state.service.model.refresh()


def evaluated(client, model: str) -> dict:
    """An evaluation of a version, done."""
    submitted = client.post("/v1/evaluations", json={"dataset": "held-out", "model": model})
    assert submitted.status_code == 202, submitted.text
    path = submitted.headers["location"]
    until(client.get(f"/v1/jobs/{submitted.json()['id']}").json(), client, "done", "failed")
    return client.get(path).json()


def test_an_evaluation_has_scores_and_the_paired_test(client):
    answer = evaluated(client, "good")
    assert answer["state"] == "done", answer
    assert (answer["done"], answer["total"]) == (16, 16)
    result = answer["result"]
    assert (result["model"], result["baseline"], result["documents"]) == ("good", "worse", 8)
    compared = {one["score"]: one for one in result["comparisons"]}
    assert compared["spans"]["second_f1"] == pytest.approx(result["scores"]["spans"]["f1"], abs=1e-3)
    assert compared["spans"]["difference"] > 0
    assert result["trained_on"] == []
    job = client.get(f"/v1/jobs/{answer['id']}").json()
    assert (job["kind"], job["result"]) == ("evaluation", f"/v1/evaluations/{answer['id']}")
    assert client.get(f"/v1/jobs/{answer['id']}/result").status_code == 404
    assert answer["id"] in [one["id"] for one in client.get("/v1/evaluations").json()]


def test_the_model_that_is_served_is_evaluated_alone(client):
    answer = client.post("/v1/evaluations", json={"dataset": "held-out"}).json()
    until(client.get(f"/v1/jobs/{answer['id']}").json(), client, "done")
    result = client.get(f"/v1/evaluations/{answer['id']}").json()["result"]
    assert (result["model"], result["baseline"], result["comparisons"]) == ("worse", None, [])


def test_a_better_candidate_is_served_and_rolled_back(client):
    evaluated(client, "good")
    assert client.post("/v1/extract", json={"text": TEXT}).json()["model"] == "worse"
    promoted = client.post(PROMOTE.format("good"), json={})
    assert promoted.status_code == 200, promoted.text
    assert (promoted.json()["version"], promoted.json()["previous"]) == ("good", "worse")
    assert not promoted.json()["is_forced"]
    assert promoted.json()["figures"]["comparisons"]
    assert client.post("/v1/extract", json={"text": TEXT}).json()["model"] == "good"
    assert client.get("/health/ready").json()["model"] == "good"
    flags = {one["version"]: (one["is_current"], one["is_previous"]) for one in client.get("/v1/models").json()}
    assert flags["good"] == (True, False)
    assert flags["worse"] == (False, True)
    assert client.post(PROMOTE.format("good"), json={}).status_code == 409, "it is served already"
    back = client.post("/v1/models/rollback")
    assert (back.json()["kind"], back.json()["version"]) == ("rollback", "worse")
    assert client.post("/v1/extract", json={"text": TEXT}).json()["model"] == "worse"
    again = client.post("/v1/models/rollback")
    assert again.status_code == 409
    problem_of(again)
    detail = client.get("/v1/models/good").json()
    assert [change["kind"] for change in detail["changes"]] == ["promote", "rollback"]


@pytest.mark.parametrize("version", ["same", "seen"])
def test_a_candidate_that_is_not_better_or_has_seen_the_held_out_set_is_refused_unless_forced(client, version):
    refused = client.post(PROMOTE.format(version), json={})
    assert refused.status_code == 409
    assert "has not been compared" in problem_of(refused)["detail"]
    evaluated(client, version)
    refused = client.post(PROMOTE.format(version), json={})
    assert refused.status_code == 409
    problem = problem_of(refused)
    assert ("trained on 1 texts" if version == "seen" else "not shown to be better") in problem["detail"]
    assert len(problem["figures"]["trained_on_held_out"]) == (version == "seen")
    assert problem["figures"]["comparisons"][0]["documents"] == 8
    for lacks_reason in ({"force": True}, {"force": True, "reason": " "}):
        assert client.post(PROMOTE.format(version), json=lacks_reason).status_code == 422
    forced = client.post(PROMOTE.format(version), json={"force": True, "reason": "为演示"})
    assert forced.status_code == 200
    change = client.get(f"/v1/models/{version}").json()["changes"][-1]
    assert (change["is_forced"], change["reason"]) == (True, "为演示")
    assert change["figures"]["against"] == problem["detail"]


def test_all_that_is_known_of_a_version(client):
    evaluated(client, "good")
    answer = client.get("/v1/models/good").json()
    assert answer["scores"]["spans:AMOUNT"]["gold"] > 0
    assert answer["card"].startswith("# ")
    assert answer["meta"]["labels"] == answer["labels"]
    assert answer["reliability"]["bins"]
    assert answer["evaluations"][0]["dataset"] == "held-out"
    assert client.get("/v1/models/nowhere").status_code == 404


def test_versions_can_be_removed_but_not_the_last_ones(client):
    make_model(Path(client.app.state.service.settings.home) / "models" / "spare", "spare")
    evaluated(client, "spare")
    assert client.delete("/v1/models/spare").status_code == 204
    assert client.delete("/v1/models/spare").status_code == 404
    assert client.app.state.service.evaluations.of_model("spare") == []
    refused = client.delete("/v1/models/worse")
    assert refused.status_code == 409
    problem_of(refused)
    client.post(PROMOTE.format("same"), json={"force": True, "reason": "to see what can be removed"})
    for version in ("same", "worse"):
        assert client.delete(f"/v1/models/{version}").status_code == 409


def test_every_process_takes_a_promoted_model_without_a_dropped_request(client):
    """What another process promotes: CURRENT is replaced under a service at work."""
    registry = Registry(Path(client.app.state.service.settings.home))
    registry.point_to(Pointer("good"))
    end, seen = time.monotonic() + 60, set()
    while "good" not in seen and time.monotonic() < end:
        answer = client.post("/v1/extract", json={"text": TEXT})
        assert answer.status_code == 200
        seen.add(answer.json()["model"])
    assert "good" in seen


def test_a_current_that_cannot_be_served_leaves_the_model_at_work(client):
    registry = client.app.state.service.registry
    registry.point_to(Pointer("nowhere"))
    assert not client.app.state.service.model.refresh()
    assert client.post("/v1/extract", json={"text": TEXT}).json()["model"] == "worse"
    with service(home=client.app.state.service.settings.home, model=client.app.state.service.settings.model) as other:
        assert other.get("/health/ready").json()["model"] == "worse", "it starts all the same"


def test_what_is_not_there_is_told(client):
    for body in ({"dataset": "nowhere"}, {"dataset": "held-out", "model": "nowhere"}):
        answer = client.post("/v1/evaluations", json=body)
        assert answer.status_code == 404
        problem_of(answer)
    assert client.get("/v1/trainings/" + "0" * 32).status_code == 404


def test_only_an_administrator_changes_what_is_served(client):
    keys = client.app.state.service.keys
    made = [keys.create(role, role) for role in (Role.EXTRACT, Role.ANNOTATE)]
    for _, written in made:
        headers = {"Authorization": f"Bearer {written}"}
        assert client.get("/v1/models", headers=headers).status_code == 200
        for path in (PROMOTE.format("good"), "/v1/models/rollback", "/v1/trainings"):
            assert client.post(path, headers=headers, json={}).status_code == 403
        assert client.delete("/v1/models/good", headers=headers).status_code == 403


def test_a_service_without_what_training_needs_says_so(tmp_path):
    with service(home=tmp_path, training_python=Path("/bin/false")) as client:
        for name, first in (("new", 0), ("held-out", 8)):
            client.post(f"/v1/datasets/{name}/documents", content=annotated(2, first))
        refused = client.post("/v1/trainings", json={"dataset": "new", "held_out": "held-out"})
    assert refused.status_code == 501
    assert "zhibiao[training]" in problem_of(refused)["remedy"]
