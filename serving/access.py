"""Who may do what: a key in the Authorization header, and its role."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from serving.problems import ProblemError
from serving.service import Service, ServiceOf
from serving.stores.keys import Role

_bearer = HTTPBearer(auto_error=False, description="A key made with `zhibiao-serve keys create`.")


@dataclass(frozen=True)
class Caller:
    """Who makes a request: the id and name of a key, or nobody in particular (id None) where no keys are needed."""

    id: str | None
    name: str
    role: Role


#: Whoever calls a service that needs no keys.
ANYONE = Caller(None, "anonymous", Role.ADMIN)


def require(role: Role) -> Any:  # noqa: ANN401 - what FastAPI's Depends gives
    """A dependency that gives the Caller, where he may do what `role` may; ProblemError 401, 403 or 429 else."""

    def caller(
        request: Request,
        service: ServiceOf,
        credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    ) -> Caller:
        # A plain function: FastAPI runs it in a thread, as it may wait for the database.
        found = _known(service, credentials.credentials if credentials else _basic_word(request))
        service.rates.take(found.id or (request.client.host if request.client else "unknown"))
        if not found.role.allows(role):
            raise ProblemError(
                403,
                "role",
                f"The key {found.name} has the role {found.role}; this call needs {role}.",
                f"Use a key that was made with --role {role}.",
            )
        return found

    return Depends(caller)


def needs_keys(service: Service) -> bool:
    """Whether calls need a key: as soon as one was made, and on any address that is not loopback without the switch."""
    settings = service.settings
    return not service.keys.is_empty() or not (settings.is_loopback or settings.allow_anonymous)


def _basic_word(request: Request) -> str | None:
    """The password of basic authentication, in which programs send a key that know no other way; None without one."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        return b64decode(given, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


def _known(service: Service, given: str | None) -> Caller:
    if given is not None:
        key = service.keys.find(given)
        if key is not None:
            return Caller(key.id, key.name, key.role)
    if given is None and not needs_keys(service):
        return ANYONE
    what = "No key was sent" if given is None else "The key that was sent is not known, or has been revoked"
    raise ProblemError(
        401,
        "key",
        f"{what}.",
        "Send the header Authorization: Bearer KEY; an administrator makes keys with `zhibiao-serve keys create`.",
        headers={"WWW-Authenticate": "Bearer"},
    )
