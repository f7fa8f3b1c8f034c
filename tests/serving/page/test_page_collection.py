"""Collections on the page: reports in, an indicator picked, a point's sentence in its report, what does not fit."""

from __future__ import annotations

import httpx
import pytest

from tests.serving.test_collections import REPORTS, submit


@pytest.fixture(scope="module")
def collection(url) -> str:
    with httpx.Client(base_url=url) as client:
        return submit(client)


def test_reports_are_submitted_and_shown(visit, tmp_path):
    files = [tmp_path / name for name in REPORTS]
    for file in files:
        file.write_text(REPORTS[file.name], "utf-8")
    with visit("#collections") as page:
        page.set_input_files("#view-collections input[type=file]", files)
        page.get_by_role("button", name="开始阅读").click()
        page.locator("#view-collections .hint", has_text="3 份报告").wait_for()
        page.locator("table.cells button").first.wait_for()


def test_a_figure_opens_its_sentence_in_its_report(visit, collection):
    with visit(f"#collections/{collection}") as page:
        page.locator(".picker select").select_option("一般公共预算收入")
        page.get_by_label("度量").select_option(label="水平 · 亿元 (4)")
        page.get_by_role("button", name="祁阳市, 2020, 18.9, 报告之间有出入").click()
        sources = page.locator(".sources li")
        assert sources.count() == 2
        assert sources.first.locator("mark").inner_text() == "18.9亿元"
        assert "最新报告" in sources.first.inner_text()
        sources.last.get_by_role("link").click()
        page.locator("#reader .span.selected").first.wait_for()
        assert page.is_visible("#view-read")
        assert "祁阳市2020年政府工作报告" in page.locator("#reader").inner_text()
        page.go_back()
        page.locator("table.cells button").first.wait_for()


def test_a_finding_leads_to_its_cell(visit, collection):
    with visit(f"#collections/{collection}") as page:
        finding = page.locator(".findings tbody tr", has_text="修订")
        assert "后改为18.9亿元" in finding.inner_text()
        finding.get_by_role("button").click()
        page.locator(".sources mark").first.wait_for()
        assert "一般公共预算收入" in page.locator(".sources").inner_text()
        page.locator(".findings select").select_option("target")
        assert page.locator(".findings tbody tr").count() == 1


def test_keys_move_between_the_figures(visit, collection):
    with visit(f"#collections/{collection}/一般公共预算收入") as page:
        page.get_by_label("度量").select_option(label="水平 · 亿元 (4)")
        first = page.locator("table.cells tbody tr").first.locator("button").first
        first.focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        page.locator(".sources mark").first.wait_for()
        assert "2020" in page.locator(".sources p").first.inner_text()


def test_both_languages_and_the_chart(visit, collection):
    with visit(f"#collections/{collection}/一般公共预算收入") as page:
        page.locator(".chart.series canvas").wait_for()
        page.click("#language")
        page.get_by_role("heading", name="Findings").wait_for()
        page.locator(".findings tbody tr", has_text="was restated as").wait_for()
        assert "lines" in page.locator(".chart.series").get_attribute("aria-label")
