"""What the released model says of spans that it is given, and where it may have missed one."""

import pytest

from zhibiao.schema import Span
from zhibiao.tagger import Tagger

TEXT = (
    "2020年，规模工业增加值46.78亿元，较上年增长17.95%。\n\n城东污水干管工程完成投资2200万元，力争2021年达到3亿元。\r\n"
)


@pytest.fixture(scope="module")
def tagger():
    return Tagger.load()


def given(label, words):
    start = TEXT.index(words)
    return Span(label=label, start=start, end=start + len(words))


def test_its_own_spans_are_judged_as_they_were_found(tagger):
    found = tagger.tag(TEXT)
    spans = [Span(label=one.label, start=one.start, end=one.end) for one in found.entities]
    assert len(spans) > 5
    assert tagger.judge(TEXT, spans[::-1]) == found


def test_the_right_label_and_place_are_likelier_than_others(tagger):
    right, label, place = (
        tagger.judge(TEXT, [one]).entities[0].confidence
        for one in (
            given("AMOUNT", "46.78亿元"),
            given("QUANTITY", "46.78亿元"),
            given("AMOUNT", "46.78亿"),
        )
    )
    assert right > 0.9
    assert max(label, place) < 0.2


def test_what_cannot_be_a_span_is_impossible(tagger):
    over_a_break = given("INDICATOR", "17.95%。\n\n城东污水干管工程")
    of_an_unknown_label = given("COMPANY", "规模工业增加值")
    judged = tagger.judge(TEXT, [over_a_break, of_an_unknown_label]).entities
    assert [one.confidence for one in judged] == [0.0, 0.0]


def test_a_span_in_the_white_space_around_a_paragraph_is_impossible(tagger):
    spans = [
        Span(label="PERIOD", start=0, end=1),
        Span(label="PERIOD", start=1, end=7),
        Span(label="AMOUNT", start=15, end=22),
    ]
    judged = tagger.judge("  " + TEXT, spans).entities
    assert [one.start for one in judged] == [0, 1, 15]
    assert [one.confidence > 0.9 for one in judged] == [False, False, True]


def test_white_space_around_a_paragraph_changes_nothing(tagger):
    """Also not where a long one is cut."""
    paragraph = TEXT.split(maxsplit=1)[0] * 12
    alone = tagger.tag(paragraph).entities
    moved = tagger.tag(f"　　  {paragraph} \n").entities
    assert [(one.label, one.start + 4, one.text, one.confidence) for one in alone] == [
        (one.label, one.start, one.text, one.confidence) for one in moved
    ]


def test_possible_spans_lie_outside_those_found(tagger):
    whole = tagger.tag(TEXT)
    amount = next(one for one in whole.entities if one.text == "46.78亿元")
    others = [Span(label=one.label, start=one.start, end=one.end) for one in whole.entities if one != amount]
    possible = tagger.judge(TEXT, others).possible
    assert (amount.start, "AMOUNT") in {(one.start, one.label) for one in possible}
    assert next(one for one in possible if one.start == amount.start).confidence > 0.9
    assert not any(one.start <= at.start < one.end for one in whole.entities for at in whole.possible)
