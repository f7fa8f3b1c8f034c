"""Trainings over HTTP: real runs of a tiny model, started, watched, stopped and killed by the service."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training needs the extra `training`")
pytest.importorskip("fastapi", reason="the service needs the extra `serving`")

from serving.runners.training import recipe_of
from serving.stores.database import Database
from serving.stores.jobs import JobKind, JobState, JobStore
from serving.trainings import TrainingRecipe
from tests.serving.conftest import problem_of, service
from tests.serving.test_jobs import until
from training.__main__ import main
from training.recipe import Recipe, read_recipe

QUICK = {"epochs": 3, "learning_rate": 3e-3, "head_factor": 1.0, "batch_characters": 256}
ENDLESS = QUICK | {"epochs": 100}


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory, tiny_encoder, annotated) -> Path:
    """A finished model to go on from, which has learnt next to nothing."""
    folder = tmp_path_factory.mktemp("base")
    held_out = folder / "held_out.jsonl"
    held_out.write_text(annotated.read_text("utf-8").replace("12.5", "64.2"), "utf-8")
    recipe = folder / "recipe.toml"
    recipe.write_text(
        f'[run]\noutput = "{folder}/run"\nversion = "tiny"\nthreads = 1\n'
        f'[data]\ntrain = ["{annotated}"]\nheld_out = ["{held_out}"]\n'
        f'[encoder]\nsource = "{tiny_encoder}"\nlicence = "none"\n[fit]\nepochs = 1\nbatch_characters = 256\n',
        "utf-8",
    )
    assert main([str(recipe)]) == 0
    return folder / "run" / "model"


@pytest.fixture
def settings(tmp_path, tiny_model):
    return {"home": tmp_path, "model": tiny_model, "job_heartbeat_seconds": 0.3, "training_threads": 1}


def add_data(client, annotated: Path) -> None:
    text = annotated.read_text("utf-8")
    for name, content in (("new", text.replace("12.5", "37.9")), ("held-out", text.replace("12.5", "81.3"))):
        assert client.post(f"/v1/datasets/{name}/documents", content=content).status_code == 201


def train(client, recipe: dict, **more: object) -> dict:
    asked = {"dataset": "new", "held_out": "held-out", "recipe": recipe, **more}
    submitted = client.post("/v1/trainings", json=asked)
    assert submitted.status_code == 202, submitted.text
    return submitted.json()


def training_until(client, training: dict, *states: str) -> dict:
    until(client.get(f"/v1/jobs/{training['id']}").json(), client, *states)
    return client.get(f"/v1/trainings/{training['id']}").json()


def until_fitting(client, training: dict) -> None:
    path = f"/v1/trainings/{training['id']}"
    end = time.monotonic() + 600
    while (now := client.get(path).json())["epoch"] is None:
        assert now["state"] in ("queued", "running"), now
        assert time.monotonic() < end
        time.sleep(0.1)


def processes_of(training: dict) -> list[str]:
    """The processes at work on a training, by their command lines."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes()
        except OSError:
            continue
        if training["id"].encode() in command:
            found.append(path.parent.name)
    return found


@pytest.mark.filterwarnings("default")
def test_a_training_makes_a_candidate_with_scores_beside_the_served_model_s(settings, annotated):
    with service(**settings) as client:
        add_data(client, annotated)
        training = train(client, QUICK | {"epochs": 20}, version="tiny-2")
        assert training["base_model"] == "tiny"
        training = training_until(client, training, "done", "failed")
        assert training["state"] == "done", training["error"]
        evaluation = training["result"]["evaluation"]
        assert (evaluation["model"], evaluation["baseline"], evaluation["trained_on"]) == ("tiny-2", "tiny", [])
        spans = next(one for one in evaluation["comparisons"] if one["score"] == "spans")
        assert spans["second_f1"] > spans["first_f1"]
        events = client.get(f"/v1/trainings/{training['id']}/events").json()
        assert [event["number"] for event in events["events"]] == list(range(1, events["next"] + 1))
        points = [event["point"] for event in events["events"] if event["point"]]
        assert 0 < points[-1]["epoch"] <= 20
        assert points[-1]["loss"] > 0
        assert any("fine-tune" in event["text"] for event in events["events"] if event["text"])
        rest = client.get(f"/v1/trainings/{training['id']}/events", params={"after": events["next"]}).json()
        assert rest["events"] == []
        detail = client.get("/v1/models/tiny-2").json()
        assert (detail["started_from"], detail["training"]["job"]) == ("tiny", training["id"])
        assert not (Path(settings["home"]) / "trainings" / training["id"]).exists()
        promoted = client.post("/v1/models/tiny-2/promote", json={})
        assert promoted.status_code == 200, promoted.text
        assert client.get("/health/ready").json()["model"] == "tiny-2"
        assert client.post("/v1/models/rollback").json()["version"] == "tiny"


