"""Offsets of paragraphs, sentences and clauses: laws that hold for every text, and how real lines are cut."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibiao.text import clauses, packed, paragraphs, sentences

TEXTS = st.text(
    st.one_of(st.sampled_from(list("。；！？”）\n\r\v\f\x1c\x85\u2028 \u3000\t年增长5%，:😀")), st.characters())
)


@given(TEXTS)
def test_paragraphs_are_the_lines_that_are_not_blank(text):
    assert [text[a:b] for a, b in paragraphs(text)] == [line for line in text.splitlines() if line.strip()]


@given(TEXTS)
def test_paragraphs_are_in_order_and_do_not_overlap(text):
    bounds = [0, *(offset for pair in paragraphs(text) for offset in pair), len(text)]
    assert bounds == sorted(bounds)


@given(TEXTS, st.sampled_from([sentences, clauses]))
def test_sentences_cover_their_paragraphs(text, split):
    parts = list(split(text))
    assert all(a < b for a, b in parts)
    for first, last in paragraphs(text):
        inside = [(a, b) for a, b in parts if first <= a < last]
        assert inside[0][0] == first
        assert inside[-1][1] == last
        assert all(end == start for (_, end), (start, _) in pairwise(inside))
    assert "".join(text[a:b] for a, b in parts) == "".join(text[a:b] for a, b in paragraphs(text))


@given(TEXTS, st.integers(0, 20), st.integers(0, 20))
def test_sentences_of_a_part_are_offsets_into_the_whole(text, start, length):
    end = min(start + length, len(text))
    start = min(start, end)
    expected = [text[start:end][a:b] for a, b in sentences(text[start:end])]
    assert [text[a:b] for a, b in sentences(text, start, end)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("增长5.2%。下降3%。", ["增长5.2%。", "下降3%。"]),
        ("他问：“完成了吗？”大家说完成。", ["他问：“完成了吗？”", "大家说完成。"]),
        ("甲；乙。", ["甲；乙。"]),
        ("标题\n正文！！后文", ["标题", "正文！！", "后文"]),
        ("（目标为10亿元。）次年", ["（目标为10亿元。）", "次年"]),
    ],
)
def test_sentences(text, expected):
    assert [text[a:b] for a, b in sentences(text)] == expected


def test_clauses_end_at_semicolons():
    text = "第一，投资5亿元；第二，税收2亿元。"
    assert [text[a:b] for a, b in clauses(text)] == ["第一，投资5亿元；", "第二，税收2亿元。"]


@given(st.lists(st.integers(1, 12), min_size=1, max_size=20), st.integers(1, 15))
def test_packed_stretches_cover_the_whole_and_fit(lengths, limit):
    ends = [sum(lengths[: i + 1]) for i in range(len(lengths))]
    parts = list(zip([0, *ends[:-1]], ends, strict=True))
    whole = list(packed(parts, 0, ends[-1], limit))
    cut = list(packed(parts, 0, ends[-1], limit, lambda first: first + limit))
    for stretches in (whole, cut):
        assert stretches[0][0] == 0
        assert stretches[-1][1] == ends[-1]
        assert all(before[1] == after[0] for before, after in pairwise(stretches))
    assert all(last in ends and (last - first <= limit or (first, last) in parts) for first, last in whole)
    assert all(last - first <= limit for first, last in cut)
