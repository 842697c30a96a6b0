"""Searching settings by cross-validation, for one set of training rows or for many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from framing.learning.candidates import Candidate, Search
from framing.learning.counting import Counts
from framing.learning.crossfitting import (
    FoldTask,
    Job,
    Label,
    Workers,
    gather_scores,
    plan_tasks,
    run_task,
)
from framing.learning.dataset import Dataset, FloatArray, IntArray
from framing.learning.selection import Metric, choose, rate

Searches = Mapping[Label, Search]


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Rows (m,) to search on, and the folds (m,) that part them."""

    rows: IntArray
    folds: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Selected:
    """What a search chose.

    Attributes
    ----------
    jobs : tuple of Job
        One a label.
    scores : array (n, K)
        Their out-of-fold scores, all labels' columns side by side; NaN off the ground.
    """

    jobs: tuple[Job, ...]
    scores: FloatArray


def search_settings(
    counts: Counts,
    dataset: Dataset,
    grounds: Sequence[Ground],
    searches: Searches,
    *,
    metric: Metric,
    most_units: int | None = None,
    seed: int = 0,
    workers: Workers,
) -> list[Selected]:
    """Search every ground by itself; all that can be done at the same time is.

    What is best along each axis is put together and tried as a whole, and yields to the usual
    setting if that is better still. On grounds of more than `most_units`, if given, a sample of
    whole articles is searched, drawn by the `seed`, and what it chose scores all of them.
    """
    hunts = [
        _Hunt(dataset, ground, _sample(ground, dataset, most_units, seed), searches, metric)
        for ground in grounds
    ]
    samples = [hunt.sample for hunt in hunts]
    for step in (_Hunt.list_tried, _Hunt.list_joined):
        asked = [step(hunt) for hunt in hunts]
        found = score_jobs(counts, dataset, samples, asked, workers=workers)
        for hunt, scores in zip(hunts, found, strict=True):
            hunt.note(scores)
    asked = [hunt.list_unscored() for hunt in hunts]
    found = score_jobs(counts, dataset, grounds, asked, workers=workers)
    return [hunt.settle(scores) for hunt, scores in zip(hunts, found, strict=True)]


class _Hunt:
    """The search on one ground: what to score in each of its steps, and what came out."""

    def __init__(
        self, dataset: Dataset, ground: Ground, sample: Ground, searches: Searches, metric: Metric
    ) -> None:
        self.sample = sample
        self._dataset = dataset
        self._whole = sample is ground
        self._searches = searches
        self._metric = metric
        self._scores: dict[Job, FloatArray] = {}
        self._ratings: dict[Job, FloatArray] = {}

    def note(self, scores: Mapping[Job, FloatArray]) -> None:
        """Rate what was scored on the sample."""
        self._scores |= scores
        for job, part in scores.items():
            self._ratings[job] = _rate(job, part, self._dataset, self.sample, self._metric)

    def list_tried(self) -> list[Job]:
        """List the usual settings and all that leave them along one axis."""
        return [
            Job(label, candidate)
            for label, search in self._searches.items()
            for candidate in search.list_candidates()
        ]

    def list_joined(self) -> list[Job]:
        """List what is best along all axes together, where it was not tried yet."""
        return [job for job in self._join() if job not in self._ratings]

    def list_unscored(self) -> list[Job]:
        """List what was chosen and has no scores on the whole ground."""
        return [job for job in self._choose() if not (self._whole and job in self._scores)]

    def settle(self, scores: Mapping[Job, FloatArray]) -> Selected:
        """Put what was chosen together with its scores on the whole ground."""
        jobs, known = self._choose(), {**self._scores, **scores}
        return Selected(tuple(jobs), np.hstack([known[job] for job in jobs]))

    def _join(self) -> list[Job]:
        return [
            Job(label, choose(search, self._list_ratings(label)))
            for label, search in self._searches.items()
        ]

    def _choose(self) -> list[Job]:
        usual = [Job(label, search.usual) for label, search in self._searches.items()]
        return [self._better(job, base) for job, base in zip(self._join(), usual, strict=True)]

    def _better(self, job: Job, usual: Job) -> Job:
        gain = self._ratings[job] - self._ratings[usual]
        return usual if np.nansum(gain) < 0 else job

    def _list_ratings(self, label: Label) -> dict[Candidate, FloatArray]:
        return {job.candidate: rated for job, rated in self._ratings.items() if job.label == label}


def _sample(ground: Ground, dataset: Dataset, most_units: int | None, seed: int) -> Ground:
    """Take articles in an order of chance, the same for every ground, and pass over too large ones.

    Where what fits stands in fewer than two folds, nothing is left out.
    """
    if most_units is None or len(ground.rows) <= most_units:
        return ground
    articles = dataset.groups[ground.rows]
    sizes = np.bincount(articles, minlength=len(dataset.articles))
    taken, held = np.zeros(len(sizes), np.bool_), 0
    for article in np.random.default_rng(seed).permutation(len(sizes)):
        if held + sizes[article] <= most_units:
            taken[article] = True
            held += int(sizes[article])
    kept = taken[articles]
    if len(np.unique(ground.folds[kept])) < 2:
        return ground
    return Ground(ground.rows[kept], ground.folds[kept])


def _rate(
    job: Job, scores: FloatArray, dataset: Dataset, ground: Ground, metric: Metric
) -> FloatArray:
    return rate(job.label, scores, dataset, ground.rows, ground.folds, metric)


def score_jobs(
    counts: Counts,
    dataset: Dataset,
    grounds: Sequence[Ground],
    jobs: Sequence[Sequence[Job]],
    *,
    workers: Workers,
) -> list[dict[Job, FloatArray]]:
    """Score the rows of each ground out of their folds with that ground's jobs."""
    planned: list[list[FoldTask]] = [
        plan_tasks(ground.rows, ground.folds, own, clusters=dataset.clusters) if own else []
        for ground, own in zip(grounds, jobs, strict=True)
    ]
    flat = [(counts, dataset, task) for tasks in planned for task in tasks]
    results = iter(workers.run(run_task, flat, threads=True))
    return [
        gather_scores(tasks, [next(results) for _ in tasks], n_units=len(dataset))
        for tasks in planned
    ]
