"""The calls on model versions: what there is, how good it is, and which one is served."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from starlette.responses import Response

from serving.access import Caller, require
from serving.extraction import needs_content_type
from serving.figures import EvaluationResult, ReliabilityAnswer, Score
from serving.gate import judge
from serving.logs import get_logger
from serving.openapi import problems
from serving.problems import ProblemError
from serving.service import Service, ServiceOf
from serving.stores.datasets import MissingError
from serving.stores.keys import Role
from serving.stores.promotions import Change, ChangeKind, line_of
from serving.stores.registry import VERSION, Pointer
from zhibiao.errors import ModelError
from zhibiao.extractor import Extractor

router = APIRouter(prefix="/v1/models", tags=["models"])

Version = Annotated[str, Path(pattern=VERSION, description="Version of a model.")]
Reader = Annotated[Caller, require(Role.EXTRACT)]
Administrator = Annotated[Caller, require(Role.ADMIN)]


class ModelSummary(BaseModel):
    """A version."""

    version: str
    is_current: bool = Field(description="Whether it is the one that is served.")
    is_previous: bool = Field(description="Whether it is the one that a rollback brings back.")
    is_shipped: bool = Field(description="Whether it came with the service; it cannot be removed.")
    date: str | None = Field(description="When it was made.")
    labels: list[str]
    started_from: str | None = Field(description="The version whose training it went on from.")
    f1: float | None = Field(description="F1 of all spans on the documents that its training held out.")
    documents: int | None = Field(description="How many documents it was trained on.")


class EvaluationSummary(BaseModel):
    """An evaluation of the version; newest first."""

    id: str
    dataset: str
    author: str
    created: datetime
    result: EvaluationResult


class ChangeAnswer(BaseModel):
    """A change of the model that is served."""

    kind: ChangeKind
    version: str = Field(description="The version that is served since.")
    previous: str = Field(description="The version that was served before.")
    author: str
    created: datetime
    is_forced: bool
    reason: str | None
    figures: dict[str, Any] | None = Field(description="What a promotion was judged by.")


class ModelAnswer(ModelSummary):
    """A version, and all that is known of it."""

    meta: dict[str, Any] = Field(description="Its meta.json.")
    card: str | None = Field(description="Its model card, in Markdown.")
    scores: dict[str, Score] = Field(description="On the documents that its training held out, as it is served.")
    reliability: ReliabilityAnswer | None = Field(description="Whether the confidences of spans mean what they say.")
    held_out: list[str] = Field(description="Digests of the texts that its training held out.")
    trained_on: list[str] = Field(description="Digests of the texts that it, or what it started from, was trained on.")
    training: dict[str, Any] | None = Field(description="The training that made it, where this service did.")
    evaluations: list[EvaluationSummary]
    changes: list[ChangeAnswer] = Field(description="When it came to be served, and went.")


class PromoteRequest(BaseModel):
    """How to promote."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [{}],
            "if": {"properties": {"force": {"const": True}}, "required": ["force"]},
            "then": {"properties": {"reason": {"type": "string"}}, "required": ["reason"]},
        },
    )

    force: bool = Field(False, description="Promote although the figures are against it; needs a reason.")
    reason: str | None = Field(None, min_length=1, max_length=1000, pattern=r"\S", description="Kept for good.")

    @model_validator(mode="after")
    def _has_reason(self) -> PromoteRequest:
        if self.force and self.reason is None:
            raise PydanticCustomError("missing_reason", "to force a promotion needs a reason")
        return self


@router.get("", summary="The model versions", responses=problems(401, 403, 429))
def models(service: ServiceOf, _: Reader) -> list[ModelSummary]:
    """Every version that can be served, the shipped one first."""
    known = _Known(service)
    return [known.summary(version) for version in service.registry.versions()]


@router.post("/rollback", summary="Bring back the version before", responses=problems(401, 403, 409, 429))
def rollback(service: ServiceOf, caller: Administrator) -> ChangeAnswer:
    """Serve again what was served before the last promotion; of several promotions one after another."""
    with service.registry.changing():
        known = _Known(service)
        if known.previous is None:
            raise ProblemError(
                409,
                "no-previous",
                f"{known.current} is the first version that was served here.",
                "Promote another version; GET /v1/models lists what there is.",
            )
        return _changed(service, ChangeKind.ROLLBACK, known.previous, known.current, caller)


@router.get("/{version}", summary="All that is known of a version", responses=problems(401, 403, 404, 422, 429))
def model(version: Version, service: ServiceOf, _: Reader) -> ModelAnswer:
    """Its description and card, scores by label, how far its confidences can be trusted, evaluations and promotions."""
    known = _Known(service)
    with _Missing():
        meta, folder = service.registry.meta_of(version), service.registry.folder_of(version)
    evaluations = service.evaluations.of_model(version)
    card, training = folder / "README.md", folder / "training.json"
    calibration = meta.get("reliability") or (evaluations[0].result["calibration"] if evaluations else {})
    reliability = calibration.get("spans")
    scores = meta.get("metrics", {}).get("model", {})
    return ModelAnswer(
        **known.summary(version).model_dump(),
        meta=meta,
        card=card.read_text("utf-8") if card.is_file() else None,
        scores={name: Score.model_validate(found) for name, found in scores.items() if isinstance(found, dict)},
        reliability=ReliabilityAnswer.model_validate(reliability) if reliability else None,
        held_out=meta.get("data", {}).get("held_out", {}).get("texts", []),
        trained_on=sorted(service.registry.trained_on(version)),
        training=json.loads(training.read_text("utf-8")) if training.is_file() else None,
        evaluations=[
            EvaluationSummary(
                id=one.id,
                dataset=one.dataset,
                author=one.author,
                created=one.created,
                result=EvaluationResult.model_validate(one.result),
            )
            for one in evaluations
        ],
        changes=[_answer(change) for change in known.changes if version in (change.version, change.previous)],
    )


