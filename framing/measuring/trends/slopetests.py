"""Trends of each source and label: how fast the log-odds of a share rise or fall in a year.

The slope is logistic (`framing.measuring.trends.slopes`); its interval carries the sampling of
articles, the error of calibration and, from four periods on, what periods differ by
(`framing.measuring.trends.slopespans`). Its p-value permutes whole periods within the source, as
what moves the articles of one month together is no trend (permutation tests of a score: Davison &
Hinkley 1997, *Bootstrap Methods and their Application*, section 4.3). Shapes: T periods, n
articles, K labels, B permutations.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np

from framing.measuring.arrays import Bools
from framing.measuring.contrasts.series import Series, list_series
from framing.measuring.contrasts.sides import ROUNDING, Plan, draw_errors, merge_summaries
from framing.measuring.contrasts.spans import Draws
from framing.measuring.intervals import Codes, Floats
from framing.measuring.prevalence.corrected import CorrectedSums
from framing.measuring.rates import divide
from framing.measuring.testing import FEWEST_BEYOND, count_beyond
from framing.measuring.trends.slopes import fit_slopes
from framing.measuring.trends.slopespans import reach_periods

FEWEST_PERIODS = 3
"""With two periods, the difference between them says all there is."""

MORE = 20
"""Times that the permutations asked for are drawn again while a label has few beyond it."""

FEWEST_BLOCKS = 5
"""With fewer periods to permute there is no p-value: articles can not tell a trend from a few
periods that differ. Of the orders of 5 periods 2 in 120 are as steep as the steepest, of 6 2 in
720: no p-value is below .017, or .0028."""


@dataclass(frozen=True, slots=True, eq=False)
class Trend:
    """Slope of one source's series, label by label: arrays (K,), NaN where not known.

    Attributes
    ----------
    source : str or None
        None for all.
    slope, low, high : arrays
        Log-odds a year.
    p : array
        From permuted periods; NaN with fewer than 5. The interval of fewer than 4 knows the
        sampling of articles, not what moves all articles of a period.
    first, last : str
        Periods.
    n_periods, n_articles : arrays
    """

    source: str | None
    slope: Floats
    low: Floats
    high: Floats
    p: Floats
    first: str
    last: str
    n_periods: Floats
    n_articles: Floats


def find_trends(sums: CorrectedSums, plan: Plan, *, pooled: bool = False) -> list[Trend]:
    """Find the trend of every source with at least three periods.

    Parameters
    ----------
    sums : CorrectedSums
        One cell a source and period, named as `framing.measuring.periods.bin_period` does.
    plan : Plan
    pooled : bool
        The cells hold all sources: there is one a period.

    Returns
    -------
    list of Trend
    """
    draws = Draws.prepare(sums.covariances, plan)
    return [
        _find_trend(series, draws)
        for series in list_series(sums, pooled=pooled)
        if len(series.names) >= FEWEST_PERIODS
    ]


def _find_trend(series: Series, draws: Draws) -> Trend:
    from scipy.stats import t

    fit = fit_slopes(series.times, series.sums, series.units, series.periods)
    counts = series.count()
    n_periods = (counts > 0).sum(axis=0).astype(np.float64)
    moved = np.einsum("kt,tkj->kj", np.nan_to_num(fit.pull), series.gradients)
    hidden = np.einsum("kt,tk->k", np.nan_to_num(fit.pull) ** 2, series.extras)
    error = np.sqrt(fit.variance + hidden + draws.vary(moved))
    freedom = np.maximum(_count_freedom(series), 1)
    reach = t.ppf((1 + draws.plan.level) / 2, freedom) * error
    reach = np.maximum(reach, reach_periods(series, fit, moved, draws))
    p = permute_periods(series, draws)
    enough = (n_periods >= FEWEST_PERIODS) & ~np.isnan(fit.slope)
    slope, low, high, p = (
        np.where(enough, values, np.nan)
        for values in (fit.slope, fit.slope - reach, fit.slope + reach, p)
    )
    first, last = series.names[0], series.names[-1]
    return Trend(series.source, slope, low, high, p, first, last, n_periods, counts.sum(axis=0))


def _count_freedom(series: Series) -> Floats:
    """Articles less two, or the degrees of freedom of periods that few coded articles correct."""
    articles: Floats = series.count().sum(axis=0) - 2
    whole = merge_summaries([side.summarise() for side in series.sides()])
    coded = np.minimum(whole.freedom, articles)
    return np.where(whole.lacking > ROUNDING, coded, articles)


def permute_periods(series: Series, draws: Draws) -> Floats:
    """Test for a trend by dealing the periods' articles to other times: p-values (K,).

    The statistic is the score of the slope at slope 0, sum over periods of time * (sum - share *
    units), over its standard error between articles. Drawn errors of calibration are added where
    they stand in time. All orders are gone through if they are no more than the permutations asked
    for; else up to twenty times as many are drawn, while fewer than ten are as extreme. Labels that
    lie in other periods than the rest are permuted by themselves; those in fewer than five periods
    are not, and NaN.
    """
    held, p = series.count() > 0, np.full(series.sums.shape[1], np.nan)
    for pattern in np.unique(held, axis=1).T:
        labels = np.flatnonzero((held == pattern[:, None]).all(axis=0))
        if pattern.sum() >= FEWEST_BLOCKS:
            p[labels] = _permute_labels(series, np.flatnonzero(pattern), labels, draws)
    return p


def _permute_labels(series: Series, periods: Codes, labels: Codes, draws: Draws) -> Floats:
    """Test the labels that lie in `periods`: p-values of all of them."""
    rng, permutations = (
        draws.plan.rng("permutations", "trend", series.source),
        draws.plan.permutations,
    )
    score = _Score.take(series.keep(labels), periods, draws.covariances[labels])
    observed = score.observe()
    if math.factorial(min(len(periods), 20)) <= permutations and not score.variance.any():
        orders = np.array(list(itertools.permutations(range(len(periods)))))
        permuted = score.apply(orders, np.zeros((1, len(labels), 2)))
        p = count_beyond(observed, permuted) / len(orders)  # the observed order is one of them
        return np.where(np.isnan(observed), np.nan, p)
    beyond, done, left = np.zeros(len(labels)), np.zeros(len(labels)), np.arange(len(labels))
    for _ in range(1 + MORE):
        orders = rng.permuted(np.tile(np.arange(len(periods)), (permutations, 1)), axis=1)
        errors = draw_errors(draws.covariances[labels[left]], permutations, rng)
        beyond[left] += count_beyond(observed[left], score.apply(orders, errors))
        done[left] += permutations
        doubtful = beyond[left] < FEWEST_BEYOND
        score, left = score.keep(doubtful), left[doubtful]
        if not len(left):
            break
    return np.where(np.isnan(observed), np.nan, (1 + beyond) / (1 + done))


@dataclass(frozen=True, slots=True, eq=False)
class _Score:
    """Score of the slope at slope 0, for periods in any order.

    Attributes
    ----------
    times : array (T,)
        About their mean.
    rest, whole : arrays (T, K)
        Sums over each period's articles of sum - share * units, and of units.
    squares : array (T, K)
        The same squared, against the period's own share, one article's mean square for the degree
        of freedom that this share takes, and what the period's articles do not show.
    pull : array (K, 2)
        Change of the score as calibration moves.
    variance : array (K,)
        Of the score, by calibration.
    """

    times: Floats
    rest: Floats
    squares: Floats
    whole: Floats
    pull: Floats
    variance: Floats

    @classmethod
    def take(cls, series: Series, periods: Codes, covariances: Floats) -> _Score:
        shares = divide(series.sums.sum(axis=0), series.units.sum(axis=0))
        rest = series.sums - shares * series.units
        own = divide(series.add_up(series.sums), series.add_up(series.units))[series.periods]
        apart = series.sums - np.nan_to_num(own) * series.units
        spread = divide((rest**2).sum(axis=0), series.count().sum(axis=0) - 1)
        hidden = series.extras * series.add_up(series.units) ** 2
        squares = (series.add_up(apart**2) + np.nan_to_num(spread) + hidden)[periods]
        blocks = (series.add_up(values)[periods] for values in (rest, series.units))
        times = series.times[periods] - series.times[periods].mean()
        rest, whole = blocks
        gradients = series.gradients[periods]
        weights = whole / whole.sum(axis=0)
        moved = gradients - np.einsum("tk,tkj->kj", weights, gradients)
        pull = np.einsum("t,tk,tkj->kj", times, whole, moved)
        variance = np.einsum("ki,kij,kj->k", pull, covariances, pull)
        return cls(times, rest, squares, whole, pull, np.maximum(variance, 0))

    def keep(self, labels: Bools) -> _Score:
        """Keep the labels that are marked."""
        parts = (self.rest, self.squares, self.whole)
        rest, squares, whole = (part[:, labels] for part in parts)
        return _Score(self.times, rest, squares, whole, self.pull[labels], self.variance[labels])

    def observe(self) -> Floats:
        """Give the scores (K,) of the periods in their own order."""
        still = np.zeros((1, *self.pull.shape))
        return np.asarray(self.apply(np.arange(len(self.times))[None], still)[0])

    def apply(self, orders: Codes, errors: Floats) -> Floats:
        """Give the studentised scores (b, K) of periods at the times in `orders` (b, T)."""
        times = self.times[orders]
        mean = times @ (self.whole / self.whole.sum(axis=0))
        crossed = times @ self.squares
        spread = times**2 @ self.squares - 2 * mean * crossed + mean**2 * self.squares.sum(axis=0)
        score = times @ self.rest + np.einsum("kj,bkj->bk", self.pull, errors)
        error = np.sqrt(np.maximum(spread, 0) + self.variance)
        return divide(score, error)
