"""The model that a service serves: loaded in the background, replaced whole."""

from __future__ import annotations

import threading
from pathlib import Path

from serving.logs import get_logger
from serving.metrics import Metrics
from serving.problems import ProblemError
from zhibiao.extractor import Extractor


class ServedModel:
    """Holds the extractor of the model served; there is none until `load` has ended."""

    def __init__(self, folder: Path | None, metrics: Metrics) -> None:
        self._folder, self._metrics = folder, metrics
        self._extractor: Extractor | None = None
        self._is_settled = threading.Event()

    def load(self) -> None:
        """Load the model of the folder, or the shipped one; a failure is logged and told by `extractor`."""
        try:
            extractor = Extractor.load(self._folder, threads=1)
            self._metrics.model.info({"version": extractor.version})
            self._extractor = extractor
            get_logger().info("model loaded", model=extractor.version)
        except Exception:
            get_logger().exception("model not loaded", folder=str(self._folder or "shipped"))
        finally:
            self._is_settled.set()

    def wait(self) -> None:
        """Return when `load` has ended, well or not."""
        self._is_settled.wait()

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
