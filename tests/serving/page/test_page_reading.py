"""Reading a report on the page."""

from __future__ import annotations

import csv
import io
import json

import openpyxl
import pytest

from tests.serving.page.conftest import PATIENCE, SEED, read_seed


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


def test_facts_are_downloaded_as_they_are_shown(page, tmp_path):
    read_seed(page)
    shown = page.locator("#rows tr[data-fact]").count()
    saved = {}
    for form in ("xlsx", "csv", "json"):
        with page.expect_download() as download:
            page.click(f"#download-{form}")
        assert download.value.suggested_filename == f"{SEED.stem}.{form}"
        saved[form] = tmp_path / form
        download.value.save_as(saved[form])
    assert len(json.loads(saved["json"].read_text("utf-8"))["facts"]) == shown
    assert len(list(csv.reader(io.StringIO(saved["csv"].read_text("utf-8-sig"))))) == shown + 1
    workbook = openpyxl.load_workbook(io.BytesIO(saved["xlsx"].read_bytes()))
    assert workbook.active.max_row == shown + 1


def test_charts_show_the_facts_and_lead_to_the_text(page):
    read_seed(page)
    page.click("#as-charts")
    page.wait_for_selector(".chart canvas")
    for kind in ("增长排名", "构成", "项目进度", "数值"):
        page.get_by_role("button", name=kind).click()
        page.wait_for_function("kind => document.querySelector('.chart').ariaLabel.startsWith(kind)", arg=kind)
    # Where a bar is depends on the facts, and when it has its size on the machine: the longest ones, the topmost, are
    # looked for until one is hit.
    selected = page.locator("#reader .span.selected")
    for number in range(PATIENCE // 500):
        box = page.locator(".chart canvas").bounding_box()
        page.mouse.click(box["x"] + box["width"] * 0.4, box["y"] + 30 + number * 7 % 90)
        page.wait_for_timeout(500)
        if selected.count():
            break
    assert selected.count()


def test_both_languages_have_the_same_words(page):
    missing = page.evaluate(
        """async () => {
            const { zh } = await import("/static/common/words-zh.js");
            const { en } = await import("/static/common/words-en.js");
            const names = (group, path = "") => Object.entries(group).flatMap(([name, value]) =>
                typeof value === "object" ? names(value, `${path}${name}.`) : [path + name]);
            const [ours, theirs] = [names(zh), names(en)];
            return [...ours.filter((name) => !theirs.includes(name)), ...theirs.filter((name) => !ours.includes(name))];
        }"""
    )
    assert missing == []


def test_an_empty_report_is_asked_for(page):
    page.click("#submit")
    page.locator("#status:not(:empty)").wait_for()


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
