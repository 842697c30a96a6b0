"""Logistic slopes of shares against time, from corrected sums that may leave 0 to their units.

Fractional logistic regression by quasi-likelihood: Papke & Wooldridge (1996), *Econometric methods
for fractional response variables*; variance clustered by article: Liang & Zeger (1986).
Shapes: T periods, n articles, K labels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from framing.measuring.intervals import Codes, Floats
from framing.measuring.rates import divide

STEPS, CLOSE = 50, 1e-8
"""Of Newton's method: the most steps, and the size of the last."""

STEEPEST = 25.0
"""Log-odds, of level or slope per standard deviation of time, beyond which no fit exists."""


@dataclass(frozen=True, slots=True, eq=False)
class SlopeFit:
    """Slopes and their variances: arrays (K,), NaN where no finite slope fits.

    Attributes
    ----------
    slope : array
        Change of the log-odds in a unit of time.
    variance : array
        Between articles, as clusters, times n / (n - 2).
    fitted : array (K, T)
        Share of each period on the curve.
    moves : array (K, T, 2)
        Change of the fitted shares as level and slope move by one.
    pulls : array (K, 2, T)
        Change of level and slope as the share of a period moves by one.
    """

    slope: Floats
    variance: Floats
    fitted: Floats
    moves: Floats
    pulls: Floats

    @property
    def pull(self) -> Floats:
        """Change of the slope as the share of a period moves by one: (K, T)."""
        return np.asarray(self.pulls[:, 1])

    def follow(self, shares: Floats) -> Floats:
        """Give how the curves move as periods' shares move by (b, T, K): (b, T, K)."""
        moved = np.moveaxis(shares, 2, 0) @ np.nan_to_num(self.pulls).swapaxes(1, 2)
        return np.moveaxis(moved @ np.nan_to_num(self.moves).swapaxes(1, 2), 0, 2)


def fit_slopes(times: Floats, sums: Floats, units: Floats, periods: Codes) -> SlopeFit:
    """Fit the share of a label by the logistic of level + slope * time.

    Parameters
    ----------
    times : array (T,)
        Of each period.
    sums, units : arrays (n, K)
        Of each article.
    periods : array (n,)
        Place of each article's period in `times`.

    Returns
    -------
    SlopeFit

    Examples
    --------
    >>> sums, units = np.array([[1.0], [1.0], [3.0], [3.0]]), np.full((4, 1), 4.0)
    >>> fit = fit_slopes(np.array([0.0, 1.0]), sums, units, np.array([0, 0, 1, 1]))
    >>> float(fit.slope[0].round(6)) == round(2 * float(np.log(3)), 6)  # log-odds of 1/4 and 3/4
    True
    """
    totals, whole = (_sum_periods(values, periods, len(times)) for values in (sums, units))
    fits = [
        _fit_label(times, totals[:, k], whole[:, k], sums[:, k], units[:, k], periods)
        for k in range(sums.shape[1])
    ]
    return SlopeFit(*(np.array(part) for part in zip(*fits, strict=True)))


def _sum_periods(values: Floats, periods: Codes, n_periods: int) -> Floats:
    summed = np.zeros((n_periods, values.shape[1]))
    np.add.at(summed, periods, values)
    return summed


def _fit_label(
    times: Floats, totals: Floats, whole: Floats, sums: Floats, units: Floats, periods: Codes
) -> tuple[float, float, Floats, Floats, Floats]:
    """Fit one label: slope, its variance, fitted shares (T,), moves (T, 2) and pulls (2, T)."""
    centre, spread = _standardise(times, whole)
    design = np.column_stack([np.ones_like(times), (times - centre) / spread])
    beta = _solve(design, totals, whole)
    n_articles = int((units > 0).sum())
    if beta is None or n_articles < 3:
        unknown = np.full((len(times), 2), np.nan)
        return np.nan, np.nan, unknown[:, 0], unknown, unknown.T
    fitted = _logistic(design @ beta)
    moves = design * (fitted * (1 - fitted))[:, None]
    bread = np.linalg.inv(design.T @ (moves * whole[:, None]))
    rest = sums - fitted[periods] * units
    squares = np.bincount(periods, weights=rest**2, minlength=len(times))
    meat = design.T @ (design * squares[:, None])
    variance = (bread @ meat @ bread)[1, 1] * n_articles / (n_articles - 2)
    pulls = bread @ (design * whole[:, None]).T
    unit = np.array([1.0, spread])
    return (
        beta[1] / spread,
        variance / spread**2,
        fitted,
        moves * unit,
        pulls / unit[:, None],
    )


def _standardise(times: Floats, whole: Floats) -> tuple[float, float]:
    """Mean and standard deviation of time over units; 0 and 1 where there are none."""
    weight = whole.sum()
    if weight <= 0:
        return 0.0, 1.0
    centre = float(whole @ times / weight)
    spread = float(np.sqrt(whole @ (times - centre) ** 2 / weight))
    return centre, spread if spread > 0 else 1.0


def _solve(design: Floats, totals: Floats, whole: Floats) -> Floats | None:
    """Newton's method; None where no finite maximum is found."""
    share = float(divide(np.array(totals.sum()), np.array(whole.sum())))
    if not 0 < share < 1 or (whole > 0).sum() < 2:
        return None
    beta = np.array([np.log(share / (1 - share)), 0.0])
    for _ in range(STEPS):
        fitted = _logistic(design @ beta)
        gradient = design.T @ (totals - whole * fitted)
        curvature = design.T @ (design * (whole * fitted * (1 - fitted))[:, None])
        step = np.linalg.solve(curvature + 1e-12 * np.trace(curvature) * np.eye(2), gradient)
        beta = beta + _shorten(step, beta, design, totals, whole)
        if np.abs(beta).max() > STEEPEST:
            return None
        if np.abs(step).max() < CLOSE:
            return beta
    return None


def _shorten(step: Floats, beta: Floats, design: Floats, totals: Floats, whole: Floats) -> Floats:
    """Halve a step until the likelihood does not fall, but for rounding."""
    reached = _likelihood(design @ beta, totals, whole)
    allowed = reached - 1e-12 * max(1.0, abs(reached))
    while _likelihood(design @ (beta + step), totals, whole) < allowed:
        step = step / 2
    return step


def _likelihood(odds: Floats, totals: Floats, whole: Floats) -> float:
    return float(totals @ odds - whole @ np.logaddexp(0, odds))


def _logistic(odds: Floats) -> Floats:
    return np.asarray(np.exp(-np.logaddexp(0, -odds)))
