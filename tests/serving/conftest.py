"""A service with the shipped model: in this process for most tests, on a loopback port for those that need one."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, text

from serving.app import create_app
from serving.client import Client
from serving.settings import Settings
from serving.start import listen
from serving.stores.database import Database

SEEDS = Path(__file__).parents[2] / "seeds"
TEXT = "2020年，规模工业增加值46.78亿元，较上年增长17.95%。"


@contextmanager
def running(application: FastAPI) -> Iterator[str]:
    """The URL of an application on a free loopback port, ready to serve."""
    listening = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(application, log_config=None, lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    try:
        with Client(url) as client:
            client.wait_until_ready()
        yield url
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


@contextmanager
def service(**settings: object) -> Iterator[TestClient]:
    """A client of a service with these settings, its model loaded."""
    application = create_app(Settings(**settings))
    with TestClient(application, raise_server_exceptions=False) as client:
        application.state.service.model.wait()
        yield client


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Everything that a service keeps lies in a folder of the tests', unless a test names its own."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ZHIBIAO_HOME", str(folder))
        yield folder


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    with running(create_app(Settings())) as address:
        yield address


@pytest.fixture(scope="session")
def client() -> Iterator[TestClient]:
    with service() as connected:
        yield connected


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database of each kind. PostgreSQL's is emptied: POSTGRES_TEST_URL names one that is for tests only."""
    url = None
    if request.param == "postgresql":
        url = os.environ.get("POSTGRES_TEST_URL")
        if url is None:
            pytest.skip("POSTGRES_TEST_URL names no database for tests")
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        engine.dispose()
    opened = Database(tmp_path, url)
    yield opened
    opened.close()


def problem_of(answer: httpx.Response) -> dict:
    """The problem document of an answer, which must be one."""
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["detail"]
    assert problem["remedy"]
    assert problem["request_id"] == answer.headers["x-request-id"]
    return problem
