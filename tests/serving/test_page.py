"""The page in a real browser: Debian's chromium and the package playwright, where both are there."""

from __future__ import annotations

import shutil

import pytest

from tests.serving.conftest import SEEDS

playwright = pytest.importorskip("playwright.sync_api", reason="the page is tested where playwright is installed")
CHROMIUM = shutil.which("chromium")
if CHROMIUM is None:
    pytest.skip("the page is tested where chromium is installed", allow_module_level=True)

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SEED = SEEDS / "longhui-hightech-zone-2020-performance.txt"


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser, url):
    """The page, which must neither log an error nor ask anything of another host."""
    opened = browser.new_page(viewport={"width": 1400, "height": 900})
    faults: list[str] = []
    opened.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: faults.append(str(error)))
    own = (url, "blob:", "data:")
    opened.on("request", lambda asked: None if asked.url.startswith(own) else faults.append(asked.url))
    opened.goto(url)
    yield opened
    opened.close()
    assert faults == []


def read_seed(page) -> None:
    page.set_input_files("#file", SEED)
    page.wait_for_selector("#rows tr[data-fact]")


def test_a_report_is_shown_with_its_spans_and_facts(page):
    read_seed(page)
    assert page.evaluate("document.querySelector('#text').value") == SEED.read_bytes().decode()
    shown = page.evaluate("[...document.querySelectorAll('#reader p')].map((p) => p.textContent).join('\\n')")
    assert shown == SEED.read_bytes().decode()
    assert page.locator("#reader .span.AMOUNT", has_text="127万元").count() == 1
    assert page.locator("#rows tr[data-fact]").count() > 10


def test_a_fact_leads_to_its_text_and_back(page):
    read_seed(page)
    row = page.locator("#rows tr[data-fact]", has_text="127万元").first
    row.click()
    assert "127万元" in page.locator("#reader .span.selected").all_inner_texts()
    other = page.locator("#reader .span.AMOUNT", has_text="350余万元")
    other.click()
    assert "350余万元" in page.locator("#rows tr.selected").first.inner_text()


def test_the_keyboard_alone_does_it(page):
    read_seed(page)
    page.locator("#rows tr[tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelectorAll('#rows tr')[1].classList.contains('selected')")
    page.locator("#reader .span[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.classList.contains('selected')")


def test_facts_are_filtered_and_sorted(page):
    read_seed(page)
    everything = page.locator("#rows tr[data-fact]").count()
    page.fill("#search", "127万元")
    assert 1 <= page.locator("#rows tr[data-fact]").count() < everything
    page.fill("#search", "")
    page.locator(".column-confidence button").click()
    certain = [int(cell.split("%")[0]) for cell in page.locator("td.column-confidence").all_inner_texts()]
    assert certain == sorted(certain)
    page.locator(".column-confidence button").click()
    certain = [int(cell.split("%")[0]) for cell in page.locator("td.column-confidence").all_inner_texts()]
    assert certain == sorted(certain, reverse=True)


@pytest.mark.parametrize(("unit", "written"), [("元", "1,270,000 元"), ("万元", "127 万元"), ("亿元", "0.0127 亿元")])
def test_amounts_are_exact_in_each_unit(page, unit, written):
    read_seed(page)
    page.check(f"#units input[value='{unit}']")
    assert page.locator("#rows td.column-value", has_text=written).count() >= 1


def test_both_languages_and_themes(page):
    read_seed(page)
    assert page.inner_text("#submit") == "提取"
    page.click("#language")
    assert page.inner_text("#submit") == "Extract"
    assert page.get_attribute("html", "lang") == "en"
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click("#theme")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    page.reload()
    assert page.inner_text("#submit") == "Extract"


@pytest.mark.parametrize("form", ["xlsx", "csv", "json"])
def test_facts_are_downloaded(page, form, tmp_path):
    read_seed(page)
    with page.expect_download() as download:
        page.click(f"#download-{form}")
    assert download.value.suggested_filename == f"{SEED.stem}.{form}"
    saved = tmp_path / "facts"
    download.value.save_as(saved)
    assert saved.stat().st_size > 500


def test_an_empty_report_is_asked_for(page):
    page.click("#submit")
    assert page.inner_text("#status")


def test_offsets_hold_beside_characters_outside_the_basic_plane(page):
    text = "😀😀2020年👍，规模工业增加值46.78亿元，较上年增长17.95%。"
    page.fill("#text", text)
    page.click("#submit")
    page.wait_for_selector("#rows tr[data-fact]")
    assert page.locator("#reader .span.AMOUNT").inner_text().startswith("46.78亿元")
    assert page.evaluate("document.querySelector('#reader').textContent") == text


def test_the_documentation_of_the_api_needs_nothing_from_elsewhere(page, url):
    page.goto(f"{url}/docs")
    page.get_by_text("/v1/extract", exact=True).first.wait_for()
