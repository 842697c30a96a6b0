"""Trends of each source and label: how fast the log-odds of a share rise or fall in a year.

The slope is logistic (`framing.measuring.slopes`); its interval carries the sampling of articles
and the error of calibration. Its p-value permutes whole periods within the source, as what moves
the articles of one month together is no trend (Anderson & Robinson 2001, *Permutation tests for
linear models*, of a score statistic).
Shapes: T periods, n articles, K labels, B permutations.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from framing.measuring.contrasts import group_cells
from framing.measuring.corrected import CorrectedSums
from framing.measuring.intervals import Codes, Floats
from framing.measuring.periods import find_middle
from framing.measuring.rates import divide
from framing.measuring.sides import Plan, Side, draw_errors, split_sides
from framing.measuring.slopes import fit_slopes
from framing.measuring.spans import Draws
from framing.measuring.tails import Tail
from framing.measuring.testing import permutation_p

FEWEST_PERIODS = 3
"""With two periods, the difference between them says all there is."""

FEWEST_BLOCKS = 5
"""With fewer periods to permute the p-value is Wald's."""


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
        From permuted periods if there are at least 5, else from the slope and its standard error
        (Wald), which does not know what moves all articles of a period.
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
    draws, sides = Draws.prepare(sums.covariances, plan), split_sides(sums)
    trends = []
    for source, cells in group_cells(sums, pooled=pooled):
        if len(cells) >= FEWEST_PERIODS:
            periods = [str(sums.keys[cell][1]) for cell in cells]
            trends.append(_find_trend(source, periods, [sides[cell] for cell in cells], draws))
    return trends


def _find_trend(
    source: str | None, names: Sequence[str], sides: Sequence[Side], draws: Draws
) -> Trend:
    from scipy.stats import t

    series = _Series.take(np.array([find_middle(name) for name in names]), sides)
    fit = fit_slopes(series.times, series.sums, series.units, series.periods)
    n_articles = (series.units > 0).sum(axis=0).astype(np.float64)
    moved = np.einsum("kt,tkj->kj", np.nan_to_num(fit.pull), series.gradients)
    calibration = draws.vary(moved)
    freedom = np.maximum(n_articles - 2, 1)
    error = np.sqrt(fit.variance + calibration)
    reach = t.ppf((1 + draws.plan.level) / 2, freedom) * error
    wald = 2 * t.sf(np.abs(divide(fit.slope, error)), freedom)
    n_periods = (series.whole > 0).sum(axis=0).astype(np.float64)
    enough = (n_periods >= FEWEST_PERIODS) & ~np.isnan(fit.slope)
    permuted = permute_periods(series, draws, ("trend", source))
    p = np.where(n_periods >= FEWEST_BLOCKS, permuted, wald)
    slope, low, high, p = (
        np.where(enough, values, np.nan)
        for values in (fit.slope, fit.slope - reach, fit.slope + reach, p)
    )
    return Trend(source, slope, low, high, p, names[0], names[-1], n_periods, n_articles)


@dataclass(frozen=True, slots=True, eq=False)
class _Series:
    """Articles of a source, and its periods.

    Attributes
    ----------
    times : array (T,)
    sums, units : arrays (n, K)
    periods : array (n,)
    gradients : array (T, K, 2)
    """

    times: Floats
    sums: Floats
    units: Floats
    periods: Codes
    gradients: Floats

    @classmethod
    def take(cls, times: Floats, sides: Sequence[Side]) -> _Series:
        return cls(
            times,
            np.concatenate([side.sums for side in sides]),
            np.concatenate([side.units for side in sides]),
            np.repeat(np.arange(len(sides)), [len(side.sums) for side in sides]),
            np.array([side.gradients for side in sides]),
        )

    @property
    def whole(self) -> Floats:
        """Units of each period, (T, K)."""
        return self.add_up(self.units)

    def add_up(self, values: Floats) -> Floats:
        """Sum articles (n, K) by period, (T, K)."""
        summed = np.zeros((len(self.times), values.shape[1]))
        np.add.at(summed, self.periods, values)
        return summed


def permute_periods(series: _Series, draws: Draws, names: Sequence[object]) -> Floats:
    """Test for a trend by dealing the periods' articles to other times: p-values (K,).

    The statistic is the score of the slope at slope 0, sum over periods of time * (sum - share *
    units), over its standard error between articles. Drawn errors of calibration are added where
    they stand in time. All orders are gone through if they are no more than the permutations asked
    for. Labels that lie in other periods than the first are permuted by themselves.
    """
    held, p = series.whole > 0, np.full(series.sums.shape[1], np.nan)
    for pattern in np.unique(held, axis=1).T:
        labels = np.flatnonzero((held == pattern[:, None]).all(axis=0))
        if pattern.sum() >= FEWEST_BLOCKS:
            p[labels] = _permute_labels(series, pattern, labels, draws, names)
    return p


def _permute_labels(
    series: _Series,
    held: np.ndarray[tuple[int], np.dtype[np.bool_]],
    labels: Codes,
    draws: Draws,
    names: Sequence[object],
) -> Floats:
    rng = draws.plan.rng("permutations", *names)
    sums, units = series.sums[:, labels], series.units[:, labels]
    share = divide(sums.sum(axis=0), units.sum(axis=0))
    rest = sums - share * units
    blocks, squares, whole = (
        series.add_up(values)[held] for values in (rest, rest**2, units)
    )
    times = series.times[held] - series.times[held].mean()
    gradients = series.gradients[held][:, labels]
    centred = gradients - (whole[:, :, None] * gradients).sum(axis=0) / whole.sum(axis=0)[:, None]
    pull = np.einsum("t,tk,tkj->kj", times, whole, centred)
    variance = np.einsum("ki,kij,kj->k", pull, draws.covariances[labels], pull)
    orders, exact = arrange(len(times), draws.plan.permutations, rng)
    if (variance > 0).any():
        exact = False
    errors = draw_errors(draws.covariances[labels], len(orders), rng)
    shift = np.einsum("kj,bkj->bk", pull, errors)

    def score(ordered: Floats, shift: Floats | float) -> Floats:
        """Studentised scores of times (b, T) given to the periods: (b, K)."""
        mean = (ordered @ whole) / whole.sum(axis=0)
        spread = ordered**2 @ squares - 2 * mean * (ordered @ squares)
        spread = np.maximum(spread + mean**2 * squares.sum(axis=0), 0)
        return (ordered @ blocks + shift) / np.sqrt(spread + variance)

    with np.errstate(divide="ignore", invalid="ignore"):
        observed, permuted = score(times[None], 0.0)[0], score(times[orders], shift)
    if exact:  # the orders hold the observed one
        return np.asarray(
            permutation_p(observed, permuted) * (1 + len(permuted)) - 1
        ) / len(permuted)
    fewest = 0.0 if (variance > 0).any() else 1 / math.factorial(min(len(times), 20))
    tail = Tail(float(len(times) - 2))
    return permutation_p(observed, permuted, smallest=fewest, tail=tail)


def arrange(n: int, most: int, rng: np.random.Generator) -> tuple[Codes, bool]:
    """Give all orders of n things if they are no more than `most`, else that many at random.

    Returns
    -------
    orders : array (B, n)
    exact : bool
        Whether they are all.

    Examples
    --------
    >>> orders, exact = arrange(3, 10, np.random.default_rng(0))
    >>> len(orders), exact
    (6, True)
    """
    if math.factorial(min(n, 20)) <= most:
        return np.array(list(itertools.permutations(range(n)))), True
    return rng.permuted(np.tile(np.arange(n), (most, 1)), axis=1), False
