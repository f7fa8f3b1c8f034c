from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training needs the extra `training`")

from training.recipe import RecipeError, read_recipe

RECIPES = sorted((Path(__file__).parents[2] / "training" / "recipes").glob("*.toml"))


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_shipped_recipes_are_valid(path):
    assert read_recipe(path).run.version


def test_every_fault_is_named_with_its_key(tmp_path):
    path = tmp_path / "recipe.toml"
    path.write_text('[run]\noutput = "x"\n[data]\ntrain = []\n[fit]\nepoch = 3\nlearning_rate = -1\n', "utf-8")
    with pytest.raises(RecipeError) as raised:
        read_recipe(path)
    message = str(raised.value)
    for key in ("run.version", "data.train", "fit.epoch", "fit.learning_rate"):
        assert f"{path}: {key}: " in message
