"""Evaluations and trainings as jobs, what came of them, and which model was promoted when, by whom and why."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Take this step."""
    moment = sa.DateTime(timezone=True)
    op.add_column("job", sa.Column("kind", sa.String(16), nullable=False, server_default="documents"))
    op.add_column("job", sa.Column("author", sa.String(100), nullable=False, server_default=""))
    op.add_column("job", sa.Column("progress", sa.JSON, nullable=False, server_default="{}"))
    op.add_column("job", sa.Column("result", sa.JSON))
    op.add_column("job", sa.Column("error", sa.Text))
    op.create_table(
        "job_event",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("job_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("created", moment, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name="fk_job_event_job_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_job_event"),
        sa.UniqueConstraint("job_id", "number", name="uq_job_event_job_id"),
    )
    op.create_table(
        "evaluation",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("model", sa.String(100), nullable=False),
        sa.Column("baseline", sa.String(100)),
        sa.Column("dataset", sa.String(100), nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("created", moment, nullable=False),
        sa.Column("result", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_evaluation"),
    )
    op.create_index("ix_evaluation_model", "evaluation", ["model"])
    op.create_table(
        "promotion",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("parent", sa.Integer),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("version", sa.String(100), nullable=False),
        sa.Column("previous", sa.String(100), nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("created", moment, nullable=False),
        sa.Column("is_forced", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("figures", sa.JSON),
        sa.PrimaryKeyConstraint("id", name="pk_promotion"),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("promotion")
    op.drop_table("evaluation")
    op.drop_table("job_event")
    with op.batch_alter_table("job") as job:
        for name in ("error", "result", "progress", "author", "kind"):
            job.drop_column(name)
