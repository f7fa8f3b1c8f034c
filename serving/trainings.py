"""The calls on trainings: a candidate model from annotated reports, its log and curve while it is made."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from starlette.responses import Response

from serving.access import Caller, require
from serving.datasets import NAME
from serving.extraction import needs_content_type, whole
from serving.figures import EvaluationResult
from serving.jobs import JobId, accept, must_be_dataset, must_be_model, own_job
from serving.openapi import problems
from serving.problems import ProblemError
from serving.runners.evaluation import digest
from serving.service import Service, ServiceOf
from serving.stores.database import now
from serving.stores.jobs import JobInfo, JobKind, JobState
from serving.stores.keys import Role
from serving.stores.registry import VERSION

router = APIRouter(prefix="/v1/trainings", tags=["trainings"])

Administrator = Annotated[Caller, require(Role.ADMIN)]
_PROBLEMS = problems(401, 403, 404, 410, 422, 429)
#: What a page of events holds at most.
_EVENTS = 1000


Whole = Annotated[int, BeforeValidator(whole)]


class TrainingRecipe(BaseModel):
    """How to train; names and meanings are those of `[fit]` in a recipe (training/recipe.py).

    The defaults suit going on from a finished model with some new reports.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    seed: Whole = Field(13, ge=0, lt=2**31)
    epochs: float = Field(2.0, gt=0, le=100)
    learning_rate: float = Field(5e-5, gt=0, le=1e-2)
    head_factor: float = Field(2.0, gt=0, le=100)
    layer_decay: float = Field(1.0, gt=0, le=1)
    warm_up: float = Field(0.1, ge=0, lt=1)
    weight_decay: float = Field(0.01, ge=0, le=1)
    batch_characters: Whole = Field(1536, ge=64, le=16_384)
    joined: float = Field(0.5, ge=0, le=1)
    dropout: float = Field(0.1, ge=0, le=0.9)
    attention_dropout: float = Field(0.0, ge=0, le=0.9)
    adversarial: float = Field(0.0, ge=0, le=10)
    average: float = Field(0.0, ge=0, lt=1)
    interpolate: float = Field(1.0, gt=0, le=1)
    link_weight: float = Field(0.3, ge=0, le=10)
    status_weight: float = Field(0.2, ge=0, le=10)
    label_smoothing: float = Field(0.0, ge=0, lt=1)


class TrainingRequest(BaseModel):
    """A model to train."""

    model_config = ConfigDict(
        extra="forbid", strict=True, json_schema_extra={"examples": [{"dataset": "预算", "held_out": "预算-held-out"}]}
    )

    dataset: str = Field(pattern=NAME, description="The data set to train on.")
    held_out: str = Field(pattern=NAME, description="The data set to score on; it shares no text with `dataset`.")
    base_model: str | None = Field(
        None, pattern=VERSION, description="The version to go on from; unset, the one served."
    )
    version: str | None = Field(None, pattern=VERSION, description="Name of the new version; unset, one is made up.")
    recipe: TrainingRecipe = TrainingRecipe()


class Point(BaseModel):
    """A point of the curve: mean losses since the point before."""

    step: int
    epoch: float
    loss: float
    tag_loss: float
    link_loss: float
    status_loss: float
    characters_per_second: float


class TrainingEvent(BaseModel):
    """A line of the log, or a point of the curve."""

    number: int
    created: datetime
    text: str | None = None
    point: Point | None = None


class TrainingEvents(BaseModel):
    """What has happened since the last time."""

    state: JobState
    events: list[TrainingEvent]
    next: int = Field(description="Ask again with `after` = this.")


class TrainingResult(BaseModel):
    """What came of a training."""

    version: str = Field(description="The candidate; POST /v1/models/{version}/promote serves it.")
    evaluation: EvaluationResult = Field(
        description="Its scores on the held-out set, beside the model that was served."
    )


class TrainingAnswer(BaseModel):
    """A training as it stands. It is a job: /v1/jobs/{id} cancels it and tries it again."""

    id: str
    state: JobState
    created: datetime
    ended: datetime | None
    author: str
    dataset: str
    held_out: str
    base_model: str
    version: str
    recipe: TrainingRecipe
    stage: str | None = Field(description="data, encoder, pretrain, fit, export, calibrate, evaluate, card, compare.")
    epoch: float | None = Field(description="How far `fit` is, of `recipe.epochs`.")
    error: str | None
    result: TrainingResult | None


