import pytest
from made import annotation

from zhibiao.evaluate import SpanKey, compare, interval, score

TEXT = "字" * 40


def model(right_of_ten):
    """Scores over documents of ten spans each, of which the model has the given numbers right."""
    spans = [SpanKey("AMOUNT", 2 * n, 2 * n + 1) for n in range(10)]
    return score(
        [
            (
                annotation(spans, text=TEXT, document_id=f"d{n}"),
                annotation(spans[:right], text=TEXT, document_id=f"d{n}"),
            )
            for n, right in enumerate(right_of_ten)
        ]
    )


def test_an_interval_holds_its_score_and_grows_with_the_spread():
    even, uneven = model([7] * 8), model([2, 10, 9, 3, 10, 2, 10, 9])
    same = interval(even, "spans")
    assert same.low == same.f1 == same.high == pytest.approx(14 / 17)
    wide = interval(uneven, "spans")
    assert wide.low < wide.f1 < wide.high
    assert wide.high - wide.low > 0.05
    assert interval(uneven, "spans") == wide  # the draws are seeded


def test_a_model_is_no_better_than_itself():
    scores = model([5, 8, 2, 9])
    found = compare(scores, scores)
    assert found.difference == found.low == found.high == 0
    assert found.p_bootstrap == found.p_randomization == 1


def test_a_model_that_is_better_everywhere_is_found_so():
    found = compare(model([3, 4, 5, 3, 4, 5, 4, 3]), model([8, 9, 9, 8, 9, 10, 8, 9]))
    assert found.difference > 0.2
    assert found.low > 0
    assert found.p_bootstrap < 0.01
    assert found.p_randomization < 0.02  # of 2^8 exchanges two are as great: 1/128


def test_a_difference_by_chance_is_not_taken_for_one():
    found = compare(model([8, 2, 9, 3, 7, 4]), model([3, 8, 4, 9, 3, 7]))
    assert found.low < 0 < found.high
    assert found.p_randomization > 0.2


def test_the_randomisation_test_counts_every_exchange():
    # With one document the difference is as great in both of its exchanges, whatever the models.
    assert compare(model([2]), model([9])).p_randomization == 1


def test_other_documents_are_refused():
    with pytest.raises(ValueError, match="different documents"):
        compare(model([5, 5]), model([5]))
