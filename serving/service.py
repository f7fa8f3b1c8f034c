"""The parts that every request of one application shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from serving.metrics import Metrics
from serving.model import ServedModel
from serving.pool import Pool
from serving.settings import Settings


@dataclass(frozen=True)
class Service:
    """Settings, metrics, model and workers of one application."""

    settings: Settings
    metrics: Metrics
    model: ServedModel
    pool: Pool

    @classmethod
    def of(cls, settings: Settings) -> Service:
        """A service with these settings, its model not yet loaded."""
        metrics = Metrics()
        return cls(
            settings=settings,
            metrics=metrics,
            model=ServedModel(settings.model, metrics),
            pool=Pool(settings.workers, settings.queue_size, settings.deadline_seconds, metrics),
        )


def _of_request(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


#: The service, as a parameter of a route.
ServiceOf = Annotated[Service, Depends(_of_request)]
