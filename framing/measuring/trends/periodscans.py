"""Whether a series has a turn anywhere, where what moves all articles of a period is no turn.

The shares of periods vary by the sampling of their articles and by effects of their own (events of
a month). What is beyond sampling is read off the steps between neighbouring periods, in which a
turn shows but once (von Neumann 1941, *Distribution of the ratio of the mean square successive
difference to the variance*). The statistic is the largest difference over the splits over its
standard error; its null are normal series of the same variances, searched alike (as for the
supremum of Andrews 1993, *Tests for parameter instability and structural change*, but for few
periods). In simulations of 8 to 24 periods with effects of .3 and .6 log-odds .06 to .10 of the
p-values were below .05, and .04 to .05 without effects. Effects that last are turns, and so is a
steady rise.
Shapes: T periods, n articles, K labels, b draws at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from framing.measuring.arrays import Bools
from framing.measuring.contrasts.series import Series, find_gaps
from framing.measuring.contrasts.sides import draw_errors
from framing.measuring.intervals import Floats
from framing.measuring.rates import divide
from framing.measuring.tails import Tail
from framing.measuring.testing import permutation_p

FEWEST_BLOCKS = 8
"""With fewer, periods show too little of what they differ by."""

CHUNK_CELLS = 1_000_000
"""Cells of the largest array held at a time."""

_SMALLEST = 1e-12
"""Variance of a share where nothing varies."""


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
    scan = _Scan.prepare(series, splits, covariances)
    observed, effects = scan.measure(scan.shares[None], 0.0)
    drawn = np.concatenate(list(scan.draw(effects[0], permutations, rng)))
    tail = Tail(2 / 3 * scan.held.sum(axis=0), order=3)  # steps overlap
    return permutation_p(observed[0], drawn, tail=tail)


@dataclass(frozen=True, slots=True, eq=False)
class _Scan:
    """Shares of periods and their sampling variance (T, K), and what a split may rest on."""

    shares: Floats
    sampling: Floats
    held: Bools
    splits: Bools
    gaps: Floats
    covariances: Floats

    @classmethod
    def prepare(
        cls,
        series: Series,
        splits: Bools,
        covariances: Floats,
    ) -> _Scan:
        units = series.add_up(series.units)
        shares = np.nan_to_num(divide(series.add_up(series.sums), units))
        apart = series.sums - shares[series.periods] * series.units
        counts = series.count()
        freedom = np.maximum((counts.sum(axis=0) - (counts > 0).sum(axis=0)), 1.0)
        alike = divide((apart**2).sum(axis=0), (series.units**2).sum(axis=0))
        alike = np.nan_to_num(alike) * counts.sum(axis=0) / freedom
        sampling = alike * np.nan_to_num(divide(series.add_up(series.units**2), units**2))
        held = np.asarray(units > 0, np.bool_)
        sampling = np.maximum(sampling + series.extras, _SMALLEST)
        return cls(shares, sampling, held, splits, find_gaps(series), covariances)

    def measure(self, shares: Floats, shift: Floats | float) -> tuple[Floats, Floats]:
        """Give the largest size over the splits, and the variance of period effects: (b, K) each.

        Parameters
        ----------
        shares : array (b, T, K)
        shift : array (b, T - 1, K) or float
            Added to the differences: a drawn error of calibration.
        """
        effects = self._find_effects(shares)
        variances = self.sampling + effects[:, None]
        steps = self._step(shares, variances)[0].sum(axis=1)
        scale = np.maximum(divide(steps, np.broadcast_to(self._count_steps(), steps.shape)), 1.0)
        weights = self.held / variances
        before = weights.cumsum(axis=1)[:, :-1]
        after = weights.sum(axis=1, keepdims=True) - before
        sums = (weights * shares).cumsum(axis=1)
        gap = divide(sums[:, :-1], before) - divide(sums[:, -1:] - sums[:, :-1], after)
        apart = divide(np.ones_like(before), before) + divide(np.ones_like(after), after)
        calibration = np.einsum("tki,kij,tkj->tk", self.gaps, self.covariances, self.gaps)
        size = np.abs(gap + shift) / np.sqrt(scale[:, None] * apart + calibration)
        return np.where(self.splits, np.nan_to_num(size), 0.0).max(axis=1), effects

    def _find_effects(self, shares: Floats) -> Floats:
        """Estimate the variance of period effects by the steps between neighbours: (b, K)."""
        steps, weights = self._step(shares, self.sampling)
        over = steps.sum(axis=1) - self._count_steps()
        whole = np.broadcast_to(2 * weights.sum(axis=0), over.shape)
        return np.maximum(np.nan_to_num(divide(over, whole)), 0.0)

    def _step(self, shares: Floats, variances: Floats) -> tuple[Floats, Floats]:
        """Give squared steps over their variance, and one over that variance."""
        both = self.held[1:] & self.held[:-1]
        weights = both / (variances[..., 1:, :] + variances[..., :-1, :])
        return np.diff(shares, axis=1) ** 2 * weights, np.asarray(weights)

    def _count_steps(self) -> Floats:
        return np.asarray((self.held[1:] & self.held[:-1]).sum(axis=0), np.float64)

    def draw(
        self, effects: Floats, permutations: int, rng: np.random.Generator
    ) -> Iterator[Floats]:
        """Give the largest sizes of drawn series: arrays (b, K)."""
        errors = np.sqrt(self.sampling + effects) * self.held
        step = max(1, CHUNK_CELLS // max(errors.size, 1))
        for start in range(0, permutations, step):
            times = min(step, permutations - start)
            shares = errors * rng.standard_normal((times, *errors.shape))
            drawn = draw_errors(self.covariances, times, rng)
            shift = np.einsum("tkj,bkj->btk", self.gaps, drawn)
            yield self.measure(shares, shift)[0]
