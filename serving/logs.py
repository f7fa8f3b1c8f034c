"""The log: one event a line on standard error, with the request's id, never with a report's text."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Literal

import structlog


def configure_logs(form: Literal["json", "text"], level: str) -> None:
    """Send the service's and the server's log to standard error in one form."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if form == "json":
        last: list[structlog.typing.Processor] = [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    else:
        last = [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last]
        )
    )
    root = logging.getLogger()
    root.handlers, root.level = [handler], logging.getLevelName(level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True
    logging.getLogger("uvicorn.access").disabled = True  # The service logs each request itself.
    logging.getLogger("httpx").setLevel(logging.WARNING)


def where(error: BaseException) -> dict[str, object]:
    """An error for the log: its kind and the calls that led to it, without its message, which may quote a report."""
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "error": type(error).__name__,
        "calls": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }


def get_logger() -> structlog.stdlib.BoundLogger:
    """The service's logger."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger("zhibiao")
    return logger
