import pytest
from hypothesis import given
from made import annotation, pairs, span

from zhibiao.errors import AnnotationError
from zhibiao.evaluate import Annotation, SpanKey, from_document, pair, score
from zhibiao.evaluate.iob2 import seqeval_scores, tags
from zhibiao.formats import markup

TOTAL, AMOUNT, GROWTH = span("INDICATOR", "总产值"), span("AMOUNT", "46.78亿元"), span("GROWTH", "5%")
ROAD, INVESTED, TARGET = span("PROJECT", "白里路"), span("AMOUNT", "2200万元"), span("AMOUNT", "3亿元")
GOLD = annotation(
    [TOTAL, AMOUNT, GROWTH, ROAD, INVESTED, TARGET],
    [(AMOUNT, "indicator", TOTAL), (GROWTH, "indicator", TOTAL), (INVESTED, "project", ROAD)],
    {TARGET: "target"},
)


def test_the_gold_itself_is_all_right():
    scores = score([(GOLD, GOLD)])
    named = [name for name in scores.names if scores[name].gold]
    assert {"spans", "spans:core", "links", "links:indicator", "status", "values"} <= set(named)
    assert all(scores[name].f1 == 1 for name in named)
    assert scores.macro_f1 == 1


def test_each_error_costs_what_it_should():
    road_and_more = SpanKey("PROJECT", ROAD.start, ROAD.end + 2)
    as_ratio = SpanKey("RATIO", GROWTH.start, GROWTH.end)
    predicted = annotation(
        [TOTAL, AMOUNT, as_ratio, road_and_more, INVESTED],
        [(AMOUNT, "indicator", TOTAL), (as_ratio, "indicator", TOTAL), (INVESTED, "project", road_and_more)],
    )
    scores = score([(GOLD, predicted)])
    assert (scores["spans"].right, scores["spans"].gold, scores["spans"].predicted) == (3, 6, 5)
    assert scores["spans:core"].predicted == 4
    assert scores["spans:AMOUNT"].recall == pytest.approx(2 / 3)
    assert scores["spans:RATIO"].gold == 0
    assert scores["boundaries"].right == 4
    assert scores["partial"].right == 3.5
    assert scores["links:indicator"].right == 2  # links know places, not labels
    assert scores["links:project"].right == 0
    assert scores["status"].right == 3  # two amounts and the growth, whose place is right
    assert scores["values"].right == 1  # the growth has the wrong label, the investment the wrong project


def test_the_period_of_an_earlier_paragraph_is_not_asked_for():
    value = span("AMOUNT", "3亿元")
    period = span("PERIOD", "明年")
    gold = annotation([value, period], earlier=[value])
    predicted = annotation([value, period], [(value, "period", period)])
    assert score([(gold, predicted)])["values"].f1 == 1
    assert score([(gold, predicted)])["links:period"].predicted == 1


def test_a_label_of_ones_own_is_scored():
    agency = span("AGENCY", "全县")
    scores = score([(annotation([agency]), annotation([]))])
    assert scores["spans:AGENCY"].gold == 1
    assert scores.labels == ["spans:AGENCY"]


def test_gold_from_the_mark_up_scores_as_its_links_say():
    gold = from_document(markup.read("⟦I1:税收⟧⟦A>I1!t:3亿元⟧，⟦Q>T0:5个⟧", "d"))
    assert gold.status == {(2, 5): "target", (6, 8): "actual"}
    assert [(link.value, link.type, link.target) for link in gold.links] == [((2, 5), "indicator", (0, 2))]
    assert gold.earlier_period == {(6, 8)}


@given(pairs())
def test_the_strict_score_is_that_of_seqeval(made):
    pytest.importorskip("seqeval")
    scores = score(made)
    if not scores["spans"].gold:
        return
    theirs = seqeval_scores(made)
    for name, label in [("spans", "micro avg"), *((name, name.removeprefix("spans:")) for name in scores.labels)]:
        assert scores[name].precision == pytest.approx(theirs[label]["precision"])
        assert scores[name].recall == pytest.approx(theirs[label]["recall"])
        assert scores[name].f1 == pytest.approx(theirs[label]["f1-score"])
        assert scores[name].gold == theirs[label]["support"]


def test_spans_that_touch_keep_their_own_tags():
    assert tags("甲乙丙丁", [SpanKey("A", 0, 2), SpanKey("A", 2, 3)]) == ["B-A", "I-A", "B-A", "O"]


@given(pairs())
def test_half_credit_lies_between_strict_and_any_overlap(made):
    scores = score(made)
    assert scores["spans"].right <= scores["partial"].right <= scores["spans"].gold
    assert scores["spans"].right <= scores["boundaries"].right


def test_texts_must_be_the_same():
    one, other = Annotation("d", "甲乙丙"), Annotation("d", "甲丁丙")
    with pytest.raises(AnnotationError, match="differ at character 1"):
        pair([one], [other])
    with pytest.raises(AnnotationError, match="x: it is annotated on one side only"):
        pair([one, Annotation("x", "")], [one])
