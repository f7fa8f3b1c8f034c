"""`zhibiao normalize` prints what was read."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from zhibiao.cli.app import app, main


def run(*arguments: str, given: str | None = None) -> str:
    result = CliRunner().invoke(app, ["normalize", *arguments], input=given, env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    return result.output


def test_an_expression_as_table() -> None:
    output = run("350余万元")
    assert "3500000" in output
    assert "3600000" in output
    assert "CNY" in output


def test_a_running_text_as_json() -> None:
    rows = json.loads(run("规模工业增加值46.78亿元，新增企业38家，占比88.5%。", "--format", "json"))
    assert [(row["kind"], row["text"]) for row in rows] == [
        ("amount", "46.78亿元"),
        ("quantity", "38家"),
        ("ratio", "88.5%"),
    ]
    assert rows[0]["value"]["value"] == "4678000000"
    assert rows[0]["value"]["written"] == {"number": "46.78", "scale": "亿", "unit": "元"}


def test_standard_input_year_unit_and_amount_unit() -> None:
    assert "2020-06-30" in run("-", "--year", "2020", given="上半年\n")
    [row] = json.loads(
        run("12,345.67", "--as", "amount", "--unit", "万元", "--amount-unit", "亿元", "--format", "json")
    )
    assert row["value"]["shown"] == {"value": "1.234567", "unit": "亿元"}


def test_an_error_shows_text_caret_and_remedy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["zhibiao", "normalize", "12,345.67", "--as", "amount"])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 1
    shown = capsys.readouterr().err
    assert "12,345.67" in shown
    assert "^" in shown
    assert "unit='万元'" in shown
