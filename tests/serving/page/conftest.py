"""A real browser: Debian's chromium and the package playwright, where both are there."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from tests.serving.conftest import SEEDS

SEED = SEEDS / "longhui-hightech-zone-2020-performance.txt"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: Milliseconds that anything on the page may take on a busy machine.
PATIENCE = 90_000
#: What the browser says of a refusal that the page shows and that a test means to provoke.
REFUSED = "the server responded with a status of 409"

Opener = Callable[..., AbstractContextManager[Any]]


@pytest.fixture(scope="package")  # its driver keeps an event loop running, under which other tests cannot run theirs
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="the page is tested where playwright is installed")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("the page is tested where chromium is installed")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def visit(browser, url) -> Opener:
    """Open the page; it must neither log an error nor ask anything of another host while it is open."""

    @contextmanager
    def opened(address: str = "", at: str = url, refusals: int = 0, **options: Any) -> Iterator[Any]:
        context = browser.new_context(viewport={"width": 1400, "height": 900}, locale="zh-CN", **options)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        faults: list[str] = []
        page.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        own = (at, "blob:", "data:")
        page.on("request", lambda asked: None if asked.url.startswith(own) else faults.append(asked.url))
        page.goto(f"{at}/{address}")
        yield page
        context.close()
        assert [fault for fault in faults if REFUSED not in fault] == []
        assert sum(REFUSED in fault for fault in faults) == refusals

    return opened


@pytest.fixture
def page(visit) -> Iterator[Any]:
    with visit() as opened:
        yield opened


def read_seed(page: Any) -> None:
    page.set_input_files("#file", SEED)
    page.wait_for_selector("#rows tr[data-fact]")


def select(page: Any, words: str) -> None:
    """Select the first place of the text that reads so, as a mouse would."""
    page.evaluate(
        """(words) => {
            const walker = document.createTreeWalker(document.querySelector("#reader"), NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const at = node.data.indexOf(words);
                if (at < 0) continue;
                getSelection().setBaseAndExtent(node, at, node, at + words.length);
                return;
            }
            throw new Error(`no text node holds ${words}`);
        }""",
        words,
    )


def span(page: Any, words: str) -> Any:
    return page.locator("#reader .span", has_text=words).first
