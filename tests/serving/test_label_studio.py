"""The Label Studio ML backend: its contract, its predictions judged by Label Studio's own SDK, and a real server.

LABEL_STUDIO_BIN names the `label-studio` program of an environment of its own, for the tests that start it;
LABEL_STUDIO_BASE_DATA_DIR may name a folder in which it was started before: making its database takes minutes.
"""

from __future__ import annotations

import base64
import os
import subprocess
import time
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from serving.app import create_app
from serving.label_studio import held_out, is_held_out
from serving.settings import Settings
from serving.stores.keys import Role
from tests.serving.conftest import TEXT, problem_of, running, service
from zhibiao.formats import labelstudio
from zhibiao.formats.labelling import read_config
from zhibiao.schema import Label

CONFIG = labelstudio.label_config(list(Label))
OTHER_CONFIG = """<View>
  <Text name="report" value="$body"/>
  <Labels name="kind" toName="report"><Label value="AMOUNT"/><Label value="INDICATOR"/></Labels>
</View>"""
EMOJI = "📈" + TEXT


def task(text=TEXT, number=1, key="text", **data):
    return {"id": number, "project": 7, "data": {key: text} | data}


def event(action, text=TEXT, *, words="46.78亿元", label="AMOUNT", number=1, **more):
    start = text.index(words)
    value = {"start": start, "end": start + len(words), "text": words, "labels": [label]}
    region = {"id": "r1", "from_name": "label", "to_name": "text", "type": "labels", "value": value}
    annotation = {"id": 5, "task": number, "result": [region], "was_cancelled": False} | more
    return {
        "action": action,
        "annotation": annotation,
        "task": task(text, number),
        "project": {"id": 7, "label_config": CONFIG},
    }


@pytest.fixture
def fresh(tmp_path):
    with service(home=tmp_path) as client:
        yield client


def saved(client, dataset="label-studio-7"):
    answer = client.get(f"/v1/datasets/{dataset}/documents")
    return [] if answer.status_code == 404 else answer.text.splitlines()


def test_it_is_up_and_says_which_model_answers(client):
    up, connected = client.get("/label-studio/health"), client.post("/label-studio/setup", json={"schema": CONFIG})
    assert up.json()["status"] == "UP"
    assert up.json()["model_version"] == connected.json()["model_version"]


def test_a_task_gets_its_spans_status_and_links(client):
    answer = client.post("/label-studio/predict", json={"tasks": [task(), task("无。", 2)], "label_config": CONFIG})
    first, second = answer.json()["results"]
    kinds = [one["type"] for one in first["result"]]
    assert {"labels", "choices", "relation"} == set(kinds)
    amount = next(one for one in first["result"] if one["value"]["text"] == "46.78亿元")
    assert amount["value"]["labels"] == ["AMOUNT"]
    assert 0.5 < amount["score"] <= 1
    assert 0.5 < first["score"] <= 1
    assert second["result"] == []


def test_offsets_are_those_of_label_studio_after_an_emoji(client):
    answer = client.post("/label-studio/predict", json={"tasks": [task(EMOJI)], "label_config": CONFIG})
    units = EMOJI.encode("utf-16-le")
    regions = [one for one in answer.json()["results"][0]["result"] if one["type"] == "labels"]
    assert regions
    for region in regions:
        value = region["value"]
        assert units[2 * value["start"] : 2 * value["end"]].decode("utf-16-le") == value["text"]


def test_a_configuration_of_ones_own_gets_what_it_has_tags_for(client):
    asked = {"tasks": [task(key="body")], "label_config": OTHER_CONFIG}
    regions = client.post("/label-studio/predict", json=asked).json()["results"][0]["result"]
    spans = [one for one in regions if one["type"] == "labels"]
    assert {(one["from_name"], one["to_name"]) for one in spans} == {("kind", "report")}
    assert {one["value"]["labels"][0] for one in spans} == {"AMOUNT", "INDICATOR"}
    assert not any(one["type"] == "choices" for one in regions)
    ids = {one["id"] for one in spans}
    assert all({one["from_id"], one["to_id"]} <= ids for one in regions if one["type"] == "relation")


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("<View><Text name='t' value='$t'/></View>", "marks no spans"),
        ("<View>", "no XML"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><View>&b;</View>", "document type"),
    ],
)
def test_a_configuration_that_holds_no_spans_is_refused_with_the_remedy(client, config, said):
    for call, body in (("setup", {"schema": config}), ("predict", {"tasks": [task()], "label_config": config})):
        problem = problem_of(client.post(f"/label-studio/{call}", json=body))
        assert said in problem["detail"]
        assert "label-config" in problem["remedy"]


def test_every_task_without_a_text_is_named(client):
    asked = {"tasks": [task(key="other"), task(), {"id": 3, "data": {"text": 5}}], "label_config": CONFIG}
    problem = problem_of(client.post("/label-studio/predict", json=asked))
    assert [fault["pointer"] for fault in problem["errors"]] == ["#/tasks/0/data", "#/tasks/2/data"]


