from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys

import pytest

from serving.cli import StartError, check_address
from serving.settings import Settings
from tests.serving.conftest import SEEDS

SERVE = [sys.executable, "-c", "from serving.cli import main; main()"]
DEMO = [sys.executable, "-m", "serving.demo"]
SEED = SEEDS / "longhui-hightech-zone-2020-performance.txt"


def run(*command: object, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": "120", **variables}
    return subprocess.run([str(part) for part in command], env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def busy_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken.getsockname()[1]


def test_one_request_can_be_made_without_a_port():
    done = run(*SERVE, "--get", "/health/ready")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["status"] == "ready"


def test_one_request_that_fails_says_so():
    done = run(*SERVE, "--get", "/nowhere")
    assert done.returncode == 1
    assert json.loads(done.stdout)["status"] == 404


def test_a_busy_port_is_a_clear_message(busy_port):
    for command in ([*SERVE, "--port", busy_port], [*DEMO, "--port", busy_port, SEED]):
        done = run(*command)
        assert done.returncode == 1
        assert f"Port {busy_port} of 127.0.0.1 is in use" in done.stderr
        assert "Traceback" not in done.stderr


def test_another_address_than_loopback_needs_keys_or_a_switch():
    done = run(*SERVE, "--host", "0.0.0.0", "--port", 0)
    assert done.returncode == 1
    assert "ZHIBIAO_ALLOW_ANONYMOUS" in done.stderr
    check_address(Settings(host="0.0.0.0", allow_anonymous=True))
    check_address(Settings(host="::1"))
    with pytest.raises(StartError):
        check_address(Settings(host="::"))


def test_unknown_settings_stop_the_start():
    done = run(*SERVE, ZHIBIAO_DEADLINE="5")
    assert done.returncode == 1
    assert "did you mean ZHIBIAO_DEADLINE_SECONDS?" in done.stderr


def test_the_demonstration_prints_the_facts_of_a_report():
    done = run(*DEMO, "--port", 0, "--no-stay", SEED)
    assert done.returncode == 0, done.stderr
    assert re.search(r"\d+ facts of " + re.escape(SEED.name), done.stdout)
    assert re.search(r"http://127\.0\.0\.1:\d+/docs", done.stdout)
    assert "127万元" in done.stdout


@pytest.mark.parametrize("interrupt", [signal.SIGTERM, signal.SIGINT])
def test_a_service_ends_cleanly_when_told_to(interrupt):
    with subprocess.Popen([*SERVE, "--port", "0"], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if json.loads(line)["event"] == "model loaded":
                break
        process.send_signal(interrupt)
        rest = process.stderr.read()
    assert "Traceback" not in rest
    assert process.returncode in (0, -interrupt)
