from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from serving.stores.database import Database
from serving.stores.tables import Base


@pytest.fixture
def database(tmp_path):
    opened = Database(tmp_path)
    yield opened
    opened.close()


def test_the_migrations_make_the_tables_that_the_code_knows(database):
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_sqlite_writes_ahead_and_keeps_foreign_keys(database):
    with database.reading() as session:
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
        assert session.scalar(text("PRAGMA foreign_keys")) == 1


def test_several_may_open_a_new_database_at_once(tmp_path):
    with ThreadPoolExecutor(4) as together:
        opened = list(together.map(lambda _: Database(tmp_path), range(4)))
    for database in opened:
        database.close()
