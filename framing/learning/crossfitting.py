"""Out-of-fold scores: every unit is scored by a model that saw nothing of its fold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy.sparse as sp

from framing.learning.counting import Counts
from framing.learning.dataset import Dataset, FloatArray, IntArray
from framing.learning.fitting import Hints, LinearScores, fit_frames, fit_heads, fit_stances
from framing.learning.splits import hold_out
from framing.scoring.recipe import FeatureRecipe

Progress = Callable[[int, int], None]
"""Called with the number of tasks done and of all tasks."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One setting among which selection chooses.

    Attributes
    ----------
    recipe : FeatureRecipe
    C_frames, C_stances : float
        Inverse strength of the L2 penalty, as in scikit-learn.
    prior : float
        What each of the codebook's pseudo-units weighs for the frames, a unit weighing 1; at 0
        they are left out.
    """

    recipe: FeatureRecipe
    C_frames: float
    C_stances: float
    prior: float = 0.0

    def __str__(self) -> str:
        """Write the setting as signatures do."""
        prior = f"|prior:{self.prior:g}" if self.prior else ""
        return f"{self.recipe}|C:{self.C_frames:g}/{self.C_stances:g}{prior}"


@dataclass(frozen=True, slots=True, eq=False)
class FoldTask:
    """Train on some rows with each candidate, all of one recipe, and score other rows."""

    train: IntArray
    test: IntArray
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Workers:
    """How many processes work on tasks, and who is told of their progress."""

    count: int = 1
    progress: Progress | None = None

    def run(self, function: Callable[..., Any], tasks: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Call a function on each tuple of arguments; results in order, whatever the number."""
        return list(self._watch(self._iterate(function, tasks), len(tasks)))

    def _iterate(
        self, function: Callable[..., Any], tasks: Sequence[tuple[Any, ...]]
    ) -> Iterable[Any]:
        if self.count == 1:
            return (function(*task) for task in tasks)
        from joblib import Parallel, delayed

        parallel = Parallel(n_jobs=self.count, return_as="generator")
        results: Iterable[Any] = parallel(delayed(function)(*task) for task in tasks)
        return results

    def _watch(self, results: Iterable[Any], total: int) -> Iterable[Any]:
        for done, result in enumerate(results, start=1):
            if self.progress:
                self.progress(done, total)
            yield result


def fit_candidate(
    counts: Counts, dataset: Dataset, rows: IntArray, candidate: Candidate, *, seed: int
) -> LinearScores:
    """Fit all score columns on some rows with one candidate."""
    features, told = counts.transform(candidate.recipe, rows, dataset.prior_rows)
    return fit_heads(
        features,
        dataset,
        rows,
        C_frames=candidate.C_frames,
        C_stances=candidate.C_stances,
        seed=seed,
        hints=weigh_hints(told, candidate.prior),
    )


def weigh_hints(told: sp.csr_array, weight: float) -> Hints | None:
    """Give features (q, V) of pseudo-units their weight; none at all at weight 0."""
    return Hints(told, weight) if weight else None


def run_task(counts: Counts, dataset: Dataset, task: FoldTask, seed: int) -> list[FloatArray]:
    """Return the scores (m, K) of a task's test rows, one array a candidate.

    Candidates that share what a fit depends on share the fit.
    """
    recipe = task.candidates[0].recipe
    train, test, told = counts.transform(recipe, task.train, task.test, dataset.prior_rows)
    frames = {
        (C, prior): fit_frames(
            train, dataset, task.train, C=C, seed=seed, hints=weigh_hints(told, prior)
        ).score(test)
        for C, prior in {(c.C_frames, c.prior) for c in task.candidates}
    }
    stances = {
        C: fit_stances(train, dataset, task.train, C=C).score(test)
        for C in {candidate.C_stances for candidate in task.candidates}
    }
    return [np.hstack([frames[c.C_frames, c.prior], stances[c.C_stances]]) for c in task.candidates]


def plan_tasks(
    rows: IntArray, folds: IntArray, candidates: Sequence[Candidate], *, clusters: IntArray
) -> list[FoldTask]:
    """List the tasks that score `rows` (m,) out of their `folds` (m,), one a fold and recipe."""
    recipes = dict.fromkeys(candidate.recipe for candidate in candidates)
    return [
        FoldTask(
            train,
            test,
            tuple(candidate for candidate in candidates if candidate.recipe == recipe),
        )
        for train, test in hold_out(rows, folds, clusters)
        for recipe in recipes
    ]


def gather_scores(
    tasks: Sequence[FoldTask], results: Sequence[list[FloatArray]], *, n_units: int
) -> dict[Candidate, FloatArray]:
    """Put results together: candidate to scores (n, K), NaN where none was asked for."""
    gathered: dict[Candidate, FloatArray] = {}
    for task, scores in zip(tasks, results, strict=True):
        for candidate, part in zip(task.candidates, scores, strict=True):
            whole = gathered.setdefault(candidate, np.full((n_units, part.shape[1]), np.nan))
            whole[task.test] = part
    return gathered


def combine(frames: Candidate, stances: Candidate) -> Candidate:
    """Take all that frames need of one candidate, and the C of another for stances."""
    return replace(frames, C_stances=stances.C_stances)
