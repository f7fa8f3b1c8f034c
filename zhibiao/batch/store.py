"""A folder of output, on a disk or in an object store: a file is there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from zhibiao.errors import ZhibiaoError
from zhibiao.outputs.extras import need

#: What a file is called until it is whole.
_UNFINISHED = ".unfinished"


class Store:
    """A folder, by path or fsspec URL. Paths within it are relative, with forward slashes."""

    def __init__(self, url: str) -> None:
        """ZhibiaoError where fsspec is missing or does not know the protocol."""
        self.url = url
        self._fs, self._root = open_url(url)
        #: The folder on a disk of this machine, None in an object store.
        self.folder = Path(self._root) if is_local(self._fs) else None

    def write(self, path: str, content: bytes) -> None:
        """Write a file, or replace it, at once: by renaming on a disk, by one PUT in an object store."""
        if self.folder is None:
            self._fs.pipe_file(self._at(path), content)
            return
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_name(f".{target.name}.{os.getpid()}{_UNFINISHED}")
        with unfinished.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(target)

    def read(self, path: str) -> bytes:
        """The content of a file; FileNotFoundError where there is none."""
        return cast("bytes", self._fs.cat_file(self._at(path)))

    def has(self, path: str) -> bool:
        """Whether a file is there."""
        self._fs.invalidate_cache()
        return bool(self._fs.exists(self._at(path)))

    def list(self, path: str = "") -> list[str]:
        """Every file below `path`, sorted; empty where there is no such folder."""
        if not self._fs.exists(self._at(path)):
            return []
        self._fs.invalidate_cache()
        return sorted(str(found).removeprefix(self._root).lstrip("/") for found in self._fs.find(self._at(path)))

    def remove(self, path: str) -> None:
        """Remove a file."""
        self._fs.rm_file(self._at(path))

    def sweep(self) -> None:
        """Remove what killed processes left half written; on a disk alone, elsewhere there is no such thing."""
        for path in self.list() if self.folder is not None else []:
            if path.endswith(_UNFINISHED):
                self.remove(path)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder against other runs, on a disk of this machine; a killed run holds it no longer.

        Raises ZhibiaoError where another run holds it.
        """
        try:
            import fcntl  # noqa: PLC0415 - Unix alone has it
        except ImportError:
            yield
            return
        if self.folder is None:
            yield
            return
        path = self.folder / ".batch" / "lock"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise ZhibiaoError(
                    f"{self.url}: another `zhibiao batch` is at work there. Wait for it, or name another folder."
                ) from None
            yield

    def _at(self, path: str) -> str:
        return f"{self._root}/{path}" if path else self._root


def open_url(url: str) -> tuple[Any, str]:
    """The file system of a path or URL and the path within it; ZhibiaoError where its protocol is not to be had."""
    fsspec = need("fsspec.core", "batch", "Reading many reports")
    try:
        system, path = fsspec.url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise ZhibiaoError(f"{url}: {error}. Install what fsspec needs for this protocol, or check the URL.") from None
    return system, str(path).rstrip("/")


def is_local(system: Any) -> bool:  # noqa: ANN401 - fsspec has no types
    """Whether a file system is this machine's disk."""
    return type(system).__name__ == "LocalFileSystem"
