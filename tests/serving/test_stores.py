from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from serving.stores.evaluations import EvaluationStore
from serving.stores.jobs import JobKind, JobStore
from serving.stores.keys import KeyStore, Role
from serving.stores.promotions import ChangeKind, PromotionStore, line_of
from serving.stores.tables import Base


def test_the_migrations_make_the_tables_that_the_code_knows(database):
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_sqlite_writes_ahead_and_keeps_foreign_keys(database):
    with database.reading() as session:
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
        assert session.scalar(text("PRAGMA foreign_keys")) == 1


OPEN = "import sys, pathlib; from serving.stores.database import Database; Database(pathlib.Path(sys.argv[1])).close()"


def test_several_processes_may_open_a_new_database_at_once(tmp_path):
    opening = [subprocess.Popen([sys.executable, "-c", OPEN, tmp_path], stderr=subprocess.PIPE) for _ in range(3)]
    for process in opening:
        assert process.communicate()[1] == b""
        assert process.returncode == 0


def test_keys_are_kept_with_their_times_and_zone(database):
    keys = KeyStore(database)
    made, written = keys.create("张三", Role.ADMIN)
    assert keys.find(written) == made
    assert made.created.tzinfo is not None
    assert keys.revoke(made.id)
    assert not keys.revoke(made.id)
    assert keys.find(written) is None
    assert keys.all()[0].revoked >= made.created


def test_only_changes_that_current_leads_to_came_about(database):
    store = PromotionStore(database)
    first = store.add(ChangeKind.PROMOTE, "a", "shipped", "张三", parent=None, figures={"documents": 8})
    store.add(ChangeKind.PROMOTE, "never", "a", "张三", parent=first.id)  # its process was killed here
    second = store.add(ChangeKind.PROMOTE, "b", "a", "李四", parent=first.id, is_forced=True, reason="年报")
    assert store.until(second.id) == [first, second]
    assert line_of(store.until(second.id)) == ["shipped", "a", "b"]
    third = store.add(ChangeKind.ROLLBACK, "a", "b", "李四", parent=second.id)
    assert line_of(store.until(third.id)) == ["shipped", "a"]
    assert store.until(None) == []
    assert store.until(second.id)[1].reason == "年报"


def test_rolling_back_passes_over_versions_that_were_removed(database):
    store = PromotionStore(database)
    parent = None
    for version, previous in (("a", "shipped"), ("b", "a"), ("c", "b")):
        parent = store.add(ChangeKind.PROMOTE, version, previous, "", parent=parent).id
    parent = store.add(ChangeKind.ROLLBACK, "a", "c", "", parent=parent).id  # b was removed
    assert line_of(store.until(parent)) == ["shipped", "a"]


def test_evaluations_are_kept_newest_first_and_once_for_each_job(database):
    store = EvaluationStore(database)
    for job, f1 in (("1", 0.5), ("2", 0.6), ("1", 0.7)):
        store.keep(job, model="a", baseline=None, dataset="d", author="", result={"f1": f1})
    assert [one.result["f1"] for one in store.of_model("a")] == [0.7, 0.6]
    store.forget("a")
    assert store.of_model("a") == []


def test_what_happens_in_a_job_is_numbered_with_its_progress(database):
    store = JobStore(database)
    job = store.create(None, {"dataset": "d"}, kind=JobKind.TRAINING, author="张三")
    store.tell(job, {"stage": "fit"}, [{"text": "一"}, {"text": "二"}])
    store.tell(job, {"stage": "export"}, [{"text": "三"}])
    assert [(event.number, event.content["text"]) for event in store.events(job, 1)] == [(2, "二"), (3, "三")]
    assert store.get(job).progress == {"stage": "export"}
    assert [one.id for one in store.of_kind(JobKind.TRAINING, None)] == [job]
    assert store.of_kind(JobKind.EVALUATION, None) == []
    assert store.recover(timedelta(hours=-1)) == [(job, JobKind.TRAINING)]
