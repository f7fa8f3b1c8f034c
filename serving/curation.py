"""The calls that make data sets fit for use: how far two annotators agree, and a part to hold out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from serving.access import require
from serving.datasets import NAME, Annotator, DatasetAnswer, DatasetName, StoreProblems
from serving.openapi import problems
from serving.problems import ProblemError
from serving.service import Service, ServiceOf
from serving.stores.keys import Role
from zhibiao.errors import AnnotationError
from zhibiao.evaluate import agreement as agreeing
from zhibiao.evaluate import from_document, pair
from zhibiao.schema import AnnotatedDocument

router = APIRouter(prefix="/v1/datasets", tags=["data sets"], dependencies=[require(Role.ANNOTATE)])

#: More disagreements than a person looks at in one sitting; `disagreements_found` says how many there are.
_SHOWN = 2000


class AgreementAnswer(BaseModel):
    """How far the annotators of two data sets agree on the documents that both have."""

    documents: int = Field(description="How many documents both have.")
    only_first: list[str] = Field(description="Ids of the documents that only the first has.")
    only_second: list[str] = Field(description="Ids of the documents that only the second has.")
    f1: dict[str, float] = Field(description="Agreement on spans by label, links by type, status.")
    kappa: float = Field(description="Cohen's, over the label of every character.")
    kappa_of_marked: float = Field(description="Cohen's, over the characters that at least one has marked.")
    links_between_agreed: float
    status_kappa: float
    status_agreed: float
    disagreements_found: int
    disagreements: list[dict[str, Any]] = Field(
        description=f"Each place where the two differ, with what each says (None: nothing); {_SHOWN} at most."
    )


class SplitRequest(BaseModel):
    """How a data set is to be parted."""

    model_config = ConfigDict(extra="forbid")

    train: str = Field(pattern=NAME, description="Name of the new data set to train on.")
    held_out: str = Field(pattern=NAME, description="Name of the new data set to hold out.")
    share: float = Field(default=0.2, gt=0, lt=1, description="Share of the documents that is held out.")
    seed: int = Field(default=0, ge=0, lt=2**31, description="Another number, another choice of documents.")


@router.get(
    "/{name}/agreement",
    summary="How far two annotators agree, and where they do not",
    responses=problems(401, 403, 404, 422, 429),
)
async def agreement(
    name: DatasetName,
    service: ServiceOf,
    other: Annotated[str, Query(pattern=NAME, description="The data set of the second annotator.")],
) -> AgreementAnswer:
    """Two data sets with the same documents, annotated apart; documents are matched by their ids."""

    def work() -> AgreementAnswer:
        with StoreProblems():
            return _agreement(_documents(service, name), _documents(service, other))

    return await run_in_threadpool(work)


@router.post(
    "/{name}/split",
    status_code=201,
    summary="Part a data set into one to train on and one to hold out",
    responses=problems(400, 401, 403, 404, 409, 422, 429),
)
async def split(name: DatasetName, asked: SplitRequest, service: ServiceOf, caller: Annotator) -> list[DatasetAnswer]:
    """Copy every document into one of two new data sets; the same text never goes into both."""

    def work() -> list[DatasetAnswer]:
        with StoreProblems():
            train, held_out = _parted(_documents(service, name), asked)
            _check_new(service, asked)
            service.datasets.add(asked.train, train, caller.name)
            service.datasets.add(asked.held_out, held_out, caller.name)
        made = {info.name: info for info in service.datasets.all()}
        return [DatasetAnswer.of(made[made_name]) for made_name in (asked.train, asked.held_out)]

    return await run_in_threadpool(work)


def _documents(service: Service, name: str) -> list[AnnotatedDocument]:
    return [version.document for version in service.datasets.documents(name) if version.document is not None]


def _agreement(first: Sequence[AnnotatedDocument], second: Sequence[AnnotatedDocument]) -> AgreementAnswer:
    ours, theirs = ({document.id: document for document in side} for side in (first, second))
    both = [name for name in ours if name in theirs]
    if not both:
        raise AnnotationError(["the two data sets have no document id in common; give both the same documents"])
    pairs = pair(
        [from_document(ours[document_id]) for document_id in both],
        [from_document(theirs[document_id]) for document_id in both],
    )
    differing = list(agreeing.disagreements(pairs))
    return AgreementAnswer(
        documents=len(both),
        only_first=[name for name in ours if name not in theirs],
        only_second=[name for name in theirs if name not in ours],
        disagreements_found=len(differing),
        disagreements=differing[:_SHOWN],
        **agreeing.agree(pairs).as_json(),
    )


def _parted(
    documents: Sequence[AnnotatedDocument], asked: SplitRequest
) -> tuple[list[AnnotatedDocument], list[AnnotatedDocument]]:
    """Documents to train on and to hold out. A text's place hangs on its own hash: adding others moves few."""
    ranks = {document.text: _rank(document.text, asked.seed) for document in documents}
    if len(ranks) < 2:
        raise AnnotationError(["fewer than two different texts cannot be parted; add documents first"])
    ordered = sorted(ranks, key=ranks.__getitem__)
    count = min(max(1, round(asked.share * len(ordered))), len(ordered) - 1)
    held_out = set(ordered[:count])
    return (
        [document for document in documents if document.text not in held_out],
        [document for document in documents if document.text in held_out],
    )


def _rank(text: str, seed: int) -> str:
    return hashlib.sha256(f"{seed}\n{text}".encode()).hexdigest()


def _check_new(service: Service, asked: SplitRequest) -> None:
    if asked.train == asked.held_out:
        raise AnnotationError(["train and held_out are one name; give each data set its own"])
    taken = {info.name for info in service.datasets.all()} & {asked.train, asked.held_out}
    if taken:
        raise ProblemError(
            409,
            "taken",
            f"There is a data set {', '.join(sorted(taken))} already.",
            "Choose names that no data set has: documents are never mixed into what is there.",
        )
