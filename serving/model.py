"""The model that a service serves: loaded in the background, replaced whole when another is promoted."""

from __future__ import annotations

import threading
from pathlib import Path

from serving.logs import get_logger
from serving.metrics import Metrics
from serving.problems import ProblemError
from serving.stores.registry import Pointer, Registry
from zhibiao.extractor import Extractor

#: How often a process looks whether another model was promoted.
_LOOKS_EVERY_SECONDS = 1.0


class ServedModel:
    """Holds the extractor of the model served; there is none until `load` has ended.

    Whoever has taken the extractor keeps it until his text is read: a new one takes its place for those who come after.
    """

    def __init__(self, registry: Registry, metrics: Metrics) -> None:
        self._registry, self._metrics = registry, metrics
        self._extractor: Extractor | None = None
        self._is_settled = threading.Event()
        #: What CURRENT said when a model was last loaded, or could not be.
        self._pointer: Pointer | None = None
        self._changing = threading.Lock()
        self._closing = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="model")

    def load(self) -> None:
        """Load the model that is current, or the shipped one; a failure is logged and told by `extractor`."""
        try:
            if not self.refresh() and self._extractor is None:
                self._serve(self._registry.shipped())
        except Exception:
            get_logger().exception("model not loaded", folder="shipped")
        finally:
            self._is_settled.set()
        if self.is_loaded and not self._closing.is_set():
            self._watcher.start()

    def refresh(self) -> bool:
        """Serve what CURRENT says now; False where that is not a model that can be loaded: the one before stays."""
        with self._changing:
            pointer = self._registry.pointer()
            if pointer == self._pointer:
                return True
            self._pointer = pointer
            try:
                version = pointer.version
                self._serve(self._registry.shipped() if version is None else self._registry.folder_of(version))
            except Exception:
                get_logger().exception("model not loaded", model=pointer.version or "shipped")
                return False
            return True

    def wait(self) -> None:
        """Return when `load` has ended, well or not."""
        self._is_settled.wait()

    def close(self) -> None:
        """Watch no more."""
        self._closing.set()
        if self._watcher.is_alive():
            self._watcher.join()

    @property
    def is_loaded(self) -> bool:
        """Whether there is an extractor."""
        return self._extractor is not None

    @property
    def extractor(self) -> Extractor:
        """The extractor; raises ProblemError 503 where it is not, or not yet, there."""
        if self._extractor is not None:
            return self._extractor
        if self._is_settled.is_set():
            raise ProblemError(
                503, "model", "The model could not be loaded.", "Ask the administrator to see the service's log."
            )
        raise ProblemError(
            503,
            "loading",
            "The model is being loaded.",
            "Send the request again after the time that Retry-After names.",
            headers={"Retry-After": "2"},
        )

    def _serve(self, folder: Path) -> None:
        extractor = Extractor.load(folder, threads=1)
        self._metrics.model.info({"version": extractor.version})
        self._extractor = extractor
        get_logger().info("model loaded", model=extractor.version)

    def _watch(self) -> None:
        while not self._closing.wait(_LOOKS_EVERY_SECONDS):
            try:
                self.refresh()
            except OSError:
                get_logger().exception("CURRENT not read")
