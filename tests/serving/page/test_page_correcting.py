"""Correcting a report on the page, and saving it into a data set."""

from __future__ import annotations

from urllib.parse import quote

import httpx
import pytest

from tests.serving.page.conftest import SEED, read_seed, select, span


@pytest.fixture
def desk(page):
    """The page with a report that is being corrected."""
    read_seed(page)
    page.click("#correct")
    return page


def changed(page) -> bool:
    return page.inner_text("#changes") != ""


def save(page, dataset: str, document: str) -> None:
    page.click("#save")
    page.locator("#save-dialog input").first.fill(dataset)
    page.locator("#save-dialog input").nth(1).fill(document)
    page.click("#save-dialog .primary")
    page.wait_for_selector("#save-dialog", state="hidden")


def test_selected_text_is_marked_and_relabelled_and_deleted(desk):
    select(desk, "企业融资难")
    desk.locator("#palette .INDICATOR").click()
    assert "INDICATOR" in span(desk, "企业融资难").get_attribute("class")
    desk.locator("#inspector button.PROJECT").click()
    assert "PROJECT" in span(desk, "企业融资难").get_attribute("class")
    desk.locator("#inspector .danger").click()
    assert span(desk, "企业融资难").count() == 0
    for _ in range(3):
        desk.keyboard.press("Control+z")
    assert not changed(desk)
    desk.keyboard.press("Control+Shift+z")
    assert "INDICATOR" in span(desk, "企业融资难").get_attribute("class")


def test_a_value_is_linked_by_dragging_and_its_facts_follow(desk):
    select(desk, "企业融资难")
    desk.locator("#palette .INDICATOR").click()
    span(desk, "127万元").click()
    knob, target = desk.locator(".handle.knob").bounding_box(), span(desk, "企业融资难").bounding_box()
    desk.mouse.move(knob["x"] + 2, knob["y"] - 6)
    desk.mouse.down()
    desk.mouse.move(target["x"] + 20, target["y"] + 10, steps=4)
    desk.mouse.up()
    assert "企业融资难" in desk.locator(".links .key").all_inner_texts()
    row = desk.locator("#rows tr", has_text="企业融资难")
    row.wait_for()
    assert "127万元" in row.inner_text()
    assert "人工" in row.inner_text()


def test_an_edge_is_dragged_and_a_status_set(desk):
    span(desk, "127万元").click()
    edge = desk.locator(".handle.end").bounding_box()
    desk.mouse.move(edge["x"], edge["y"] + 8)
    desk.mouse.down()
    desk.mouse.move(edge["x"] - 16, edge["y"] + 8, steps=4)
    desk.mouse.up()
    assert desk.locator("#inspector .inspector-head .span").inner_text() == "127万"
    desk.get_by_role("group", name="性质").get_by_role("button", name="预算").click()
    row = desk.locator("#rows tr", has_text="人工")
    row.first.wait_for()
    assert "预算" in row.first.inner_text()


def test_the_keyboard_alone_corrects_and_the_text_never_changes(desk):
    desk.locator("#reader").focus()
    select(desk, "部门基本情况")
    desk.evaluate("getSelection().collapseToStart()")
    for _ in range(4):
        desk.keyboard.press("Shift+ArrowRight")
    desk.keyboard.press("6")
    marked = span(desk, "部门基本")
    assert "PROJECT" in marked.get_attribute("class")
    desk.keyboard.press("Alt+ArrowRight")
    assert marked.inner_text() == "部门基本情"
    desk.keyboard.type("abc")
    desk.keyboard.press("Enter")
    desk.keyboard.press("Delete")
    assert marked.count() == 0
    shown = desk.evaluate("[...document.querySelectorAll('#reader p')].map((p) => p.textContent).join('\\n')")
    assert shown == SEED.read_bytes().decode()


def test_a_corrected_report_is_saved_with_its_offsets(visit, url):
    text = "😀2021年，工业总产值12.5亿元，增长8.1%。"
    with visit() as page:
        page.fill("#text", text)
        page.click("#submit")
        page.wait_for_selector("#rows tr[data-fact]")
        page.click("#correct")
        span(page, "12.5亿元").click()
        page.get_by_role("group", name="性质").get_by_role("button", name="目标").click()
        save(page, "校订", "表情")
        assert not changed(page)
    saved = httpx.get(f"{url}/v1/datasets/校订/documents/{quote('表情')}").json()
    amount = next(entity for entity in saved["entities"] if entity["label"] == "AMOUNT")
    assert text[amount["start"] : amount["end"]] == "12.5亿元"
    assert amount["status"] == "target"
    indicator = next(entity for entity in saved["entities"] if entity["label"] == "INDICATOR")
    assert {"from": amount["id"], "to": indicator["id"], "type": "indicator"} in saved["relations"]


def test_of_two_editors_neither_loses_anything(visit, url):
    document = {
        "id": "共有",
        "text": "税收3亿元，增长5%。",
        "entities": [{"id": "e1", "label": "AMOUNT", "start": 2, "end": 5}],
    }
    place = f"{url}/v1/datasets/两人/documents"
    httpx.post(place, json=document, headers={"content-type": "text/plain"}).raise_for_status()
    with visit("#read/两人/共有", refusals=1) as page:
        span(page, "3亿元").wait_for()
        select(page, "税收")
        page.locator("#palette .INDICATOR").click()
        theirs = document | {
            "entities": [*document["entities"], {"id": "e2", "label": "GROWTH", "start": 8, "end": 10}]
        }
        httpx.put(f"{place}/{quote('共有')}", json=theirs, headers={"if-match": '"1"'}).raise_for_status()
        page.click("#save")
        page.click("#save-dialog .primary")
        compared = page.locator("#save-dialog .comparison tbody")
        compared.wait_for()
        assert "税收" in compared.inner_text()
        assert "5%" in compared.inner_text()
        page.get_by_role("button", name="采用对方的").click()
        assert span(page, "税收").count() == 0
        assert span(page, "5%").count() == 1
        page.click("#undo")
        assert span(page, "税收").count() == 1
        save(page, "两人", "共有")
    versions = httpx.get(f"{place}/{quote('共有')}/versions").json()
    assert [version["version"] for version in versions] == [1, 2, 3]
    newest = httpx.get(f"{place}/{quote('共有')}").json()
    assert {entity["label"] for entity in newest["entities"]} == {"AMOUNT", "INDICATOR"}
