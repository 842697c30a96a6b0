"""Searching settings by cross-validation, for one set of training rows or for many at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

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
First = TypeVar("First")
Second = TypeVar("Second")


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
    workers: Workers,
) -> list[Selected]:
    """Search every ground by itself; all that can be done at the same time is.

    What is best along each axis is put together and tried as a whole, and yields to the usual
    setting if that is better still. On grounds of more than `most_units`, if given, a sample of
    whole articles is searched, and what it chose scores all of them.
    """
    samples = [_sample(ground, dataset, most_units) for ground in grounds]
    usual = [Job(label, search.usual) for label, search in searches.items()]
    tried = [
        Job(label, candidate)
        for label, search in searches.items()
        for candidate in search.list_candidates()
    ]
    scores = score_jobs(counts, dataset, samples, [tried] * len(grounds), workers=workers)
    ratings = [
        {job: _rate(job, part, dataset, sample, metric) for job, part in own.items()}
        for sample, own in zip(samples, scores, strict=True)
    ]
    joined = [
        [Job(label, choose(search, _pick(own, label))) for label, search in searches.items()]
        for own in ratings
    ]
    missing = [[job for job in jobs if job not in own] for jobs, own in _pair(joined, scores)]
    more = score_jobs(counts, dataset, samples, missing, workers=workers)
    final = []
    for sample, jobs, rated, extra in zip(samples, joined, ratings, more, strict=True):
        rated |= {job: _rate(job, part, dataset, sample, metric) for job, part in extra.items()}
        final.append([_better(job, base, rated) for job, base in _pair(jobs, usual)])
    known = [
        own | extra if sample is ground else {}
        for own, extra, sample, ground in zip(scores, more, samples, grounds, strict=True)
    ]
    missing = [[job for job in jobs if job not in own] for jobs, own in _pair(final, known)]
    rest = score_jobs(counts, dataset, grounds, missing, workers=workers)
    return [
        Selected(tuple(jobs), np.hstack([(own | extra)[job] for job in jobs]))
        for jobs, own, extra in zip(final, known, rest, strict=True)
    ]


def _sample(ground: Ground, dataset: Dataset, most_units: int | None) -> Ground:
    """Take articles in an order of chance, the same for every ground, until they hold enough."""
    if most_units is None or len(ground.rows) <= most_units:
        return ground
    order = np.random.default_rng(0).permutation(len(dataset.articles))
    place = np.argsort(order)[dataset.groups[ground.rows]]
    last = np.sort(place)[most_units - 1]
    return Ground(ground.rows[place <= last], ground.folds[place <= last])


def _rate(
    job: Job, scores: FloatArray, dataset: Dataset, ground: Ground, metric: Metric
) -> FloatArray:
    return rate(job.label, scores, dataset, ground.rows, ground.folds, metric)


def _pair(first: Sequence[First], second: Sequence[Second]) -> Iterator[tuple[First, Second]]:
    return zip(first, second, strict=True)


def _pick(ratings: Mapping[Job, FloatArray], label: Label) -> dict[Candidate, FloatArray]:
    return {job.candidate: rated for job, rated in ratings.items() if job.label == label}


def _better(job: Job, usual: Job, ratings: Mapping[Job, FloatArray]) -> Job:
    gain = ratings[job] - ratings[usual]
    return usual if np.nansum(gain) < 0 else job


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
