from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys

import pytest

from serving.settings import Settings
from serving.start import StartError, check_address
from serving.stores.database import Database
from serving.stores.keys import KeyStore, Role
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


def test_a_service_that_runs_can_be_asked_as_a_health_check_does(url):
    done = run(*SERVE, "--get", "/health/ready", "--of", url)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["status"] == "ready"
    gone = run(*SERVE, "--get", "/health/ready", "--of", "http://127.0.0.1:9")
    assert gone.returncode == 1
    assert "does not answer" in gone.stderr


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


def test_which_addresses_may_be_served(tmp_path):
    keys = KeyStore(Database(tmp_path))
    check_address(Settings(host="0.0.0.0", allow_anonymous=True), keys)
    check_address(Settings(host="::1"), keys)
    with pytest.raises(StartError):
        check_address(Settings(host="::"), keys)
    key, _ = keys.create("bureau", Role.EXTRACT)
    check_address(Settings(host="::"), keys)
    keys.revoke(key.id)
    with pytest.raises(StartError):
        check_address(Settings(host="::"), keys)


def test_another_address_than_loopback_needs_keys_or_a_switch():
    done = run(*SERVE, "--host", "0.0.0.0", "--port", 0)
    assert done.returncode == 1
    assert "ZHIBIAO_ALLOW_ANONYMOUS" in done.stderr


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
    assert process.returncode in (0, -interrupt, 128 + interrupt)


def test_keys_are_made_listed_and_revoked(tmp_path):
    home = {"ZHIBIAO_HOME": str(tmp_path)}
    made = run(*SERVE, "keys", "create", "审计局", "--role", "annotate", **home)
    assert made.returncode == 0, made.stderr
    secret = made.stdout.strip()
    listed = run(*SERVE, "keys", "list", **home).stdout
    key_id = listed.split()[0]
    assert "审计局" in listed
    assert "annotate" in listed
    assert secret not in listed
    assert secret.encode() not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert run(*SERVE, "keys", "revoke", key_id, **home).returncode == 0
    assert "revoked" in run(*SERVE, "keys", "list", **home).stdout
    again = run(*SERVE, "keys", "revoke", key_id, **home)
    assert again.returncode == 1
    assert key_id in again.stderr


def test_a_database_that_cannot_be_opened_is_a_clear_message(tmp_path):
    (tmp_path / "file").write_text("")
    done = run(*SERVE, "keys", "list", ZHIBIAO_HOME=str(tmp_path / "file" / "home"))
    assert done.returncode == 1
    assert "ZHIBIAO_HOME" in done.stderr
    assert "Traceback" not in done.stderr
