"""Where a run says what it does."""

from __future__ import annotations

import logging
from pathlib import Path


def log_to(path: Path) -> None:
    """Log to standard error and to `path`, whose folder is made if missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handlers: list[logging.Handler] = [logging.StreamHandler(), logging.FileHandler(path, encoding="utf-8")]
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s", handlers=handlers, force=True)
    for chatty in ("httpx", "onnxscript", "onnx_ir"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
