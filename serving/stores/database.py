"""The database: SQLite in the service's own folder, or PostgreSQL by URL; brought up to date when it is opened."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session, sessionmaker

_MIGRATIONS = Path(__file__).parent / "migrations"
#: Any number that no other program takes on the same PostgreSQL database.
MIGRATION_LOCK = 7_249_011
_WRITES = "zhibiao_writes"
#: Alembic keeps what it works on in its modules: one thread at a time.
_ALEMBIC = threading.Lock()


class Database:
    """Sessions on the service's database; safe to share between threads.

    `url` is one of SQLAlchemy's, or None for SQLite at `home`/zhibiao.db.
    """

    def __init__(self, home: Path, url: str | None = None) -> None:
        if url is None:
            home.mkdir(parents=True, exist_ok=True)
            url = f"sqlite:///{home / 'zhibiao.db'}"
        self.engine = _engine(url)
        upgrade(self.engine)
        self._readers = sessionmaker(self.engine, expire_on_commit=False)
        self._writers = sessionmaker(self.engine.execution_options(**{_WRITES: True}), expire_on_commit=False)

    def reading(self) -> Session:
        """A session, as a context, that only reads."""
        return self._readers()

    def writing(self) -> AbstractContextManager[Session]:
        """A session, as a context, that commits at its end, or takes all back where an error leaves it."""
        return self._writers.begin()

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def upgrade(engine: Engine) -> None:
    """Bring the tables to the newest version; several processes may do so at once."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with _ALEMBIC, engine.execution_options(**{_WRITES: True}).connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def now() -> datetime:
    """The time, with its zone."""
    return datetime.now(UTC)


def _engine(url: str) -> Engine:
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": 30})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's own
    """Readers beside a writer (WAL), every commit on disk, foreign keys; SQLAlchemy begins the transactions."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Take the lock to write at once: a transaction that read first could not take it later without failing."""
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
