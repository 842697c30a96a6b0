"""Honest figures: selection, calibration and thresholds are made anew inside every outer fold.

Nested cross-validation after Varma & Simon (2006): what is reported never saw what was chosen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from framing.learning.calibration import fit_frame_heads, fit_stance_heads
from framing.learning.counting import Counts
from framing.learning.crossfitting import (
    Candidate,
    FoldTask,
    Workers,
    gather_scores,
    plan_tasks,
    run_task,
)
from framing.learning.dataset import Dataset, FloatArray, IntArray
from framing.learning.naive import score_naively
from framing.learning.selection import choose_candidate, merge_scores
from framing.learning.splits import Split, assign_folds, hold_out, spread_rows
from framing.measuring.metrics import compare, evaluate_frames, evaluate_stance
from framing.measuring.reports import Comparison, FrameReport, StanceReport
from framing.scoring.heads import FrameHead, StanceHead


@dataclass(frozen=True, slots=True, eq=False)
class Judgements:
    """What a system says about n units.

    Attributes
    ----------
    probabilities : array (n, F)
    decisions : array (n, F) of bool
    stances : mapping of str to (array (n, V), list of n str)
        Target to probabilities and the value decided for.
    """

    probabilities: FloatArray
    decisions: NDArray[np.bool_]
    stances: Mapping[str, tuple[FloatArray, list[str]]]


@dataclass(frozen=True, slots=True)
class SplitReport:
    """How well units were judged that one way of splitting held out.

    Attributes
    ----------
    split : {"grouped", "random", "source"}
    n_folds : int
    nested : bool
        Whether features and C, too, were chosen inside each fold.
    frames, naive_frames : FrameReport or None
        Ours, and the naive pipeline's on the same folds; None without frames.
    gain : Comparison or None
        Paired difference of the two.
    stances, naive_stances : mapping of str to StanceReport
    """

    split: Split
    n_folds: int
    nested: bool
    frames: FrameReport | None
    naive_frames: FrameReport | None
    gain: Comparison | None
    stances: Mapping[str, StanceReport]
    naive_stances: Mapping[str, StanceReport]


@dataclass(frozen=True, slots=True)
class Design:
    """How cross-validation is laid out.

    Attributes
    ----------
    n_folds, n_inner_folds : int
    seed : int
    resamples : int
        Of the article bootstrap behind every interval.
    """

    n_folds: int = 5
    n_inner_folds: int = 3
    seed: int = 0
    resamples: int = 1000


def cross_validate(
    counts: Counts,
    dataset: Dataset,
    split: Split,
    candidates: Sequence[Candidate],
    *,
    design: Design,
    workers: Workers,
) -> SplitReport:
    """Judge our procedure and the naive one under one split; several candidates are nested."""
    folds = assign_folds(dataset, split, n_folds=design.n_folds, seed=design.seed)
    nested = len(candidates) > 1
    judge = judge_nested if nested else judge_crossed
    ours = judge(counts, dataset, folds, candidates, design=design, workers=workers)
    naive = judge_naively(dataset, folds, workers)
    return report_split(dataset, split, folds, ours, naive, nested=nested, design=design)


def select_candidate(
    counts: Counts,
    dataset: Dataset,
    candidates: Sequence[Candidate],
    *,
    design: Design,
    workers: Workers,
) -> tuple[FloatArray, Candidate]:
    """Choose among candidates on all units; returns the chosen one's out-of-fold scores (n, K)."""
    rows = np.arange(len(dataset))
    folds = assign_folds(dataset, "grouped", n_folds=design.n_folds, seed=design.seed)
    tasks = plan_tasks(rows, folds, candidates, clusters=dataset.clusters)
    results = workers.run(run_task, [(counts, dataset, task, design.seed) for task in tasks])
    scores = gather_scores(tasks, results, n_units=len(dataset))
    best = choose_candidate(scores, dataset, rows)
    return merge_scores(scores, best, dataset), best


def judge_nested(
    counts: Counts,
    dataset: Dataset,
    folds: IntArray,
    candidates: Sequence[Candidate],
    *,
    design: Design,
    workers: Workers,
) -> Judgements:
    """Judge every unit by a model selected, calibrated and trained without its fold."""
    outer = hold_out(np.arange(len(dataset)), folds, dataset.clusters)
    inner = [_plan_inner(dataset, train, candidates, design) for train, _ in outer]
    flat = [(counts, dataset, task, design.seed) for tasks in inner for task in tasks]
    results = iter(workers.run(run_task, flat))
    chosen, heads = [], []
    for (train, _), tasks in zip(outer, inner, strict=True):
        scores = gather_scores(tasks, [next(results) for _ in tasks], n_units=len(dataset))
        best = choose_candidate(scores, dataset, train)
        chosen.append(best)
        heads.append(fit_heads_to(merge_scores(scores, best, dataset), dataset, train))
    final = [
        FoldTask(train, test, (best,)) for (train, test), best in zip(outer, chosen, strict=True)
    ]
    scored = workers.run(run_task, [(counts, dataset, task, design.seed) for task in final])
    return _decide_all(dataset, final, [scores[0] for scores in scored], heads)


