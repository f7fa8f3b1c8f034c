"""Alembic's entry: runs the migrations on the connection that it is given."""

from alembic import context
from sqlalchemy import text

from serving.stores.database import MIGRATION_LOCK
from serving.stores.tables import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
with context.begin_transaction():
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
    context.run_migrations()
