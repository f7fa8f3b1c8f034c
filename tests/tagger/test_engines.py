"""Both engines run the released graph, say the same, and say it whatever else is in the batch."""

import importlib.util
import sys

import numpy as np
import pytest

from zhibiao.errors import ModelError
from zhibiao.tagger import Tagger
from zhibiao.tagger.engines import load
from zhibiao.tagger.folder import default_folder
from zhibiao.tagger.network import Network

LINES = (
    "2020年，规模工业增加值46.78亿元，较上年增长17.95%，占全县规模工业增加值比重88.5%。",
    "园区新签约、新开工、新竣工投资5000万元以上工业项目分别为27个、22个、15个。",
    "2021年，力争规模工业增加值突破50亿元。",
)
ENGINES = ["onnxruntime"] + ["openvino"] * (importlib.util.find_spec("openvino") is not None)


@pytest.fixture(scope="module")
def taggers():
    return {engine: Tagger.load(engine=engine, threads=1) for engine in ENGINES}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_window_is_judged_exactly_alike_alone_and_in_any_batch(taggers, engine):
    network = taggers[engine]._network
    for line in LINES:
        beside = network.run(["规模工业增加值" * 4, line, line[:-1]] * 3)[1]
        (alone,) = network.run([line])
        for name in ("tags", "queries", "keys", "statuses"):
            np.testing.assert_array_equal(getattr(alone, name), getattr(beside, name))


@pytest.mark.skipif(len(ENGINES) < 2, reason="OpenVINO is not installed: the extra `fast`")
def test_the_engines_find_the_same_spans(taggers):
    text = "\n".join(LINES)
    first, second = (
        [(one.label, one.start, one.end) for one in taggers[engine].tag(text).entities] for engine in ENGINES
    )
    assert first == second
    assert len(first) >= 12


@pytest.mark.skipif(len(ENGINES) < 2, reason="OpenVINO is not installed: the extra `fast`")
def test_openvino_is_taken_where_it_is_installed(taggers):
    assert load(default_folder() / "model.onnx", threads=1).name == "openvino"


def test_an_engine_that_is_not_installed_is_named_with_its_remedy(monkeypatch, taggers):
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(ModelError, match=r"zhibiao\[fast\]"):
        load(default_folder() / "model.onnx", threads=1, engine="openvino")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_broken_graph_is_an_error_that_names_the_file(tmp_path, engine, taggers):
    path = tmp_path / "model.onnx"
    path.write_bytes(b"no graph")
    with pytest.raises(ModelError, match=r"model\.onnx"):
        load(path, threads=1, engine=engine)


@pytest.mark.parametrize("engine", ENGINES)
def test_threads_may_share_a_network(taggers, engine):
    folder = taggers[engine].folder
    network = Network(folder.path / "model.onnx", folder.vocabulary, threads=2, engine=engine)
    expected = [network.run([line])[0].tags for line in LINES]
    for _ in range(3):
        futures = [network.submit([line]) for line in LINES]
        for future, tags in zip(futures, expected, strict=True):
            np.testing.assert_allclose(future.result()[0].tags, tags, atol=1e-4)
