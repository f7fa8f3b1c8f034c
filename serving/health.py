"""Probes and metrics, for the machines that watch the service."""

from __future__ import annotations

from fastapi import APIRouter
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel
from starlette.responses import Response

from serving.logs import get_logger, where
from serving.openapi import problems
from serving.problems import UNREACHABLE
from serving.service import ServiceOf

router = APIRouter(tags=["operation"])


class Live(BaseModel):
    """The process answers."""

    status: str = "live"


class Ready(BaseModel):
    """The model is loaded: requests will be served."""

    status: str = "ready"
    model: str


@router.get("/health/live", summary="Whether the process answers")
async def live() -> Live:
    """Always 200 while the process runs; for a supervisor that restarts what hangs."""
    return Live()


@router.get("/health/ready", summary="Whether requests would be served", responses=problems(503))
def ready(service: ServiceOf) -> Ready:
    """200 with the model's version; 503 while it is being loaded, or without the database; for a load balancer."""
    version = service.model.extractor.version
    service.keys.is_empty()  # Asks the database.
    return Ready(model=version)


@router.get(
    "/metrics",
    summary="Metrics for Prometheus",
    response_class=Response,
    responses={
        200: {"description": "Prometheus text format.", "content": {"text/plain": {"schema": {"type": "string"}}}}
    },
)
def metrics(service: ServiceOf) -> Response:
    """Latency by stage, queue, characters, facts, unfinished requests, jobs and the model's version.

    While the database does not answer, the other metrics are told all the same.
    """
    try:
        counts = service.jobs.counts()
    except UNREACHABLE as error:
        get_logger().error("database not reached", **where(error))
        service.metrics.jobs.clear()
    else:
        for (kind, state), count in counts.items():
            service.metrics.jobs.labels(kind, state).set(count)
    return Response(generate_latest(service.metrics.registry), media_type=CONTENT_TYPE_LATEST)
