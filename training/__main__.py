"""`python -m training RECIPE.toml [STAGE]`: run the stages of a recipe that are not done, or one stage."""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections.abc import Collection
from pathlib import Path

from training.logs import log_to
from training.recipe import Recipe, RecipeError, read_recipe
from training.stages import STAGES, Stage, prepare
from zhibiao.errors import ZhibiaoError

log = logging.getLogger("training")


def main(arguments: list[str] | None = None) -> int:
    """Run the stages that are not done; the exit code is 1 where one could not be."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__, epilog=_stage_help(),
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("recipe", type=Path)
    parser.add_argument("stage", nargs="?", choices=[stage.name for stage in STAGES])
    chosen = parser.parse_args(arguments)
    try:
        recipe = read_recipe(chosen.recipe)
        recipe.run.output.mkdir(parents=True, exist_ok=True)
        log_to(recipe.run.output / "run.log")
        prepare(recipe)
        if chosen.stage:
            _timed(next(stage for stage in STAGES if stage.name == chosen.stage), recipe)
        else:
            run_stages(recipe, [stage.name for stage in STAGES])
    except (RecipeError, ZhibiaoError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def run_stages(recipe: Recipe, names: Collection[str]) -> None:
    """Run those of the stages that are not done."""
    for stage in STAGES:
        if stage.name not in names:
            continue
        if stage.is_done(recipe):
            log.info("%s: done before", stage.name)
        else:
            _timed(stage, recipe)


def _timed(stage: Stage, recipe: Recipe) -> None:
    began = time.monotonic()
    log.info("%s: %s", stage.name, stage.does)
    stage.run(recipe)
    log.info("%s: done in %.0f s", stage.name, time.monotonic() - began)


def _stage_help() -> str:
    return "stages:\n" + "\n".join(f"  {stage.name:10} {stage.does}" for stage in STAGES)


if __name__ == "__main__":
    sys.exit(main())
