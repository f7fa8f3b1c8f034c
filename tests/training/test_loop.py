"""The loop of annotating and training, run for real with a tiny model; and the plot of its curves."""

import json
import xml.etree.ElementTree as ET

import pytest

from training.loop import chosen, dealt, main
from training.plot import Line, plot
from zhibiao.formats import native
from zhibiao.schema import AnnotatedDocument


def documents(*sizes):
    return [AnnotatedDocument(id=f"d{n}", text=chr(0x4E00 + n) * size) for n, size in enumerate(sizes)]


def test_a_part_is_annotated_at_first_and_nothing_is_lost():
    pool = documents(*range(10, 60))
    first, rest = dealt(pool, 0.1, seed=3)
    assert 0.1 <= sum(len(one.text) for one in first) / sum(len(one.text) for one in pool) < 0.15
    assert sorted(one.id for one in first + rest) == sorted(one.id for one in pool)
    assert dealt(pool, 0.1, seed=3) == (first, rest) != dealt(pool, 0.1, seed=4)


def test_random_order_takes_them_as_they_come_up_to_the_budget(tmp_path):
    assert chosen("random", documents(40, 40, 40, 40), [], tmp_path, 100) == documents(40, 40, 40)


def test_the_loop_trains_adds_and_gates(recipe_file, annotated, capsys):
    recipe = recipe_file(fit={"epochs": 2})
    asked = [str(recipe), "--start", "0.3", "--rounds", "1", "--characters", "60", "--epochs", "1"]
    assert main([*asked, "--order", "suggested"]) == 0
    folder = recipe.parent / "run" / "loop"
    (first, second) = json.loads((folder / "curve.json").read_text())["suggested"]
    pool = {one.id: one for one in native.read(annotated.read_text("utf-8"))}
    trained = native.read((folder / "suggested" / "round-1" / "train.jsonl").read_text("utf-8"))
    assert {one.id for one in trained} <= pool.keys()
    assert set(second["added"]) < {one.id for one in trained}
    assert second["characters"] == sum(len(one.text) for one in trained) >= first["characters"] + 60
    assert second["f1"] == max(first["f1"], second["candidate_f1"])
    assert second["is_kept"] == (second["candidate_f1"] >= first["f1"])
    meta = json.loads((folder / "suggested" / "round-1" / "model" / "meta.json").read_text("utf-8"))
    assert meta["base_encoder"]["started_from"]["version"].endswith("start")
    made = (folder / "suggested" / "round-1" / "model" / "model.onnx").stat().st_mtime
    assert main([*asked, "--order", "suggested"]) == 0
    assert trained == native.read((folder / "suggested" / "round-1" / "train.jsonl").read_text("utf-8"))
    assert (folder / "suggested" / "round-1" / "model" / "model.onnx").stat().st_mtime == made


@pytest.mark.parametrize("points", [[(27.0, 0.71), (42.0, 0.78)], [(1.0, 0.5)]])
def test_a_plot_is_svg_with_every_point_inside_it(points):
    drawn = ET.fromstring(plot([Line("a<b", points), Line("other", points)], across="x", up="y"))
    circles = [one for one in drawn.iter() if one.tag.endswith("circle")]
    assert len(circles) == 2 * len(points)
    assert all(0 <= float(one.get("cx")) <= 640 and 0 <= float(one.get("cy")) <= 400 for one in circles)
    assert "a<b" in "".join(drawn.itertext())