def test_a_training_can_be_cancelled_and_tried_again(settings, annotated):
    with service(**settings) as client:
        add_data(client, annotated)
        training = train(client, ENDLESS)
        until_fitting(client, training)
        assert processes_of(training)
        assert client.delete(f"/v1/jobs/{training['id']}").json()["state"] == "cancelled"
        end = time.monotonic() + 30
        while processes_of(training):
            assert time.monotonic() < end
            time.sleep(0.1)
        assert client.post(f"/v1/jobs/{training['id']}/retry").status_code == 202
        training_until(client, training, "running")
        assert client.delete(f"/v1/jobs/{training['id']}").json()["state"] == "cancelled"


@pytest.mark.parametrize(
    ("limits", "why"),
    [
        ({"training_hours": 1e-6}, "ZHIBIAO_TRAINING_HOURS"),
        ({"training_memory_bytes": 256 * 1024**2}, "The training failed"),
    ],
)
def test_a_training_keeps_within_its_limits(settings, annotated, limits, why):
    with service(**settings, **limits) as client:
        add_data(client, annotated)
        training = training_until(client, train(client, ENDLESS), "done", "failed")
        assert training["state"] == "failed"
        assert why in training["error"]
        assert processes_of(training) == []


def test_what_cannot_be_trained_is_refused(settings, annotated):
    with service(**settings) as client:
        add_data(client, annotated)
        asked = {"dataset": "new", "held_out": "held-out"}
        for change, status in (
            ({"dataset": "nowhere"}, 404),
            ({"base_model": "nowhere"}, 404),
            ({"held_out": "new"}, 409),
            ({"version": "tiny"}, 409),
            ({"version": "../tiny"}, 422),
            ({"recipe": {"output": "/tmp"}}, 422),
            ({"recipe": {"epochs": 1e9}}, 422),
        ):
            refused = client.post("/v1/trainings", json=asked | change)
            assert refused.status_code == status, (change, refused.text)
            problem_of(refused)


SERVE = [sys.executable, "-c", "from serving.cli import main; main()", "--port", "0"]


def test_a_training_whose_service_was_killed_ends_with_it_and_goes_on_after_its_last_epoch(settings, annotated):
    home = settings["home"]
    with service(**settings) as client:
        add_data(client, annotated)
    jobs = JobStore(Database(home))
    options = {"base_model": "tiny", "dataset": "new", "held_out": "held-out", "version": "tiny-3"}
    recipe = TrainingRecipe.model_validate(QUICK | {"epochs": 60}).model_dump()
    job_id = jobs.create(None, {**options, "recipe": recipe}, kind=JobKind.TRAINING)
    variables = {f"ZHIBIAO_{name.upper()}": str(value) for name, value in settings.items()}
    checkpoint = home / "trainings" / job_id / "run" / "fit" / "state.pt"
    with subprocess.Popen(SERVE, env={**os.environ, **variables}, stderr=subprocess.DEVNULL) as process:
        end = time.monotonic() + 600
        while not checkpoint.exists():
            assert time.monotonic() < end
            assert jobs.get(job_id).state in (JobState.QUEUED, JobState.RUNNING), jobs.get(job_id)
            time.sleep(0.1)
        process.send_signal(signal.SIGKILL)
    end = time.monotonic() + 10
    while processes_of({"id": job_id}):
        assert time.monotonic() < end, "the training outlives its service"
        time.sleep(0.05)
    with service(**settings) as client:
        training = training_until(client, {"id": job_id}, "done", "failed")
        assert training["state"] == "done", training["error"]
        texts = [event["text"] or "" for event in client.get(f"/v1/trainings/{job_id}/events").json()["events"]]
    assert any("going on after epoch" in text for text in texts)


def test_the_recipe_that_a_service_writes_is_one_that_training_reads(tmp_path):
    options = {"version": "一-1", "recipe": TrainingRecipe().model_dump()}
    path = tmp_path / "recipe.toml"
    path.write_text(recipe_of(options, tmp_path / 'a "folder"', tmp_path, 2), "utf-8")
    recipe = read_recipe(path)
    assert isinstance(recipe, Recipe)
    assert (recipe.run.version, recipe.run.threads, recipe.run.seed) == ("一-1", 2, 13)
    assert json.loads(recipe.fit.model_dump_json())["epochs"] == 2.0
    assert set(TrainingRecipe.model_fields) - {"seed"} <= set(type(recipe.fit).model_fields)
