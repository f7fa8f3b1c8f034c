from __future__ import annotations

import json
import logging
import socket
import time

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

from serving.app import create_app
from serving.logs import configure_logs
from serving.settings import Settings
from tests.serving.conftest import TEXT, problem_of, running, service


def test_a_request_s_id_is_the_client_s_where_it_is_fit(client):
    assert client.get("/health/live", headers={"x-request-id": "bureau-17"}).headers["x-request-id"] == "bureau-17"
    made = client.get("/health/live", headers={"x-request-id": "two words"}).headers["x-request-id"]
    assert len(made) == 32


def test_traceparent_is_passed_on_where_it_is_one(client):
    traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    assert client.get("/health/live", headers={"traceparent": traceparent}).headers["traceparent"] == traceparent
    assert "traceparent" not in client.get("/health/live", headers={"traceparent": "x"}).headers


@pytest.mark.parametrize("path", ["/", "/docs", "/openapi.json", "/health/live", "/nowhere", "/static/app.js"])
def test_every_answer_has_the_security_headers(client, path):
    headers = client.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert "server" not in headers


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nowhere", 404), ("PUT", "/v1/extract", 405)])
def test_errors_of_routing_are_problems_too(client, method, path, status):
    answer = client.request(method, path)
    assert answer.status_code == status
    problem_of(answer)


def test_metrics_tell_of_requests_stages_and_model(client):
    client.post("/v1/extract", json={"text": TEXT})
    metrics = client.get("/metrics").text
    model = client.get("/health/ready").json()["model"]
    assert f'zhibiao_model_info{{version="{model}"}} 1.0' in metrics
    assert 'zhibiao_requests_total{method="POST",route="/v1/extract",status="200"}' in metrics
    for stage in ("wait", "extract", "write"):
        assert f'zhibiao_stage_seconds_count{{stage="{stage}"}}' in metrics
    assert "zhibiao_queue 0.0" in metrics


def test_metrics_tell_of_jobs_and_hold_without_the_database(tmp_path, monkeypatch):
    with service(home=tmp_path) as client:
        job = client.post("/v1/jobs", files=[("files", (name, TEXT.encode())) for name in ("a.txt", "b.txt")]).json()
        while client.get(f"/v1/jobs/{job['id']}").json()["state"] != "done":
            time.sleep(0.05)
        metrics = client.get("/metrics").text
        assert 'zhibiao_jobs{kind="documents",state="done"} 1.0' in metrics
        assert 'zhibiao_jobs{kind="training",state="queued"} 0.0' in metrics
        assert "zhibiao_job_documents_sum 2.0" in metrics

        def unreachable() -> None:
            raise OperationalError("SELECT", {}, OSError("connection refused"))

        monkeypatch.setattr(client.app.state.service.jobs, "counts", unreachable)
        metrics = client.get("/metrics")
        assert metrics.status_code == 200
        assert "zhibiao_jobs{" not in metrics.text
        assert "zhibiao_job_documents_sum 2.0" in metrics.text


def test_a_failure_tells_the_client_nothing_and_the_log_no_text(capsys):
    application = create_app(Settings())

    @application.get("/fails")
    def fails() -> None:
        raise RuntimeError("规模工业增加值 is what the report says")

    root = logging.getLogger()
    before = root.handlers, root.level
    configure_logs("json", "info")
    try:
        with TestClient(application, raise_server_exceptions=False) as client:
            answer = client.get("/fails")
    finally:
        root.handlers, root.level = before
    assert answer.status_code == 500
    problem_of(answer)
    assert "Traceback" not in answer.text
    logged = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    failure = next(line for line in logged if line["event"] == "failed")
    assert failure["error"] == "RuntimeError"
    assert failure["request_id"] == answer.headers["x-request-id"]
    assert any(call.endswith(" fails") for call in failure["calls"])
    assert "规模工业增加值" not in json.dumps(logged, ensure_ascii=False)


def test_the_work_of_a_client_that_goes_away_is_stopped():
    application = create_app(Settings(workers=1))
    body = json.dumps({"text": TEXT * 20_000}).encode()
    head = (
        f"POST /v1/extract HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    metrics = application.state.service.metrics
    with running(application) as url:
        port = int(url.rsplit(":", 1)[1])
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(head.encode() + body)
            while metrics.registry.get_sample_value("zhibiao_queue") != 1:
                time.sleep(0.01)
        while metrics.registry.get_sample_value("zhibiao_queue") != 0:
            time.sleep(0.01)
    assert metrics.registry.get_sample_value("zhibiao_unfinished_total", {"why": "client_gone"}) == 1
    assert metrics.registry.get_sample_value("zhibiao_text_characters_count") == 0
