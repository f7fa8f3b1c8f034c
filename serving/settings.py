"""What an administrator may set: environment variables whose names begin with `ZHIBIAO_`.

Every field's description is the text of docs/settings.md; a test holds the two together.
"""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from limits import parse as parse_rate
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "ZHIBIAO_"


class SettingsError(Exception):
    """The settings cannot be used; names every variable at fault."""


class Settings(BaseSettings):
    """The settings of one service process; frozen once read."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True)

    host: str = Field("127.0.0.1", description="Address to listen on; one that is not loopback needs API keys.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes any free one.")
    home: Path = Field(Path(".zhibiao"), description="Folder of everything that the service keeps.")
    model: Path | None = Field(
        None,
        description="Folder of the model to serve until another version is promoted; unset, the model that is shipped.",
    )
    workers: int = Field(
        default_factory=lambda: os.cpu_count() or 1,
        ge=1,
        le=256,
        description="Texts that are read at the same time. Default: the number of processor cores.",
    )
    queue_size: int = Field(
        64, ge=0, le=100_000, description="Requests that may wait for a worker; the next one is answered with 429."
    )
    deadline_seconds: float = Field(
        120.0,
        gt=0,
        le=86_400,
        description=(
            "Time after which a request is given up and answered with 504; one that has waited for half of it, or "
            "would have to, is answered with 429."
        ),
    )
    max_characters: int = Field(
        2_000_000, ge=1, description="Characters that one text may have; a longer one is answered with 413."
    )
    max_upload_bytes: int = Field(
        32 * 1024 * 1024, ge=1024, description="Bytes that one request may have; a larger one is answered with 413."
    )
    rate_limit: str | None = Field(
        None,
        description="Requests that each key (each address, where no keys are needed) may make, as `600/minute`.",
    )
    database_url: str | None = Field(
        None,
        description="Database, as `postgresql+psycopg://user:word@host/name`; unset, SQLite in the home folder.",
    )
    queue_url: str | None = Field(
        None, description="Queue of the jobs, as `redis://host:6379/0`; unset, SQLite in the home folder."
    )
    job_heartbeat_seconds: float = Field(
        15.0,
        gt=0,
        description="How often a process says that it works on a job; one silent for three times as long is taken up.",
    )
    job_keep_days: float = Field(7.0, gt=0, description="Days for which the results of a job that has ended are kept.")
    training_python: Path = Field(
        default_factory=lambda: Path(sys.executable),
        description="Python that has the extra `training`, for trainings. Default: the one that serves.",
    )
    training_hours: float = Field(24.0, gt=0, le=720, description="Time after which a training is ended.")
    training_memory_bytes: int = Field(
        8 * 1024**3, ge=256 * 1024**2, description="Memory that a training may take; one that asks for more fails."
    )
    training_threads: int = Field(
        default_factory=lambda: os.cpu_count() or 1,
        ge=1,
        le=256,
        description="Threads that a training computes with. Default: the number of processor cores.",
    )
    allow_anonymous: bool = Field(
        False, description="Serve without API keys on an address that is not loopback: whoever reaches it may use it."
    )
    log_format: Literal["json", "text"] = Field(
        "json", description="Form of the log on standard error: one JSON object a line, or coloured text."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="The least level logged.")

    @field_validator("rate_limit")
    @classmethod
    def _is_rate(cls, written: str | None) -> str | None:
        if written is not None:
            parse_rate(written)
        return written

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the service."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return False


def read_settings(environment: Mapping[str, str] | None = None, **overrides: object) -> Settings:
    """The settings of the environment, with `overrides` (those not None) in place of its variables.

    Raises SettingsError naming every unknown or unusable variable.
    """
    faults = _unknown_variables(os.environ if environment is None else environment)
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        settings = Settings(**given)  # type: ignore[arg-type]  # pydantic checks them
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            name = str(fault["loc"][0])
            faults.append(f"{PREFIX}{name.upper()}: {fault['msg']} (given: {fault['input']!r})")
    if faults:
        raise SettingsError("\n".join(faults))
    return settings


def _unknown_variables(environment: Mapping[str, str]) -> list[str]:
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    faults = []
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in known:
            close = get_close_matches(name, known, n=1)
            remedy = f"did you mean {close[0]}?" if close else f"known are: {', '.join(known)}"
            faults.append(f"{name}: there is no such setting; {remedy}")
    return faults