def judge_crossed(
    counts: Counts,
    dataset: Dataset,
    folds: IntArray,
    candidates: Sequence[Candidate],
    *,
    design: Design,
    workers: Workers,
) -> Judgements:
    """Judge every unit by one candidate trained without its fold.

    Calibrated, and thresholds chosen, on the out-of-fold scores of all other folds.
    """
    rows = np.arange(len(dataset))
    tasks = plan_tasks(rows, folds, candidates, clusters=dataset.clusters)
    scored = workers.run(run_task, [(counts, dataset, task, design.seed) for task in tasks])
    (scores,) = gather_scores(tasks, scored, n_units=len(dataset)).values()
    heads = [fit_heads_to(scores, dataset, task.train) for task in tasks]
    return _decide_all(dataset, tasks, [scores[task.test] for task in tasks], heads)


def _plan_inner(
    dataset: Dataset, train: IntArray, candidates: Sequence[Candidate], design: Design
) -> list[FoldTask]:
    n_folds = design.n_inner_folds
    folds = spread_rows(dataset, train, dataset.groups, n_folds=n_folds, seed=design.seed)
    return plan_tasks(train, folds, candidates, clusters=dataset.clusters)


Heads = tuple[tuple[FrameHead, ...], tuple[StanceHead, ...]]


def fit_heads_to(scores: FloatArray, dataset: Dataset, rows: IntArray) -> Heads:
    """Calibrate every frame and target from out-of-fold scores (n, K) at `rows`."""
    return fit_frame_heads(dataset, scores, rows), fit_stance_heads(dataset, scores, rows)


def _decide_all(
    dataset: Dataset,
    tasks: Sequence[FoldTask],
    scores: Sequence[FloatArray],
    heads: Sequence[Heads],
) -> Judgements:
    n_units, n_frames = len(dataset), len(dataset.frame_ids)
    probabilities = np.zeros((n_units, n_frames))
    decisions = np.zeros((n_units, n_frames), dtype=np.bool_)
    stances = {
        s.target: (np.zeros((n_units, len(s.values))), [""] * n_units) for s in dataset.stances
    }
    for task, part, (frame_heads, stance_heads) in zip(tasks, scores, heads, strict=True):
        for column, head in enumerate(frame_heads):
            probabilities[task.test, column] = head.calibrate(part[:, column])
            decisions[task.test, column] = probabilities[task.test, column] >= head.threshold
        for stance_head, (_, columns) in zip(stance_heads, dataset.stance_columns(), strict=True):
            shares = stance_head.calibrate(part[:, columns])
            stances[stance_head.target][0][task.test] = shares
            for row, value in zip(task.test, stance_head.decide(shares), strict=True):
                stances[stance_head.target][1][row] = stance_head.values[value]
    return Judgements(probabilities, decisions, stances)


def judge_naively(dataset: Dataset, folds: IntArray, workers: Workers) -> Judgements:
    """Judge every unit by the naive pipeline trained without its fold."""
    pairs = hold_out(np.arange(len(dataset)), folds, dataset.clusters)
    results = workers.run(score_naively, [(dataset, train, test) for train, test in pairs])
    scores = np.zeros((len(dataset), dataset.columns))
    for (_, test), part in zip(pairs, results, strict=True):
        scores[test] = part
    probabilities = scores[:, : len(dataset.frame_ids)]
    stances = {
        stance.target: (
            scores[:, columns],
            [stance.values[best] for best in scores[:, columns].argmax(axis=1)],
        )
        for stance, columns in dataset.stance_columns()
    }
    return Judgements(probabilities, probabilities >= 0.5, stances)


def report_split(
    dataset: Dataset,
    split: Split,
    folds: IntArray,
    ours: Judgements,
    naive: Judgements,
    *,
    nested: bool,
    design: Design,
) -> SplitReport:
    """Measure the judgements of both systems against the codings."""
    return SplitReport(
        split=split,
        n_folds=len(np.unique(folds)),
        nested=nested,
        frames=measure_frames(dataset, ours, design),
        naive_frames=measure_frames(dataset, naive, design),
        gain=_compare(dataset, ours, naive, design) if dataset.frame_ids else None,
        stances=measure_stances(dataset, ours, design),
        naive_stances=measure_stances(dataset, naive, design),
    )


def measure_frames(dataset: Dataset, judged: Judgements, design: Design) -> FrameReport | None:
    """Measure judgements on frames; None where there are no frames."""
    if not dataset.frame_ids:
        return None
    return evaluate_frames(
        dataset.frames,
        judged.probabilities,
        judged.decisions,
        dataset.groups,
        dataset.frame_ids,
        rng=np.random.default_rng(design.seed),
        resamples=design.resamples,
    )


def measure_stances(
    dataset: Dataset, judged: Judgements, design: Design
) -> dict[str, StanceReport]:
    """Measure judgements on each stance target."""
    reports = {}
    for stance in dataset.stances:
        shares, decided = judged.stances[stance.target]
        truth = [stance.values[code] if code >= 0 else None for code in stance.codes]
        reports[stance.target] = evaluate_stance(
            truth,
            shares,
            decided,
            stance.values,
            dataset.groups,
            rng=np.random.default_rng(design.seed),
            resamples=design.resamples,
        )
    return reports


def _compare(dataset: Dataset, ours: Judgements, naive: Judgements, design: Design) -> Comparison:
    return compare(
        dataset.frames,
        ours.decisions,
        naive.decisions,
        dataset.groups,
        rng=np.random.default_rng(design.seed),
        resamples=design.resamples,
    )
