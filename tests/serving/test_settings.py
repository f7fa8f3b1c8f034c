from __future__ import annotations

from pathlib import Path

import pytest
from pydantic_core import PydanticUndefined

from serving.settings import Settings, SettingsError, read_settings

DOCUMENTATION = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented(name):
    field = Settings.model_fields[name]
    row = next((line for line in DOCUMENTATION.splitlines() if line.startswith(f"| `ZHIBIAO_{name.upper()}` |")), None)
    assert row is not None, f"docs/settings.md lacks ZHIBIAO_{name.upper()}"
    _, _, default, description, _ = (cell.strip() for cell in row.split("|"))
    assert description == field.description
    if field.default is not PydanticUndefined:
        written = "" if field.default is None else str(field.default).lower()
        assert default.strip("`").lower() == written


def test_no_setting_is_documented_that_is_not_there():
    documented = {line.split("`")[1] for line in DOCUMENTATION.splitlines() if line.startswith("| `ZHIBIAO_")}
    assert documented == {f"ZHIBIAO_{name.upper()}" for name in Settings.model_fields}


def test_an_unknown_variable_is_refused_with_the_nearest_known():
    with pytest.raises(SettingsError, match="ZHIBIAO_PROT: there is no such setting; did you mean ZHIBIAO_PORT"):
        read_settings({"ZHIBIAO_PROT": "1"})


def test_every_fault_is_told_at_once(monkeypatch):
    monkeypatch.setenv("ZHIBIAO_PORT", "http")
    monkeypatch.setenv("ZHIBIAO_WORKERS", "0")
    monkeypatch.setenv("ZHIBIAO_HOTS", "::1")
    with pytest.raises(SettingsError) as refused:
        read_settings()
    for name in ("ZHIBIAO_PORT", "ZHIBIAO_WORKERS", "ZHIBIAO_HOTS"):
        assert name in str(refused.value)


def test_an_option_stands_above_its_variable(monkeypatch):
    monkeypatch.setenv("ZHIBIAO_PORT", "9001")
    assert read_settings(port=None).port == 9001
    assert read_settings(port=9002).port == 9002


@pytest.mark.parametrize(
    ("host", "is_loopback"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.5", False),
        ("localhost.example", False),
    ],
)
def test_which_addresses_are_loopback(host, is_loopback):
    assert Settings(host=host).is_loopback is is_loopback
