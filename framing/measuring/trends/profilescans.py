"""Whether a whole profile turned by more than what its periods differ by anyway.

Squared differences of all labels at a split, each over its variance between periods
(`framing.measuring.trends.periodscans`), are averaged. The null are series without a turn whose
labels move together as they do from one period to the next, over all sources.
Shapes: T periods, K labels, S sources, b draws at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from framing.measuring.arrays import Bools
from framing.measuring.contrasts.periodeffects import FEWEST_SHOWN, PeriodShares
from framing.measuring.contrasts.series import Series
from framing.measuring.intervals import Floats
from framing.measuring.rates import divide
from framing.measuring.trends.periodscans import PeriodScan


def measure_likeness(sources: Sequence[Series]) -> Floats:
    """Give the correlations of labels (K, K) over the periods of all sources.

    Those of the steps between neighbouring periods, to which those of articles are mixed as if they
    were K steps: few steps tell little of many labels.

    Parameters
    ----------
    sources : sequence of S Series
    """
    taken = [PeriodShares.take(series) for series in sources]
    steps = np.concatenate([_find_steps(periods) for periods in taken])
    apart = [
        series.sums - periods.shares[series.periods] * series.units
        for series, periods in zip(sources, taken, strict=True)
    ]
    n_labels = steps.shape[1]
    mixed = len(steps) * correlate(steps) + n_labels * correlate(np.concatenate(apart))
    return np.asarray(mixed / (len(steps) + n_labels))


def _find_steps(periods: PeriodShares) -> Floats:
    both = periods.held[1:] & periods.held[:-1]
    return np.where(both, np.diff(periods.shares, axis=0), 0.0)


def correlate(parts: Floats) -> Floats:
    """Correlate columns about 0: (n, K) to (K, K), 0 with what does not vary.

    >>> correlate(np.array([[1.0, -2.0, 0.0], [-1.0, 2.0, 0.0]])).round(3).tolist()
    [[1.0, -1.0, 0.0], [-1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    products = parts.T @ parts
    sizes = np.sqrt(np.diag(products))
    likeness = np.nan_to_num(divide(products, np.outer(sizes, sizes)))
    np.fill_diagonal(likeness, 1.0)
    return np.asarray(likeness)


@dataclass(frozen=True, slots=True, eq=False)
class ProfileScan:
    """Mean squared differences at every split of a source's periods, over what periods differ by.

    Attributes
    ----------
    scan : PeriodScan
        Of the labels that vary.
    splits : array (T - 1,) of bool
        That are looked at.
    roots : array (K, K)
        Square root of the labels' correlations.
    """

    scan: PeriodScan
    splits: Bools
    roots: Floats

    @classmethod
    def prepare(
        cls, series: Series, splits: Bools, covariances: Floats, likeness: Floats, varying: Bools
    ) -> ProfileScan | None:
        """Take a series; None where too few periods hold articles, or no label varies.

        Parameters
        ----------
        series : Series
        splits : array (T - 1,) of bool
        covariances : array (K, 2, 2)
            Of calibration.
        likeness : array (K, K)
        varying : array (K,) of bool
        """
        held = (series.count() > 0).any(axis=1).sum()
        if held < FEWEST_SHOWN or not varying.any():
            return None
        labels = np.flatnonzero(varying)
        values, vectors = np.linalg.eigh(likeness[np.ix_(labels, labels)])
        roots = vectors * np.sqrt(np.maximum(values, 0.0))
        return cls(PeriodScan.prepare(series.keep(labels), covariances[labels]), splits, roots)

    def observe(self) -> Floats:
        """Give the largest mean over the splits."""
        sizes, _ = self.scan.measure(self.scan.periods.shares[None])
        return np.asarray(self._find_largest(sizes)[0])

    def draw(self, draws: int, rng: np.random.Generator) -> Floats:
        """Give the largest means of series that are drawn without a turn: (draws,)."""
        effects = self.scan.measure(self.scan.periods.shares[None])[1][0]
        return np.concatenate(
            [
                self._find_largest(self.scan.measure(shares, shift)[0])
                for shares, shift in self.scan.draw(effects, draws, rng, roots=self.roots)
            ]
        )

    def _find_largest(self, sizes: Floats) -> Floats:
        means = (sizes**2).mean(axis=2)
        return np.asarray(np.where(self.splits, means, -1.0).max(axis=1))
