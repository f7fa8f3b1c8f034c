"""`zhibiao-serve`: start the service, or make one request of it."""

from __future__ import annotations

import asyncio
import sys
from typing import Annotated

import httpx
import typer
import uvicorn

from serving.app import create_app
from serving.logs import configure_logs, get_logger
from serving.settings import Settings, SettingsError, read_settings
from serving.start import StartError, check_address, listen, open_database
from serving.stores.keys import KeyStore, Role

app = typer.Typer(
    name="zhibiao-serve",
    help="Serve the facts of reports over HTTP. Settings are the ZHIBIAO_* variables of docs/settings.md.",
    pretty_exceptions_enable=False,
    add_completion=False,
)


keys_app = typer.Typer(help="Make, list and revoke API keys.", no_args_is_help=True)
app.add_typer(keys_app, name="keys")


@app.callback(invoke_without_command=True)
def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="Address to listen on; instead of ZHIBIAO_HOST.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on, 0 for any; instead of ZHIBIAO_PORT.")] = None,
    get: Annotated[
        str | None,
        typer.Option("--get", metavar="PATH", help="Make one GET request of the service, without a port, and end."),
    ] = None,
    of: Annotated[
        str | None,
        typer.Option(metavar="URL", help="With --get: ask the service that runs there, as a health check does."),
    ] = None,
) -> None:
    """Start the service; it ends at Ctrl-C or SIGTERM, after the requests at work."""
    if context.invoked_subcommand is not None:
        return
    if get is not None and of is not None:
        raise typer.Exit(_get_of(of, get))
    settings = read_settings(host=host, port=port)
    configure_logs(settings.log_format, settings.log_level)
    if get is not None:
        raise typer.Exit(asyncio.run(_get(settings, get)))
    check_address(settings, KeyStore(open_database(settings)))
    listening = listen(settings.host, settings.port)
    address, bound = listening.getsockname()[:2]
    get_logger().info("listening", url=f"http://{_in_url(address)}:{bound}/")
    server = uvicorn.Server(uvicorn.Config(create_app(settings), log_config=None, server_header=False))
    server.run(sockets=[listening])


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
    return _print(answer)


def _get_of(url: str, path: str) -> int:
    """Print the answer of a service that runs; 1 where it is no success, or there is none."""
    try:
        return _print(httpx.get(url.rstrip("/") + path, timeout=8))
    except httpx.HTTPError as error:
        sys.stderr.write(f"{url} does not answer: {error}\n")
        return 1


def _print(answer: httpx.Response) -> int:
    sys.stdout.write(answer.text.rstrip("\n") + "\n")
    return 0 if answer.is_success else 1


@keys_app.command("create")
def create_key(
    name: Annotated[str, typer.Argument(help="Whose key it is; the author of what is saved with it.")],
    role: Annotated[
        Role, typer.Option(help="What it may do; each role may do what those before it may.")
    ] = Role.EXTRACT,
) -> None:
    """Make a key and print it: it cannot be shown again."""
    key, written = _keys().create(name, role)
    sys.stderr.write(f"Key {key.id} of {name}, role {role}. Keep it now: it is not shown again.\n")
    sys.stdout.write(f"{written}\n")


@keys_app.command("list")
def list_keys() -> None:
    """Print every key without its secret: id, role, name, when it was made, when it was revoked."""
    for key in _keys().all():
        ended = f"revoked {key.revoked:%Y-%m-%d %H:%M}" if key.revoked else ""
        sys.stdout.write(f"{key.id}  {key.role:8}  {key.created:%Y-%m-%d %H:%M}  {key.name}  {ended}".rstrip() + "\n")


@keys_app.command("revoke")
def revoke_key(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="The key's id, as `keys list` prints it.")],
) -> None:
    """End a key, at once and for good."""
    if not _keys().revoke(key_id):
        raise StartError(f"There is no key {key_id} that could be revoked. `zhibiao-serve keys list` prints all.")


def _keys() -> KeyStore:
    return KeyStore(open_database(read_settings()))


def _in_url(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def main() -> None:
    """Run the command line; a fault of the settings or the address is a message and exit code 1."""
    try:
        app()
    except (SettingsError, StartError) as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(1) from None
