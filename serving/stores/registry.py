"""Model versions in folders, and which of them is served.

`home`/models holds a folder for each version that a training made, beside the model that is shipped; CURRENT in it
names the version that is served (without it, the shipped one) and, on its second line, the promotion that made it so.
Everything here is whole or not there at all, whatever moment a process is killed at: folders and CURRENT come and go by
renaming.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

from serving.stores.datasets import MissingError
from zhibiao.errors import ModelError
from zhibiao.tagger.folder import ModelFolder, default_folder

#: A version is a folder's name: nothing that could lead out of its parent.
VERSION = r"^[A-Za-z0-9\u4e00-\u9fff][A-Za-z0-9_.\u4e00-\u9fff-]{0,99}$"
#: Names of what is being made or removed, with its time; what a killed process left is cleared away after a while.
_UNFINISHED, _LEFT_BEHIND_SECONDS = ".unfinished-", 3600.0


class TakenError(Exception):
    """A version of this name is there already."""


@dataclass(frozen=True)
class Pointer:
    """What CURRENT says: a version (None for the shipped one) and the promotion that made it so, where one did."""

    version: str | None = None
    promotion: int | None = None


class Registry:
    """The versions of a home folder; `shipped` is the folder of the model that is always there (None: the released)."""

    def __init__(self, home: Path, shipped: Path | None = None) -> None:
        self._folder, self._shipped = home / "models", shipped

    def shipped(self) -> Path:
        """The folder of the shipped model."""
        return self._shipped or default_folder()

    def shipped_version(self) -> str | None:
        """Its version; None where it cannot be read."""
        try:
            return ModelFolder.open(self.shipped()).version
        except ModelError:
            return None

    def versions(self) -> list[str]:
        """Every version, the shipped one first, then by name."""
        first = self.shipped_version()
        others = sorted(path.name for path in self._made() if path.name != first)
        return [first, *others] if first is not None else others

    def folder_of(self, version: str) -> Path:
        """Where a version lies; MissingError where there is none."""
        if version == self.shipped_version():
            return self.shipped()
        folder = self._folder / version
        if not re.fullmatch(VERSION, version) or not (folder / "meta.json").is_file():
            raise MissingError(f"the model {version}")
        return folder

    def meta_of(self, version: str) -> dict[str, Any]:
        """The description of a version; MissingError where there is none that can be read."""
        try:
            return ModelFolder.open(self.folder_of(version)).meta
        except ModelError:
            raise MissingError(f"the model {version}") from None

    def trained_on(self, version: str) -> frozenset[str]:
        """Digests of the texts that a version was trained on: its own, and those of the versions it started from."""
        digests: set[str] = set()
        seen: set[str] = set()
        wanted: str | None = version
        while wanted is not None and wanted not in seen:
            seen.add(wanted)
            try:
                meta = self.meta_of(wanted)
            except MissingError:
                break
            digests.update(meta.get("data", {}).get("train", {}).get("texts", ()))
            wanted = meta.get("base_encoder", {}).get("started_from", {}).get("version")
        return frozenset(digests)

    def pointer(self) -> Pointer:
        """What CURRENT says now."""
        try:
            lines = (self._folder / "CURRENT").read_text("utf-8").split()
        except FileNotFoundError:
            return Pointer()
        promotion = int(lines[1]) if len(lines) > 1 and lines[1].isdecimal() else None
        return Pointer(lines[0] if lines else None, promotion)

    def current(self) -> str | None:
        """The version that CURRENT makes the one to serve."""
        return self.pointer().version or self.shipped_version()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Within it no other process changes which version is served, or removes one."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self._folder / ".lock"):
            yield

    def point_to(self, pointer: Pointer) -> None:
        """Let CURRENT say this, for every process at once."""
        partial = self._unfinished()
        with partial.open("w", encoding="utf-8") as written:
            promotion = "" if pointer.promotion is None else f"{pointer.promotion}\n"
            written.write(f"{pointer.version}\n{promotion}")
            written.flush()
            os.fsync(written.fileno())
        partial.replace(self._folder / "CURRENT")
        _settle(self._folder)

    def install(self, source: Path, version: str) -> Path:
        """Keep a copy of a finished model's folder as a version; TakenError where there is one of this name."""
        self._folder.mkdir(parents=True, exist_ok=True)
        partial = self._unfinished()
        shutil.copytree(source, partial)
        for path in partial.iterdir():
            with path.open("rb") as written:
                os.fsync(written.fileno())
        _settle(partial)
        with self.changing():
            if version in self.versions() or (self._folder / version).exists():
                shutil.rmtree(partial)
                raise TakenError(version)
            partial.rename(self._folder / version)
            _settle(self._folder)
        return self._folder / version

    def remove(self, version: str) -> None:
        """Remove a version that a training made; MissingError where there is none."""
        if version == self.shipped_version():
            raise MissingError(f"a model {version} that could be removed: it is the shipped one")
        folder, leaving = self.folder_of(version), self._unfinished()
        folder.rename(leaving)
        _settle(self._folder)
        shutil.rmtree(leaving)

    def clear_away(self) -> None:
        """Remove what killed processes left half made or half removed."""
        for path in self._folder.glob(f"{_UNFINISHED}*"):
            began = path.name.removeprefix(_UNFINISHED).partition("-")[0]
            if time.time() - float(began) > _LEFT_BEHIND_SECONDS:
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)

    def _unfinished(self) -> Path:
        return self._folder / f"{_UNFINISHED}{time.time():.0f}-{secrets.token_hex(8)}"

    def _made(self) -> Iterator[Path]:
        if self._folder.is_dir():
            yield from (path for path in self._folder.iterdir() if (path / "meta.json").is_file() and _is_named(path))


def _is_named(path: Path) -> bool:
    return re.fullmatch(VERSION, path.name) is not None


def _settle(folder: Path) -> None:
    """Have the names in a folder on the disk before going on."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