@router.post(
    "",
    status_code=202,
    summary="Train a model",
    responses=problems(400, 401, 403, 404, 409, 413, 415, 422, 429, 501),
    dependencies=[needs_content_type("application/json")],
)
def train(asked: TrainingRequest, service: ServiceOf, caller: Administrator, response: Response) -> TrainingAnswer:
    """A job that trains a candidate in a process of its own, and scores it beside the model that is served."""
    base = asked.base_model or service.model.extractor.version
    version = asked.version or f"{asked.dataset[:60]}-{now():%Y%m%d-%H%M%S}"
    _check(service, asked, base, version)
    options = {
        "dataset": asked.dataset,
        "held_out": asked.held_out,
        "base_model": base,
        "version": version,
        "recipe": asked.recipe.model_dump(),
    }
    return _answer(accept(service, caller, JobKind.TRAINING, options, response))


@router.get("", summary="The trainings", responses=problems(401, 403, 429))
def trainings(service: ServiceOf, _: Administrator) -> list[TrainingAnswer]:
    """Every training, newest first, until it is removed with age."""
    return [_answer(job) for job in service.jobs.of_kind(JobKind.TRAINING, None, is_of_all=True)]


@router.get("/{id}", summary="How far a training is", responses=_PROBLEMS)
def training(id: JobId, service: ServiceOf, caller: Administrator) -> TrainingAnswer:  # noqa: A002
    """Its state and stage, and the scores once it is done."""
    return _answer(own_job(service, caller, id, JobKind.TRAINING))


@router.get("/{id}/events", summary="Log and curve of a training", responses=_PROBLEMS)
def events(
    id: JobId,  # noqa: A002
    service: ServiceOf,
    caller: Administrator,
    after: Annotated[int, Query(ge=0, lt=2**31, description="Number of the last event that is known.")] = 0,
) -> TrainingEvents:
    """Lines of the log and points of the curve since `after`, in their order, up to 1000.

    A training that goes on after its process was ended repeats epochs: of two points of an epoch the later one holds.
    """
    job = own_job(service, caller, id, JobKind.TRAINING)
    found = [
        TrainingEvent(number=event.number, created=event.created, **event.content)
        for event in service.jobs.events(id, after, _EVENTS)
    ]
    return TrainingEvents(state=job.state, events=found, next=found[-1].number if found else after)


def _check(service: Service, asked: TrainingRequest, base: str, version: str) -> None:
    """Raise the problem of a training that cannot be done."""
    train, held_out = (must_be_dataset(service, name) for name in (asked.dataset, asked.held_out))
    folder = must_be_model(service, base)
    if not service.can_train:
        raise ProblemError(
            501,
            "no-training",
            "This service was installed without what training needs (torch, transformers).",
            "Install the extra (pip install 'zhibiao[training]', in a checkout) for the Python that serves, or name "
            "another one with ZHIBIAO_TRAINING_PYTHON.",
        )
    if not (folder / "model.safetensors").is_file():
        raise ProblemError(
            409,
            "no-weights",
            f"{base} has no model.safetensors to go on from.",
            "Name another base_model, or serve the model's whole folder with ZHIBIAO_MODEL.",
        )
    if version in service.registry.versions():
        raise ProblemError(409, "taken", f"There is a model {version} already.", "Give another version.")
    empty = [name for name, texts in ((asked.dataset, train), (asked.held_out, held_out)) if not texts]
    if empty:
        raise ProblemError(409, "empty", f"{' and '.join(empty)} has no documents.", "Add annotated documents first.")
    guarded = {digest(text) for text in held_out.values()}
    shared = [name for name, text in train.items() if digest(text) in guarded]
    if shared:
        raise ProblemError(
            409,
            "held-out",
            f"{', '.join(shared[:20])} of {asked.dataset}: {len(shared)} texts are in {asked.held_out} too.",
            "Take them out of one of the two: a held-out text is never trained on.",
        )


def _answer(job: JobInfo) -> TrainingAnswer:
    options = job.options
    return TrainingAnswer(
        id=job.id,
        state=job.state,
        created=job.created,
        ended=job.ended,
        author=job.author,
        dataset=options["dataset"],
        held_out=options["held_out"],
        base_model=options["base_model"],
        version=options["version"],
        recipe=TrainingRecipe.model_validate(options["recipe"]),
        stage=job.progress.get("stage"),
        epoch=job.progress.get("epoch"),
        error=job.error,
        result=TrainingResult.model_validate(job.result) if job.result else None,
    )
