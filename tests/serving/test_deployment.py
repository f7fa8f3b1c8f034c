"""The files that put the service on a server name settings and files that there are, and keep it in its bounds."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml

from serving.settings import Settings

ROOT = Path(__file__).parents[2]
CONTAINERFILE = (ROOT / "deploy" / "Containerfile").read_text("utf-8")
COMPOSE = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))
UNIT = (ROOT / "deploy" / "zhibiao.service").read_text("utf-8")
VARIABLES = {f"ZHIBIAO_{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize("path", sorted((ROOT / "deploy").iterdir()), ids=lambda path: path.name)
def test_every_setting_that_is_named_is_one(path):
    assert set(re.findall(r"ZHIBIAO_[A-Z_]+", path.read_text("utf-8"))) <= VARIABLES


def test_the_image_is_built_of_what_there_is_and_runs_as_nobody_in_particular():
    steps = [line.split(maxsplit=1) for line in CONTAINERFILE.splitlines() if re.match(r"[A-Z]+ ", line)]
    kept = [line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")]
    for kind, rest in steps:
        if kind == "COPY" and not rest.startswith("--from"):
            for source in shlex.split(rest)[:-1]:
                assert source.endswith("*") or (ROOT / source).exists(), source
                assert source.rstrip("*") in kept, f".dockerignore leaves out {source}"
    assert [rest for kind, rest in steps if kind == "USER"][-1] not in ("root", "0")
    assert '"--get", "/health/ready"' in CONTAINERFILE


def test_two_replicas_share_database_queue_and_models_and_write_nowhere_else():
    service = COMPOSE["services"]["zhibiao"]
    assert service["deploy"]["replicas"] == 2
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert {"ZHIBIAO_DATABASE_URL", "ZHIBIAO_QUEUE_URL"} <= set(service["environment"])
    assert service["volumes"] == ["home:/data"]
    assert "ZHIBIAO_HOME=/data" in CONTAINERFILE
    for name, condition in service["depends_on"].items():
        assert condition == {"condition": "service_healthy"}
        assert COMPOSE["services"][name]["healthcheck"]
    assert all(published.startswith("127.0.0.1:") for published in service["ports"])


@pytest.mark.parametrize("line", ["DynamicUser=yes", "ProtectSystem=strict", "NoNewPrivileges=yes", "PrivateTmp=yes"])
def test_the_unit_keeps_the_service_in_its_bounds(line):
    assert line in UNIT.splitlines()


def test_a_service_that_is_stopped_has_time_to_end_what_it_reads():
    deadline = Settings.model_fields["deadline_seconds"].default
    assert int(re.search(r"^TimeoutStopSec=(\d+)$", UNIT, re.M)[1]) > deadline
    assert int(COMPOSE["services"]["zhibiao"]["stop_grace_period"].removesuffix("s")) > deadline
