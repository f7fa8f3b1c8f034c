"""What must hold before the service starts: its database, its port, and that nobody reaches it unasked."""

from __future__ import annotations

import errno
import socket

from sqlalchemy.exc import SQLAlchemyError

from serving.settings import Settings
from serving.stores.database import Database
from serving.stores.keys import KeyStore


class StartError(Exception):
    """The service cannot start; the message says why and what to do."""


def open_database(settings: Settings) -> Database:
    """The database of these settings; StartError where it cannot be had."""
    try:
        return Database(settings.home, settings.database_url)
    except (SQLAlchemyError, OSError, ImportError) as error:
        where = "ZHIBIAO_DATABASE_URL" if settings.database_url else f"ZHIBIAO_HOME ({settings.home})"
        raise StartError(f"The database cannot be opened: {error}\nSee that {where} is right.") from None


def check_address(settings: Settings, keys: KeyStore) -> None:
    """Raise StartError where others could reach the service and nothing says that they may."""
    if settings.is_loopback or settings.allow_anonymous or any(key.revoked is None for key in keys.all()):
        return
    raise StartError(
        f"{settings.host} can be reached from other machines, and there are no API keys.\n"
        "Make one with `zhibiao-serve keys create NAME`, or listen on 127.0.0.1,\n"
        "or set ZHIBIAO_ALLOW_ANONYMOUS=true where whoever reaches it may use it."
    )


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; StartError where it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host.strip("[]"), port), family=family, backlog=2048)
    except OSError as error:
        raise StartError(_why_not(host, port, error)) from None


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} of {host} is in use by another program. Choose another with --port, or 0 for any free one."
    if error.errno == errno.EACCES:
        return f"Port {port} of {host} may not be used by this user. Choose one from 1024 on."
    return f"Cannot listen on {host}, port {port}: {error.strerror or error}. Choose an address of this machine."
