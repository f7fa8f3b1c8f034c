import json
import re

from made import annotation, span

from zhibiao.evaluate import Evaluation, compare, page, score

NASTY = "</script><script>alert(1)</script>\u2028<!-- 3亿元 税收"
VALUE, TAX = span("AMOUNT", "3亿元", NASTY), span("INDICATOR", "税收", NASTY)


def evaluation():
    gold = annotation([VALUE, TAX], [(VALUE, "indicator", TAX)], text=NASTY, document_id="<b>d</b>")
    predicted = annotation({VALUE: 0.9}, text=NASTY, document_id="<b>d</b>")
    pairs = [(gold, predicted), (gold, gold)]
    return Evaluation(pairs, {"model": "m", "set": "s"}, (compare(score(pairs), score(pairs), rounds=50),))


def test_the_page_holds_all_figures_and_errors_whatever_the_text_says():
    found = evaluation()
    html = page.render(found)
    (data,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    read = json.loads(data)
    assert read.pop("errors") == [mistake.as_json() for mistake in found.mistakes]
    assert read == json.loads(json.dumps(found.as_json()))
    assert html.count("<script") == html.count("</script>") == 2
    assert "\u2028" not in html


def test_the_page_fetches_nothing():
    html = page.render(evaluation())
    assert not re.findall(r"(?:src|href)\s*=|@import|url\(|fetch\(|XMLHttpRequest", html)


def test_both_languages_say_the_same_things():
    words = page.render(evaluation()).split("const WORDS = {")[1].split("let language")[0]
    chinese, english = words.split("\n  en: {")
    keys = [
        re.findall(r'(?:^|[{,])\s*("?[\w: ]+"?): ["{]', part) for part in (chinese.replace("zh: {", "{"), "{" + english)
    ]
    assert sorted(keys[0]) == sorted(keys[1])
    assert len(keys[0]) > 60


def test_figures_are_json_with_intervals():
    figures = evaluation().as_json()
    assert figures["documents"] == 2
    assert figures["scores"]["spans"]["f1"] == round(6 / 7, 4)
    assert figures["scores"]["spans"]["low"] <= figures["scores"]["spans"]["f1"] <= figures["scores"]["spans"]["high"]
    assert {"gold": "INDICATOR", "predicted": None, "kind": "missed", "count": 1} in figures["confusion"]
    assert figures["comparisons"][0]["difference"] == 0
    assert [one["id"] for one in figures["by_document"]] == ["<b>d</b>"] * 2
    json.dumps(figures)
