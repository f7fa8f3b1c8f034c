import numpy as np
import pytest

from zhibiao.errors import ModelError
from zhibiao.tagger.crf import FILE, Crf, Weights


@pytest.fixture
def crf():
    rng = np.random.default_rng(0)
    arrays = vars(Weights.neutral(2, 3))
    return Crf(
        ("A", "B"), "甲乙", Weights(**{k: rng.normal(size=v.shape).astype(np.float32) for k, v in arrays.items()})
    )


def test_what_is_saved_is_loaded(crf, tmp_path):
    crf.save(tmp_path)
    loaded = Crf.load(tmp_path, ("A", "B"))
    assert loaded.characters == "甲乙"
    for name, value in vars(crf.weights).items():
        assert np.array_equal(getattr(loaded.weights, name), value)


def test_rows_follow_the_labels_and_a_new_label_gets_the_mean(crf, tmp_path):
    crf.save(tmp_path)
    turned = Crf.load(tmp_path, ("B", "C", "A")).weights
    old = crf.weights
    assert turned.scale.shape == (7,)
    assert np.array_equal(turned.scale[[0, 1, 2, 5, 6]], old.scale[[0, 3, 4, 1, 2]])
    assert turned.scale[3] == pytest.approx(old.scale[[1, 3]].mean())
    assert np.allclose(turned.first, np.stack([old.first[:, 1], old.first.mean(1), old.first[:, 0]], 1))
    assert turned.follows[0, 2] == old.follows[1, 0]
    assert turned.follows[1, 1] == pytest.approx(old.follows.mean())


def test_without_a_file_the_network_has_the_only_word(tmp_path):
    tags = np.log(np.full((2, 5), 0.2, dtype=np.float32))
    scores = Crf.load(tmp_path, ("A", "B")).scores("甲乙", tags, np.array([1, 1]))
    assert np.array_equal(scores.tags, tags)
    assert not scores.begin.any()
    assert not scores.end.any()
    assert not scores.inside.any()


def test_broken_weights_are_an_error_that_names_the_file(tmp_path):
    (tmp_path / FILE).write_bytes(b"not an archive")
    with pytest.raises(ModelError, match=r"crf\.npz"):
        Crf.load(tmp_path, ("A", "B"))
