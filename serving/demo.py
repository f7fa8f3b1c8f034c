"""`python -m serving.demo --port PORT REPORT`: the service with a real report, from start to its facts in a table."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from rich.console import Console

from serving.app import create_app
from serving.client import Client
from serving.logs import configure_logs
from serving.settings import SettingsError, read_settings
from serving.start import StartError, listen
from zhibiao import outputs
from zhibiao.documents import read_file
from zhibiao.errors import ZhibiaoError

_HOST = "127.0.0.1"


def demonstrate(
    report: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A report to post.")],
    port: Annotated[int, typer.Option(help="Port of the loopback address to listen on; 0 for any free one.")] = 8000,
    stay: Annotated[bool, typer.Option(help="Stay up until Ctrl-C.")] = True,
) -> None:
    """Start the service, post REPORT to it, print its facts, and stay up until Ctrl-C."""
    settings = read_settings(host=_HOST, port=port)
    configure_logs("text", "warning")
    listening = listen(settings.host, settings.port)
    server = uvicorn.Server(uvicorn.Config(create_app(settings), log_config=None, server_header=False))
    url = f"http://{_HOST}:{listening.getsockname()[1]}"

    async def run() -> None:
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            await asyncio.to_thread(_show, url, report, Console())
            if stay:
                await serving
        finally:
            server.should_exit = True
            await serving

    asyncio.run(run())


def _show(url: str, path: Path, console: Console) -> None:
    text = read_file(path).text
    with Client(url) as client:
        with console.status("Loading the model …"):
            model = client.wait_until_ready()
        began = time.perf_counter()
        report = client.extract(text)
        seconds = time.perf_counter() - began
    console.print(outputs.table(outputs.rows(report), width=console.width))
    console.print(
        f"{len(report.facts)} facts of {path.name} ({report.characters:,} characters) "
        f"in {seconds:.2f} s, read by {model}.\n"
    )
    console.print(f"The page:           {url}/\nAPI documentation:  {url}/docs", highlight=False)
    console.print("Ctrl-C ends the service.")


def main() -> None:
    """Run it; a busy port or a fault of the settings is a message and exit code 1, Ctrl-C the ordinary end."""
    try:
        typer.run(demonstrate)
    except (SettingsError, StartError, ZhibiaoError) as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        sys.stderr.write("\n")


if __name__ == "__main__":
    main()
