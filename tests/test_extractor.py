"""The whole path, with the released model."""

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import zhibiao
from zhibiao.extractor import Extractor
from zhibiao.schema import Report

SEEDS = sorted((Path(__file__).parents[1] / "seeds").glob("*.txt"))
SENTENCE = "2020年，规模工业增加值46.78亿元，较上年增长17.95%。"


@pytest.fixture(scope="session")
def extractor():
    return Extractor.load()


def _spans(report, offset=0):
    return [(entity.label, entity.start - offset, entity.end - offset) for entity in report.entities]


def test_a_sentence_as_its_documentation_says(extractor):
    report = extractor.extract(SENTENCE)
    assert report.document.reference_year == 2020
    (fact,) = report.facts
    assert (fact.indicator.text, fact.value.value, fact.value.unit) == ("规模工业增加值", Decimal(4678000000), "CNY")
    assert (fact.growth.value, fact.growth.unit, fact.growth.direction) == (Decimal("17.95"), "percent", "up")
    assert (str(fact.period.start), str(fact.period.end), fact.status) == ("2020-01-01", "2020-12-31", "actual")
    assert (fact.start, fact.end) == (0, 32)
    growth = next(entity.growth for entity in report.entities if entity.label == "GROWTH")
    assert (growth.factor, growth.base) == (Decimal("1.1795"), "prior_year")


def test_the_json_shape(extractor):
    dumped = extractor.extract(SENTENCE, amount_unit="亿元").model_dump()
    assert dumped == json.loads(json.dumps(dumped))
    assert Report.model_validate(dumped).model_dump() == dumped
    amount = next(entity["quantity"] for entity in dumped["entities"] if entity["label"] == "AMOUNT")
    assert amount == {
        "value": "4678000000", "low": "4678000000", "high": "4678000000", "approximate": False, "unit": "CNY",
        "written": {"number": "46.78", "scale": "亿", "unit": "元"},
        "shown": {"value": "46.78", "unit": "亿元"},
    }  # fmt: skip
    assert set(dumped["facts"][0]) >= {
        "id",
        "indicator",
        "project",
        "value",
        "growth",
        "period",
        "status",
        "confidence",
    }


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_offsets_of_real_reports_slice_back(extractor, path):
    text = path.read_text("utf-8")
    report = extractor.extract(text)
    assert report.characters == len(text)
    assert len(report.facts) > 10
    assert all(text[entity.start : entity.end] == entity.text for entity in report.entities)
    before = 0
    for entity in report.entities:
        assert before <= entity.start < entity.end
        assert "\n" not in entity.text
        assert entity.text == entity.text.strip()
        before = entity.end
    known = {entity.id for entity in report.entities}
    for fact in report.facts:
        parts = [fact.indicator, fact.numerator, fact.project, fact.value, fact.growth]
        assert all(part.entity in known for part in parts if part)
        assert fact.value or fact.growth


def test_text_and_text_gives_the_entities_of_both(extractor):
    text = SEEDS[0].read_text("utf-8").rstrip("\n")
    once, twice = extractor.extract(text), extractor.extract(text + "\n" + text)
    found = _spans(twice)
    count = len(once.entities)
    assert found[:count] == _spans(once)
    assert [(label, start - len(text) - 1, end - len(text) - 1) for label, start, end in found[count:]] == _spans(once)


def test_a_paragraph_longer_than_a_window_is_read_whole(extractor):
    text = "".join(f"{n}号企业实现营业收入{n}.5亿元，增长{n}%；" for n in range(1, 200))
    amounts = [entity.text for entity in extractor.extract(text).entities if entity.label == "AMOUNT"]
    assert amounts == [f"{n}.5亿元" for n in range(1, 200)]


@pytest.mark.parametrize(
    ("before", "between"),
    [("", ""), ("😀😀", "\r\n"), ("\ufeff", "\u200b"), ("　　", "\u3000"), ("a\r\n\r\n", "\x85"), ("\x00", "\x0b")],
)
def test_odd_characters_move_nothing(extractor, before, between):
    text = f"{before}{SENTENCE}{between}{SENTENCE}"
    report = extractor.extract(text)
    amounts = [entity for entity in report.entities if entity.label == "AMOUNT"]
    assert [entity.start for entity in amounts] == [
        len(before) + 13,
        len(before) + len(SENTENCE) + len(between) + 13,
    ]


def test_full_width_digits(extractor):
    (fact,) = extractor.extract("２０２０年，规模工业增加值４６．７８亿元。").facts
    assert fact.value.value == Decimal(4678000000)


@pytest.mark.parametrize("text", ["", " ", "\n\n\t　", "😀", "。。。", "⟦⟧"])
def test_a_text_that_states_nothing(extractor, text):
    report = extractor.extract(text)
    assert (report.characters, report.entities, report.facts) == (len(text), (), ())


def test_lone_surrogates_are_refused_with_their_place(extractor):
    with pytest.raises(zhibiao.TextError, match="2"):
        extractor.extract("收入\ud83d亿元")


@given(st.text(max_size=300))
@settings(max_examples=60)
def test_no_text_is_too_odd(text):
    report = zhibiao.extract(text.encode("utf-8", "ignore").decode())
    assert report.characters == len(text.encode("utf-8", "ignore").decode())


def test_min_confidence_leaves_out_what_is_less_sure(extractor):
    text = SEEDS[1].read_text("utf-8")
    everything, sure = extractor.extract(text), extractor.extract(text, min_confidence=0.9)
    assert 0 < len(sure.facts) < len(everything.facts)
    assert all(entity.confidence >= 0.9 for entity in sure.entities)
    assert all(fact.confidence >= 0.9 for fact in sure.facts)


def test_a_caller_may_stop_it(extractor):
    with pytest.raises(InterruptedError):
        extractor.extract(SENTENCE, should_stop=lambda: True)


def test_a_folder_that_is_no_model_is_refused_by_name(tmp_path):
    with pytest.raises(zhibiao.ModelError, match=r"model\.onnx"):
        Extractor.load(tmp_path)


def test_import_pulls_in_no_training_and_no_web_framework():
    heavy = ("torch", "transformers", "datasets", "fastapi", "onnxruntime", "jieba")
    code = f"import sys, zhibiao; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    code = f"import sys, zhibiao.extractor; print([name for name in {heavy[:4]} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
