"""Planted errors in a gold are found by models that have not seen it, and models that have are not asked."""

import hashlib
import json
import shutil

import pytest

from zhibiao.annotate import Committee, doubts
from zhibiao.annotate.committee import _agreed, _voted
from zhibiao.annotate.doubts import KINDS, OTHER_LINK
from zhibiao.annotate.page import render_doubts
from zhibiao.errors import ModelError
from zhibiao.evaluate.errors import KINDS as MISTAKES
from zhibiao.formats import markup
from zhibiao.tagger.folder import default_folder

LINES = [
    "⟦T1:2019年⟧，⟦I1:社会消费品零售总额⟧⟦A>I1,T1:83.6亿元⟧，增长⟦G>I1,T1:9.8%⟧。",
    "⟦T1:2019年⟧，⟦I1:固定资产投资⟧⟦A>I1,T1:120.4亿元⟧；⟦I2:地方财政收入⟧⟦A>I2,T1:7.9亿元⟧，增长⟦G>I2,T1:5.6%⟧。",
    "⟦T1:2019年⟧，全区共⟦I1:新增就业⟧⟦Q>I1,T1:3200人⟧，⟦I2:城镇登记失业率⟧为⟦R>I2,T1:3.1%⟧。",
]
RIGHT = "\n".join(LINES)


def planted(right, wrong):
    assert right in RIGHT
    return markup.read(RIGHT.replace(right, wrong), "planted", "planted")


@pytest.fixture(scope="module")
def committee():
    return Committee.load([default_folder()])


def found(document, committee, kind):
    return [one.mistake for one in doubts([document], committee) if one.kind == kind]


def test_every_error_of_an_evaluation_is_a_kind_of_doubt():
    assert tuple(KINDS) == MISTAKES


def test_a_right_gold_is_hardly_doubted(committee):
    assert doubts([markup.read(RIGHT, "right", "right")], committee, min_confidence=0.9) == []


@pytest.mark.parametrize(
    ("right", "wrong", "kind", "words"),
    [
        ("⟦I1:固定资产投资⟧⟦A>I1,T1:120", "固定资产投资⟦A>T1:120", "missing span", "固定资产投资"),
        ("增长⟦G>I1,T1:9.8%⟧", "⟦I3:增长⟧⟦G>I1,T1:9.8%⟧", "extra span", "增长"),
        ("⟦A>I1,T1:120.4亿元⟧", "⟦Q>I1,T1:120.4亿元⟧", "label", "120.4亿元"),
        ("⟦A>I2,T1:7.9亿元⟧", "⟦A>I2,T1:7.9亿⟧元", "boundary", "7.9亿元"),
        ("⟦A>I1,T1:83.6亿元⟧", "⟦A>I1,T1!t:83.6亿元⟧", "status", "83.6亿元"),
        ("⟦A>I2,T1:7.9亿元⟧", "⟦A>I1,T1:7.9亿元⟧", OTHER_LINK, "固定资产投资"),
        ("⟦A>I2,T1:7.9亿元⟧", "⟦A>T1:7.9亿元⟧", "missing link", "地方财政收入⟦7.9亿元"),
    ],
)  # fmt: skip
def test_a_planted_error_is_found_with_its_kind(committee, right, wrong, kind, words):
    (first, *_) = found(planted(right, wrong), committee, kind)
    assert words.replace("⟦", "") in first.text


def test_the_surest_come_first_and_all_are_sure_enough(committee):
    document = planted("⟦A>I1,T1:120.4亿元⟧", "⟦Q>I1,T1:120.4亿⟧元")
    listed = doubts([document], committee, min_confidence=0.3)
    sure = [one.confidence for one in listed]
    assert sure == sorted(sure, reverse=True)
    assert sure[-1] >= 0.3
    record = listed[0].as_json()
    assert record["gold"]["label"] == "QUANTITY"
    assert record["model"]["label"] == "AMOUNT"
    assert "120.4亿元" in render_doubts([record], "gold", "model")


@pytest.fixture
def partial_model(tmp_path):
    """The released model, told that it was trained on `RIGHT`."""
    folder = tmp_path / "fold-0" / "model"
    shutil.copytree(default_folder(), folder)
    document = markup.read(RIGHT, "right", "right")
    meta = json.loads((folder / "meta.json").read_text("utf-8"))
    meta["data"]["train"]["texts"].append(hashlib.sha256(document.text.encode()).hexdigest()[:16])
    (folder / "meta.json").write_text(json.dumps(meta), "utf-8")
    return folder


def test_a_model_is_not_asked_about_what_it_was_trained_on(partial_model):
    document = markup.read(RIGHT, "right", "right")
    other = document.model_copy(update={"text": document.text.replace("9.8%", "7.8%")})
    alone = Committee.load([partial_model])
    assert not alone.is_impartial(document)
    assert alone.is_impartial(other)
    assert doubts([document], alone) == []
    with pytest.raises(ModelError, match="cross-validate"):
        alone.judge(document)
    (partial_model.parents[1] / "folds.json").write_text('{"folds": [{"model": "fold-0/model", "held_out": []}]}')
    assert not Committee.of_folds(partial_model.parents[1]).is_impartial(document)


def test_a_folder_without_folds_and_a_model_without_a_history_are_told(tmp_path, partial_model):
    with pytest.raises(ModelError, match=r"folds\.json"):
        Committee.of_folds(tmp_path)
    meta = json.loads((partial_model / "meta.json").read_text("utf-8"))
    del meta["data"]
    (partial_model / "meta.json").write_text(json.dumps(meta), "utf-8")
    with pytest.raises(ModelError, match="texts it was trained on"):
        Committee.load([partial_model])


def test_more_than_half_must_agree():
    assert _agreed([{"a": 0.9, "b": 0.6}, {"a": 0.8}, {}]) == {"a": pytest.approx(1.7 / 3)}
    assert _voted([{(0, 1): "target"}, {(0, 1): "target"}, {(0, 1): "actual"}]) == {(0, 1): "target"}
    assert _voted([{(0, 1): "target"}, {(0, 1): "actual"}]) == {}
