"""Jobs and their documents."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Take this step."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "job",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("owner", sa.String(16)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("options", sa.JSON, nullable=False),
        sa.Column("created", moment, nullable=False),
        sa.Column("ended", moment),
        sa.Column("beat", moment, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
    )
    op.create_table(
        "job_document",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("job_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("report", sa.Text),
        sa.Column("error", sa.Text),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name="fk_job_document_job_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_job_document"),
        sa.UniqueConstraint("job_id", "number", name="uq_job_document_job_id"),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("job_document")
    op.drop_table("job")