@router.post(
    "/{version}/promote",
    summary="Serve this version",
    responses=problems(400, 401, 403, 404, 409, 413, 415, 422, 429),
    dependencies=[needs_content_type("application/json")],
)
def promote(version: Version, asked: PromoteRequest, service: ServiceOf, caller: Administrator) -> ChangeAnswer:
    """Serve it in every process, without a dropped request.

    409 with the `figures` where it was not compared with the version that is served, is not better by the paired test,
    or was trained on what is held out; `force` with a reason overrides that.
    """
    with service.registry.changing():
        current = service.registry.current() or ""
        with _Missing():
            folder = service.registry.folder_of(version)
        if version == current:
            raise ProblemError(409, "current", f"{version} is served already.", "There is nothing to do.")
        try:
            Extractor.load(folder, threads=1)
        except ModelError as error:
            raise ProblemError(
                409, "unusable", f"{version} cannot be loaded: {error}", "Train or bring it again; force does not help."
            ) from None
        verdict = judge(version, current, service.registry, service.evaluations)
        if verdict.against is not None and not asked.force:
            raise ProblemError(
                409,
                "not-better",
                verdict.against,
                verdict.remedy + " Or send force with a reason.",
                figures=verdict.figures,
            )
        is_forced = verdict.against is not None
        figures = {**(verdict.figures or {}), "against": verdict.against}
        return _changed(service, ChangeKind.PROMOTE, version, current, caller, is_forced, asked.reason, figures)


@router.delete(
    "/{version}", status_code=204, summary="Remove a version", responses=problems(401, 403, 404, 409, 422, 429)
)
def remove(version: Version, service: ServiceOf, _: Administrator) -> Response:
    """Remove a version for good, with its evaluations; not the one that is served, and not the shipped one."""
    with service.registry.changing(), _Missing():
        service.registry.folder_of(version)
        if version == service.registry.current():
            raise ProblemError(409, "current", f"{version} is served.", "Promote another version, or roll back, first.")
        if version == service.registry.shipped_version():
            raise ProblemError(
                409,
                "shipped",
                f"{version} came with the service.",
                "It stays, so that there always is one to go back to.",
            )
        service.registry.remove(version)
    service.evaluations.forget(version)
    return Response(status_code=204)


class _Known:
    """What the registry and the database say of the versions at one moment."""

    def __init__(self, service: Service) -> None:
        self._registry = service.registry
        pointer = service.registry.pointer()
        self.current = pointer.version or service.registry.shipped_version() or ""
        self.changes = service.promotions.until(pointer.promotion)
        self._shipped = service.registry.shipped_version()
        self.previous = self._previous(set(service.registry.versions()))

    def summary(self, version: str) -> ModelSummary:
        """What is said of each version."""
        meta = self._registry.meta_of(version)
        spans = meta.get("metrics", {}).get("model", {}).get("spans", {})
        return ModelSummary(
            version=version,
            is_current=version == self.current,
            is_previous=version == self.previous,
            is_shipped=version == self._shipped,
            date=meta.get("date"),
            labels=list(meta["labels"]),
            started_from=meta.get("base_encoder", {}).get("started_from", {}).get("version"),
            f1=spans.get("f1"),
            documents=meta.get("data", {}).get("train", {}).get("documents"),
        )

    def _previous(self, there: set[str]) -> str | None:
        """The version served before, of those that are still there; the shipped one where CURRENT was set by hand."""
        line = line_of(self.changes) or ([self._shipped] if self._shipped else [])
        before = [version for version in line if version in there and version != self.current]
        return before[-1] if before else None


class _Missing:
    """A context that turns MissingError into 404."""

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Raise the problem that an error is."""
        if isinstance(error, MissingError):
            raise ProblemError(
                404, "not-found", f"There is no such thing: {error}.", "GET /v1/models lists what there is."
            ) from None


def _changed(
    service: Service,
    kind: ChangeKind,
    version: str,
    previous: str,
    caller: Caller,
    is_forced: bool = False,
    reason: str | None = None,
    figures: dict[str, Any] | None = None,
) -> ChangeAnswer:
    """Write a change down, carry it out for every process, and load the model in this one."""
    change = service.promotions.add(
        kind,
        version,
        previous,
        caller.name,
        parent=service.registry.pointer().promotion,
        is_forced=is_forced,
        reason=reason,
        figures=figures,
    )
    service.registry.point_to(Pointer(version, change.id))
    service.model.refresh()
    get_logger().info(kind, model=version, previous=previous, by=caller.name, forced=is_forced)
    return _answer(change)


def _answer(change: Change) -> ChangeAnswer:
    return ChangeAnswer(
        kind=change.kind,
        version=change.version,
        previous=change.previous,
        author=change.author,
        created=change.created,
        is_forced=change.is_forced,
        reason=change.reason,
        figures=change.figures,
    )
