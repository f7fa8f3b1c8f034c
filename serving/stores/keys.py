"""API keys: made once, shown once, kept as hashes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from serving.stores import tables
from serving.stores.database import Database, now

_PREFIX = "zb"


class Role(StrEnum):
    """What a key may do; each may do what those before it may."""

    EXTRACT = "extract"
    ANNOTATE = "annotate"
    ADMIN = "admin"

    def allows(self, needed: Role) -> bool:
        """Whether this role may do what `needed` may."""
        order = list(Role)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True)
class Key:
    """A key as it is kept."""

    id: str
    name: str
    role: Role
    created: datetime
    revoked: datetime | None


class KeyStore:
    """The keys of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, name: str, role: Role) -> tuple[Key, str]:
        """A new key, and the text that its holder sends; that text cannot be had again."""
        key_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
        row = tables.ApiKey(id=key_id, name=name, role=role, secret_hash=_hashed(secret), created=now())
        with self._database.writing() as session:
            session.add(row)
        return _key(row), f"{_PREFIX}_{key_id}_{secret}"

    def find(self, written: str) -> Key | None:
        """The key that someone sent; None where there is none or it has been revoked."""
        prefix, _, rest = written.partition("_")
        key_id, _, secret = rest.partition("_")
        if prefix != _PREFIX:
            return None
        with self._database.reading() as session:
            row = session.get(tables.ApiKey, key_id)
        if row is None or row.revoked is not None or not hmac.compare_digest(row.secret_hash, _hashed(secret)):
            return None
        return _key(row)

    def all(self) -> list[Key]:
        """Every key ever made, oldest first."""
        with self._database.reading() as session:
            return [_key(row) for row in session.scalars(select(tables.ApiKey).order_by(tables.ApiKey.created))]

    def is_empty(self) -> bool:
        """Whether no key was ever made. Revoking the last one does not open the service again."""
        with self._database.reading() as session:
            return session.scalar(select(tables.ApiKey.id).limit(1)) is None

    def revoke(self, key_id: str) -> bool:
        """End a key at once; False where there is none of this id, or it has ended."""
        with self._database.writing() as session:
            row = session.get(tables.ApiKey, key_id)
            if row is None or row.revoked is not None:
                return False
            row.revoked = now()
        return True


def _hashed(secret: str) -> str:
    # A secret of 256 random bits cannot be guessed: a slow hash would only slow the service.
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _key(row: tables.ApiKey) -> Key:
    return Key(row.id, row.name, Role(row.role), row.created, row.revoked)
