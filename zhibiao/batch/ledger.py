"""Which document a worker was at when it died.

A document can kill its worker: by memory, by a fault in a library, by never coming to an end. The worker cannot tell
what it was; so it says before each report what it is at, to an actor that outlives it. When the shard is begun anew,
the ledger knows what the last attempt had in work. It lives as long as its run: a run that is killed as a whole blames
no document.
"""

from __future__ import annotations

import time


class Ledger:
    """What is in work, by shard, and how often each report was when its worker died."""

    def __init__(self, seconds: float, attempts: int) -> None:
        """`seconds`: what is in work for longer has not died by chance; `attempts`: deaths that are too many."""
        self._seconds, self._attempts = seconds, attempts
        self._at: dict[int, tuple[int, float]] = {}
        self._deaths: dict[tuple[int, int], int] = {}
        self._blamed: dict[int, dict[int, str]] = {}

    def begin(self, shard: int) -> dict[int, str]:
        """A shard is begun: the reports of it, by their place, that are to be set aside, and why (`time`, `death`)."""
        blamed = self._blamed.setdefault(shard, {})
        left = self._at.pop(shard, None)
        if left is not None:
            place, since = left
            deaths = self._deaths[shard, place] = self._deaths.get((shard, place), 0) + 1
            if time.monotonic() - since >= self._seconds:
                blamed[place] = "time"
            elif deaths >= self._attempts:
                blamed[place] = "death"
        return blamed

    def at(self, shard: int, place: int) -> None:
        """The worker of a shard begins the report at this place of it."""
        self._at[shard] = (place, time.monotonic())

    def end(self, shard: int) -> None:
        """All files of a shard are written."""
        self._at.pop(shard, None)
