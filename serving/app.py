"""The application: its parts put together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI, Request
from starlette.responses import Response

from serving import (
    collections,
    curation,
    datasets,
    evaluations,
    extraction,
    health,
    jobs,
    label_studio,
    models,
    reports,
    trainings,
)
from serving.middleware import Surroundings
from serving.openapi import install_openapi
from serving.pages import install_pages
from serving.problems import install_problems
from serving.service import Service
from serving.settings import Settings

_ABOUT = """Post a Chinese government or finance report; get back the facts that it states: which indicator or project
had which value in which period, how much it grew, and whether the value is an actual, a target, a forecast or a budget.

Numbers are exact decimals, written as strings. Offsets are half-open, in Unicode code points, into the text as sent.
Every error is an RFC 9457 problem document that says the place and the remedy."""

#: What a server logs for a client that closed the connection; nobody reads the answer.
_CLIENT_CLOSED = 499


def create_app(settings: Settings) -> FastAPI:
    """The service with these settings; the model is loaded in the background once it starts."""
    service = Service.of(settings)

    def prepare() -> None:
        service.model.load()
        if service.model.is_loaded:
            service.worker.start()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(lambda: (service.database, service.worker))
        preparing = asyncio.create_task(asyncio.to_thread(prepare))
        yield
        await preparing
        await asyncio.to_thread(service.worker.close)
        await asyncio.to_thread(service.model.close)
        service.pool.close()
        service.database.close()

    app = FastAPI(
        title="zhibiao 指标",
        version=version("zhibiao"),
        summary="The facts of Chinese government and finance reports.",
        description=_ABOUT,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
    )
    app.state.service = service
    app.add_middleware(Surroundings, metrics=service.metrics, max_bytes=settings.max_upload_bytes)
    app.add_exception_handler(InterruptedError, _on_client_gone)
    install_problems(app)
    app.include_router(extraction.router)
    app.include_router(reports.router)
    app.include_router(jobs.router)
    app.include_router(collections.router)
    app.include_router(datasets.router)
    app.include_router(models.router)
    app.include_router(evaluations.router)
    app.include_router(trainings.router)
    app.include_router(curation.router)
    app.include_router(label_studio.router)
    app.include_router(health.router)
    install_pages(app)
    install_openapi(app)
    return app


async def _on_client_gone(_: Request, __: Exception) -> Response:
    return Response(status_code=_CLIENT_CLOSED)
