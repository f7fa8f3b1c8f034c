"""What the service tells Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)
_CHARACTERS = (100, 300, 1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
_DOCUMENTS = (1, 3, 10, 30, 100, 300, 1_000)


class Metrics:
    """The metrics of one application; each application has a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "zhibiao_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self.latency = Histogram(
            "zhibiao_request_seconds", "Time to answer.", ("route",), registry=self.registry, buckets=_SECONDS
        )
        self.stage = Histogram(
            "zhibiao_stage_seconds",
            "Time by stage: wait, read (a document), extract, write (the answer).",
            ("stage",),
            registry=self.registry,
            buckets=_SECONDS,
        )
        self.characters = Histogram(
            "zhibiao_text_characters", "Characters of each text read.", registry=self.registry, buckets=_CHARACTERS
        )
        self.facts = Counter("zhibiao_facts", "Facts given.", registry=self.registry)
        self.in_queue = Gauge("zhibiao_queue", "Requests at work or waiting for a worker.", registry=self.registry)
        self.refused = Counter(
            "zhibiao_unfinished", "Requests not read: queue_full, too_long_a_wait, deadline, client_gone.", ("why",),
            registry=self.registry,
        )  # fmt: skip
        self.jobs = Gauge(
            "zhibiao_jobs", "Jobs in the database, which all processes share.", ("kind", "state"),
            registry=self.registry,
        )  # fmt: skip
        self.job_documents = Histogram(
            "zhibiao_job_documents",
            "Documents of each job that reads some.",
            registry=self.registry,
            buckets=_DOCUMENTS,
        )
        self.model = Info("zhibiao_model", "The model served.", registry=self.registry)
