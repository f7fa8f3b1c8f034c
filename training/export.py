"""A fitted network -> ONNX, fp32 and int8."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy.typing as npt
import torch
from onnxruntime.quantization import CalibrationDataReader

from training.model import TaggerNetwork
from training.served import Inputs, Served
from zhibiao.tagger.engines import INPUTS, OUTPUTS

log = logging.getLogger(__name__)


def export_onnx(network: TaggerNetwork, path: Path, samples: Sequence[Inputs]) -> None:
    """Write `network` as an fp32 ONNX graph with free batch size and length; `samples` are inputs as it will see."""
    network.eval()
    rows = torch.ones((2, 16), dtype=torch.long)
    examples = (rows, torch.zeros_like(rows), torch.ones_like(rows))  # three tensors: one given twice is one input
    free = {0: torch.export.Dim("windows", min=1, max=4096), 1: torch.export.Dim("characters", min=4, max=512)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Served(network, samples).eval(), examples, str(path),
            input_names=list(INPUTS), output_names=list(OUTPUTS),
            dynamic_shapes=(free, free, free), dynamo=True, external_data=False, verbose=False,
        )  # fmt: skip


class _Reader(CalibrationDataReader):  # type: ignore[misc]  # onnxruntime has no types
    """Hands the samples to the quantiser."""

    def __init__(self, samples: Sequence[Inputs]) -> None:
        self._left: Iterator[Inputs] = iter(samples)

    def get_next(self) -> dict[str, npt.NDArray[Any]] | None:
        """The next sample by input name, or None."""
        sample = next(self._left, None)
        return None if sample is None else dict(zip(INPUTS, (tensor.numpy() for tensor in sample), strict=True))


def quantize(exact: Path, path: Path, samples: Sequence[Inputs], *, hidden: int, intermediate: int) -> None:
    """Write the fp32 graph `exact` with int8 weights, one scale a channel.

    The ranges of activations are fixed, and learned from `samples`: what the graph says of a window does not depend
    on the windows beside it in a batch. The heads and the outlying channels, which are small, stay as they are.
    """
    import onnx  # noqa: PLC0415 (slow to import)
    from onnxruntime.quantization import QuantFormat, QuantType, quantize_dynamic, quantize_static  # noqa: PLC0415

    graph = onnx.load(exact).graph
    shapes = {tensor.name: tuple(tensor.dims) for tensor in graph.initializer}
    large = {(hidden, 3 * hidden), (hidden, hidden), (hidden, intermediate), (intermediate, hidden)}
    nodes = [node.name for node in graph.node if any(shapes.get(name) in large for name in node.input[1:2])]
    partial = path.with_suffix(".partial")
    quantize_static(
        exact, partial, _Reader(samples),
        quant_format=QuantFormat.QDQ, activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8,
        per_channel=True, op_types_to_quantize=["MatMul"], nodes_to_quantize=nodes,
        extra_options={"OpTypesToExcludeOutputQuantization": ["MatMul"], "MatMulConstBOnly": True},
    )  # fmt: skip
    quantize_dynamic(partial, path, weight_type=QuantType.QInt8, op_types_to_quantize=["Gather"])
    partial.unlink()
    _strip(path)


def _strip(path: Path) -> None:
    """Take out what the exporter noted of its own run: stack traces with the paths of this machine."""
    import onnx  # noqa: PLC0415 (slow to import)

    model = onnx.load(path)
    for noted in (model, model.graph, *model.graph.node, *model.graph.value_info):
        noted.doc_string = ""
        del noted.metadata_props[:]
    onnx.save(model, path)
