from __future__ import annotations

import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from serving.stores.keys import KeyStore, Role
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
