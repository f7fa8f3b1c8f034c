"""The parts that every request of one application shares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Annotated

from fastapi import Depends, Request

from serving.gathering import Gathering
from serving.metrics import Metrics
from serving.model import ServedModel
from serving.pool import Pool
from serving.rates import RateLimits
from serving.reading import Reading
from serving.runners.documents import DocumentsRunner
from serving.runners.evaluation import EvaluationRunner
from serving.runners.runner import Runner
from serving.runners.training import Limits, TrainingRunner, can_train
from serving.settings import Settings
from serving.stores.collections import CollectionStore
from serving.stores.database import Database
from serving.stores.datasets import DatasetStore
from serving.stores.evaluations import EvaluationStore
from serving.stores.jobs import JobKind, JobStore
from serving.stores.keys import KeyStore
from serving.stores.promotions import PromotionStore
from serving.stores.registry import Registry
from serving.worker import Worker


@dataclass(frozen=True)
class Service:
    """Settings, metrics, model, workers and stores of one application."""

    settings: Settings
    metrics: Metrics
    registry: Registry
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
    def collections(self) -> CollectionStore:
        """The reports of jobs, one by one."""
        return CollectionStore(self.database)

    @cached_property
    def gathering(self) -> Gathering:
        """The series of jobs' reports."""
        return Gathering(self.collections)

    @cached_property
    def evaluations(self) -> EvaluationStore:
        """The scores of models."""
        return EvaluationStore(self.database)

    @cached_property
    def promotions(self) -> PromotionStore:
        """Which model was promoted when."""
        return PromotionStore(self.database)

    @cached_property
    def can_train(self) -> bool:
        """Whether this process can train."""
        return can_train(self.settings.training_python)

    @cached_property
    def worker(self) -> Worker:
        """What works through the jobs."""
        settings = self.settings
        return Worker(
            self.jobs,
            self._runners(),
            settings.home,
            settings.queue_url,
            settings.job_heartbeat_seconds,
            timedelta(days=settings.job_keep_days),
        )

    def _runners(self) -> dict[JobKind, Runner]:
        settings = self.settings
        evaluation = EvaluationRunner(self.jobs, self.datasets, self.registry, self.evaluations)
        runners: dict[JobKind, Runner] = {
            JobKind.DOCUMENTS: DocumentsRunner(self.jobs, self.reading),
            JobKind.EVALUATION: evaluation,
        }
        if self.can_train:
            limits = Limits(settings.training_hours * 3600, settings.training_memory_bytes, settings.training_threads)
            runners[JobKind.TRAINING] = TrainingRunner(
                self.jobs, self.datasets, self.registry, evaluation, settings.home, settings.training_python, limits
            )
        return runners

    @classmethod
    def of(cls, settings: Settings) -> Service:
        """A service with these settings, its model not yet loaded."""
        metrics = Metrics()
        registry = Registry(settings.home, settings.model)
        model = ServedModel(registry, metrics)
        return cls(
            settings=settings,
            metrics=metrics,
            registry=registry,
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
