"""One search in one process: ``python -m searched.sides SIDE GROUND WORKERS`` prints its outcome.

Each side stands in a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import json
import math
import pickle
import resource
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
from joblib.externals.loky import get_reusable_executor

from framing.learning.candidates import FRAMES, Candidate
from framing.learning.counting import count_ngrams
from framing.learning.crossfitting import Workers, fit_jobs
from framing.learning.dataset import Dataset, FloatArray
from framing.learning.searching import Ground, search_settings
from framing.learning.selection import Metric, rate
from framing.learning.splits import assign_folds, hold_out
from searched.pipelines import build_pipeline, choose_with_grids

SEARCH = FRAMES.without("prior")
METRIC: Metric = "average-precision"
N_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run of one side found, and what it took.

    Attributes
    ----------
    chosen : str
    rated : list of float
        Average precision of what was chosen, out of fold, fold by fold.
    seconds : float
        From texts to the model that is fitted on all units, start of processes included.
    busy : float
        Processor seconds of all processes, from texts to model; what else the machine does counts
        for less in these.
    mebibytes : float
        Peaks of resident memory, of the main process and its workers, added up. What processes
        share counts in each, and peaks need not coincide, so this is at most too high.
    """

    chosen: str
    rated: list[float]
    seconds: float
    busy: float
    mebibytes: float


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """Units with the folds that both sides get."""

    dataset: Dataset
    ground: Ground

    @classmethod
    def lay(cls, dataset: Dataset, *, seed: int) -> Task:
        """Spread whole articles over folds, as training does."""
        folds = assign_folds(dataset, "grouped", n_folds=N_FOLDS, seed=seed)
        return cls(dataset, Ground(np.arange(len(dataset)), folds))


Side = Callable[[Task, int], tuple[Candidate, FloatArray]]
"""Task and number of processes to what is chosen, and its rating (K,) in each of K folds."""


def search_ours(task: Task, workers: int) -> tuple[Candidate, FloatArray]:
    """Search by this project's learner, and fit what was chosen, with its vocabulary."""
    dataset, ground = task.dataset, task.ground
    counts = count_ngrams(dataset.texts, [c.recipe for c in SEARCH.list_candidates()])
    (selected,) = search_settings(
        counts, dataset, [ground], {None: SEARCH}, metric=METRIC, workers=Workers(workers)
    )
    (job,) = selected.jobs
    _fitted = dict(fit_jobs(counts, dataset, ground.rows, selected.jobs))
    _blocks = [block.fit(ground.rows) for block in counts.select(job.candidate.recipe)]
    rated = rate(None, selected.scores, dataset, ground.rows, ground.folds, METRIC)
    return job.candidate, rated


def search_plainly(
    task: Task, workers: int, *, memory: str | None = None
) -> tuple[Candidate, FloatArray]:
    """Search by scikit-learn alone; `memory` is where the pipeline keeps features."""
    dataset, ground = task.dataset, task.ground
    chosen, ratings, _ = choose_with_grids(
        build_pipeline(memory),
        SEARCH,
        list(dataset.texts),
        dataset.frames.astype(np.intp),
        hold_out(ground.rows, ground.folds, dataset.clusters),
        workers=workers,
    )
    return chosen, ratings[chosen]


def search_cached(task: Task, workers: int) -> tuple[Candidate, FloatArray]:
    """Search by scikit-learn, features of the training rows kept in a folder of its own."""
    with TemporaryDirectory() as folder:
        return search_plainly(task, workers, memory=folder)


OURS = "ours"
SIDES: dict[str, Side] = {OURS: search_ours, "grid": search_plainly, "cached": search_cached}


def run_side(side: str, task: Task, *, workers: int) -> Outcome:
    """Run one side and say what it took; ends the worker processes, whose peak is then known."""
    start, began = perf_counter(), _find_busy()
    chosen, rated = SIDES[side](task, workers)
    seconds, mebibytes = perf_counter() - start, _find_peak()
    if workers > 1:
        get_reusable_executor().shutdown(wait=True)  # only then are their processor seconds known
    return Outcome(
        chosen=str(chosen),
        rated=[float(value) for value in rated],
        seconds=seconds,
        busy=_find_busy() - began,
        mebibytes=mebibytes,
    )


def _find_busy() -> float:
    """Return the processor seconds of this process and of those that it saw end."""
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    usages = [resource.getrusage(who) for who in whose]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _find_peak() -> float:
    """Add up the peaks of this process and of its children, in MiB; NaN where Linux is not.

    As the kernel keeps them a program (``VmHWM``): what ``getrusage`` says of a new process begins
    with the memory of the one that started it.
    """
    statuses = [Path("/proc/self/status"), *_list_children()]
    lines = [line for path in statuses if path.exists() for line in path.read_text().splitlines()]
    peaks = [int(line.split()[1]) for line in lines if line.startswith("VmHWM:")]
    return sum(peaks) / 1024 if peaks else math.nan


def _list_children() -> list[Path]:
    children = [path.read_text().split() for path in Path("/proc/self/task").glob("*/children")]
    return [Path("/proc", child, "status") for child in chain(*children)]


def main(side: str, ground: str, workers: str) -> None:
    """Read the task that the caller wrote, run a side, and print the outcome as JSON."""
    task = pickle.loads(Path(ground).read_bytes())
    print(json.dumps(asdict(run_side(side, task, workers=int(workers)))))


if __name__ == "__main__":
    main(*sys.argv[1:])
