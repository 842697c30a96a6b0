"""Rates as functions of article counts: precision, recall, F1, average precision, calibration.

Everything here takes counts (b, A), how often each of A articles stands in each of b resamples,
and answers for all b at once; counts of one give the value on the data as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from framing.measuring.arrays import Bools
from framing.measuring.intervals import Codes, Floats

N_BINS = 10
_EDGES = np.linspace(0, 1, N_BINS + 1)[1:-1]


def divide(part: Floats, whole: Floats) -> Floats:
    """Divide, giving NaN where the whole is zero.

    >>> divide(np.array([1.0, 0.0]), np.array([2.0, 0.0])).tolist()
    [0.5, nan]
    """
    quotient = np.full(np.shape(whole), np.nan)
    np.divide(part, whole, out=quotient, where=whole > 0)
    return quotient


def average_defined(values: Floats, keep: Bools) -> Floats:
    """Mean over the last axis of the values that are kept and defined; NaN where none is.

    >>> average_defined(np.array([[0.5, 1.0, np.nan]]), np.array([[True, True, True]])).tolist()
    [0.75]
    """
    used = keep & ~np.isnan(values)
    return divide(np.where(used, values, 0).sum(axis=-1), used.sum(axis=-1).astype(np.float64))


def sum_by_article(values: Floats, codes: Codes, n_articles: int) -> Floats:
    """Sum the rows (n, K) of each article: an array (A, K).

    >>> sum_by_article(np.ones((3, 1)), np.array([0, 1, 1]), 2).tolist()
    [[1.0], [2.0]]
    """
    width = values.shape[1]
    cells = (codes[:, None] * width + np.arange(width)).ravel()
    sums = np.bincount(cells, weights=values.ravel(), minlength=n_articles * width)
    return np.asarray(sums.reshape(n_articles, width), dtype=np.float64)


def compute_rates(found: Floats, claimed: Floats, present: Floats) -> tuple[Floats, Floats, Floats]:
    """Precision, recall and F1 from true positives, decisions and positives.

    Where there are positives and none is decided, precision is 0 (scikit-learn's
    ``zero_division=0``). Without positives recall is NaN, and precision and F1 are 0 if there are
    decisions and NaN if there are none.

    >>> rates = compute_rates(*np.array([[1.0, 0, 0], [2, 0, 0], [4, 3, 0]]))
    >>> [rate.round(2).tolist() for rate in rates]
    [[0.5, 0.0, nan], [0.25, 0.0, nan], [0.33, 0.0, nan]]
    """
    precision = divide(found, claimed)
    precision = np.where((claimed == 0) & (present > 0), 0.0, precision)
    return precision, divide(found, present), divide(2 * found, claimed + present)


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Units in descending order of score, ready to be weighted.

    Attributes
    ----------
    articles : array (m,)
        Article of each unit, in order.
    positives : array (k,)
        Positions of the positive units.
    tie_ends, tied_hits : array (k,)
        For each positive, the position of the last unit with its score, and the rank among the
        positives of the last positive with its score: precision is read there, as units with one
        score enter together.
    """

    articles: Codes
    positives: Codes
    tie_ends: Codes
    tied_hits: Codes


def rank_units(truth: Bools, scores: Floats, articles: Codes) -> Ranking:
    """Sort the units (m,) once, for `average_precision` under any weights.

    >>> ranking = rank_units(np.array([True, False]), np.array([0.4, 0.9]), np.array([0, 1]))
    >>> ranking.articles.tolist(), ranking.positives.tolist()
    ([1, 0], [1])
    """
    order = np.argsort(-scores, kind="stable")
    falling, positives = -scores[order], np.flatnonzero(truth[order])
    ends = np.searchsorted(falling, falling[positives], side="right") - 1
    hits = np.searchsorted(positives, ends, side="right") - 1
    return Ranking(articles[order], positives, ends, hits)


def average_precision(ranking: Ranking, counts: Floats) -> Floats:
    """Average precision (b,) under article counts (b, A); NaN without positives.

    The sum over distinct scores of precision times the gain in recall, as in scikit-learn's
    ``average_precision_score``: no interpolation, ties enter together.

    >>> ranking = rank_units(np.array([True, False]), np.array([0.4, 0.9]), np.array([0, 1]))
    >>> average_precision(ranking, np.ones((1, 2))).tolist()
    [0.5]
    """
    if not len(ranking.positives):
        return np.full(len(counts), np.nan)
    weights = np.ascontiguousarray(counts.T)[ranking.articles]
    hits = weights[ranking.positives]
    found = np.cumsum(hits, axis=0)[ranking.tied_hits]
    reached = np.cumsum(weights, axis=0, out=weights)[ranking.tie_ends]
    precision = np.divide(found, reached, out=np.zeros_like(found), where=reached > 0)
    return divide((hits * precision).sum(axis=0), hits.sum(axis=0))


def assign_bins(scores: Floats) -> Codes:
    """Give each probability the number of its bin, 0 to 9.

    Bins are equally wide and closed above: [0, .1], (.1, .2], ..., (.9, 1].

    >>> assign_bins(np.array([0.0, 0.1, 0.11, 1.0])).tolist()
    [0, 0, 1, 9]
    """
    return np.searchsorted(_EDGES, scores)


def sum_residuals(truth: Bools, scores: Floats, codes: Codes, n_articles: int) -> Floats:
    """Sum score minus truth by article and bin (`assign_bins`): an array (A, 10).

    >>> sum_residuals(np.array([True]), np.array([0.75]), np.array([0]), 1)[0].tolist()
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -0.25, 0.0, 0.0]
    """
    cells = codes * N_BINS + assign_bins(scores)
    sums = np.bincount(cells, weights=scores - truth, minlength=n_articles * N_BINS)
    return np.asarray(sums.reshape(n_articles, N_BINS), dtype=np.float64)


def calibration_error(residuals: Floats, units: Floats, counts: Floats) -> Floats:
    """Compute the expected calibration error (b,), bins weighted by units; NaN without units.

    The mean over units of |mean score - share of positives| of the unit's bin (Naeini, Cooper &
    Hauskrecht 2015, *Obtaining well calibrated probabilities using Bayesian binning*), which is
    the sum over bins of |sum of residuals| over the number of units.

    Parameters
    ----------
    residuals : array (A, 10)
        From `sum_residuals`.
    units : array (A,)
        Units of each article.
    counts : array (b, A)

    Examples
    --------
    >>> residuals = sum_residuals(np.array([True]), np.array([0.75]), np.array([0]), 1)
    >>> calibration_error(residuals, np.ones(1), np.ones((1, 1))).tolist()
    [0.25]
    """
    return divide(np.abs(counts @ residuals).sum(axis=1), counts @ units)
