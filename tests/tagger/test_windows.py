from hypothesis import given
from hypothesis import strategies as st

from zhibiao.tagger.windows import CORE, WHOLE, windows

_LONG = st.text("甲乙丙1。，；\n", min_size=0, max_size=3000).map(lambda text: text.replace("\n", "丁"))


@given(_LONG)
def test_cores_cover_the_paragraph_once_and_fit(text):
    found = list(windows(text, 0, len(text)))
    at = 0
    for window in found:
        assert window.first == at
        assert window.start <= window.first < window.last <= window.end or not text
        assert window.end - window.start <= WHOLE
        at = window.last
    assert at == len(text)


def test_a_paragraph_that_fits_is_one_window():
    text = "甲" * WHOLE
    assert [(w.start, w.end, w.first, w.last) for w in windows("丙" + text, 1, 1 + WHOLE)] == [(1, 1 + WHOLE) * 2]


def test_long_paragraphs_are_cut_at_sentence_ends():
    text = ("规模工业增加值增长5.1%。" * 60)[:900]
    cuts = [window.last for window in windows(text, 0, len(text))][:-1]
    assert cuts
    assert all(text[cut - 1] == "。" for cut in cuts)


def test_windows_depend_on_their_paragraph_alone():
    line = "一般公共预算收入12亿元，增长3%；" * 80
    alone = [(w.start, w.end, w.first, w.last) for w in windows(line, 0, len(line))]
    moved = [(w.start - 7, w.end - 7, w.first - 7, w.last - 7) for w in windows("前" * 7 + line, 7, 7 + len(line))]
    assert alone == moved
    assert max(w[3] - w[2] for w in alone) <= CORE
