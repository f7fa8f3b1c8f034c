"""Optional packages, imported when they are first needed."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from zhibiao.errors import ZhibiaoError


def need(module: str, extra: str, what: str) -> ModuleType:
    """The module; ZhibiaoError that names the extra where it is not installed."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise ZhibiaoError(f"{what} needs the package {error.name}: pip install 'zhibiao[{extra}]'.") from error
