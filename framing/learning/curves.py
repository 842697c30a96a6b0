"""How much more articles would help: average precision by number of training articles.

Error is taken to fall as a power of the number of examples (Hestness et al. 2017, *Deep learning
scaling is predictable, empirically*; Figueroa et al. 2012 fit the same to text), and the fitted
power is carried on by a few more articles. Letters: n units, F frames, S sizes, b resamples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from framing.learning.counting import Counts
from framing.learning.crossfitting import FoldTask, Job, Workers, run_task
from framing.learning.dataset import Dataset, FloatArray, IntArray
from framing.learning.design import Design
from framing.learning.splits import assign_folds, hold_out
from framing.measuring.intervals import ArticleResampler, percentile_interval
from framing.measuring.judging.reports import MACRO
from framing.measuring.rates import average_defined, average_precision, rank_units
from framing.schema import Estimate

SHARES = (0.25, 0.5, 0.75, 1.0)
"""Of a fold's training articles, the parts that are trained on; each holds the one before it."""

MORE = 50
"""Articles that the expected gain is for."""

METHOD = "power law, article-bootstrap"
_SMALLEST_ERROR = 1e-3
_FEWEST_SIZES = 3
_STEEPEST, _FLATTEST = 1.0, 0.0


@dataclass(frozen=True, slots=True)
class LearningCurve:
    """How one frame's average precision grows with articles.

    Attributes
    ----------
    label : str
        Frame; or the mean over frames.
    n_articles : tuple of int
        Training articles a point, the mean over folds.
    average_precision : tuple of Estimate
        Out of fold, one a point.
    gain : Estimate
        What `MORE` articles beyond all those coded are expected to add; NaN where the points are of
        fewer than three sizes. (The last point trains on a fold's share of the articles only.)
    """

    label: str
    n_articles: tuple[int, ...]
    average_precision: tuple[Estimate, ...]
    gain: Estimate


def draw_curves(
    counts: Counts, dataset: Dataset, job: Job, *, design: Design, workers: Workers
) -> tuple[LearningCurve, ...]:
    """Train on growing shares of the articles, and carry each frame's curve on.

    Returns
    -------
    tuple of LearningCurve
        One a frame, then the mean over frames; none without frames.
    """
    if not dataset.frame_ids:
        return ()
    folds = assign_folds(dataset, "grouped", n_folds=design.n_folds, seed=design.seed)
    rng = np.random.default_rng(design.seed)
    place = rng.permutation(len(dataset.articles))[dataset.groups]
    tasks, sizes = [], np.zeros(len(SHARES))
    for train, test in hold_out(np.arange(len(dataset)), folds, dataset.clusters):
        for step, rows in enumerate(_grow(train, place)):
            tasks.append((counts, dataset, FoldTask(rows, test, (job,))))
            sizes[step] += len(np.unique(place[rows])) / len(np.unique(folds))
    results = workers.run(run_task, tasks, threads=True)
    scores = np.full((len(SHARES), len(dataset), len(dataset.frame_ids)), np.nan)
    for number, ((_, _, task), (part,)) in enumerate(zip(tasks, results, strict=True)):
        scores[number % len(SHARES), task.test] = part
    return _trace(scores, dataset, np.round(sizes).astype(np.intp), design)


def _grow(train: IntArray, place: IntArray) -> list[IntArray]:
    """Take growing shares of the articles of `train`, in the order of their `place`."""
    order = np.unique(place[train])
    ends = [order[max(1, round(share * len(order))) - 1] for share in SHARES]
    return [train[place[train] <= end] for end in ends]


def _trace(
    scores: FloatArray, dataset: Dataset, sizes: IntArray, design: Design
) -> tuple[LearningCurve, ...]:
    """Turn scores (S, n, F) into curves, with one set of resamples for all of them."""
    resampler = ArticleResampler.draw(dataset.groups, **design.resampling.begin())
    once = np.ones((1, resampler.n_articles))
    counted = np.concatenate([once, *resampler.chunks(width=len(dataset))])
    precisions = np.stack(
        [_rank(scores[:, :, k], dataset, k, counted) for k in range(len(dataset.frame_ids))]
    )
    frames_last = np.moveaxis(precisions, 0, -1)
    whole = average_defined(frames_last, np.ones(frames_last.shape, np.bool_))[None]
    labels = (*dataset.frame_ids, MACRO)
    coded = np.column_stack([~np.isnan(dataset.frames), ~np.isnan(dataset.frames).all(axis=1)])
    return tuple(
        _carry_on(label, sizes, part, groups=dataset.groups[rows], n_articles=resampler.n_articles)
        for label, part, rows in zip(
            labels, np.concatenate([precisions, whole]), coded.T, strict=True
        )
    )


def _rank(scores: FloatArray, dataset: Dataset, column: int, counted: FloatArray) -> FloatArray:
    """Return a frame's average precision (S, b) under counts (b, A)."""
    coded = np.flatnonzero(~np.isnan(dataset.frames[:, column]))
    truth, articles = dataset.frames[coded, column] > 0, dataset.groups[coded]
    return np.stack(
        [average_precision(rank_units(truth, part[coded], articles), counted) for part in scores]
    )


def _carry_on(
    label: str, sizes: IntArray, precisions: FloatArray, *, groups: IntArray, n_articles: int
) -> LearningCurve:
    """Make a curve of precisions (S, 1 + B), those of the data first, then of resamples.

    It rests on coded units, whose articles `groups` (m,) are among `n_articles` in all.
    """
    gains = expect_gain(sizes, precisions, n_articles=n_articles, more=MORE)
    table = np.concatenate([precisions, gains[None]])
    lows, highs = percentile_interval(table[:, 1:].T)
    estimates = [
        Estimate(
            value=float(row[0]),
            low=float(low),
            high=float(high),
            n_units=len(groups),
            n_articles=len(np.unique(groups)),
            method=METHOD,
        )
        for row, low, high in zip(table, lows, highs, strict=True)
    ]
    return LearningCurve(label, tuple(map(int, sizes)), tuple(estimates[:-1]), estimates[-1])


def expect_gain(
    sizes: IntArray | Sequence[int], precisions: FloatArray, *, n_articles: int, more: int
) -> FloatArray:
    """Return what `more` articles are expected to add to `n_articles`, for each of b curves.

    Fits ``error = a * size ** -power`` to the logarithms by least squares, the power between 0 and
    1, and lets the last error fall on by it.

    Parameters
    ----------
    sizes : array (S,)
        Articles trained on at each point; NaN is returned where fewer than three differ.
    precisions : array (S, b)
    n_articles, more : int

    Examples
    --------
    >>> errors = np.array([[0.8], [0.4], [0.2]])  # half the error with twice the articles
    >>> expect_gain([50, 100, 200], 1.0 - errors, n_articles=200, more=200).round(3).tolist()
    [0.1]
    """
    if len(np.unique(sizes)) < _FEWEST_SIZES:
        return np.full(precisions.shape[1], np.nan)
    at = np.log(np.asarray(sizes, dtype=np.float64))
    errors = np.maximum(1.0 - precisions, _SMALLEST_ERROR)
    centred = at - at.mean()
    powers: FloatArray = -(centred @ np.log(errors)) / float(centred @ centred)
    powers = np.clip(powers, _FLATTEST, _STEEPEST)
    now, then = n_articles / sizes[-1], (n_articles + more) / sizes[-1]
    return np.asarray(errors[-1] * (now**-powers - then**-powers))
