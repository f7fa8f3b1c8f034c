"""The OpenAPI document, and the service held against it by Schemathesis."""

from __future__ import annotations

import time

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from serving.app import create_app
from serving.settings import Settings
from tests.serving.models import annotated

DOCUMENT = create_app(Settings()).openapi()
OPERATIONS = [found.ok() for found in schemathesis.openapi.from_dict(DOCUMENT).get_all_operations()]
#: A schema can say neither that offsets lie within a text nor that words are a number, bytes a document, or a task one
#: of texts: these calls refuse some of what it allows.
BEYOND_A_SCHEMA = {
    "POST /v1/extract/file",
    "POST /v1/datasets/{name}/documents",
    "POST /label-studio/predict",
    "POST /label-studio/setup",
    "POST /label-studio/webhook",
    "POST /v1/reports/facts",
    "POST /v1/reports/file",
    "PUT /v1/datasets/{name}/documents/{id}",
}
VALID, INVALID = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE
#: A call that takes nothing cannot be called wrongly.
CASES = [(operation, VALID) for operation in OPERATIONS] + [
    (operation, INVALID) for operation in OPERATIONS if operation.definition.raw.keys() & {"parameters", "requestBody"}
]


@pytest.mark.parametrize(
    ("operation", "mode"), CASES, ids=[f"{mode.value} {operation.label}" for operation, mode in CASES]
)
def test_the_service_does_what_its_document_says(operation, mode, url):
    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def check(case):
        excluded = [positive_data_acceptance] if operation.label in BEYOND_A_SCHEMA else []
        case.call_and_validate(base_url=url, excluded_checks=excluded)

    check()


THERE = [
    ("GET", "/v1/models/{version}", None, 200),
    ("POST", "/v1/models/{version}/promote", {}, 409),
    ("DELETE", "/v1/models/{version}", None, 409),
    ("GET", "/v1/jobs/{id}", None, 200),
    ("POST", "/v1/jobs/{id}/retry", None, 202),
    ("GET", "/v1/evaluations/{id}", None, 200),
]


@pytest.mark.parametrize(("method", "path", "body", "status"), THERE, ids=[" ".join(one[:2]) for one in THERE])
def test_calls_on_what_is_there_do_what_the_document_says(method, path, body, status, url):
    with httpx.Client(base_url=url, timeout=60) as http:
        http.post("/v1/datasets/for-evaluation/documents", content=annotated(2))
        job = http.post("/v1/evaluations", json={"dataset": "for-evaluation"}).json()
        while http.get(f"/v1/jobs/{job['id']}").json()["state"] != "done":
            time.sleep(0.05)
        version = http.get("/health/ready").json()["model"]
    operation = schemathesis.openapi.from_dict(DOCUMENT)[path][method]
    names = {"version": version, "id": job["id"]}
    given = {name: names[name] for name in ("version", "id") if f"{{{name}}}" in path}
    case = operation.Case(
        path_parameters=given, **({} if body is None else {"body": body, "media_type": "application/json"})
    )
    assert case.call_and_validate(base_url=url, excluded_checks=[positive_data_acceptance]).status_code == status


def test_every_answer_of_an_error_is_a_problem():
    assert "Problem" in DOCUMENT["components"]["schemas"]
    for path, calls in DOCUMENT["paths"].items():
        for method, call in calls.items():
            for status, answer in call["responses"].items():
                if int(status) >= 400:
                    assert list(answer["content"]) == ["application/problem+json"], (method, path, status)


def test_the_report_is_documented_with_its_fields():
    schemas = DOCUMENT["components"]["schemas"]
    assert {"indicator", "value", "growth", "period", "status"} <= set(schemas["Fact"]["properties"])
