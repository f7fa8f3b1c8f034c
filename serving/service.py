"""The parts that every request of one application shares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Annotated

from fastapi import Depends, Request

from serving.metrics import Metrics
from serving.model import ServedModel
from serving.pool import Pool
from serving.rates import RateLimits
from serving.reading import Reading
from serving.settings import Settings
from serving.stores.database import Database
from serving.stores.datasets import DatasetStore
from serving.stores.jobs import JobStore
from serving.stores.keys import KeyStore
from serving.worker import Worker


@dataclass(frozen=True)
class Service:
    """Settings, metrics, model, workers and stores of one application."""

    settings: Settings
    metrics: Metrics
    model: ServedModel
    reading: Reading
    pool: Pool
    rates: RateLimits

    @cached_property
    def database(self) -> Database:
        """The database, opened when it is first wanted."""
        return Database(self.settings.home, self.settings.database_url)

    @cached_property
    def keys(self) -> KeyStore:
        """The API keys."""
        return KeyStore(self.database)

    @cached_property
    def datasets(self) -> DatasetStore:
        """The data sets."""
        return DatasetStore(self.database)

    @cached_property
    def jobs(self) -> JobStore:
        """The jobs."""
        return JobStore(self.database)

    @cached_property
    def worker(self) -> Worker:
        """What works through the jobs."""
        settings = self.settings
        return Worker(
            self.jobs,
            self.reading,
            settings.home,
            settings.queue_url,
            settings.job_heartbeat_seconds,
            timedelta(days=settings.job_keep_days),
        )

    @classmethod
    def of(cls, settings: Settings) -> Service:
        """A service with these settings, its model not yet loaded."""
        metrics = Metrics()
        model = ServedModel(settings.model, metrics)
        return cls(
            settings=settings,
            metrics=metrics,
            model=model,
            reading=Reading(model, metrics, settings.max_characters),
            pool=Pool(settings.workers, settings.queue_size, settings.deadline_seconds, metrics),
            rates=RateLimits(settings.rate_limit),
        )


def _of_request(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


#: The service, as a parameter of a route.
ServiceOf = Annotated[Service, Depends(_of_request)]
