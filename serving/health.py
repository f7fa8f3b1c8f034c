"""Probes and metrics, for the machines that watch the service."""

from __future__ import annotations

from fastapi import APIRouter
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel
from starlette.responses import Response

from serving.openapi import problems
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
async def metrics(service: ServiceOf) -> Response:
    """Latency by stage, queue, characters, facts, unfinished requests and the model's version."""
    return Response(generate_latest(service.metrics.registry), media_type=CONTENT_TYPE_LATEST)