def test_annotations_are_kept_with_every_version(fresh):
    name = held_out("label-studio-7") if is_held_out(TEXT) else "label-studio-7"
    answer = fresh.post("/label-studio/webhook", json=event("ANNOTATION_CREATED"))
    assert answer.json() | {"job": None} == {
        "action": "ANNOTATION_CREATED", "saved": ["1"], "dataset": "label-studio-7", "job": None,
    }  # fmt: skip
    fresh.post("/label-studio/webhook", json=event("ANNOTATION_UPDATED", words="规模工业增加值", label="INDICATOR"))
    found = fresh.get(f"/v1/datasets/{name}/documents/1").json()
    assert [one["label"] for one in found["entities"]] == ["INDICATOR"]
    assert len(fresh.get(f"/v1/datasets/{name}/documents/1/versions").json()) == 2


def test_a_data_set_may_be_named_and_skipped_tasks_are_not_kept(fresh):
    texts = [f"第{number}季度税收{number}.5亿元。" for number in range(1, 30)]
    for number, text in enumerate(texts, 1):
        body = event("ANNOTATION_CREATED", text, words="亿元", number=number, was_cancelled=number == 29)
        assert fresh.post("/label-studio/webhook?dataset=税收", json=body).status_code == 200
    kept, apart = saved(fresh, "税收"), saved(fresh, held_out("税收"))
    assert len(kept) + len(apart) == 28
    assert len(apart) == sum(map(is_held_out, texts[:28]))
    assert apart


def test_several_annotations_at_once(fresh):
    texts = [f"税收{number}亿元。" for number in range(6)]
    events = [event("ANNOTATIONS_CREATED", text, words="亿元", number=n) for n, text in enumerate(texts)]
    body = events[0] | {name: [one[name] for one in events] for name in ("annotation", "task")}
    assert fresh.post("/label-studio/webhook", json=body).json()["saved"] == [str(n) for n in range(6)]
    assert len(saved(fresh) + saved(fresh, held_out("label-studio-7"))) == 6


def test_faulty_annotations_are_told_and_nothing_is_kept(fresh):
    body = event("ANNOTATION_CREATED")
    body["annotation"]["result"][0]["value"]["end"] = 4000
    problem = problem_of(fresh.post("/label-studio/webhook", json=body))
    assert "does not fit the text" in problem["errors"][0]["detail"]
    assert not saved(fresh)
    assert not saved(fresh, held_out("label-studio-7"))
    problem = problem_of(fresh.post("/label-studio/webhook", json=event("ANNOTATION_CREATED") | {"project": None}))
    assert problem["errors"][0]["pointer"] == "#/project/id"


def test_other_events_do_nothing(fresh):
    answer = fresh.post("/label-studio/webhook", json={"action": "PROJECT_UPDATED", "project": {"id": 7}})
    assert answer.json() == {"action": "PROJECT_UPDATED", "saved": [], "dataset": None, "job": None}


def test_training_needs_data_and_an_administrator(fresh):
    start = {"action": "START_TRAINING", "project": {"id": 7}}
    assert problem_of(fresh.post("/label-studio/webhook", json=start))["status"] == 404
    keys = fresh.app.state.service.keys
    _, annotator = keys.create("标注员", Role.ANNOTATE)
    assert problem_of(fresh.post("/label-studio/webhook", json=start))["status"] == 401
    basic = "Basic " + base64.b64encode(f"any:{annotator}".encode()).decode()
    problem = problem_of(fresh.post("/label-studio/webhook", json=start, headers={"Authorization": basic}))
    assert problem["status"] == 403
    answer = fresh.post("/label-studio/setup", json={"schema": CONFIG}, headers={"Authorization": basic})
    assert answer.status_code == 200


def test_the_sdk_takes_what_is_predicted(client):
    interfaces = pytest.importorskip("label_studio_sdk.label_interface", reason="needs the extra `labelstudio`")
    labels = client.app.state.service.model.extractor.labels
    for config, key in ((labelstudio.label_config(labels), "text"), (OTHER_CONFIG, "body")):
        interface = interfaces.LabelInterface(config)
        asked = {"tasks": [task(EMOJI + "\r\n" + TEXT, key=key)], "label_config": config}
        (found,) = client.post("/label-studio/predict", json=asked).json()["results"]
        assert interface.validate_prediction(found, return_errors=True) == []
        assert read_config(config).variable == key


