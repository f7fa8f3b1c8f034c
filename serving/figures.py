"""Shapes of scores, as calls on models, evaluations and trainings give them; docs/evaluate.md has what they mean."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field


class Score(BaseModel):
    """One score: `right` of `predicted` are right, of `gold` that there are; with the 95 % interval of its F1."""

    precision: float
    recall: float
    f1: float
    right: float
    gold: int
    predicted: int
    low: float | None = None
    high: float | None = None


class ComparisonAnswer(BaseModel):
    """A score of the model that is served (`first_f1`) and of the other (`second_f1`) on the same documents."""

    score: str
    first_f1: float
    second_f1: float
    difference: float
    low: float = Field(description="With `high`: the 95 % interval of the difference.")
    high: float
    p_bootstrap: float
    p_randomization: float
    documents: int


class Bin(BaseModel):
    """Answers with a confidence in (low, high]: how many, their mean confidence, and which share was right."""

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


class ReliabilityAnswer(BaseModel):
    """A reliability plot, and the expected calibration error."""

    ece: float
    count: int | None = None
    bins: list[Bin]


class EvaluationResult(BaseModel):
    """Every figure of a model on a data set."""

    model: str
    baseline: str | None = Field(description="The version that was served then; null where it was the model itself.")
    set: str = Field(description="Name of the data set.")
    documents: int
    characters: int
    scores: dict[str, Score]
    macro_f1: float
    status_accuracy: float
    calibration: dict[str, ReliabilityAnswer] = Field(description="Of `spans`, `links` and `facts`.")
    area_under_risk: float
    confusion: list[dict[str, Any]]
    dial: list[dict[str, float]]
    comparisons: list[ComparisonAnswer] = Field(description="With the baseline; empty without one.")
    by_document: list[dict[str, Any]]
    texts: list[str] = Field(description="Digests of the texts: the first 16 hexadecimal digits of their SHA-256.")
    trained_on: list[str] = Field(description="Ids of the documents that the model was trained on.")
