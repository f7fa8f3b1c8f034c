"""API keys, data sets, and their documents with every version."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Take this step."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "api_key",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("created", moment, nullable=False),
        sa.Column("revoked", moment),
        sa.PrimaryKeyConstraint("id", name="pk_api_key"),
    )
    op.create_table(
        "dataset",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("created", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dataset"),
        sa.UniqueConstraint("name", name="uq_dataset_name"),
    )
    op.create_table(
        "document",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("dataset_id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("is_deleted", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(["dataset_id"], ["dataset.id"], name="fk_document_dataset_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_document"),
        sa.UniqueConstraint("dataset_id", "name", name="uq_document_dataset_id"),
    )
    op.create_table(
        "document_version",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("document_id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("created", moment, nullable=False),
        sa.Column("content", sa.JSON),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name="fk_document_version_document_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_document_version"),
        sa.UniqueConstraint("document_id", "version", name="uq_document_version_document_id"),
    )


def downgrade() -> None:
    """Take it back."""
    for table in ("document_version", "document", "dataset", "api_key"):
        op.drop_table(table)
