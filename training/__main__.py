"""`python -m training RECIPE.toml [STAGE]`: run the stages of a recipe that are not done, or one stage."""

from __future__ import annotations

import argparse
import logging
import sys
import time
from pathlib import Path

from training.recipe import RecipeError, read_recipe
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
        _log_to(recipe.run.output / "run.log")
        prepare(recipe)
        for stage in STAGES:
            if chosen.stage not in (None, stage.name):
                continue
            if chosen.stage is None and stage.is_done(recipe):
                log.info("%s: done before", stage.name)
                continue
            _timed(stage, lambda stage=stage: stage.run(recipe))  # type: ignore[misc]
    except (RecipeError, ZhibiaoError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _timed(stage: Stage, run: object) -> None:
    began = time.monotonic()
    log.info("%s: %s", stage.name, stage.does)
    run()  # type: ignore[operator]
    log.info("%s: done in %.0f s", stage.name, time.monotonic() - began)


def _log_to(path: Path) -> None:
    handlers: list[logging.Handler] = [logging.StreamHandler(), logging.FileHandler(path, encoding="utf-8")]
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s", handlers=handlers, force=True)
    logging.getLogger("httpx").setLevel(logging.WARNING)


def _stage_help() -> str:
    return "stages:\n" + "\n".join(f"  {stage.name:10} {stage.does}" for stage in STAGES)


if __name__ == "__main__":
    sys.exit(main())
