"""Whether a series has a turn anywhere: the largest difference over its splits, and its null.

Articles are permuted between periods; and as one month's event makes articles of that month alike,
a turn has to be more than what periods differ by, too (`framing.measuring.trends.periodscans`).
Shapes: T periods, n articles, K labels, M columns, b permutations at a time.
"""

from __future__ import annotations

import numpy as np

from framing.measuring.arrays import Bools
from framing.measuring.contrasts.series import Series, find_gaps
from framing.measuring.contrasts.shuffling import Moments, shuffle_sums
from framing.measuring.contrasts.sides import ROUNDING, draw_errors, merge_summaries
from framing.measuring.contrasts.spans import Draws, pool_freedoms
from framing.measuring.intervals import Codes, Floats
from framing.measuring.tails import Tail
from framing.measuring.testing import count_beyond, permutation_p
from framing.measuring.trends.periodnoise import PeriodNoise
from framing.measuring.trends.periodscans import scan_periods

FEWEST_PERIODS = 2
"""On each side of a split."""

FEWEST_ARTICLES = 10
"""On each side of a split."""

LEAST_SHARE = 0.1
"""Of the articles, on each side of a split: at its ends a series shows chance, and searching there
costs power elsewhere (Andrews 1993, *Tests for parameter instability and structural change*)."""

FIRST_LOOK, NO_DOUBT = 0.25, 0.1
"""A quarter of the permutations settles the labels with a p-value above 0.1."""


def find_splits(counts: Floats) -> Bools:
    """Mark the splits with two periods, ten articles and a tenth of all on each side.

    Parameters
    ----------
    counts : array (T, K)
        Articles of each period.

    Returns
    -------
    array (T - 1, K) of bool
        Split t stands before period t + 1.

    Examples
    --------
    >>> find_splits(np.full((4, 1), 5.0))[:, 0].tolist()
    [False, True, False]
    """
    allowed = np.ones((len(counts) - 1, counts.shape[1]), dtype=np.bool_)
    least = np.maximum(FEWEST_ARTICLES, LEAST_SHARE * counts.sum(axis=0))
    for held, fewest in ((counts, least), (counts > 0, np.array(FEWEST_PERIODS))):
        before = held.cumsum(axis=0)[:-1]
        allowed &= (before >= fewest) & (held.sum(axis=0) - before >= fewest)
    return allowed


def scan_splits(series: Series, splits: Bools, draws: Draws, labels: Codes) -> Floats:
    """Test that a series has no turn, permuting articles between its periods: p-values (K,).

    Labels that a quarter of the permutations leaves in no doubt get no more. Those in doubt are
    tested against what periods differ by, too; the larger p-value counts.

    Parameters
    ----------
    series : Series
        Of the K labels.
    splits : array (T - 1, K) of bool
        Where turns are looked for.
    draws : Draws
        Of all labels.
    labels : array (K,)
        Places of the labels among all.
    """
    rng = draws.plan.rng("permutations", "turns", series.source, series.names)
    n_first = max(1, int(FIRST_LOOK * draws.plan.permutations))
    covariances = draws.covariances[labels]
    scan = _Scan(series, splits, covariances)
    observed, permuted = scan.observe(), scan.permute(n_first, rng)
    freedom = _count_freedom(series.count(), splits)
    p = permutation_p(observed, permuted)
    left = np.flatnonzero(count_beyond(observed, permuted) < NO_DOUBT * n_first)
    if len(left) and draws.plan.permutations > n_first:
        rest = _Scan(series.keep(left), splits[:, left], covariances[left])
        more = rest.permute(draws.plan.permutations - n_first, rng)
        permuted = np.concatenate([permuted[:, left], more])
        p[left] = permutation_p(observed[left], permuted, tail=Tail(freedom[left], order=3))
    if len(left):
        own, permutations = series.keep(left), draws.plan.permutations
        p[left] = np.maximum(
            p[left],
            scan_periods(
                own, splits[:, left], covariances[left], permutations=permutations, rng=rng
            ),
        )
    return p


def count_periods(series: Series) -> Codes:
    """Count the periods that hold units: (K,)."""
    return np.asarray((series.count() > 0).sum(axis=0), dtype=np.intp)


def _count_freedom(counts: Floats, splits: Bools) -> Floats:
    """Degrees of freedom (K,) at the split that leaves a side the fewest articles."""
    before, whole = counts.cumsum(axis=0)[:-1], counts.sum(axis=0)
    fewest = np.where(splits, np.minimum(before, whole - before), np.inf).min(axis=0)
    return pool_freedoms(np.array([fewest, whole - fewest]))


class _Scan:
    """The largest studentised difference over the splits of a series, as it is and permuted."""

    def __init__(self, series: Series, splits: Bools, covariances: Floats) -> None:
        self.series, self.splits, self.covariances = series, splits, covariances
        self.moments = Moments.take(series.sums, series.units)
        self.gaps = find_gaps(series)
        self.noise = PeriodNoise.take(series)
        variance = np.einsum("tki,kij,tkj->tk", self.gaps, covariances, self.gaps)
        whole = merge_summaries([side.summarise() for side in series.sides()])
        self.freedom = np.where(whole.lacking > ROUNDING, np.maximum(whole.freedom, 1), np.inf)
        self.calibration = np.maximum(variance, 0)
        self.variance = self.calibration + self.noise.vary()

    def observe(self) -> Floats:
        """Scan the series as it is: (K,)."""
        return self._scan(self.moments.observe(self.series.sizes), 0.0)

    def permute(self, permutations: int, rng: np.random.Generator) -> Floats:
        """Scan the series with its articles permuted: (permutations, K)."""
        largest = []
        for sums in shuffle_sums(
            self.moments.columns, self.series.sizes, permutations=permutations, rng=rng
        ):
            shift: Floats | float = 0.0
            if self.calibration.any():
                errors = draw_errors(self.covariances, len(sums), rng)
                shift = sum(
                    self.gaps[:, :, j] * errors[:, None, :, j] for j in range(errors.shape[2])
                )
            if self.noise.errors.any():
                shift = shift + self.noise.draw(len(sums), rng)
            largest.append(self._scan(sums, shift) * self._draw_stretch(len(sums), rng))
        return np.concatenate(largest)

    def _draw_stretch(self, permutations: int, rng: np.random.Generator) -> Floats | float:
        """Draw what makes Student's t of a normal, where few coded articles show the variance."""
        few = np.isfinite(self.freedom)
        if not few.any():
            return 1.0
        stretch = np.ones((permutations, len(few)))
        freedom = self.freedom[few]
        drawn = rng.chisquare(freedom, (permutations, len(freedom)))
        stretch[:, few] = np.sqrt(freedom / drawn)
        return stretch

    def _scan(self, sums: Floats, shift: Floats | float) -> Floats:
        """Take the largest size over the splits of periods' sums (..., T, M): (..., K)."""
        before = sums.cumsum(axis=-2)
        whole, before = before[..., -1:, :], before[..., :-1, :]
        sizes = self.moments.compare(before, whole - before, shift=shift, variance=self.variance)
        sizes = np.where(self.splits, np.abs(sizes), 0)
        return np.asarray(np.where(np.isnan(sizes), np.inf, sizes).max(axis=-2))
