"""A fitted network -> ONNX, fp32 and quantised."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path

import torch
from torch import nn

from training.model import TaggerNetwork
from zhibiao.tagger.network import OUTPUTS

log = logging.getLogger(__name__)


class _Served(nn.Module):
    """The network as it is served: tag log-probabilities, and plain tensors."""

    def __init__(self, network: TaggerNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(
        self, rows: torch.Tensor, types: torch.Tensor, mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        outputs = self.network(rows, types, mask)
        return outputs.tags.log_softmax(-1), outputs.queries, outputs.keys, outputs.statuses


def export_onnx(network: TaggerNetwork, path: Path) -> None:
    """Write `network` as an fp32 ONNX graph with free batch size and length."""
    network.eval()
    rows = torch.ones((2, 16), dtype=torch.long)
    examples = (rows, torch.zeros_like(rows), torch.ones_like(rows))  # three tensors: one given twice is one input
    free = {0: torch.export.Dim("windows", min=1, max=4096), 1: torch.export.Dim("characters", min=4, max=512)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _Served(network).eval(), examples, str(path),
            input_names=["rows", "types", "mask"], output_names=list(OUTPUTS),
            dynamic_shapes=(free, free, free), dynamo=True, external_data=False, verbose=False,
        )  # fmt: skip


def quantize(exact: Path, path: Path, *, hidden: int, intermediate: int) -> None:
    """Write the fp32 graph `exact` with int8 weights.

    Most matrices have one scale a channel and activations quantised as they come, one scale a tensor. The second matrix
    of each feed-forward layer, whose inputs have outliers, has a scale for every 32 weights and its activations one for
    every 32 values of a row. The heads, which are small, stay as they are.
    """
    import onnx  # noqa: PLC0415 (slow to import)
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415
    from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer  # noqa: PLC0415

    graph = onnx.load(exact)
    shapes = {tensor.name: tuple(tensor.dims) for tensor in graph.graph.initializer}
    weights = {
        node.name: next((shapes[name] for name in node.input if name in shapes), None)
        for node in graph.graph.node
        if node.op_type == "MatMul"
    }
    wide = [name for name, shape in weights.items() if shape == (intermediate, hidden)]
    heads = [name for name, shape in weights.items() if shape and shape[1] not in (hidden, intermediate)]
    blocks = MatMulNBitsQuantizer(
        graph,
        bits=8,
        block_size=32,
        is_symmetric=True,
        accuracy_level=4,
        nodes_to_exclude=[name for name in weights if name not in wide],
    )
    blocks.process()
    partial = path.with_suffix(".partial")
    onnx.save(blocks.model.model, partial)
    quantize_dynamic(
        partial,
        path,
        weight_type=QuantType.QInt8,
        per_channel=True,
        op_types_to_quantize=["MatMul", "Gather"],
        nodes_to_exclude=heads,
        extra_options={"MatMulConstBOnly": True},
    )
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
