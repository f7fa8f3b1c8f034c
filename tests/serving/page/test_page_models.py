"""Models on the page: evaluated, compared, promoted, refused, rolled back."""

from __future__ import annotations

import httpx
import pytest

from serving.app import create_app
from serving.settings import Settings
from tests.serving.conftest import running
from tests.serving.models import annotated, make_model


@pytest.fixture(scope="module")
def models_url(tmp_path_factory):
    """A service that serves `worse` (two labels taken for each other), with `good` and `same` beside it."""
    home = tmp_path_factory.mktemp("page-models")
    worse = make_model(home / "given", "worse", is_worse=True)
    make_model(home / "models" / "good", "good")
    make_model(home / "models" / "same", "same", is_worse=True)
    with running(create_app(Settings(home=home, model=worse, job_heartbeat_seconds=0.2))) as address:
        httpx.post(f"{address}/v1/datasets/留出/documents", content=annotated(8).encode()).raise_for_status()
        yield address


def evaluate(page, model: str) -> None:
    page.goto(page.url.split("#")[0] + "#models")
    page.locator("#evaluation-form select").first.select_option(model)
    page.locator("#evaluation-form .primary").click()
    page.locator("#view-models h2", has_text=f"{model} 在").wait_for()  # not the list, of those done before
    page.locator("#view-models .badge.done").wait_for()


def promote(page, model: str) -> None:
    page.goto(page.url.split("#")[0] + "#models")
    page.get_by_role("row", name=model).get_by_role("button", name="启用").click()
    page.locator("#ask-dialog .primary").click()


def served(page) -> str:
    page.locator("#ask-dialog").wait_for(state="hidden")
    return page.locator("tr", has=page.locator(".badge.current")).locator("a").inner_text()


def test_a_better_model_is_evaluated_promoted_and_rolled_back(visit, models_url):
    with visit(at=models_url) as page:
        evaluate(page, "good")
        paired = page.locator("table", has_text="95% 区间").first.inner_text()
        assert "事实" in paired
        promote(page, "good")
        page.get_by_role("row", name="good").locator(".badge.current").wait_for()
        assert served(page) == "good"
        page.get_by_role("button", name="回退").click()
        page.locator("#ask-dialog .primary").click()
        page.get_by_role("row", name="worse").locator(".badge.current").wait_for()


def test_a_refused_promotion_shows_its_figures_and_can_be_forced_with_a_reason(visit, models_url):
    with visit(at=models_url, refusals=1) as page:
        evaluate(page, "same")
        promote(page, "same")
        page.locator("#ask-dialog textarea").wait_for()
        assert "95% 区间" in page.inner_text("#ask-dialog")
        page.locator("#ask-dialog textarea").fill("试用")
        page.locator("#ask-dialog .primary").click()
        page.get_by_role("row", name="same").locator(".badge.current").wait_for()
        page.get_by_role("link", name="same", exact=True).first.click()
        page.get_by_role("cell", name="试用").wait_for()


def test_two_versions_are_compared_side_by_side(visit, models_url):
    with visit("#models/compare/worse/good", at=models_url) as page:
        page.locator(".chart canvas").first.wait_for()
        heads = page.locator("th").all_inner_texts()
        assert {"worse", "good", "差值"} <= set(heads)
