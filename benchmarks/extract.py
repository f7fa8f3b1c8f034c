"""Speed and memory of the whole path, against the transformers pipeline, in one run on the same text and cores.

    python -m benchmarks.extract REPORT... [--model FOLDER] [--engine openvino]
                                        [--largest 1000000] [--skip-pipeline]

Prints: the time of one report of 33,000 characters, how time and peak memory grow from 1,000 to a million characters,
the share of each step, and the ratio to `pipeline("token-classification")` in torch fp32 with the same encoder (needs
the extra `training`). Reports are joined and repeated to the size that is asked for.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import get_args

from rich.console import Console
from rich.table import Table

from zhibiao.documents import read_file
from zhibiao.extractor import Extractor
from zhibiao.tagger import Tagger
from zhibiao.tagger.engines import EngineName
from zhibiao.tagger.folder import default_folder

SIZES = (1_000, 10_000, 33_000, 100_000, 1_000_000)


def text_of(paths: list[Path], size: int) -> str:
    """The reports, joined and repeated up to `size` characters."""
    text = "\n".join(read_file(path).text for path in paths)
    return ((text + "\n") * (size // len(text) + 1))[:size]


def timed(function: object, text: object, repeats: int) -> float:
    """The least of `repeats` wall times, in seconds."""
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        function(text)  # type: ignore[operator]
        times.append(time.perf_counter() - began)
    return min(times)


def peak_memory(model: Path, engine: EngineName, paths: list[Path], size: int) -> int:
    """Peak resident memory, in MiB, of a process of its own that extracts a text of `size` characters."""
    command = [sys.executable, "-m", "benchmarks.extract", *map(str, paths), "--model", str(model)]
    command += ["--engine", engine, "--one", str(size)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1])


def pipeline_speed(model: Path, text: str) -> float:
    """Characters a second of the transformers pipeline, torch fp32, on the paragraphs of `text`."""
    import json

    import torch
    from safetensors.torch import load_file
    from transformers import BertConfig, BertForTokenClassification, BertTokenizerFast, pipeline

    config = json.loads((model / "config.json").read_text("utf-8"))
    labels = config.pop("zhibiao")["labels"]
    state = load_file(model / "model.safetensors")
    tags = ["O", *(f"{prefix}-{label}" for label in labels for prefix in "BI")]
    network = BertForTokenClassification(BertConfig.from_dict(config | {"num_labels": len(tags)}))
    network.config.id2label = dict(enumerate(tags))
    known = {name.replace("encoder.", "bert.", 1): tensor.float() for name, tensor in state.items()}
    known["classifier.weight"], known["classifier.bias"] = known["tags.weight"], known["tags.bias"]
    network.load_state_dict({name: known[name] for name in network.state_dict() if name in known}, strict=True)
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    tokenizer = BertTokenizerFast(str(model / "vocab.txt"), do_lower_case=False)
    run = pipeline("token-classification", model=network.eval(), tokenizer=tokenizer, aggregation_strategy="simple")
    lines = [line[:510] for line in text.split("\n") if line.strip()]
    run(lines[:5])
    return sum(map(len, lines)) / timed(run, lines, 2)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reports", nargs="+", type=Path)
    parser.add_argument("--model", type=Path, default=None)
    parser.add_argument("--engine", choices=get_args(EngineName), default=None)
    parser.add_argument("--largest", type=int, default=SIZES[-1])
    parser.add_argument("--skip-pipeline", action="store_true")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    model = chosen.model or default_folder()
    tagger = Tagger.load(model, engine=chosen.engine)
    extractor = Extractor(tagger)
    if chosen.one:
        extractor.extract(text_of(chosen.reports, chosen.one))
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
        return
    console = Console()
    extractor.extract(text_of(chosen.reports, 2_000))
    heads = ("characters", "extract, s", "characters/s", "of it tagging, s", "peak memory, MiB")
    table = Table(*heads, title=f"{model.name}, {tagger.engine}")
    for size in (size for size in SIZES if size <= chosen.largest):
        text = text_of(chosen.reports, size)
        repeats = 3 if size <= 33_000 else 1
        whole, tagging = timed(extractor.extract, text, repeats), timed(tagger.tag, text, repeats)
        memory = peak_memory(model, tagger.engine, chosen.reports, size)
        table.add_row(f"{size:,}", f"{whole:.2f}", f"{size / whole:,.0f}", f"{tagging:.2f}", str(memory))
    console.print(table)
    if not chosen.skip_pipeline:
        text = text_of(chosen.reports, 33_000)
        theirs = pipeline_speed(model, text)
        for name, function in (("tagging", tagger.tag), ("extract", extractor.extract)):
            ours = len(text) / timed(function, text, 3)
            console.print(f"{name}: {ours:,.0f} characters/s; pipeline: {theirs:,.0f}; ratio {ours / theirs:.1f}")


if __name__ == "__main__":
    main()
