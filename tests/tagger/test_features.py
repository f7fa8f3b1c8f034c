import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibiao.tagger.features import Vocabulary, WordBoundary, boundaries, words
from zhibiao.tagger.folder import default_folder


@pytest.fixture(scope="module")
def vocabulary():
    return Vocabulary.read(default_folder() / "vocab.txt")


@given(st.text())
def test_words_leave_nothing_out(text):
    assert "".join(words(text)) == text


@given(st.text(min_size=1))
def test_one_boundary_a_character(text):
    types = boundaries(text)
    assert types.shape == (len(text),)
    assert types[0] in (WordBoundary.SINGLE, WordBoundary.BEGIN)
    assert types[-1] in (WordBoundary.SINGLE, WordBoundary.END)


def test_boundaries_follow_words():
    assert list(words("规模工业增加值46亿元")) == ["规模", "工业", "增加值", "46", "亿元"]
    assert boundaries("增加值4").tolist() == [
        WordBoundary.BEGIN,
        WordBoundary.INSIDE,
        WordBoundary.END,
        WordBoundary.SINGLE,
    ]


@given(text=st.text())
def test_one_row_a_character(vocabulary, text):
    rows = vocabulary.rows(text)
    assert rows.shape == (len(text),)
    assert not len(rows) or 0 <= rows.min() <= rows.max() < len(vocabulary)


def test_characters_that_the_vocabulary_lacks_take_the_row_of_one_that_means_the_same(vocabulary):
    assert vocabulary.rows("“").tolist() == vocabulary.rows("「").tolist()
    assert vocabulary.rows("Ａ").tolist() != [vocabulary.unknown]
    assert vocabulary.rows("\n").tolist() == vocabulary.rows("\r").tolist() != vocabulary.rows(" ").tolist()
    assert vocabulary.rows("\U0001f600").tolist() == [vocabulary.unknown]
