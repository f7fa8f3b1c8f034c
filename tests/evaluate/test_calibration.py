import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import annotation, span

from zhibiao.evaluate import dial, reliability, risk_coverage
from zhibiao.evaluate.calibration import area_under_risk, link_judgements, span_judgements

JUDGEMENTS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=40)


def test_the_expected_error_is_the_weighted_gap():
    found = reliability([(0.95, True)] * 3 + [(0.95, False)] + [(0.25, False)] * 4, bins=10)
    assert found.ece == pytest.approx((4 * 0.20 + 4 * 0.25) / 8)
    filled = [part for part in found.bins if part.count]
    assert [(part.low, part.high, part.count, part.accuracy) for part in filled] == [
        (0.2, pytest.approx(0.3), 4, 0.0),
        (0.9, 1.0, 4, 0.75),
    ]


def test_confidences_that_mean_what_they_say_have_no_error():
    random = np.random.default_rng(7)
    confidence = random.uniform(size=40_000)
    is_right = random.uniform(size=40_000) < confidence
    assert reliability(zip(confidence, is_right, strict=True)).ece < 0.01
    assert reliability(zip(confidence**0.3, is_right, strict=True)).ece > 0.2


@given(JUDGEMENTS)
def test_the_bins_hold_every_judgement(judgements):
    found = reliability(judgements)
    assert sum(part.count for part in found.bins) == len(judgements)
    assert 0 <= found.ece <= 1


@given(JUDGEMENTS)
def test_full_coverage_has_the_plain_error_rate(judgements):
    points = risk_coverage(judgements)
    if judgements:
        assert points[-1][1:] == (1, pytest.approx(np.mean([not right for _, right in judgements])))
        assert [point[1] for point in points] == sorted({point[1] for point in points})
    assert 0 <= area_under_risk(judgements) <= 1


def test_wrong_ones_last_is_the_best_order():
    wrong_last = [(0.9, True), (0.8, True), (0.1, False)]
    wrong_first = [(0.1, True), (0.2, True), (0.9, False)]
    assert area_under_risk(wrong_last) < area_under_risk(wrong_first)


def test_the_dial_trades_recall_for_precision():
    total, value, growth = span("INDICATOR", "总产值"), span("AMOUNT", "46.78亿元"), span("GROWTH", "5%")
    gold = annotation([total, value], [(value, "indicator", total)])
    predicted = annotation({total: 0.9, value: 0.6, growth: 0.3}, [(value, "indicator", total)])
    everything, half, surest = dial([(gold, predicted)], [0.0, 0.5, 0.8])
    assert (everything.coverage, everything.recall, everything.precision) == (1, 1, pytest.approx(2 / 3))
    assert (half.coverage, half.risk, half.f1) == (pytest.approx(2 / 3), 0, 1)
    assert (surest.recall, surest.precision) == (0.5, 1)
    assert sorted(span_judgements([(gold, predicted)])) == [(0.3, False), (0.6, True), (0.9, True)]
    assert span_judgements([(gold, predicted)], "GROWTH") == [(0.3, False)]
    assert link_judgements([(gold, predicted)], "indicator") == [(1.0, True)]
