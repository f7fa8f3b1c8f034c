"""`zhibiao-serve`: start the service, or make one request of it."""

from __future__ import annotations

import asyncio
import errno
import socket
import sys
from typing import Annotated

import httpx
import typer
import uvicorn

from serving.app import create_app
from serving.logs import configure_logs, get_logger
from serving.settings import Settings, SettingsError, read_settings

app = typer.Typer(
    name="zhibiao-serve",
    help="Serve the facts of reports over HTTP. Settings are the ZHIBIAO_* variables of docs/settings.md.",
    pretty_exceptions_enable=False,
    add_completion=False,
)


class StartError(Exception):
    """The service cannot start; the message says why and what to do."""


@app.callback(invoke_without_command=True)
def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="Address to listen on; instead of ZHIBIAO_HOST.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on, 0 for any; instead of ZHIBIAO_PORT.")] = None,
    get: Annotated[
        str | None,
        typer.Option("--get", metavar="PATH", help="Make one GET request of the service, without a port, and end."),
    ] = None,
) -> None:
    """Start the service; it ends at Ctrl-C or SIGTERM, after the requests at work."""
    if context.invoked_subcommand is not None:
        return
    settings = read_settings(host=host, port=port)
    configure_logs(settings.log_format, settings.log_level)
    if get is not None:
        raise typer.Exit(asyncio.run(_get(settings, get)))
    check_address(settings)
    listening = listen(settings.host, settings.port)
    address, bound = listening.getsockname()[:2]
    get_logger().info("listening", url=f"http://{_in_url(address)}:{bound}/")
    server = uvicorn.Server(uvicorn.Config(create_app(settings), log_config=None, server_header=False))
    server.run(sockets=[listening])


def check_address(settings: Settings) -> None:
    """Raise StartError where others could reach the service and nothing says that they may."""
    if settings.is_loopback or settings.allow_anonymous:
        return
    raise StartError(
        f"{settings.host} can be reached from other machines, and there are no API keys.\n"
        "Listen on 127.0.0.1, or set ZHIBIAO_ALLOW_ANONYMOUS=true where whoever reaches it may use it."
    )


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; StartError where it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host.strip("[]"), port), family=family, backlog=2048)
    except OSError as error:
        raise StartError(_why_not(host, port, error)) from None


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} of {host} is in use by another program. Choose another with --port, or 0 for any free one."
    if error.errno == errno.EACCES:
        return f"Port {port} of {host} may not be used by this user. Choose one from 1024 on."
    return f"Cannot listen on {host}, port {port}: {error.strerror or error}. Choose an address of this machine."


async def _get(settings: Settings, path: str) -> int:
    """Print the answer to one request; 0 where it is a success. Waits for the model where the service is not ready."""
    application = create_app(settings)
    transport = httpx.ASGITransport(application)
    async with (
        application.router.lifespan_context(application),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client,
    ):
        await asyncio.to_thread(application.state.service.model.wait)
        answer = await client.get(path)
    sys.stdout.write(answer.text.rstrip("\n") + "\n")
    return 0 if answer.is_success else 1


def _in_url(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def main() -> None:
    """Run the command line; a fault of the settings or the address is a message and exit code 1."""
    try:
        app()
    except (SettingsError, StartError) as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(1) from None
