"""A Label Studio ML backend: predictions for its tasks, annotations kept as they are made, trainings started from it.

What Label Studio asks and expects is the contract of its `label_studio_ml` package and of the `MLApi` that calls it:
`GET health`, `POST setup`, `POST predict`, and `POST webhook` for the events of a project and of its training button.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from serving import trainings
from serving.access import Caller, require
from serving.datasets import NAME, Annotator, StoreProblems, check
from serving.extraction import gone, needs_content_type
from serving.openapi import problems
from serving.problems import Fault, ProblemError
from serving.reading import ShouldStop
from serving.service import Service, ServiceOf
from serving.stores.datasets import ConflictError
from serving.stores.keys import Role
from zhibiao.annotate import draft
from zhibiao.documents import check_text
from zhibiao.errors import AnnotationError, TextError
from zhibiao.extractor import Extractor
from zhibiao.formats import labelstudio
from zhibiao.formats.labelling import Labelling, read_config
from zhibiao.schema import AnnotatedDocument

router = APIRouter(prefix="/label-studio", tags=["Label Studio"])

_JSON = needs_content_type("application/json")
_READER = require(Role.EXTRACT)

#: Of the texts annotated in a project, this share is held out; which ones hangs on the text alone.
HELD_OUT_SHARE = 0.2

_SAVED = frozenset({"ANNOTATION_CREATED", "ANNOTATIONS_CREATED", "ANNOTATION_UPDATED"})
_TRAINED = "START_TRAINING"

Loose = dict[str, Any]


class SetupRequest(BaseModel):
    """What Label Studio sends as it connects: the project and its labelling configuration."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"project": "1.1764000000"}]})

    project: str | None = Field(None, description="Id of the project and the time it was made.")
    labelling_config: str | None = Field(None, alias="schema", description="The labelling configuration, in XML.")


class Task(BaseModel):
    """A task of Label Studio."""

    model_config = ConfigDict(extra="allow")

    data: Loose = Field(
        description="What is to be labelled: the text under the configuration's key, `text` by default."
    )


class PredictRequest(BaseModel):
    """Tasks to be read."""

    model_config = ConfigDict(
        extra="allow", json_schema_extra={"examples": [{"tasks": [{"id": 1, "data": {"text": "税收3.2亿元。"}}]}]}
    )

    tasks: list[Task] = Field(max_length=1000)
    label_config: str | None = Field(None, description="The labelling configuration; unset, the one of the model.")


class WebhookRequest(BaseModel):
    """An event of a project. Which fields are there depends on the action."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"action": "PROJECT_UPDATED"}]})

    action: str = Field(description=f"{', '.join(sorted(_SAVED))} and {_TRAINED} are acted on, others are not.")
    annotation: Loose | list[Loose] | None = None
    task: Loose | list[Loose] | None = None
    project: Loose | None = None


class HealthAnswer(BaseModel):
    """Whether the backend can be used."""

    status: str = Field(description="UP.")
    model_version: str


class SetupAnswer(BaseModel):
    """The model that will answer."""

    model_version: str


class PredictionAnswer(BaseModel):
    """The prediction of one task, as Label Studio keeps it."""

    model_version: str
    score: float = Field(description="The mean confidence of the spans.")
    result: list[Loose] = Field(description="Regions, choices and relations.")


class PredictAnswer(BaseModel):
    """A prediction a task, in the order of the tasks."""

    results: list[PredictionAnswer]
    model_version: str


class WebhookAnswer(BaseModel):
    """What came of an event."""

    action: str
    saved: list[str] = Field(default=[], description="Ids of the documents that were saved.")
    dataset: str | None = Field(None, description="The data set of the project.")
    job: str | None = Field(None, description="The training that was started: GET /v1/trainings/{job}.")


@router.get("/health", summary="Whether the backend can be used", responses=problems(503))
def health(service: ServiceOf) -> HealthAnswer:
    """UP, as soon as the model is there."""
    return HealthAnswer(status="UP", model_version=service.model.extractor.version)


@router.post(
    "/setup",
    summary="Connect a project",
    responses=problems(400, 401, 403, 413, 415, 422, 429, 503),
    dependencies=[_READER, _JSON],
)
def setup(asked: SetupRequest, service: ServiceOf) -> SetupAnswer:
    """The version of the model, where the project's labelling configuration can hold what it reads."""
    _labelling(asked.labelling_config)
    return SetupAnswer(model_version=service.model.extractor.version)


@router.post(
    "/predict",
    summary="Read tasks",
    responses=problems(400, 401, 403, 413, 415, 422, 429, 503, 504),
    dependencies=[_READER, _JSON],
)
async def predict(asked: PredictRequest, request: Request, service: ServiceOf) -> PredictAnswer:
    """Spans with their confidences, the status of values, and links, for the tags of the project's configuration."""
    labelling = _labelling(asked.label_config)
    texts = _texts(asked.tasks, labelling)
    service.reading.check_length("".join(texts))

    def work(should_stop: ShouldStop) -> PredictAnswer:
        extractor = service.model.extractor
        results = [
            _prediction(extractor, text, task, labelling, should_stop)
            for text, task in zip(texts, asked.tasks, strict=True)
        ]
        return PredictAnswer(results=results, model_version=extractor.version)

    return await service.pool.run(work, gone(request))


