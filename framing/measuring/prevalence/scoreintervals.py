"""Intervals of shares from their variance: score intervals for few articles and few finds.

E. B. Wilson's interval (1927) with the sample size that gives the variance at hand; the variance of
few and rare finds is drawn toward what a design effect would give, and Student's t takes the place
of the normal (Satterthwaite 1946; Carter, Schnepel & Steigerwald 2017 for clusters of unequal
size). Chosen by simulation: see ``benchmarks/coverage.py``. K labels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from framing.measuring.intervals import Floats

PRIOR_DESIGN_EFFECT = 1.6
"""By how much alike units of an article raise the variance of few finds, for want of data."""

_PRIOR_FINDS = 4.0
_PRIOR_FREEDOM = 60.0
_ALIKE = 0.4
"""Correlation of an article's units, for counting degrees of freedom alone."""


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """A variance and its degrees of freedom: arrays (K,)."""

    variance: Floats
    freedom: Floats

    def __add__(self, other: Spread) -> Spread:
        """Add what is independent of this (Satterthwaite 1946)."""
        total = self.variance + other.variance
        parts = self.variance**2 / self.freedom + other.variance**2 / other.freedom
        with np.errstate(divide="ignore", invalid="ignore"):
            freedom = np.where(parts > 0, total**2 / parts, np.inf)
        return Spread(total, freedom)


def count_freedom(units: Floats) -> Floats:
    """Count degrees of freedom of sums over articles of so many units, (P, K) to (K,).

    Articles of equal size give their number less one, unequal ones fewer.

    >>> float(count_freedom(np.full((5, 1), 3.0))[0])
    4.0
    """
    expected = units * (1.0 + np.maximum(units - 1.0, 0.0) * _ALIKE)
    squares = np.maximum((expected**2).sum(axis=0), 1e-300)
    return np.asarray(np.maximum(expected.sum(axis=0) ** 2 / squares - 1.0, 1.0))


def shrink(spread: Spread, usual: Floats, finds: Floats) -> Spread:
    """Draw a variance toward the usual one, which counts as much as four finds.

    Parameters
    ----------
    spread : Spread
    usual : array (K,)
        Variance that the design effect gives.
    finds : array (K,)
        Units with the label that the variance was seen in, or without it where those are fewer.
    """
    whole = finds + _PRIOR_FINDS
    variance = (finds * spread.variance + _PRIOR_FINDS * usual) / whole
    freedom = whole**2 / (finds**2 / spread.freedom + _PRIOR_FINDS**2 / _PRIOR_FREEDOM)
    return Spread(variance, np.maximum(freedom, spread.freedom))


def bound_shares(
    values: Floats, spread: Spread, *, n_units: Floats, level: float
) -> tuple[Floats, Floats]:
    """Return the bounds of shares (K,).

    Parameters
    ----------
    values : array (K,)
        May lie outside 0-1 by a little.
    spread : Spread
    n_units : array (K,)
        What the shares rest on; keeps the variance at 0 and 1 finite.
    level : float

    Examples
    --------
    >>> sure = Spread(np.array([0.25 / 100]), np.array([np.inf]))
    >>> low, high = bound_shares(np.array([0.5]), sure, n_units=np.array([100.0]), level=0.95)
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.404], [0.596])
    """
    inside = np.clip(values, 0.0, 1.0)
    steady = (inside * n_units + 0.5) / (n_units + 1.0)
    quantile = stats.t.ppf(0.5 + level / 2.0, spread.freedom)
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = quantile**2 * spread.variance / (steady * (1.0 - steady))
        middle = (inside + reach / 2.0) / (1.0 + reach)
        half = np.sqrt(reach * inside * (1.0 - inside) + reach**2 / 4.0) / (1.0 + reach)
    return np.clip(middle - half, 0.0, 1.0), np.clip(middle + half, 0.0, 1.0)
