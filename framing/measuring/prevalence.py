"""How common a label is: the share of units that carry it, with an article-bootstrap interval.

The share is the mean of calibrated probabilities (probabilistic classify and count, PCC: Bella et
al. 2010, *Quantification via probability estimators*). It holds where the calibration holds; the
interval carries the sampling of articles and not the uncertainty of calibration.
Shapes: n units, K labels, A articles, b resamples at a time.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from framing.measuring.arrays import check_length, read_probabilities
from framing.measuring.estimation import FEWEST_ARTICLES, ScoreTable, estimate_scores
from framing.measuring.intervals import ArticleResampler, Floats
from framing.measuring.rates import divide, sum_by_article
from framing.schema import Estimate

CALIBRATED_MEAN = "calibrated-mean"
NAIVE = "naive"
"""Counting decisions: biased, and given for comparison only."""

FEW_ARTICLES = 10
"""Below this an article bootstrap is too narrow to be read at its word.

In a simulation (articles of 2-8 units that agree, nominal coverage .95) its intervals held the true
share .48 of the time with 2 articles, .81 with 5, .89 with 10 and .93 with 40.
"""


def estimate_prevalence(
    values: ArrayLike,
    groups: Sequence[Hashable] | NDArray[Any],
    *,
    rng: np.random.Generator,
    resamples: int = 1000,
    level: float = 0.95,
    method: str = CALIBRATED_MEAN,
) -> Estimate:
    """Estimate the share of units that carry a label.

    Parameters
    ----------
    values : array (n,)
        Calibrated probabilities 0-1, or decisions for the naive share; NaN is left out.
    groups : sequence of n hashables
        Article of each unit.
    rng : numpy.random.Generator
    resamples : int
    level : float
    method : str
        Name that the estimate carries: ``calibrated-mean``, or ``naive`` for decisions.

    Returns
    -------
    Estimate
        The interval is NaN with fewer than two articles (`explain_interval` says so).

    Raises
    ------
    InputError
        If lengths differ or a value leaves 0-1.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> estimate = estimate_prevalence([0.2, 0.4, 0.9], ["a", "a", "b"], rng=rng)
    >>> round(estimate.value, 3), round(estimate.low, 3), round(estimate.high, 3)
    (0.5, 0.3, 0.9)
    """
    column = np.asarray(values, dtype=np.float64).reshape(-1, 1)
    check_length("groups", len(groups), len(column))
    known = ~np.isnan(column)
    shares = read_probabilities(column, known)
    kept = [group for group, keep in zip(groups, known[:, 0], strict=True) if keep]
    resampler = ArticleResampler.draw(kept, resamples=resamples, rng=rng)
    sums, units = (
        sum_by_article(part[known][:, None], resampler.codes, resampler.n_articles)
        for part in (shares, np.ones_like(shares))
    )
    table = estimate_shares(sums, units, resampler, level=level)
    row = table.row(0, n_units=len(kept), n_articles=resampler.n_articles)
    return replace(row[0], method=method)


def estimate_shares(
    sums: Floats, units: Floats, resampler: ArticleResampler, *, level: float
) -> ScoreTable:
    """Estimate the shares of K labels from sums by article, all in the same resamples.

    Parameters
    ----------
    sums : array (A, K)
        Probabilities of each article's units, summed.
    units : array (A, K)
        Units that have a probability.
    resampler : ArticleResampler
    level : float

    Returns
    -------
    ScoreTable
        One row of K shares.

    Examples
    --------
    >>> resampler = ArticleResampler.draw([1, 2], resamples=99, rng=np.random.default_rng(0))
    >>> sums, units = np.array([[0.6], [0.9]]), np.array([[2.0], [1.0]])
    >>> float(estimate_shares(sums, units, resampler, level=0.9).values[0, 0])
    0.5
    """
    return estimate_scores(_ShareJudge(sums, units), resampler, level=level)


@dataclass(frozen=True, slots=True, eq=False)
class _ShareJudge:
    sums: Floats
    units: Floats

    def score(self, counts: Floats) -> Floats:
        """Shares under counts (b, A): an array (b, 1, K)."""
        return divide(counts @ self.sums, counts @ self.units)[:, None]

    def support(self) -> Floats:
        """Count the articles behind each share: an array (1, K)."""
        return np.asarray((self.units > 0).sum(axis=0, keepdims=True), dtype=np.float64)


def explain_interval(n_articles: int) -> str:
    """Say why a share has no interval or one to distrust; empty where there is nothing to say.

    >>> explain_interval(1), explain_interval(40)
    ('1 article: no interval', '')
    """
    if n_articles < FEWEST_ARTICLES:
        return f"{n_articles} article{'' if n_articles == 1 else 's'}: no interval"
    few = f"{n_articles} articles: interval likely too narrow"
    return few if n_articles < FEW_ARTICLES else ""
