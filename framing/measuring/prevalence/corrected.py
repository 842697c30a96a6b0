"""Corrected article sums: what every estimate of a share, difference or trend is made of.

Whatever the estimator, the share of a cell is the sum of its articles' corrected sums over the
sum of their units. For calibrated means a corrected sum is the sum of an article's probabilities;
where hand codings correct them, it holds the article's part of the correction too, so that the
sums' variance between articles is that of the estimate (linearisation: Deville 1999, *Variance
estimation for complex statistics and estimators*). Resampling and permuting articles therefore
need not know how a share was estimated.
Shapes: C cells, P pairs of a cell and an article, A articles, K labels, b resamples at a time.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from framing.measuring.arrays import Bools
from framing.measuring.intervals import Codes, Floats
from framing.measuring.rates import divide, sum_by_article

CellKey = tuple[str, str | None]
"""Source and period; the period is None where time is not cut."""


@dataclass(frozen=True, slots=True, eq=False)
class CorrectedSums:
    """Sums and units of every article in every cell, and how calibration moves each share.

    Attributes
    ----------
    keys : tuple of C CellKey
        Sorted.
    cells : array (P,)
        Place in `keys` of each pair's cell; never falls.
    articles : array (P,)
        Number of each pair's article, 0 to `n_articles` - 1. An article stands in one cell, unless
        its units differ in source or date.
    n_articles : int
        A.
    sums : array (P, K)
        Corrected sums; may lie outside 0 to `units`.
    units : array (P, K)
        Units that were scored.
    gradients : array (C, K, 2)
        Change of a cell's share as the label's calibration moves by one on the log-odds scale:
        by its offset and by its slope. 0 where hand codings leave nothing to calibration.
    covariances : array (K, 2, 2)
        Covariance of each label's offset and slope, the same in every cell; 0 where unknown.
    usable : array (C, K) of bool
        False where a share cannot be given.
    extras : array (C, K)
        Variance of a cell's share beyond what its articles' influences show: that of few finds, of
        the few articles that codings come from, of doubts. Calibration is apart. 0 if not given.
    freedoms : array (C, K)
        Degrees of freedom of the share's variance: those of the coded articles where codings
        correct it. Articles less one if not given.
    """

    keys: tuple[CellKey, ...]
    cells: Codes
    articles: Codes
    n_articles: int
    sums: Floats
    units: Floats
    gradients: Floats
    covariances: Floats
    usable: Bools
    extras: Floats = field(default_factory=lambda: np.zeros(0))
    freedoms: Floats = field(default_factory=lambda: np.zeros(0))

    def __post_init__(self) -> None:
        """Fill in what is not given."""
        if self.extras.shape != self.usable.shape:
            object.__setattr__(self, "extras", np.zeros(self.usable.shape))
        if self.freedoms.shape != self.usable.shape:
            object.__setattr__(self, "freedoms", np.maximum(self.count()[1] - 1.0, 0.0))

    def count(self) -> tuple[Floats, Floats]:
        """Count units and articles of each cell: two arrays (C, K)."""
        held = (self.units > 0).astype(np.float64)
        return self._add_up(self.units), self._add_up(held)

    def shares(self) -> Floats:
        """Return the share of each cell, (C, K); NaN where it cannot be given."""
        shares = divide(self._add_up(self.sums), self._add_up(self.units))
        return np.where(self.usable, shares, np.nan)

    def influences(self) -> Floats:
        """Return what each pair's article moves its cell's share by, (P, K); cells sum to 0.

        The variance of a share between articles is the sum of their squares.
        """
        shares, units = divide(self._add_up(self.sums), self._add_up(self.units)), self.units
        return divide(self.sums - shares[self.cells] * units, self._add_up(units)[self.cells])

    def vary(self) -> Floats:
        """Return the variance of each share between its articles, (C, K), times n / (n - 1)."""
        n_articles = self.count()[1]
        small = n_articles / np.maximum(n_articles - 1.0, 1.0)
        return np.nan_to_num(self._add_up(self.influences() ** 2)) * small

    def _add_up(self, values: Floats) -> Floats:
        return sum_by_article(values, self.cells, len(self.keys))
