"""Out-of-fold scores: every unit is scored by a model that saw nothing of its fold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp

from framing.learning.candidates import Candidate
from framing.learning.counting import Counts
from framing.learning.dataset import Dataset, FloatArray, IntArray
from framing.learning.fitting import LinearScores, Material, fit_frames, fit_stance
from framing.learning.progress import Meter, Progress
from framing.learning.splits import hold_out
from framing.scoring.recipe import FeatureRecipe

Label = str | None
"""What is learnt as one: all frames together (None), or a stance target."""


class Job(NamedTuple):
    """One candidate for the frames or for a target."""

    label: Label
    candidate: Candidate


@dataclass(frozen=True, slots=True, eq=False)
class FoldTask:
    """Train on some rows with each job, and score other rows."""

    train: IntArray
    test: IntArray
    jobs: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class Workers:
    """How many threads or processes work on tasks, and who is told of the progress of a run."""

    count: int = 1
    progress: Progress | None = None

    def expect(self, n_tasks: int) -> Workers:
        """Return workers that tell of all tasks of all runs, of which so many are expected."""
        if self.progress is None:
            return self
        return replace(self, progress=Meter(self.progress, expected=n_tasks))

    def run(
        self,
        function: Callable[..., Any],
        tasks: Sequence[tuple[Any, ...]],
        *,
        threads: bool = False,
    ) -> list[Any]:
        """Call a function on each tuple of arguments; results in order, whatever the number.

        Parameters
        ----------
        function : callable
        tasks : sequence of tuple
        threads : bool
            Whether the function spends its time where Python lets go of its lock, as products of
            sparse matrices do: then nothing need be copied to other processes.
        """
        return list(self._watch(self._iterate(function, tasks, threads=threads), len(tasks)))

    def _iterate(
        self, function: Callable[..., Any], tasks: Sequence[tuple[Any, ...]], *, threads: bool
    ) -> Iterable[Any]:
        if self.count == 1 or len(tasks) == 1:
            return (function(*task) for task in tasks)
        from joblib import Parallel, delayed

        backend = "threading" if threads else "loky"
        parallel = Parallel(n_jobs=self.count, backend=backend, return_as="generator")
        results: Iterable[Any] = parallel(delayed(function)(*task) for task in tasks)
        return results

    def _watch(self, results: Iterable[Any], total: int) -> Iterable[Any]:
        for done, result in enumerate(results, start=1):
            if self.progress:
                self.progress(done, total)
            yield result


def list_labels(dataset: Dataset) -> list[Label]:
    """List what is learnt as one: the frames, if there are any, and each target."""
    targets = [stance.target for stance in dataset.stances]
    return [None, *targets] if dataset.frame_ids else list(targets)


def fit_jobs(
    counts: Counts, dataset: Dataset, rows: IntArray, jobs: Sequence[Job]
) -> Iterator[tuple[Job, LinearScores]]:
    """Fit some jobs on some rows."""
    for recipe, group in _by_recipe(jobs):
        material, _ = prepare(counts, dataset, recipe, rows)
        yield from _fit_group(material, dataset, rows, group)


def prepare(
    counts: Counts, dataset: Dataset, recipe: FeatureRecipe, train: IntArray, *others: IntArray
) -> tuple[Material, list[sp.csr_array]]:
    """Turn counts into what is fitted on `train`, and into features of other rows."""
    features, told, *rest = (
        part.astype(np.float32)  # as the solver wants it, in half the memory
        for part in counts.transform(recipe, train, dataset.prior_rows, *others)
    )
    return Material(features, told, counts.share(recipe, train)), rest


def run_task(counts: Counts, dataset: Dataset, task: FoldTask) -> list[FloatArray]:
    """Return the scores (m, K) of a task's test rows, one array a job."""
    found: dict[Job, FloatArray] = {}
    for recipe, group in _by_recipe(task.jobs):
        material, (test,) = prepare(counts, dataset, recipe, task.train, task.test)
        for job, fitted in _fit_group(material, dataset, task.train, group):
            found[job] = fitted.score(test)
    return [found[job] for job in task.jobs]


def _by_recipe(jobs: Sequence[Job]) -> Iterator[tuple[FeatureRecipe, list[Job]]]:
    recipes = list(dict.fromkeys(job.candidate.features for job in jobs))
    ordered = sorted(jobs, key=lambda job: recipes.index(job.candidate.features))
    for recipe, group in groupby(ordered, key=lambda job: job.candidate.features):
        yield recipe, list(group)


def _fit_group(
    material: Material, dataset: Dataset, rows: IntArray, jobs: Sequence[Job]
) -> Iterator[tuple[Job, LinearScores]]:
    for label in dict.fromkeys(job.label for job in jobs):
        own = [job for job in jobs if job.label == label]
        candidates = [job.candidate for job in own]
        if label is None:
            fitted = fit_frames(material, dataset, rows, candidates)
        else:
            fitted = fit_stance(material, dataset.stance(label), rows, candidates)
        yield from zip(own, fitted, strict=True)


def plan_tasks(
    rows: IntArray, folds: IntArray, jobs: Sequence[Job], *, clusters: IntArray
) -> list[FoldTask]:
    """List the tasks that score `rows` (m,) out of their `folds` (m,), one a fold and recipe."""
    return [
        FoldTask(train, test, tuple(group))
        for train, test in hold_out(rows, folds, clusters)
        for _, group in _by_recipe(jobs)
    ]


def gather_scores(
    tasks: Sequence[FoldTask], results: Sequence[list[FloatArray]], *, n_units: int
) -> dict[Job, FloatArray]:
    """Put results together: job to scores (n, K), NaN where none was asked for."""
    gathered: dict[Job, FloatArray] = {}
    for task, scores in zip(tasks, results, strict=True):
        for job, part in zip(task.jobs, scores, strict=True):
            whole = gathered.setdefault(job, np.full((n_units, part.shape[1]), np.nan))
            whole[task.test] = part
    return gathered
