"""Data sets of annotated documents, each with every version that it ever had.

A version is never changed: saving and deleting add one. Who saves says which version he started from; where another
has saved since, nothing is written and ConflictError says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from serving.stores import tables
from serving.stores.database import Database, now
from zhibiao.schema import AnnotatedDocument


class MissingError(LookupError):
    """There is no such data set, document or version."""


class ConflictError(Exception):
    """Others have saved these documents since: `versions` is the version that each has now, by id."""

    def __init__(self, versions: dict[str, int]) -> None:
        self.versions = versions
        super().__init__(", ".join(f"{name} (version {version})" for name, version in versions.items()))


@dataclass(frozen=True)
class Version:
    """One version of a document; `document` is None where it was deleted."""

    id: str
    version: int
    author: str
    created: datetime
    document: AnnotatedDocument | None


@dataclass(frozen=True)
class DatasetInfo:
    """A data set and how many documents it has."""

    name: str
    documents: int
    created: datetime


class DatasetStore:
    """The data sets of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[DatasetInfo]:
        """Every data set, by name."""
        live = select(func.count()).where(
            tables.Document.dataset_id == tables.Dataset.id, tables.Document.is_deleted.is_(False)
        )
        rows = select(tables.Dataset, live.scalar_subquery()).order_by(tables.Dataset.name)
        with self._database.reading() as session:
            return [DatasetInfo(row.name, count, row.created) for row, count in session.execute(rows)]

    def documents(self, dataset: str) -> list[Version]:
        """The newest version of every document of a data set, in the order in which they were added."""
        with self._database.reading() as session:
            dataset_id = _dataset_id(session, dataset)
            rows = _versions().where(
                tables.Document.dataset_id == dataset_id,
                tables.Document.is_deleted.is_(False),
                tables.DocumentVersion.version == tables.Document.version,
            )
            return list(_read(session, rows.order_by(tables.Document.id)))

    def get(self, dataset: str, document_id: str, version: int | None = None) -> Version:
        """One version of a document, or its newest. MissingError where there is none, or it has been deleted."""
        with self._database.reading() as session:
            row = _document(session, _dataset_id(session, dataset), document_id)
            wanted = version or row.version
            rows = _versions().where(
                tables.DocumentVersion.document_id == row.id, tables.DocumentVersion.version == wanted
            )
            found = next(_read(session, rows), None)
        if found is None or (found.document is None and version is None):
            raise MissingError(f"the document {document_id}" + (f", version {version}" if version else ""))
        return found

    def history(self, dataset: str, document_id: str) -> list[Version]:
        """Every version of a document, oldest first, deletions among them."""
        with self._database.reading() as session:
            row = _document(session, _dataset_id(session, dataset), document_id)
            rows = _versions().where(tables.DocumentVersion.document_id == row.id)
            return list(_read(session, rows.order_by(tables.DocumentVersion.version)))

    def add(self, dataset: str, documents: Sequence[AnnotatedDocument], author: str) -> list[Version]:
        """Add documents, making the data set where there is none: all of them, or none.

        ConflictError where one with the same id is there.
        """
        try:
            with self._database.writing() as session:
                dataset_id = _dataset_id(session, dataset, makes=True)
                taken = _taken(session, dataset_id, [document.id for document in documents])
                if taken:
                    raise ConflictError(taken)
                return [_save(session, dataset_id, document, document.id, author, None) for document in documents]
        except IntegrityError:  # Another added one of them, or the data set, at the same moment.
            raise ConflictError({document.id: 1 for document in documents}) from None

    def save(self, dataset: str, document: AnnotatedDocument, author: str, base: int) -> Version:
        """Save a document that was changed starting from version `base`; ConflictError where that is not the newest."""
        with self._database.writing() as session:
            dataset_id = _dataset_id(session, dataset)
            return _save(session, dataset_id, document, document.id, author, base)

    def delete(self, dataset: str, document_id: str, author: str, base: int) -> Version:
        """Delete a document, starting from version `base`; its versions stay."""
        with self._database.writing() as session:
            return _save(session, _dataset_id(session, dataset), None, document_id, author, base)


Rows = Select[tables.DocumentVersion, str]


def _versions() -> Rows:
    return select(tables.DocumentVersion, tables.Document.name).join(
        tables.Document, tables.Document.id == tables.DocumentVersion.document_id
    )


def _read(session: Session, rows: Rows) -> Iterator[Version]:
    for row, name in session.execute(rows):
        document = AnnotatedDocument.model_validate(row.content) if row.content is not None else None
        yield Version(name, row.version, row.author, row.created, document)


def _dataset_id(session: Session, name: str, *, makes: bool = False) -> int:
    found = session.scalar(select(tables.Dataset.id).where(tables.Dataset.name == name))
    if found is not None:
        return found
    if not makes:
        raise MissingError(f"the data set {name}")
    row = tables.Dataset(name=name, created=now())
    session.add(row)
    session.flush()
    return row.id


def _document(session: Session, dataset_id: int, name: str) -> tables.Document:
    row = session.scalar(
        select(tables.Document).where(tables.Document.dataset_id == dataset_id, tables.Document.name == name)
    )
    if row is None:
        raise MissingError(f"the document {name}")
    return row


def _taken(session: Session, dataset_id: int, names: Sequence[str]) -> dict[str, int]:
    wanted = set(names)
    rows = select(tables.Document.name, tables.Document.version).where(
        tables.Document.dataset_id == dataset_id, tables.Document.is_deleted.is_(False)
    )
    return {name: version for name, version in session.execute(rows) if name in wanted}


def _save(
    session: Session, dataset_id: int, document: AnnotatedDocument | None, name: str, author: str, base: int | None
) -> Version:
    """Add a version of a document. `base` None takes whatever version a deleted one of the same name ended with."""
    row = session.scalar(
        select(tables.Document).where(tables.Document.dataset_id == dataset_id, tables.Document.name == name)
    )
    if row is None:
        if base is not None:
            raise MissingError(f"the document {name}")
        row = tables.Document(dataset_id=dataset_id, name=name, version=0, is_deleted=True)
        session.add(row)
        session.flush()
    if base is not None and row.is_deleted:
        raise MissingError(f"the document {name}")
    started_from = row.version if base is None else base
    saved = session.execute(
        update(tables.Document)
        .where(tables.Document.id == row.id, tables.Document.version == started_from)
        .values(version=started_from + 1, is_deleted=document is None)
    )
    if saved.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE has one
        raise ConflictError({name: row.version})
    version = Version(name, started_from + 1, author, now(), document)
    content = None if document is None else document.model_dump(mode="json")
    session.add(
        tables.DocumentVersion(
            document_id=row.id, version=version.version, author=author, created=version.created, content=content
        )
    )
    return version
