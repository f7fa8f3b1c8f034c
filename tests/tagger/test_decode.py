import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibiao.tagger.crf import Crf, Scores, Weights
from zhibiao.tagger.decode import best_tags, edges, mend_brackets, spans

LABELS = 2
TAGS = 1 + 2 * LABELS


CRF = Crf(
    ("X", "Y"),
    "甲乙增，",
    Weights(**{
        name: np.random.default_rng(number).normal(size=value.shape).astype(np.float32)
        for number, (name, value) in enumerate(vars(Weights.neutral(LABELS, 5)).items())
    }),
)  # fmt: skip


def _scores(line: str, seed: int) -> Scores:
    rng = np.random.default_rng(seed)
    logits = rng.normal(size=(len(line), TAGS)) * 3
    logits -= np.log(np.exp(logits).sum(1, keepdims=True))
    return CRF.scores(line, logits.astype(np.float32), rng.integers(0, 5, len(line)))


def _decoded(scores: list[Scores], lines: list[str]) -> list[np.ndarray]:
    return best_tags(scores, [edges(line) for line in lines], CRF.weights.single, CRF.weights.follows)


def _is_allowed(line: str, tags: np.ndarray) -> bool:
    limit = edges(line)
    before = 0
    for at, tag in enumerate(tags):
        continues = tag % 2 == 0 and tag > 0
        if continues and before not in (tag, tag - 1):
            return False
        starts = tag % 2 == 1
        ends_before = before > 0 and not continues
        if starts and not limit.may_begin[at]:
            return False
        if ends_before and not limit.may_end[at - 1]:
            return False
        if limit.glued[at] and (starts or ends_before):
            return False
        before = tag
    return before == 0 or bool(limit.may_end[-1])


def _score(scores: Scores, tags: np.ndarray) -> float:
    total = float(scores.tags[np.arange(len(tags)), tags].sum())
    for at, tag in enumerate(tags):
        label, before = (tag - 1) // 2, tags[at - 1] if at else 0
        if tag % 2 == 1:
            total += scores.begin[at, label]
        elif tag > 0:
            total += scores.inside[at, label]
        if before > 0 and (tag % 2 == 1 or tag == 0):
            total += scores.end[at, (before - 1) // 2]
            total += CRF.weights.single[(before - 1) // 2] if before % 2 == 1 else 0
            total += CRF.weights.follows[(before - 1) // 2, label] if tag else 0
    return total


def _best_by_search(line: str, scores: Scores) -> float:
    """The best allowed score, by trying every sequence."""
    best = -np.inf
    for number in range(TAGS ** len(line)):
        tags = np.array([(number // TAGS**i) % TAGS for i in range(len(line))])
        if _is_allowed(line, tags):
            best = max(best, _score(scores, tags))
    return best


@pytest.mark.parametrize("line", ["增5%", "1.5亿", "，a b", "（甲）", "3，4", "12。"])
@pytest.mark.parametrize("seed", range(4))
def test_finds_what_trying_every_sequence_finds(line, seed):
    scores = _scores(line, seed)
    (tags,) = _decoded([scores], [line])
    assert _is_allowed(line, tags)
    assert _score(scores, tags) == pytest.approx(_best_by_search(line, scores), abs=1e-4)


@given(
    st.lists(st.text("甲乙增长1234567890.,，。%（）“” 年\u3000", min_size=1, max_size=30), min_size=1, max_size=5),
    st.integers(0, 99),
)
def test_sequences_are_allowed_and_do_not_depend_on_the_batch(lines, seed):
    scores = [_scores(line, seed) for line in lines]
    together = _decoded(scores, lines)
    for line, score, tags in zip(lines, scores, together, strict=True):
        assert _is_allowed(line, tags)
        (alone,) = _decoded([score], [line])
        assert alone.tolist() == tags.tolist()


def test_numbers_are_never_cut():
    line = "收入12,345.67万元，３.５%，3、4台"
    glued = edges(line).glued
    assert "".join("^" if flag else " " for flag in glued).rstrip() == "   ^^^^^^^^    ^^"


def test_spans_of_a_sequence():
    assert spans(np.array([0, 1, 2, 1, 0, 3, 4, 4])) == [(0, 1, 3), (0, 3, 4), (1, 5, 8)]


@pytest.mark.parametrize(
    ("line", "span", "mended"),
    [
        ("社会保障支出（类）为", "社会保障支出（类", "社会保障支出（类）"),
        ("“三公”经费", "三公”经费", "“三公”经费"),
        ("（国内收入", "（国内收入", "国内收入"),
        ("投资）额", "投资）", "投资"),
        ("甲（乙）丙", "甲（乙）丙", "甲（乙）丙"),
        ("（（", "（（", None),
    ],
)
def test_brackets_are_mended(line, span, mended):
    start = line.index(span)
    place = mend_brackets(line, start, start + len(span), left=0, right=len(line))
    assert (line[place[0] : place[1]] if place else None) == mended


def test_a_bracket_does_not_reach_into_the_next_span():
    line = "收入（万元）"
    assert mend_brackets(line, 0, 5, left=0, right=5) == (0, 5)
