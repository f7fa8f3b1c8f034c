"""The page on many reports names every option, column and bound as they are."""

import inspect
from pathlib import Path

import typer

from zhibiao.batch.options import Options
from zhibiao.batch.runner import run
from zhibiao.batch.tables import FACT_COLUMNS, REPORT_COLUMNS
from zhibiao.batch.worker import directory
from zhibiao.cli import batch

PAGE = (Path(__file__).parents[2] / "docs" / "batch.md").read_text("utf-8")


def test_every_option_is_documented():
    app = typer.Typer(add_completion=False)
    batch.register(app)
    options = [option for one in typer.main.get_command(app).params for option in one.opts if option.startswith("--")]
    assert [option for option in options if f"`{option}`" not in PAGE] == []


def test_every_column_is_documented():
    groups = ("subject_", "report_subject_", "indicator_")
    for name in (*FACT_COLUMNS, *REPORT_COLUMNS):
        known = next((f"{group}*" for group in groups if name.startswith(group)), name)
        assert f"`{known}`" in PAGE, name


def test_the_bounds_are_as_documented():
    options = Options()
    assert f"bounds of a shard: {options.shard_documents}, {options.shard_bytes // 1024}" in PAGE
    assert f"`--timeout` seconds ({inspect.signature(run).parameters['timeout'].default:g})" in PAGE


def test_a_source_is_named_as_hive_does():
    assert directory("隆回 2020/a=b%") == "隆回 2020%2Fa%3Db%25"
