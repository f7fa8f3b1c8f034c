"""Data sets on the page: import, open, compare, split, export, delete."""

from __future__ import annotations

import json

import httpx
import pytest

from zhibiao.formats import markup, native

FIRST = "⟦T1:2020年⟧，⟦I1:规模工业增加值⟧⟦A>I1,T1:46.78亿元⟧。"
SECOND = "⟦T1:2020年⟧，规模⟦I1:工业增加值⟧⟦A>T1!t:46.78亿元⟧。"


def post(url: str, dataset: str, *documents) -> None:
    httpx.post(f"{url}/v1/datasets/{dataset}/documents", content=native.write(documents).encode()).raise_for_status()


@pytest.fixture
def datasets(url):
    names = [info["name"] for info in httpx.get(f"{url}/v1/datasets").json()]
    if "页甲" not in names:
        post(url, "页甲", markup.read(FIRST, "x", "r1"), markup.read("⟦I1:税收⟧⟦A>I1:3亿元⟧。", "x", "r2"))
        post(url, "页乙", markup.read(SECOND, "x", "r1"))


def test_a_file_is_imported_and_its_document_opened(visit, tmp_path):
    file = tmp_path / "new.jsonl"
    file.write_text(native.write([markup.read(FIRST, "x", "导入的")]), "utf-8")
    with visit("#datasets") as page:
        form = page.locator("#view-datasets form")
        form.locator("input").first.fill("页导入")
        page.set_input_files("#view-datasets input[type=file]", file)
        form.get_by_role("button", name="添加").click()
        page.get_by_role("link", name="页导入").click()
        page.get_by_role("link", name="导入的").click()
        page.locator("#reader .span.AMOUNT", has_text="46.78亿元").wait_for()
        assert page.locator("#rows tr[data-fact]").count() == 1
        assert page.is_visible("#inspector")


def test_two_annotators_are_compared_side_by_side(visit, datasets):
    with visit("#datasets/页甲") as page:
        page.locator("#view-datasets select").nth(1).select_option("页乙")
        page.get_by_role("button", name="与之比较一致性").click()
        differing = page.locator(".comparison tbody tr")
        differing.first.wait_for()
        words = " ".join(differing.all_inner_texts())
        assert "工业增加值" in words
        assert "目标" in words
        assert page.locator(".tile").count() == 5


def test_a_data_set_is_split_and_exported(visit, datasets, tmp_path):
    with visit("#datasets/页甲") as page:
        page.get_by_role("button", name="拆分").click()
        page.locator("#ask-dialog input[type=number]").fill("50")
        page.locator("#ask-dialog .primary").click()
        page.get_by_role("link", name="页甲-留出").wait_for()
        page.get_by_role("link", name="页甲", exact=True).click()
        page.locator("#view-datasets select").first.select_option("doccano")
        with page.expect_download() as download:
            page.get_by_role("button", name="导出").click()
        assert download.value.suggested_filename == "页甲.jsonl"
        download.value.save_as(tmp_path / "out")
        lines = (tmp_path / "out").read_text("utf-8").splitlines()
        assert [len(json.loads(line)["entities"]) for line in lines] == [3, 2]


def test_a_refusal_is_told_in_the_reader_s_language(visit, datasets):
    with visit("#datasets/页甲", refusals=2) as page:
        for expected in ("这个名称已被占用。", "There is a data set 页乙 already."):
            page.locator("#view-datasets .tasks button").last.click()
            page.locator("#ask-dialog input").first.fill("页乙")
            page.locator("#ask-dialog .primary").click()
            told = page.locator("#ask-dialog .problem")
            told.wait_for()
            assert told.inner_text().startswith(expected)
            page.keyboard.press("Escape")
            page.click("#language")


def test_a_document_is_deleted_after_a_question(visit, url):
    post(url, "页删", markup.read(FIRST, "x", "a"), markup.read(SECOND, "x", "b"))
    with visit("#datasets/页删") as page:
        page.get_by_role("row", name="a 1").get_by_role("button", name="删除").click()
        page.locator("#ask-dialog .danger").click()
        page.get_by_role("row", name="a 1").wait_for(state="detached")
    assert [entry["id"] for entry in httpx.get(f"{url}/v1/datasets/页删").json()] == ["b"]
