"""The web page and the API documentation, with nothing loaded from elsewhere."""

from __future__ import annotations

from pathlib import Path

import fastapi_offline
from fastapi import FastAPI
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_STATIC = Path(__file__).parent / "static"
_SWAGGER = Path(fastapi_offline.__file__).parent / "static"


class Assets(StaticFiles):
    """Files that a browser keeps, and asks each time whether they have changed."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, or 304 where the browser has it."""
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "no-cache"
        return response


def install_pages(app: FastAPI) -> None:
    """Serve `/`, `/docs` and their files."""

    @app.get("/", include_in_schema=False)
    async def page() -> FileResponse:
        return FileResponse(_STATIC / "index.html")

    @app.get("/docs", include_in_schema=False)
    async def docs() -> FileResponse:
        return FileResponse(_STATIC / "docs.html")

    app.mount("/static", Assets(directory=_STATIC), name="static")
    app.mount("/docs/assets", Assets(directory=_SWAGGER), name="swagger")
