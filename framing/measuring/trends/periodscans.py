"""Whether a series has a turn anywhere, where what moves all articles of a period is no turn.

The shares of periods vary by the sampling of their articles and by effects of their own
(`framing.measuring.contrasts.periodeffects`). The statistic is the largest difference over the
splits over its standard error; its null are normal series of the same variances, searched alike (as
for the supremum of Andrews 1993, *Tests for parameter instability and structural change*, but for
few periods). In simulations of 4 to 24 periods of 20 articles with effects of .3 and .6 log-odds
.04 to .08 of the p-values were below .05. Effects that last are turns, and so is a
steady rise.
Shapes: T periods, n articles, K labels, b draws at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from framing.measuring.arrays import Bools
from framing.measuring.contrasts.periodeffects import PeriodShares
from framing.measuring.contrasts.series import Series, find_gaps
from framing.measuring.contrasts.sides import draw_errors
from framing.measuring.intervals import Floats
from framing.measuring.rates import divide
from framing.measuring.tails import Tail
from framing.measuring.testing import permutation_p


def scan_periods(
    series: Series,
    splits: Bools,
    covariances: Floats,
    *,
    permutations: int,
    rng: np.random.Generator,
) -> Floats:
    """Test that a series has one level, its periods being drawn as wholes: p-values (K,).

    Parameters
    ----------
    series : Series
    splits : array (T - 1, K) of bool
        Where turns are looked for; at least one a label.
    covariances : array (K, 2, 2)
        Of calibration.
    permutations : int
        Series that are drawn.
    rng : numpy.random.Generator
    """
    scan = PeriodScan.prepare(series, covariances)
    periods = scan.periods
    observed, effects = scan.measure(periods.shares[None])
    largest = [
        _find_largest(scan.measure(shares, shift)[0], splits)
        for shares, shift in scan.draw(effects[0], permutations, rng)
    ]
    tail = Tail(2 / 3 * periods.n_periods, order=3)  # steps overlap
    return permutation_p(_find_largest(observed, splits)[0], np.concatenate(largest), tail=tail)


def _find_largest(sizes: Floats, splits: Bools) -> Floats:
    return np.asarray(np.where(splits, sizes, 0.0).max(axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class PeriodScan:
    """Differences at every split of a series, over what periods differ by.

    Attributes
    ----------
    periods : PeriodShares
    gaps : array (T - 1, K, 2)
        Of gradients, at every split.
    covariances : array (K, 2, 2)
        Of calibration.
    """

    periods: PeriodShares
    gaps: Floats
    covariances: Floats

    @classmethod
    def prepare(cls, series: Series, covariances: Floats) -> PeriodScan:
        """Take a series."""
        return cls(PeriodShares.take(series), find_gaps(series), covariances)

    def measure(self, shares: Floats, shift: Floats | float = 0.0) -> tuple[Floats, Floats]:
        """Give each difference over its standard error, and the variance of period effects.

        Parameters
        ----------
        shares : array (b, T, K)
        shift : array (b, T - 1, K) or float
            Added to the differences: a drawn error of calibration.

        Returns
        -------
        sizes : array (b, T - 1, K)
        effects : array (b, K)
        """
        scale, effects = self.periods.measure(shares)
        variances = scale[:, None] * (self.periods.sampling + effects[:, None])
        weights = self.periods.held / variances
        before = weights.cumsum(axis=1)[:, :-1]
        after = weights.sum(axis=1, keepdims=True) - before
        sums = (weights * shares).cumsum(axis=1)
        gap = divide(sums[:, :-1], before) - divide(sums[:, -1:] - sums[:, :-1], after)
        apart = divide(np.ones_like(before), before) + divide(np.ones_like(after), after)
        calibration = np.einsum("tki,kij,tkj->tk", self.gaps, self.covariances, self.gaps)
        return np.nan_to_num(np.abs(gap + shift) / np.sqrt(apart + calibration)), effects

    def draw(
        self,
        effects: Floats,
        permutations: int,
        rng: np.random.Generator,
        *,
        roots: Floats | None = None,
    ) -> Iterator[tuple[Floats, Floats]]:
        """Draw series without a turn, and errors of calibration: (b, T, K) and (b, T - 1, K).

        `roots` as in `PeriodShares.draw`.
        """
        for shares in self.periods.draw(effects, permutations, rng, roots=roots):
            drawn = draw_errors(self.covariances, len(shares), rng)
            yield shares, np.einsum("tkj,bkj->btk", self.gaps, drawn)
