"""What runs a model's graph: ONNX Runtime, which is always there, or OpenVINO, which is faster where it is installed.

Both are shown the same `model.onnx`, and both say of a window what does not depend on the windows beside it.
"""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from zhibiao.errors import ModelError

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
EngineName = Literal["onnxruntime", "openvino"]

#: The graph's inputs and outputs, in order.
INPUTS = ("rows", "types", "mask")
OUTPUTS = ("tags", "queries", "keys", "statuses")

#: Kernels that OpenVINO keeps for shapes that it has seen; its own 5,000 take gigabytes.
_KEPT_SHAPES = 64


class Engine(Protocol):
    """A loaded graph. `run` may be called by `threads` threads at the same time; each call is worked on by one."""

    name: EngineName

    def run(self, rows: Ints, types: Ints, mask: Ints) -> Sequence[Floats]:
        """`OUTPUTS` for inputs of (windows, characters)."""


def chosen(engine: EngineName | None = None) -> EngineName:
    """The engine that is asked for; OpenVINO where none is and it is installed."""
    return engine or ("openvino" if importlib.util.find_spec("openvino") else "onnxruntime")


def load(path: Path, *, threads: int, engine: EngineName | None = None) -> Engine:
    """The graph of `path` in an engine; None takes OpenVINO where it is installed.

    ModelError where the graph cannot be loaded, or the engine is not there.
    """
    return OpenVino(path, threads) if chosen(engine) == "openvino" else OnnxRuntime(path)


class OnnxRuntime:
    """ONNX Runtime on CPU."""

    name: EngineName = "onnxruntime"

    def __init__(self, path: Path) -> None:
        import onnxruntime  # noqa: PLC0415 (slow to import, and not needed beside OpenVINO)

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime raises classes of its own, which share only this base
            raise ModelError(f"{path}: ONNX Runtime cannot load this graph ({error})") from error
        self._options = onnxruntime.RunOptions()
        self._options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")  # gives back what it took

    def run(self, rows: Ints, types: Ints, mask: Ints) -> Sequence[Floats]:
        """`OUTPUTS` for inputs of (windows, characters)."""
        found: Sequence[Floats] = self._session.run(
            OUTPUTS, {"rows": rows, "types": types, "mask": mask}, self._options
        )
        return found


class OpenVino:
    """OpenVINO on CPU: a stream for each thread. What is not int8 stays fp32: bfloat16 would see the padding."""

    name: EngineName = "openvino"

    def __init__(self, path: Path, threads: int) -> None:
        try:
            import openvino  # noqa: PLC0415 (an extra)
        except ImportError:
            raise ModelError("OpenVINO is not installed; pip install 'zhibiao[fast]', or take onnxruntime") from None
        settings = {
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": threads,
            "INFERENCE_PRECISION_HINT": "f32",
            "CPU_RUNTIME_CACHE_CAPACITY": _KEPT_SHAPES,
        }
        try:
            self._model = openvino.Core().compile_model(str(path), "CPU", settings)
        except RuntimeError as error:
            raise ModelError(f"{path}: OpenVINO cannot load this graph ({error})") from error
        self._own = threading.local()

    def run(self, rows: Ints, types: Ints, mask: Ints) -> Sequence[Floats]:
        """`OUTPUTS` for inputs of (windows, characters)."""
        request = self._request().infer({"rows": rows, "types": types, "mask": mask})
        return [request[name] for name in OUTPUTS]

    def _request(self) -> Any:  # noqa: ANN401 (openvino has no types)
        if not hasattr(self._own, "request"):
            self._own.request = self._model.create_infer_request()
        return self._own.request