@router.post(
    "/webhook",
    summary="Take an event of a project",
    responses=problems(400, 401, 403, 404, 409, 413, 415, 422, 429, 501, 503),
    dependencies=[_JSON],
)
async def webhook(
    event: WebhookRequest,
    service: ServiceOf,
    caller: Annotator,
    response: Response,
    dataset: Annotated[
        str | None, Query(pattern=NAME, max_length=90, description="Data set to keep annotations in.")
    ] = None,
) -> WebhookAnswer:
    """Keep annotations that were made or changed, and start a training.

    They go to the data set `dataset`, by default `label-studio-` and the project's id, and a fifth of the texts to the
    same name with `-held-out`; a training (which needs the role admin) trains on the one and is scored on the other.
    """
    name = dataset or f"label-studio-{_project(event)}"

    def work() -> WebhookAnswer:
        if event.action == _TRAINED:
            return _train(name, service, caller, response)
        if event.action not in _SAVED:
            return WebhookAnswer(action=event.action)
        with StoreProblems():
            documents = _annotated(event)
            for document in documents:
                _keep(service, held_out(name) if is_held_out(document.text) else name, document, caller.name)
        return WebhookAnswer(action=event.action, saved=[one.id for one in documents], dataset=name)

    return await run_in_threadpool(work)


def held_out(dataset: str) -> str:
    """The name of the data set that holds what a project's training does not see."""
    return f"{dataset}-held-out"


def is_held_out(text: str) -> bool:
    """Whether a text is one of those held out: it stays so, however often it is annotated."""
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) / 2**32 < HELD_OUT_SHARE


def _labelling(config: str | None) -> Labelling:
    """The tags of a project's configuration, or ours where none is sent; ProblemError 422 where it has none."""
    if not config:
        return Labelling()
    try:
        return read_config(config)
    except AnnotationError as error:
        raise ProblemError(
            422,
            "label-config",
            str(error),
            "Set the project's labelling configuration to what `zhibiao annotations label-config` prints.",
        ) from None


def _texts(tasks: Iterable[Task], labelling: Labelling) -> list[str]:
    texts: list[str] = []
    faults: list[Fault] = []
    for number, task in enumerate(tasks):
        text = task.data.get(labelling.variable)
        pointer, remedy = f"#/tasks/{number}/data", f"Give the task a text under {labelling.variable!r}."
        if not isinstance(text, str):
            faults.append(Fault(pointer=pointer, detail=f"It has no text under {labelling.variable!r}.", remedy=remedy))
            continue
        try:
            check_text(text)
        except TextError as error:
            faults.append(Fault(pointer=pointer, detail=str(error), remedy=remedy))
        texts.append(text)
    if faults:
        raise ProblemError(422, "task", "Tasks have faults.", "Mend every task in `errors`.", errors=faults)
    return texts


def _prediction(
    extractor: Extractor, text: str, task: Task, labelling: Labelling, should_stop: ShouldStop
) -> PredictionAnswer:
    meta = task.data.get("meta")
    year = meta.get("year") if isinstance(meta, Mapping) else None
    reference_year = year if isinstance(year, int) and 1900 <= year <= 2200 else None
    read = draft(extractor, "task", text, reference_year=reference_year, should_stop=should_stop)
    return PredictionAnswer.model_validate(
        labelstudio.prediction(read.document, read.model, read.confidences, labelling)
    )


def _project(event: WebhookRequest) -> int:
    """The project's id; ProblemError 422 where an event that is acted on does not say it."""
    number = (event.project or {}).get("id")
    if isinstance(number, int) and not isinstance(number, bool) and number >= 0:
        return number
    if event.action in _SAVED or event.action == _TRAINED:
        fault = Fault(pointer="#/project/id", detail="It is no number.", remedy="Send the event's payload whole.")
        raise ProblemError(422, "event", "The event names no project.", "Let the webhook send its payload, or name a "
                           "data set with ?dataset=.", errors=[fault])  # fmt: skip
    return 0


def _annotated(event: WebhookRequest) -> list[AnnotatedDocument]:
    """The documents of an event, without those that the annotator skipped; AnnotationError where one has faults."""
    tasks = {str(task.get("id")): task for task in _several(event.task)}
    variable = _labelling(str((event.project or {}).get("label_config") or "")).variable
    documents: list[AnnotatedDocument] = []
    faults: list[str] = []
    for annotation in _several(event.annotation):
        if annotation.get("was_cancelled"):
            continue
        task = tasks.get(str(annotation.get("task"))) or (next(iter(tasks.values())) if len(tasks) == 1 else None)
        if task is None or not isinstance(task.get("data"), dict) or not isinstance(annotation.get("result"), list):
            faults.append(f"annotation {annotation.get('id')}: its task or its result is not there; send both")
            continue
        text = task["data"].get(variable)
        data = task["data"] | ({labelstudio.TEXT: text} if isinstance(text, str) else {})
        try:
            document = labelstudio.from_task({"id": task.get("id"), "data": data, "annotations": [annotation]})
            check(document)
            documents.append(document)
        except AnnotationError as error:
            faults += error.faults
    if faults:
        raise AnnotationError(faults)
    return documents


def _several(found: Loose | list[Loose] | None) -> list[Loose]:
    return found if isinstance(found, list) else [found] if found is not None else []


def _keep(service: Service, dataset: str, document: AnnotatedDocument, author: str) -> None:
    """Save a document as its newest version: whoever annotated last in Label Studio is right."""
    try:
        service.datasets.add(dataset, [document], author)
    except ConflictError as error:
        service.datasets.save(dataset, document, author, error.versions[document.id])


def _train(dataset: str, service: Service, caller: Caller, response: Response) -> WebhookAnswer:
    if not caller.role.allows(Role.ADMIN):
        raise ProblemError(
            403,
            "role",
            f"The key {caller.name} has the role {caller.role}; a training needs {Role.ADMIN}.",
            f"Connect the backend with a key that was made with --role {Role.ADMIN}.",
        )
    asked = trainings.TrainingRequest(dataset=dataset, held_out=held_out(dataset))
    started = trainings.train(asked, service, caller, response)
    return WebhookAnswer(action=_TRAINED, dataset=dataset, job=started.id)
