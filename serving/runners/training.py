"""Jobs that train a model: `python -m training` as a process of its own, watched until it ends.

The process works in `home`/trainings/JOB and ends with the service's. Taken up again, it goes on after its last whole
epoch.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

from filelock import FileLock, Timeout

import serving
from serving.runners.evaluation import EvaluationRunner
from serving.runners.runner import JobError
from serving.stores.datasets import DatasetStore, MissingError
from serving.stores.jobs import JobInfo, JobStore
from serving.stores.registry import Registry, TakenError
from zhibiao.formats import native
from zhibiao.schema import AnnotatedDocument

#: Where the packages lie; training/ is beside serving/ in a checkout.
_ROOT = Path(serving.__file__).resolve().parents[1]
_LOOKS_EVERY_SECONDS = 0.5
#: How long a process that is told to end may take for it.
_GRACE_SECONDS = 10.0
#: Lines of the log that the error of a failed training quotes.
_LAST_LINES = 5


@dataclass(frozen=True)
class Limits:
    """What a training may take."""

    seconds: float
    memory_bytes: int
    threads: int


class TrainingRunner:
    """Trains with the interpreter `python`, which has the extra `training`."""

    def __init__(
        self,
        jobs: JobStore,
        datasets: DatasetStore,
        registry: Registry,
        evaluation: EvaluationRunner,
        home: Path,
        python: Path,
        limits: Limits,
    ) -> None:
        self._jobs, self._datasets, self._registry, self._evaluation = jobs, datasets, registry, evaluation
        self._home, self._python, self._limits = home / "trainings", python, limits

    def run(self, job: JobInfo, stop: Event) -> dict[str, Any] | None:
        """Train, keep the model as a version, and score it beside the one that is served."""
        folder = self._home / job.id
        with _alone_in(folder):
            version, held_out = str(job.options["version"]), str(job.options["held_out"])
            if not self._is_installed(job, version):
                self._prepare(job, folder)
                Supervision(self._jobs, job, folder, self._limits).watch(self._command(folder), stop)
                self._install(job, folder, version)
            stage = {"stage": "compare"}

            def tell(done: int, total: int) -> None:
                self._jobs.tell(job.id, {**_progress(self._jobs, job), **stage, "done": done, "total": total})

            result = self._evaluation.evaluate(job, version, held_out, stop, tell)
        shutil.rmtree(folder, ignore_errors=True)
        return {"version": version, "evaluation": result}

    def tidy(self) -> None:
        """Remove the folders of trainings that are over and will not be tried again."""
        if self._home.is_dir():
            for folder in self._home.iterdir():
                if not self._jobs.is_unfinished(folder.name):
                    shutil.rmtree(folder, ignore_errors=True)
        self._registry.clear_away()

    def _prepare(self, job: JobInfo, folder: Path) -> None:
        """Write down the data sets as they are now, and the recipe; what an earlier run wrote stays."""
        for name in ("dataset", "held_out"):
            path = folder / f"{name}.jsonl"
            if not path.exists():
                _write(path, native.write(self._documents(str(job.options[name]))))
        try:
            base = self._registry.folder_of(str(job.options["base_model"]))
        except MissingError as error:
            raise JobError(f"{error} is not there any more; train from another one.") from None
        _write(folder / "recipe.toml", recipe_of(job.options, folder, base, self._limits.threads))

    def _documents(self, dataset: str) -> list[AnnotatedDocument]:
        try:
            found = self._datasets.documents(dataset)
        except MissingError as error:
            raise JobError(f"There is no such thing any more: {error}.") from None
        return [version.document for version in found if version.document is not None]

    def _command(self, folder: Path) -> list[str]:
        limited = [sys.executable, "-m", "serving.runners.limited", str(os.getpid()), str(self._limits.memory_bytes)]
        return [*limited, str(self._python), "-u", "-m", "training", str(folder / "recipe.toml")]

    def _is_installed(self, job: JobInfo, version: str) -> bool:
        try:
            folder = self._registry.folder_of(version)
            return bool(json.loads((folder / "training.json").read_text("utf-8"))["job"] == job.id)
        except (MissingError, FileNotFoundError):
            return False

    def _install(self, job: JobInfo, folder: Path, version: str) -> None:
        model = folder / "run" / "model"
        about = {"job": job.id, "author": job.author, "created": job.created.isoformat(), **job.options}
        _write(model / "training.json", json.dumps(about, ensure_ascii=False, indent=1) + "\n")
        try:
            self._registry.install(model, version)
        except TakenError:
            raise JobError(f"Another model has the name {version} meanwhile; train again with another.") from None


class Supervision:
    """Watches the process of one training: its log, its curve, its time, and whether it is still wanted."""

    def __init__(self, jobs: JobStore, job: JobInfo, folder: Path, limits: Limits) -> None:
        self._jobs, self._job, self._folder, self._limits = jobs, job, folder, limits
        self._log, self._curve = folder / "training.log", folder / "run" / "fit" / "fit.jsonl"
        self._progress = _progress(jobs, job)

    def watch(self, command: list[str], stop: Event) -> None:
        """Run the command to its end; InterruptedError where it was stopped, JobError where it failed."""
        end = time.monotonic() + self._limits.seconds
        with self._log.open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - our own command
                command,
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                cwd=_ROOT,
                env=self._variables(),
            )
        try:
            while process.poll() is None:
                self._tell()
                if stop.wait(_LOOKS_EVERY_SECONDS):
                    raise InterruptedError
                if time.monotonic() > end:
                    raise JobError(
                        f"The training was not done within {self._limits.seconds / 3600:g} hours. Train for fewer "
                        "epochs, or ask the administrator to raise ZHIBIAO_TRAINING_HOURS; tried again, it goes on."
                    )
        finally:
            _end(process)
            self._tell()
        if process.returncode != 0:
            raise JobError(self._why(process.returncode))

    def _variables(self) -> Mapping[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ZHIBIAO_")}
        threads = str(self._limits.threads)
        return {**kept, "PYTHONPATH": str(_ROOT), "OMP_NUM_THREADS": threads, "MKL_NUM_THREADS": threads}

    def _tell(self) -> None:
        """Give on what the log and the curve have got since."""
        lines, log_at = _new_lines(self._log, int(self._progress.get("log_at", 0)))
        points, curve_at = _new_lines(self._curve, int(self._progress.get("curve_at", 0)))
        if not lines and not points:
            return
        events: list[dict[str, Any]] = [{"text": line} for line in lines]
        events += [{"point": json.loads(point)} for point in points]
        self._progress |= {"log_at": log_at, "curve_at": curve_at}
        if points:
            self._progress["epoch"] = events[-1]["point"]["epoch"]
        for line in lines:
            stage = _stage_of(line)
            if stage is not None:
                self._progress["stage"] = stage
        self._jobs.tell(self._job.id, self._progress, events)

    def _why(self, code: int) -> str:
        said = self._log.read_text("utf-8", "replace").splitlines()[-_LAST_LINES:]
        how = f"ended by signal {-code}" if code < 0 else f"exit code {code}"
        return f"The training failed ({how}). Its log ends with:\n" + "\n".join(said)


def recipe_of(options: Mapping[str, Any], folder: Path, base: Path, threads: int) -> str:
    """The recipe (TOML) of a training: what was asked for, at places that the service chooses."""
    settings = dict(options["recipe"])
    sections = {
        "run": {
            "output": str(folder / "run"),
            "version": options["version"],
            "seed": settings.pop("seed"),
            "threads": threads,
        },
        "data": {"train": [str(folder / "dataset.jsonl")], "held_out": [str(folder / "held_out.jsonl")]},
        "encoder": {"source": str(base), "licence": "Apache-2.0"},
        "fit": settings,
    }
    lines: list[str] = []
    for section, values in sections.items():
        # JSON's strings, numbers and lists of them are TOML's too.
        lines += [f"[{section}]", *(f"{key} = {json.dumps(value)}" for key, value in values.items()), ""]
    return "\n".join(lines)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Within it no other process trains in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / ".lock", timeout=_GRACE_SECONDS * 2):
            yield
    except Timeout:
        raise JobError("Another process is still at this training; try again when it has ended.") from None


def _progress(jobs: JobStore, job: JobInfo) -> dict[str, Any]:
    return dict(jobs.get(job.id).progress)


def _write(path: Path, content: str) -> None:
    partial = path.with_name(path.name + ".partial")
    partial.write_text(content, "utf-8")
    partial.replace(path)


def _new_lines(path: Path, at: int) -> tuple[list[str], int]:
    """The whole lines of a file from an offset on, and the offset after them; all, where the file was made anew."""
    try:
        with path.open("rb") as file:
            if at > os.fstat(file.fileno()).st_size:
                at = 0
            file.seek(at)
            whole, newline, _ = file.read().rpartition(b"\n")
    except FileNotFoundError:
        return [], 0
    return whole.decode("utf-8", "replace").splitlines() if newline else [], at + len(whole) + len(newline)


def _stage_of(line: str) -> str | None:
    """The stage that a line of the log says is beginning: `DATE TIME training fit: fine-tune …`."""
    words = line.split(" ", 4)
    is_stage = len(words) == 5 and words[2] == "training" and words[3].endswith(":")
    return words[3].removesuffix(":") if is_stage else None


def _end(process: subprocess.Popen[bytes]) -> None:
    """See that a process is over."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def can_train(python: Path) -> bool:
    """Whether an interpreter has what training needs."""
    asked = (
        "import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, ('torch', 'transformers', 'training'))))"
    )
    try:
        done = subprocess.run([str(python), "-c", asked], cwd=_ROOT, capture_output=True, check=False)  # noqa: S603
    except OSError:
        return False
    return done.returncode == 0
