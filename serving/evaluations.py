"""The calls on evaluations: the scores of a model on a data set."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from serving.access import Caller, require
from serving.datasets import NAME
from serving.extraction import needs_content_type
from serving.figures import EvaluationResult
from serving.jobs import JobId, accept, must_be_dataset, must_be_model, own_job
from serving.openapi import problems
from serving.service import ServiceOf
from serving.stores.jobs import JobInfo, JobKind, JobState
from serving.stores.keys import Role
from serving.stores.registry import VERSION

router = APIRouter(prefix="/v1/evaluations", tags=["evaluations"])

Annotator = Annotated[Caller, require(Role.ANNOTATE)]


class EvaluationRequest(BaseModel):
    """A model to score on a data set."""

    model_config = ConfigDict(extra="forbid", strict=True, json_schema_extra={"examples": [{"dataset": "预算"}]})

    dataset: str = Field(pattern=NAME, description="A data set that the model was not trained on.")
    model: str | None = Field(None, pattern=VERSION, description="A version; unset, the one that is served.")


class EvaluationAnswer(BaseModel):
    """An evaluation as it stands. It is a job: /v1/jobs/{id} cancels it and tries it again."""

    id: str
    state: JobState
    created: datetime
    ended: datetime | None
    author: str
    dataset: str
    model: str
    done: int = Field(description="Documents read so far, by both models where there are two.")
    total: int = Field(description="Documents to read; 0 until that is known.")
    error: str | None = Field(description="Why it failed.")
    result: EvaluationResult | None = Field(description="The scores, once it is done.")


@router.post(
    "",
    status_code=202,
    summary="Score a model on a data set",
    responses=problems(400, 401, 403, 404, 413, 415, 422, 429),
    dependencies=[needs_content_type("application/json")],
)
def evaluate(asked: EvaluationRequest, service: ServiceOf, caller: Annotator, response: Response) -> EvaluationAnswer:
    """A job that reads every document of the data set, with the model that is served too where it is another."""
    must_be_dataset(service, asked.dataset)
    model = asked.model or service.model.extractor.version
    must_be_model(service, model)
    options = {"dataset": asked.dataset, "model": model}
    return _answer(accept(service, caller, JobKind.EVALUATION, options, response))


@router.get("", summary="The evaluations", responses=problems(401, 403, 429))
def evaluations(service: ServiceOf, caller: Annotator) -> list[EvaluationAnswer]:
    """The caller's evaluations (an administrator's: all), newest first, until they are removed with age."""
    is_of_all = caller.role.allows(Role.ADMIN)
    return [_answer(job) for job in service.jobs.of_kind(JobKind.EVALUATION, caller.id, is_of_all=is_of_all)]


@router.get("/{id}", summary="How far an evaluation is", responses=problems(401, 403, 404, 410, 422, 429))
def evaluation(id: JobId, service: ServiceOf, caller: Annotator) -> EvaluationAnswer:  # noqa: A002
    """Its state, and the scores once it is done."""
    return _answer(own_job(service, caller, id, JobKind.EVALUATION))


def _answer(job: JobInfo) -> EvaluationAnswer:
    return EvaluationAnswer(
        id=job.id,
        state=job.state,
        created=job.created,
        ended=job.ended,
        author=job.author,
        dataset=job.options["dataset"],
        model=job.options["model"],
        done=job.progress.get("done", 0),
        total=job.progress.get("total", 0),
        error=job.error,
        result=EvaluationResult.model_validate(job.result) if job.result else None,
    )
