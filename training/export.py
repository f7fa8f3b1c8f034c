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


def quantize(exact: Path, path: Path) -> None:
    """Write the fp32 graph `exact` with int8 weights (one scale a channel) and activations quantised as they come."""
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415 (slow to import)

    quantize_dynamic(
        exact,
        path,
        weight_type=QuantType.QInt8,
        per_channel=True,
        op_types_to_quantize=["MatMul", "Gather"],
        extra_options={"MatMulConstBOnly": True},
    )
