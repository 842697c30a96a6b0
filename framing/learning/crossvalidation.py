"""Honest figures: selection, calibration and thresholds are made anew inside every outer fold.

Nested cross-validation after Varma & Simon (2006): what is reported never saw what was chosen.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from framing.learning.calibration import fit_frame_heads, fit_stance_head
from framing.learning.counting import Counts
from framing.learning.crossfitting import FoldTask, Job, Workers, run_task
from framing.learning.dataset import Dataset, FloatArray, IntArray
from framing.learning.design import Design
from framing.learning.judgements import Judgements, SplitReport, report_split
from framing.learning.naive import decide_naively, score_naively
from framing.learning.searching import Ground, Searches, Selected, score_jobs, search_settings
from framing.learning.splits import Split, assign_folds, hold_out, spread_articles, spread_rows
from framing.scoring.heads import FrameHead, StanceHead


def cross_validate(
    counts: Counts,
    dataset: Dataset,
    split: Split,
    choice: Searches | tuple[Job, ...],
    *,
    design: Design,
    workers: Workers,
) -> SplitReport:
    """Judge our procedure and the naive one under one split; a search is nested, jobs are not."""
    folds = assign_folds(dataset, split, n_folds=design.n_folds, seed=design.seed)
    nested = not isinstance(choice, tuple)
    if isinstance(choice, tuple):
        ours = judge_crossed(counts, dataset, folds, choice, design=design, workers=workers)
    else:
        ours = judge_nested(counts, dataset, folds, choice, design=design, workers=workers)
    naive = judge_naively(dataset, folds, workers)
    return report_split(
        dataset, split, folds, ours, naive, nested=nested, resampling=design.resampling
    )


def select_jobs(
    counts: Counts, dataset: Dataset, searches: Searches, *, design: Design, workers: Workers
) -> tuple[IntArray, Selected]:
    """Search on all units; returns the folds (n,) by article that it used, and what it chose."""
    folds = assign_folds(dataset, "grouped", n_folds=design.n_folds, seed=design.seed)
    ground = Ground(np.arange(len(dataset)), folds)
    (selected,) = search_settings(
        counts,
        dataset,
        [ground],
        searches,
        metric=design.optimise,
        most_units=design.most_searched,
        seed=design.seed,
        workers=workers,
    )
    return folds, selected


def judge_nested(
    counts: Counts,
    dataset: Dataset,
    folds: IntArray,
    searches: Searches,
    *,
    design: Design,
    workers: Workers,
) -> Judgements:
    """Judge every unit by a model selected, calibrated and trained without its fold."""
    outer = hold_out(np.arange(len(dataset)), folds, dataset.clusters)
    grounds = [_lay_ground(dataset, train, design) for train, _ in outer]
    selected = search_settings(
        counts,
        dataset,
        grounds,
        searches,
        metric=design.optimise,
        most_units=design.most_searched,
        seed=design.seed,
        workers=workers,
    )
    tasks = [
        FoldTask(train, test, chosen.jobs)
        for (train, test), chosen in zip(outer, selected, strict=True)
    ]
    heads = [
        fit_heads_to(chosen.scores, dataset, task.train, design)
        for task, chosen in zip(tasks, selected, strict=True)
    ]
    scored = workers.run(run_task, [(counts, dataset, task) for task in tasks], threads=True)
    return _decide_all(dataset, tasks, [np.hstack(parts) for parts in scored], heads)


def _lay_ground(dataset: Dataset, train: IntArray, design: Design) -> Ground:
    """Part by article what a fold trains on; one article, or copies of one, unit by unit."""
    spread = {"n_folds": design.n_inner_folds, "seed": design.seed}
    folds = spread_articles(dataset, train, **spread)
    if not folds.any():
        folds = spread_rows(dataset, train, dataset.clusters, **spread)
    return Ground(train, folds)


def judge_crossed(
    counts: Counts,
    dataset: Dataset,
    folds: IntArray,
    jobs: Sequence[Job],
    *,
    design: Design,
    workers: Workers,
) -> Judgements:
    """Judge every unit by given settings trained without its fold."""
    ground = Ground(np.arange(len(dataset)), folds)
    (scores,) = score_jobs(counts, dataset, [ground], [jobs], workers=workers)
    return judge_scores(dataset, folds, np.hstack([scores[job] for job in jobs]), design)


def judge_scores(
    dataset: Dataset, folds: IntArray, scores: FloatArray, design: Design
) -> Judgements:
    """Judge out-of-fold scores (n, K), calibrated and decided on those of all other folds."""
    pairs = hold_out(np.arange(len(dataset)), folds, dataset.clusters)
    tasks = [FoldTask(train, test, ()) for train, test in pairs]
    heads = [fit_heads_to(scores, dataset, task.train, design) for task in tasks]
    return _decide_all(dataset, tasks, [scores[task.test] for task in tasks], heads)


Heads = tuple[tuple[FrameHead, ...], tuple[StanceHead, ...]]


def fit_heads_to(scores: FloatArray, dataset: Dataset, rows: IntArray, design: Design) -> Heads:
    """Calibrate every frame and target from out-of-fold scores (n, K) at `rows`."""
    metric = design.optimise
    frames = fit_frame_heads(dataset, scores, rows, metric=metric, precision=design.precision)
    stances = tuple(
        fit_stance_head(
            stance,
            scores[:, columns],
            rows,
            metric=metric,
            mentioned=dataset.is_mentioned(stance),
        )
        for stance, columns in dataset.stance_columns()
    )
    return frames, stances


def _decide_all(
    dataset: Dataset,
    tasks: Sequence[FoldTask],
    scores: Sequence[FloatArray],
    heads: Sequence[Heads],
) -> Judgements:
    n_units, n_frames = len(dataset), len(dataset.frame_ids)
    probabilities = np.zeros((n_units, n_frames))
    decisions = np.zeros((n_units, n_frames), dtype=np.bool_)
    sure = np.zeros((n_units, n_frames), dtype=np.bool_)
    stances = {
        s.target: (np.zeros((n_units, len(s.values))), [""] * n_units) for s in dataset.stances
    }
    for task, part, (frame_heads, stance_heads) in zip(tasks, scores, heads, strict=True):
        for column, head in enumerate(frame_heads):
            probabilities[task.test, column] = head.calibrate(part[:, column])
            decisions[task.test, column] = probabilities[task.test, column] >= head.threshold
            sure[task.test, column] = ~head.doubt(probabilities[task.test, column])
        for stance_head, (_, columns) in zip(stance_heads, dataset.stance_columns(), strict=True):
            shares = stance_head.calibrate(part[:, columns])
            stances[stance_head.target][0][task.test] = shares
            for row, value in zip(task.test, stance_head.decide(shares), strict=True):
                stances[stance_head.target][1][row] = stance_head.values[value]
    return Judgements(probabilities, decisions, sure, stances)


def judge_naively(dataset: Dataset, folds: IntArray, workers: Workers) -> Judgements:
    """Judge every unit by the naive pipeline trained without its fold."""
    pairs = hold_out(np.arange(len(dataset)), folds, dataset.clusters)
    results = workers.run(score_naively, [(dataset, train, test) for train, test in pairs])
    scores = np.zeros((len(dataset), dataset.columns))
    for (_, test), part in zip(pairs, results, strict=True):
        scores[test] = part
    return decide_naively(dataset, scores)


def expect_tasks(
    searches: Searches, splits: Sequence[Split], design: Design, *, n_units: int
) -> int:
    """Say about how many tasks training will take: a fold and recipe each.

    What was best along each axis may or may not be tried as a whole; it counts as if it were.
    """
    found = [search.list_candidates() for search in searches.values()]
    n_recipes = len({candidate.features for candidates in found for candidate in candidates})
    joined = any(len(search.axes) > 1 for search in searches.values())
    a_fold = n_recipes + joined + (n_units > design.most_searched)
    total = design.n_folds * a_fold
    for split in splits:
        nested = design.n_inner_folds * a_fold if split == "grouped" else 0
        total += design.n_folds * (nested + 2)  # ours and the naive pipeline
    return total
