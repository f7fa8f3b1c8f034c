"""The recipe of a training run: a TOML file read into strict, typed settings; unknown keys are refused.

Paths in a recipe are relative to the working directory. See `training/recipes/` for the shipped ones.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError


class RecipeError(ValueError):
    """A recipe that cannot be run; the message lists every fault with its key."""


class Section(BaseModel):
    """Frozen settings; a key that does not exist is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Run(Section):
    """Where the run keeps its files, and its name."""

    output: Path = Field(description="Folder for checkpoints, logs and the finished model; made if missing.")
    version: str = Field(description="Version of the model that this run makes.")
    seed: int = 13
    threads: int = Field(0, ge=0, description="CPU threads; 0 takes one for each core.")


class Data(Section):
    """Annotated documents: JSONL files of the project's format, or folders of mark-up files."""

    train: tuple[Path, ...] = Field(min_length=1)
    held_out: tuple[Path, ...] = Field((), description="Documents to score on; never trained on.")
    link_types: bool = Field(True, description="Train the link and status heads; off for plain tagging data.")


class Encoder(Section):
    """Where the weights come from that training starts with."""

    source: str = Field(
        "hub:BAAI/bge-small-zh-v1.5",
        description="`hub:NAME` (model hub), `maven:GROUP:ARTIFACT:VERSION`, or a local folder. "
        "A released model's folder starts from its own weights, heads included.",
    )
    sha256: str | None = Field(None, description="Digest of the weights file; checked when given.")
    licence: str = "MIT"


class Pretrain(Section):
    """Domain pretraining (masked language model) on unannotated text; `epochs` = 0 leaves it out."""

    corpus: tuple[Path, ...] = ()
    epochs: float = Field(0.0, ge=0)
    learning_rate: float = Field(2e-4, gt=0)
    window: int = Field(254, ge=32, le=510)
    batch_characters: int = Field(2048, ge=64)
    mask_rate: float = Field(0.15, gt=0, lt=1)


class Distil(Section):
    """An ensemble's opinion of unannotated text, learned beside the gold; no `teachers` leaves it out."""

    teachers: tuple[Path, ...] = Field((), description="Model folders; those of `training.folds` are good ones.")
    corpus: tuple[Path, ...] = ()
    characters: int = Field(600_000, ge=1000)


class Fit(Section):
    """Fine-tuning of the encoder and its heads."""

    epochs: float = Field(6.0, gt=0)
    learning_rate: float = Field(1.5e-4, gt=0, description="Peak rate of the encoder; 3e-4 and more collapses.")
    head_factor: float = Field(10.0, gt=0, description="Rate of the heads = learning_rate × this.")
    layer_decay: float = Field(1.0, gt=0, le=1, description="Rate of a layer = that of the layer above × this.")
    warm_up: float = Field(0.1, ge=0, lt=1)
    weight_decay: float = Field(0.01, ge=0)
    batch_characters: int = Field(1536, ge=64)
    window: int = Field(254, ge=32, le=510, description="Most characters of a window that joins several lines.")
    joined: float = Field(0.5, ge=0, le=1, description="Share of windows that join lines; the others hold one line.")
    dropout: float = Field(0.1, ge=0, lt=1, description="Of the encoder's hidden states and before the heads.")
    attention_dropout: float = Field(0.0, ge=0, lt=1, description="Of attention weights; on a CPU it costs a sixth.")
    adversarial: float = Field(0.0, ge=0, description="FGM: norm of the perturbation of the embeddings; 0 is off.")
    average: float = Field(0.0, ge=0, lt=1, description="Decay of the moving average of the weights; 0 is off.")
    members: int = Field(
        1,
        ge=1,
        description="Networks fitted side by side from the same weights, each a process of its own with its share of "
        "the threads, whose mean is taken (Wortsman et al. 2022, model soups). One for each core uses them best.",
    )
    interpolate: float = Field(
        1.0,
        gt=0,
        le=1,
        description="Share of the new weights in the mean with those that training started from (WiSE-FT).",
    )
    link_weight: float = Field(0.3, ge=0)
    status_weight: float = Field(0.2, ge=0)
    label_smoothing: float = Field(0.0, ge=0, lt=1)


class Folds(Section):
    """What `python -m training.folds` made of the same documents."""

    folder: Path | None = Field(
        None, description="Its confidences are taken, fitted on more text than the held-out one, and its scores shown."
    )


class Recipe(Section):
    """A whole recipe."""

    run: Run
    data: Data
    encoder: Encoder = Encoder()
    pretrain: Pretrain = Pretrain()
    distil: Distil = Distil()
    fit: Fit = Fit()
    folds: Folds = Folds()


def read_recipe(path: Path) -> Recipe:
    """Read and check a recipe; RecipeError lists every fault with its key."""
    try:
        return Recipe.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, OSError) as error:
        raise RecipeError(f"{path}: {error}") from error
    except ValidationError as error:
        faults = [f"{path}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
        raise RecipeError("\n".join(faults)) from error
