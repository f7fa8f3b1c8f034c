from hypothesis import given
from made import annotation, flat_spans, span

from zhibiao.evaluate import SpanKey
from zhibiao.evaluate.alignment import align, confusion
from zhibiao.evaluate.errors import mistakes, write

VALUE = span("AMOUNT", "46.78亿元")


def kinds(gold, predicted):
    return [pair.kind for pair in align(gold, predicted)]


def test_every_kind_of_error_has_its_name():
    longer = SpanKey("AMOUNT", VALUE.start - 1, VALUE.end)
    other = SpanKey("RATIO", VALUE.start, VALUE.end)
    assert kinds([VALUE], [VALUE]) == ["right"]
    assert kinds([VALUE], [longer]) == ["boundary"]
    assert kinds([VALUE], [other]) == ["label"]
    assert kinds([VALUE], [SpanKey("RATIO", *longer.place)]) == ["label and boundary"]
    assert kinds([VALUE], []) == ["missed"]
    assert kinds([], [VALUE]) == ["spurious"]


def test_a_span_answers_only_one():
    parts = [SpanKey("AMOUNT", VALUE.start, VALUE.start + 2), SpanKey("AMOUNT", VALUE.start + 2, VALUE.end)]
    assert kinds([VALUE], parts) == ["spurious", "boundary"]
    assert kinds(parts, [VALUE]) == ["missed", "boundary"]


@given(flat_spans(), flat_spans())
def test_every_span_is_in_one_pair(gold, predicted):
    pairs = align(gold, predicted)
    assert sorted(pair.gold for pair in pairs if pair.gold) == sorted(gold)
    assert sorted(pair.predicted for pair in pairs if pair.predicted) == sorted(predicted)
    assert {pair.gold for pair in pairs if pair.kind == "right"} == set(gold) & set(predicted)
    assert sorted(pair.kind for pair in align(predicted, gold) if pair.kind == "right") == ["right"] * len(
        set(gold) & set(predicted)
    )


@given(flat_spans(), flat_spans())
def test_a_label_s_row_and_column_sum_to_its_spans(gold, predicted):
    table = confusion([(annotation(gold, text="字" * 24), annotation(predicted, text="字" * 24))])
    for label in ("AMOUNT", "INDICATOR", "PERIOD"):
        assert sum(n for (row, _, _), n in table.items() if row == label) == sum(one.label == label for one in gold)
        assert sum(n for (_, column, _), n in table.items() if column == label) == sum(
            one.label == label for one in predicted
        )


def test_errors_are_told_with_their_words_and_their_surroundings():
    total, road = span("INDICATOR", "总产值"), span("PROJECT", "白里路")
    invested, target = span("AMOUNT", "2200万元"), span("AMOUNT", "3亿元")
    gold = annotation(
        [total, VALUE, road, invested, target],
        [(VALUE, "indicator", total), (invested, "project", road)],
        {target: "target"},
    )
    predicted = annotation(
        {total: 0.9, VALUE: 0.8, invested: 0.7, target: 0.6},
        [(VALUE, "indicator", total), (invested, "indicator", total)],
    )
    found = list(mistakes([(gold, predicted)]))
    assert [(one.kind, one.text) for one in found if not one.kind.startswith("link")] == [
        ("missed", "白里路"),
        ("status", "3亿元"),
    ]
    (link,) = [one for one in found if one.kind.startswith("link")]  # the missed project is no second error
    assert link.kind == "link spurious"
    assert (link.predicted["value"]["text"], link.predicted["target"]["text"]) == ("2200万元", "总产值")
    missed = next(one for one in found if one.kind == "missed")
    assert missed.before.endswith("增长5%；")
    assert missed.after.startswith("完成投资")
    assert write(found).count("\n") == len(found)
