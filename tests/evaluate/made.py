"""Annotations made by hand or at random, for the tests of evaluation."""

from hypothesis import strategies as st

from zhibiao.evaluate import Annotation, LinkKey, SpanKey

TEXT = "全县实现总产值46.78亿元，增长5%；白里路完成投资2200万元，力争明年达到3亿元。"
VALUES = {"AMOUNT", "QUANTITY", "RATIO", "GROWTH"}


def span(label, words, text=TEXT):
    start = text.index(words)
    return SpanKey(label, start, start + len(words))


def annotation(spans, links=(), status=None, text=TEXT, document_id="d", earlier=()):
    """`spans` are SpanKeys or {SpanKey: confidence}; values are actual unless `status` says otherwise."""
    spans = spans if isinstance(spans, dict) else dict.fromkeys(spans, 1.0)
    given = {one.place: said for one, said in (status or {}).items()}
    return Annotation(
        id=document_id,
        text=text,
        spans=spans,
        links=dict.fromkeys((LinkKey(one.place, kind, other.place) for one, kind, other in links), 1.0),
        status={one.place: given.get(one.place, "actual") for one in spans if one.label in VALUES},
        earlier_period=frozenset(one.place for one in earlier),
    )


@st.composite
def flat_spans(draw, length=24):
    """Spans over `length` characters that do not overlap; they may touch."""
    cuts = sorted(draw(st.sets(st.integers(0, length), max_size=10)))
    labels = draw(st.lists(st.sampled_from([None, "AMOUNT", "INDICATOR", "PERIOD"]), min_size=10, max_size=10))
    return [SpanKey(label, *ends) for label, *ends in zip(labels, cuts, cuts[1:]) if label]  # noqa: B905


@st.composite
def pairs(draw, size=4):
    """(gold, predicted) of a few texts."""
    return [
        tuple(annotation(draw(flat_spans()), text="字" * 24, document_id=f"d{number}") for _ in range(2))
        for number in range(draw(st.integers(1, size)))
    ]
