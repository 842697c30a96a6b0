"""Choosing a setting by out-of-fold scores, for the metric asked for.

Along each axis the usual setting stays unless another is better by more than one standard error of
the difference over the folds (the one-standard-error rule of Breiman et al. 1984, with what is
usual in the place of what is simplest): where scores tie, what is known to do well stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Literal

import numpy as np

from framing.learning.calibration import fit_frame_heads, fit_stance_head
from framing.learning.candidates import Candidate, Search
from framing.learning.crossfitting import Label
from framing.learning.dataset import (
    NOT_CODED,
    BoolArray,
    Dataset,
    FloatArray,
    IntArray,
    StanceColumn,
)
from framing.measuring.rates import average_precision, rank_units

Metric = Literal["macro-f1", "micro-f1", "average-precision"]
METRICS: tuple[Metric, ...] = ("macro-f1", "micro-f1", "average-precision")

_FEWEST_FOLDS = 2
"""One fold that can be rated says nothing of chance: the usual setting stays."""


def choose(search: Search, ratings: Mapping[Candidate, FloatArray]) -> Candidate:
    """Take the best of each axis, by ratings (K,) of every candidate in each of K folds.

    Examples
    --------
    >>> from framing.learning.candidates import PLAIN, SPELT
    >>> search = Search(Candidate(PLAIN, C=1.0), {"recipe": (SPELT,), "C": (10.0,)})
    >>> usual, spelt, loose = search.list_candidates()
    >>> rated = {usual: [0.5, 0.6], spelt: [0.6, 0.71], loose: [0.7, 0.45]}
    >>> str(choose(search, {c: np.array(r) for c, r in rated.items()}))
    'word1-2+char_wb3-5|C:1'
    """
    picked = {}
    for name, values in search.axes.items():
        tried = {value: ratings[replace(search.usual, **{name: value})] for value in values}
        best = max(tried, key=lambda value: np.nansum(tried[value]))  # all lack the same folds
        if _beats(tried[best], ratings[search.usual]):
            picked[name] = best
    return replace(search.usual, **picked)


def _beats(ours: FloatArray, usual: FloatArray) -> bool:
    gain = ours - usual
    gain = gain[~np.isnan(gain)]
    if len(gain) < _FEWEST_FOLDS:
        return False
    return float(gain.mean()) > float(np.std(gain, ddof=1) / np.sqrt(len(gain))) + 1e-9


def rate(
    label: Label,
    scores: FloatArray,
    dataset: Dataset,
    rows: IntArray,
    folds: IntArray,
    metric: Metric,
) -> FloatArray:
    """Rate the scores (n, K) of the frames, or of a target, in each fold of `rows`; an array (K,).

    F1 is that of the decisions that the scores would lead to, micro-F1 of a stance its accuracy.
    A fold in which nothing can be rated is NaN.
    """
    if label is None:
        return _rate_frames(scores, dataset, rows, folds, metric)
    return _rate_stance(dataset.stance(label), scores, rows, folds, metric)


def _rate_frames(
    scores: FloatArray, dataset: Dataset, rows: IntArray, folds: IntArray, metric: Metric
) -> FloatArray:
    codes = dataset.frames[rows]
    coded, present = ~np.isnan(codes), codes > 0
    if metric == "average-precision":
        return _by_fold(
            folds, lambda at: _average_precisions(present[at], coded[at], scores[rows[at]])
        )
    heads = fit_frame_heads(dataset, scores, rows, metric=metric)
    decided = np.column_stack(
        [head.calibrate(scores[rows, k]) >= head.threshold for k, head in enumerate(heads)]
    )
    return _by_fold(folds, lambda at: _f1(present[at] & coded[at], decided[at] & coded[at], metric))


def _rate_stance(
    stance: StanceColumn, scores: FloatArray, rows: IntArray, folds: IntArray, metric: Metric
) -> FloatArray:
    kept = stance.codes[rows] != NOT_CODED
    coded, at_folds = rows[kept], folds[kept]
    if not len(coded):
        return np.full(len(np.unique(folds)), np.nan)
    head = fit_stance_head(stance, scores, rows, metric=metric)
    shares = head.calibrate(scores[coded])
    present = stance.codes[coded][:, None] == np.arange(len(stance.values))
    if metric == "average-precision":
        everywhere = np.ones_like(present)
        return _by_fold(
            at_folds, lambda at: _average_precisions(present[at], everywhere[at], shares[at])
        )
    decided = head.decide(shares)[:, None] == np.arange(len(stance.values))
    return _by_fold(at_folds, lambda at: _f1(present[at], decided[at], metric))


def _by_fold(folds: IntArray, rater: Callable[[IntArray], float]) -> FloatArray:
    return np.array([rater(np.flatnonzero(folds == fold)) for fold in np.unique(folds)])


def _average_precisions(present: BoolArray, coded: BoolArray, scores: FloatArray) -> float:
    """Average over labels that have both codes."""
    rates = [
        rank_precisely(truth[known], ranked[known])
        for truth, known, ranked in zip(present.T, coded.T, scores.T, strict=True)
        if truth[known].any() and not truth[known].all()
    ]
    return float(np.mean(rates)) if rates else np.nan


def rank_precisely(present: BoolArray, scores: FloatArray) -> float:
    """Return the average precision of scores (n,): step-wise, as scikit-learn's.

    Examples
    --------
    >>> round(rank_precisely(np.array([True, False, True]), np.array([0.9, 0.8, 0.7])), 3)
    0.833
    """
    ranking = rank_units(present, scores, np.zeros(len(scores), np.intp))  # as of one article
    return float(average_precision(ranking, np.ones((1, 1)))[0])


def _f1(present: BoolArray, decided: BoolArray, metric: Metric) -> float:
    found = (present & decided).sum(axis=0)
    said, held = decided.sum(axis=0), present.sum(axis=0)
    if metric == "micro-f1":
        found, said, held = (
            found.sum(keepdims=True),
            said.sum(keepdims=True),
            held.sum(keepdims=True),
        )
    known = held > 0
    return (
        float(np.mean((2.0 * found / np.maximum(said + held, 1))[known])) if known.any() else np.nan
    )
