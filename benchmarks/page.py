"""The page with a long report in a real browser: how long it holds its reader up.

    python benchmarks/page.py                        # a report of 100,000 characters, made of those in seeds/

Needs the extra `browser` and Debian's chromium. For each step the time until it is on the screen, and the longest task
of the browser's main thread in it: while a task runs, nothing answers the reader (a task longer than 50 ms counts as
long to browsers, one longer than about 200 ms is felt). Reading the report, which the service does, is not counted.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from load import ROOT, server, tell
from playwright.sync_api import Page, sync_playwright

#: Notes every long task of the page.
OBSERVE = """() => {
    window.longTasks = [];
    new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map((task) => task.duration)))
        .observe({ type: "longtask" });
}"""
#: The time of a frame after what was done is drawn, and the long tasks until then.
SETTLE = """() => new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(() => setTimeout(() => {
        resolve(Math.max(0, ...window.longTasks.splice(0)));
    }, 100))));
})"""
STEPS: dict[str, str] = {
    "scroll the text to its end": """() => document.querySelector("#reader").scrollTo(0, 1e9)""",
    "pick the last span": """() => [...document.querySelectorAll("#reader .span")].at(-1).click()""",
    "pick the first fact": """() => document.querySelector("#rows tr[data-fact]").click()""",
    "filter the facts": """() => {
        const search = document.querySelector("#search");
        search.value = "收入";
        search.dispatchEvent(new Event("input"));
    }""",
    "sort by value": """() => document.querySelector(".column-value button").click()""",
    "hide a label": """() => document.querySelector("#legend button").click()""",
    "begin to correct": """() => document.querySelector("#correct").click()""",
    "change the language": """() => document.querySelector("#language").click()""",
}


def report_of(characters: int) -> str:
    """The reports of seeds/, one after another, until there are so many characters."""
    whole = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "seeds").glob("*.txt")))
    return (whole * (characters // len(whole) + 1))[:characters]


def measured(page: Page, act: Callable[[], Any]) -> dict[str, float]:
    """Milliseconds of a step until it is drawn, and of its longest task."""
    began = page.evaluate("performance.now()")
    act()
    longest = page.evaluate(SETTLE)
    return {"ms": page.evaluate("performance.now()") - began - 100, "longest": longest}


def rounds(port: int, text: str, count: int) -> dict[str, list[dict[str, float]]]:
    """The steps, each in every round of a page of its own."""
    found: dict[str, list[dict[str, float]]] = {}
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for _ in range(count):
            page = browser.new_page(viewport={"width": 1400, "height": 900}, locale="zh-CN")
            page.set_default_timeout(600_000)
            page.goto(f"http://127.0.0.1:{port}/")
            page.fill("#text", text)
            page.evaluate(OBSERVE)
            with page.expect_response("**/v1/extract"):
                page.click("#submit")
            shown = measured(page, lambda page=page: page.wait_for_selector("#rows tr[data-fact]"))  # type: ignore[misc]
            found.setdefault("show the report", []).append(shown)
            for name, script in STEPS.items():
                found.setdefault(name, []).append(
                    measured(page, lambda page=page, script=script: page.evaluate(script))
                )
            spans = page.locator("#reader .span").count()
            page.close()
        browser.close()
    print(f"{len(text)} characters, {spans} spans")
    return found


def main() -> None:
    """Measure, print a table, and write the figures where --json says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--characters", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, server(home) as (_, port):
        found = rounds(port, report_of(chosen.characters), chosen.rounds)
    figures = {
        name: {key: round(statistics.median(one[key] for one in steps)) for key in ("ms", "longest")}
        for name, steps in found.items()
    }
    print(f"load of the machine: {os.getloadavg()[0]:.1f}")
    tell(figures, chosen.json)


if __name__ == "__main__":
    main()
