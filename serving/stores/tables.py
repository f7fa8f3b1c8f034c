"""The tables of the database. Their history is in migrations/versions; a test holds the two together."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    DateTime,
    Dialect,
    ForeignKey,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Moment(TypeDecorator[datetime]):
    """A time with its zone; SQLite, which keeps none, keeps UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The zone put back."""
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


class Base(DeclarativeBase):
    """Names constraints alike on every database, so that migrations can refer to them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class ApiKey(Base):
    """A key of the API; its secret is kept as a hash only."""

    __tablename__ = "api_key"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    role: Mapped[str] = mapped_column(String(16))
    secret_hash: Mapped[str] = mapped_column(String(64))
    created: Mapped[datetime] = mapped_column(Moment)
    revoked: Mapped[datetime | None] = mapped_column(Moment)


class Dataset(Base):
    """A named set of annotated documents."""

    __tablename__ = "dataset"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    created: Mapped[datetime] = mapped_column(Moment)


class Document(Base):
    """An annotated document of a data set: which of its versions holds, and whether it has been deleted."""

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("dataset_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    version: Mapped[int]
    is_deleted: Mapped[bool] = mapped_column(default=False)


class DocumentVersion(Base):
    """One version of a document, as its author left it; never changed."""

    __tablename__ = "document_version"
    __table_args__ = (UniqueConstraint("document_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"))
    version: Mapped[int]
    author: Mapped[str] = mapped_column(String(100))
    created: Mapped[datetime] = mapped_column(Moment)
    content: Mapped[dict[str, object] | None] = mapped_column(JSON)


class Job(Base):
    """A job, for one caller: documents to read, an evaluation, or a training."""

    __tablename__ = "job"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner: Mapped[str | None] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    options: Mapped[dict[str, object]] = mapped_column(JSON)
    created: Mapped[datetime] = mapped_column(Moment)
    ended: Mapped[datetime | None] = mapped_column(Moment)
    #: When its worker was last known to be alive; a job that waits has the time from which it waits.
    beat: Mapped[datetime] = mapped_column(Moment)
    attempts: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16), server_default="documents")
    author: Mapped[str] = mapped_column(String(100), server_default="")
    progress: Mapped[dict[str, object]] = mapped_column(JSON, server_default="{}")
    result: Mapped[dict[str, object] | None] = mapped_column(JSON)
    error: Mapped[str | None] = mapped_column(Text)


class JobDocument(Base):
    """A document of a job: what was sent, and its report (JSON, as the API gives it) or why there is none."""

    __tablename__ = "job_document"
    __table_args__ = (UniqueConstraint("job_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(255))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    report: Mapped[str | None] = mapped_column(Text)
    error: Mapped[str | None] = mapped_column(Text)


class JobEvent(Base):
    """A line of the log of a training, or a point of its curve; numbered from 1."""

    __tablename__ = "job_event"
    __table_args__ = (UniqueConstraint("job_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"))
    number: Mapped[int]
    created: Mapped[datetime] = mapped_column(Moment)
    content: Mapped[dict[str, object]] = mapped_column(JSON)


class Evaluation(Base):
    """The scores of a model on a data set as it was then, beside those of the model that was served."""

    __tablename__ = "evaluation"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    model: Mapped[str] = mapped_column(String(100), index=True)
    baseline: Mapped[str | None] = mapped_column(String(100))
    dataset: Mapped[str] = mapped_column(String(100))
    author: Mapped[str] = mapped_column(String(100))
    created: Mapped[datetime] = mapped_column(Moment)
    result: Mapped[dict[str, object]] = mapped_column(JSON)


class Promotion(Base):
    """A change of the model that is served. It came about only if CURRENT names it, or one whose ancestor it is."""

    __tablename__ = "promotion"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The change before it.
    parent: Mapped[int | None]
    kind: Mapped[str] = mapped_column(String(16))
    version: Mapped[str] = mapped_column(String(100))
    previous: Mapped[str] = mapped_column(String(100))
    author: Mapped[str] = mapped_column(String(100))
    created: Mapped[datetime] = mapped_column(Moment)
    is_forced: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[str | None] = mapped_column(Text)
    figures: Mapped[dict[str, object] | None] = mapped_column(JSON)
