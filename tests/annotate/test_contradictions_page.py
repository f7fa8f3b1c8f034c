"""The page of contradictions: complete in itself, and in a real browser its decisions can be made and saved."""

import re
import shutil

import pytest

from zhibiao.annotate import decisions, numbered, settle
from zhibiao.annotate.page import render_disagreements, render_doubts
from zhibiao.evaluate import from_document, pair
from zhibiao.formats import markup

FIRST = "🙂⟦T1:2020年⟧，⟦I1:税收⟧⟦A>I1,T1:3亿元⟧，⟦I2:支出⟧⟦A>I2!t:5亿元⟧，占⟦R:七成⟧。"
SECOND = "🙂⟦T1:2020年⟧，⟦I1:税收⟧⟦A>I1:3亿⟧元，⟦I2:支出⟧⟦A>I2:5亿元⟧，⟦I3:占⟧七成。"


def annotations():
    return [markup.read(FIRST, "a", "d")], [markup.read(SECOND, "b", "d")]


def records():
    first, second = annotations()
    return list(numbered(pair([from_document(one) for one in first], [from_document(one) for one in second])))


def test_the_page_fetches_nothing():
    for html in (render_disagreements(records(), "甲", "乙"), render_doubts([], "gold", "model")):
        assert not re.findall(r"(?:src)\s*=|@import|url\(|fetch\(|XMLHttpRequest", html)
        assert html.count("<script") == html.count("</script>") == 2


def test_decisions_made_in_a_browser_settle_the_gold(tmp_path):
    playwright = pytest.importorskip("playwright.sync_api", reason="the page is tested where playwright is installed")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("the page is tested where chromium is installed")
    (tmp_path / "page.html").write_text(render_disagreements(records(), "甲", "乙"), "utf-8")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.set_default_timeout(90_000)
        faults = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto((tmp_path / "page.html").as_uri())
        marked = page.locator("article", has_text="边界").locator(".two mark").all_inner_texts()
        assert marked == ["3亿"]
        for number in range(page.locator("article").count()):
            page.locator("article").nth(number).get_by_role("button", name="采用后者").click()
        page.get_by_role("button", name="English").click()
        assert page.locator("h1").inner_text() == "Disagreements"
        with page.expect_download() as saved:
            page.get_by_role("button", name="Save decisions").click()
        saved.value.save_as(tmp_path / "decisions.jsonl")
        browser.close()
    assert faults == []
    first, second = annotations()
    (gold,) = settle(first, second, decisions.read(tmp_path / "decisions.jsonl"))
    assert [gold.text[one.start : one.end] for one in gold.entities] == ["2020年", "税收", "3亿", "支出", "5亿元", "占"]