class LabelStudio:
    """A client of a running Label Studio, signed in as its first user."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url, timeout=120)
        self.http.get("/user/login/")
        form = {"email": EMAIL, "password": PASSWORD, "csrfmiddlewaretoken": self.http.cookies["csrftoken"]}
        answer = self.http.post("/user/login/", data=form, headers={"Referer": url})
        assert answer.is_redirect, answer.text

    def call(self, method: str, path: str, body: object = None) -> object:
        headers = {"X-CSRFToken": self.http.cookies["csrftoken"], "Referer": str(self.http.base_url)}
        answer = self.http.request(method, path, json=body, headers=headers, follow_redirects=True)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None


EMAIL, PASSWORD = "annotator@example.com", "a-word-to-sign-in-with"


@pytest.fixture(scope="module")
def label_studio(tmp_path_factory):
    program = os.environ.get("LABEL_STUDIO_BIN")
    if program is None:
        pytest.skip("LABEL_STUDIO_BIN names no label-studio to start")
    folder = tmp_path_factory.mktemp("label-studio")
    port = "18090"
    environment = os.environ | {
        "LABEL_STUDIO_BASE_DATA_DIR": os.environ.get("LABEL_STUDIO_BASE_DATA_DIR", str(folder)),
        "COLLECT_ANALYTICS": "false",
        "LATEST_VERSION_CHECK": "false",
        "SENTRY_DSN": "",
        "FRONTEND_SENTRY_DSN": "",
        "ML_BLOCK_LOCAL_IP": "false",  # the backend is on this machine
        "SSRF_PROTECTION_ENABLED": "false",
    }
    environment.pop("ZHIBIAO_HOME", None)
    arguments = ["start", "--no-browser", "--port", port, "--username", EMAIL, "--password", PASSWORD]
    with Path(folder / "log").open("wb") as log:
        server = subprocess.Popen([program, *arguments], env=environment, stdout=log, stderr=log, cwd=folder)
        try:
            client = LabelStudio(_until_up(f"http://127.0.0.1:{port}", server, folder / "log"))
            with closing(client.http):
                yield client
        finally:
            server.terminate()
            server.wait(30)


def _until_up(url, server, log):
    for _ in range(600):
        assert server.poll() is None, log.read_text("utf-8", "replace")[-2000:]
        try:
            if httpx.get(f"{url}/health").is_success:
                return url
        except httpx.TransportError:
            pass
        time.sleep(1)
    raise AssertionError(log.read_text("utf-8", "replace")[-2000:])


def test_a_real_label_studio_gets_predictions_and_sends_annotations_and_trainings(label_studio, tmp_path):
    texts = [EMOJI, *(f"202{n}年，税收{n}.5亿元，增长{n}%。" for n in range(10))]
    assert 0 < sum(map(is_held_out, texts)) < len(texts)
    app = create_app(Settings(home=tmp_path))
    ls = label_studio
    with running(app) as url, httpx.Client(base_url=url) as ours:
        project = ls.call("POST", "/api/projects/", {"title": "财政报告", "label_config": CONFIG})["id"]
        ls.call("POST", f"/api/projects/{project}/import", [{"text": text} for text in texts])
        backend = ls.call("POST", "/api/ml/", {"url": f"{url}/label-studio", "project": project, "title": "zhibiao"})
        assert backend["readable_state"] == "Connected"
        assert backend["model_version"] == app.state.service.model.extractor.version

        everything = {"all": True, "excluded": []}
        shown = {"selectedItems": everything, "ordering": [], "filters": {"conjunction": "and", "items": []}}
        ls.call("POST", f"/api/dm/actions?id=retrieve_tasks_predictions&project={project}", shown)
        tasks = ls.call("GET", f"/api/tasks/?project={project}&fields=all")["tasks"]
        predicted = {one["id"]: ls.call("GET", f"/api/predictions/?task={one['id']}") for one in tasks}
        assert all(len(found) == 1 for found in predicted.values())
        first = next(one for one in tasks if one["data"]["text"] == EMOJI)
        region = next(
            one for one in predicted[first["id"]][0]["result"] if one.get("value", {}).get("text") == "46.78亿元"
        )
        assert EMOJI.encode("utf-16-le")[2 * region["value"]["start"] :].decode("utf-16-le").startswith("46.78亿元")

        for one in tasks:
            result = predicted[one["id"]][0]["result"]
            made = ls.call("POST", f"/api/tasks/{one['id']}/annotations/", {"result": result})
        kept = saved(ours, f"label-studio-{project}") + saved(ours, held_out(f"label-studio-{project}"))
        assert len(kept) == len(texts)
        ls.call("PATCH", f"/api/annotations/{made['id']}/", {"result": []})
        name = f"label-studio-{project}"
        name = held_out(name) if is_held_out(tasks[-1]["data"]["text"]) else name
        assert ours.get(f"/v1/datasets/{name}/documents/{tasks[-1]['id']}").json()["entities"] == []
        assert len(ours.get(f"/v1/datasets/{name}/documents/{tasks[-1]['id']}/versions").json()) == 2

        ls.call("POST", f"/api/ml/{backend['id']}/train", {})
        started = ours.get("/v1/trainings").json()
        assert [one["dataset"] for one in started] == [f"label-studio-{project}"] * app.state.service.can_train
        for one in started:
            ours.delete(f"/v1/jobs/{one['id']}")
