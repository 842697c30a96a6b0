"""Whether the whole profile of a source turned, and when: all labels in one test a source.

A test of every label pays for the number of labels, and few articles can not pay. Here the squared
differences of all labels are summed at every split of a source's periods; the largest sum is tested
against the same where its articles are permuted between periods, so that the search and what labels
have in common are part of the null. Each label's difference is divided by what articles differ by
within sources, over all sources together: that scale stays as it is under permutation, so the test
is exact for articles that could stand in any order (Pesarin & Salmaso 2010, *Permutation Tests for
Complex Data*). What articles do not show (few codings) is drawn and added to permuted differences.
With four periods or more a turn has to be more than what periods differ by, too
(`framing.measuring.trends.profilescans`): the larger p-value counts.
Shapes: T periods, n articles, K labels, M columns, S sources, b permutations at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from framing.measuring.arrays import Bools
from framing.measuring.contrasts.series import Series, find_gaps, list_series
from framing.measuring.contrasts.shuffling import NO_UNITS, count_arrangements, shuffle_sums
from framing.measuring.contrasts.sides import Plan, draw_errors
from framing.measuring.intervals import Codes, Floats
from framing.measuring.prevalence.corrected import CorrectedSums
from framing.measuring.rates import divide
from framing.measuring.testing import count_beyond, permutation_p
from framing.measuring.trends.periodnoise import PeriodNoise
from framing.measuring.trends.profilescans import ProfileScan, measure_likeness
from framing.measuring.trends.scans import FIRST_LOOK, NO_DOUBT

FEWEST_ARTICLES = 2
"""On each side of a split: one article by itself is an odd article, no turn."""

MOST_FACTOR = 10
"""A source is permuted up to so many times as often where that lets its turn stand by itself."""


@dataclass(frozen=True, slots=True)
class ProfileTurn:
    """The likeliest turn of a source's profile.

    Attributes
    ----------
    source : str
    period : str
        The first after the change.
    distance : float
        Mean over labels of the squared difference between before and after, over its variance by
        chance: about 1 at a period chosen beforehand, if nothing turned and the source varies as
        sources do on average.
    p : float
        That articles could stand in any order and, from four periods on, that periods could.
    smallest : float
        No permutation of so many articles before and after can give a smaller p-value.
    n_articles_before, n_articles_after : int
    """

    source: str
    period: str
    distance: float
    p: float
    smallest: float
    n_articles_before: int
    n_articles_after: int


def find_profile_turns(sums: CorrectedSums, plan: Plan, *, n_others: int = 0) -> list[ProfileTurn]:
    """Find the likeliest turn of every source's profile: one test a source.

    Parameters
    ----------
    sums : CorrectedSums
        One cell a source and period.
    plan : Plan
    n_others : int
        Tests that are corrected together with these.

    Returns
    -------
    list of ProfileTurn
        Without sources that no period parts into two articles and two.
    """
    series = [found for found in list_series(sums, pooled=False) if _find_splits(found).any()]
    if not series:
        return []
    scales = measure_scales([(found.sums, found.units) for found in series])
    n_tests = len(series) + n_others
    likeness = measure_likeness(series)
    return [_test(found, scales, sums.covariances, likeness, plan, n_tests) for found in series]


def measure_scales(sources: Sequence[tuple[Floats, Floats]]) -> Floats:
    """Measure what a share varies by within sources: the variance of a share of u units, times u.

    Parameters
    ----------
    sources : sequence of S pairs of arrays (n, K)
        Sums and units of each source's articles.

    Returns
    -------
    array (K,)
        0 where nothing varies.

    Examples
    --------
    >>> measure_scales([(np.array([[1.0], [3.0]]), np.array([[4.0], [4.0]]))]).tolist()
    [0.5]
    """
    squares: Floats | float = 0.0
    units: Floats | float = 0.0
    for values, held in sources:
        n_articles = (held > 0).sum(axis=0).astype(np.float64)
        spared = np.nan_to_num(divide(n_articles, n_articles - 1))  # a source's own share is fitted
        squares = squares + spared * (center(values, held) ** 2).sum(axis=0)
        units = units + np.where(n_articles > 1, held.sum(axis=0), 0.0)
    return np.nan_to_num(divide(np.atleast_1d(squares), np.atleast_1d(units)))


def center(sums: Floats, units: Floats) -> Floats:
    """Take off each article's sums what its units would bring at the share of all: (n, K)."""
    share = np.nan_to_num(divide(sums.sum(axis=0), units.sum(axis=0)))
    return sums - share * units


def compare_profiles(
    before: tuple[Floats, Floats],
    after: tuple[Floats, Floats],
    scales: Floats,
    *,
    shift: Floats | float = 0.0,
) -> Floats:
    """Give the mean over labels of squared differences over their variance by chance.

    Parameters
    ----------
    before, after : pairs of arrays (..., K)
        Sums and units of each side.
    scales : array (K,)
        From `measure_scales`; labels of scale 0 do not count.
    shift : array (..., K), optional
        Added to the differences: a drawn error of calibration.

    Returns
    -------
    array (...)
        0 where no label can be compared.

    Examples
    --------
    >>> one, other = (np.array([1.0]), np.array([4.0])), (np.array([3.0]), np.array([4.0]))
    >>> float(compare_profiles(one, other, np.array([0.5])))
    1.0
    """
    (sums_a, units_a), (sums_b, units_b) = before, after
    gap = _share(sums_b, units_b) - _share(sums_a, units_a) + shift
    weight = np.nan_to_num(divide(units_a * units_b, units_a + units_b))
    known = scales > 0
    sizes = np.nan_to_num(gap**2 * weight)[..., known] / scales[known]
    return np.asarray(sizes.sum(axis=-1) / max(int(known.sum()), 1))


def _share(sums: Floats, units: Floats) -> Floats:
    held = np.where(units > NO_UNITS, units, 0.0)
    return divide(sums, np.broadcast_to(held, sums.shape))


def _find_splits(series: Series) -> Bools:
    """Mark the splits with enough articles on each side: (T - 1,), split t before period t + 1."""
    held = np.asarray((series.units > 0).any(axis=1, keepdims=True), dtype=np.float64)
    counts = series.add_up(held)[:, 0]
    before = counts.cumsum()[:-1]
    return np.asarray(np.minimum(before, counts.sum() - before) >= FEWEST_ARTICLES)


def _test(
    series: Series,
    scales: Floats,
    covariances: Floats,
    likeness: Floats,
    plan: Plan,
    n_tests: int,
) -> ProfileTurn:
    """Find where a source turned most, and test that it did."""
    scan = _Scan.prepare(series, scales, covariances)
    rng = plan.rng("permutations", "profile turns", series.source)
    observed = scan.observe()
    place = int(observed.argmax())
    largest = np.asarray(observed[place])
    permuted = _draw(scan.permute, largest, rng, plan, n_tests)
    sizes = series.sizes[: place + 1].sum(), series.sizes[place + 1 :].sum()
    smallest = np.exp(-count_arrangements(np.array(sizes, dtype=np.float64)))
    p = permutation_p(largest, permuted, smallest=smallest)
    varying = (scales > 0) & center(series.sums, series.units).any(axis=0)
    periods = ProfileScan.prepare(series, scan.splits, covariances, likeness, varying)
    if periods is not None and p < NO_DOUBT:
        apart = np.asarray(periods.observe())
        p = np.maximum(p, permutation_p(apart, _draw(periods.draw, apart, rng, plan, n_tests)))
    return ProfileTurn(
        source=str(series.source),
        period=series.names[place + 1],
        distance=float(largest),
        p=float(p),
        smallest=float(smallest),
        n_articles_before=int(sizes[0]),
        n_articles_after=int(sizes[1]),
    )


def _draw(
    draw: Callable[[int, np.random.Generator], Floats],
    largest: Floats,
    rng: np.random.Generator,
    plan: Plan,
    n_tests: int,
) -> Floats:
    """Draw until there is no doubt, and so often that the surest source could stand by itself.

    Among so many tests that it could not even then, more draws would only take time.
    """
    n_first = max(1, int(FIRST_LOOK * plan.permutations))
    first = draw(n_first, rng)
    if count_beyond(largest, first) >= NO_DOUBT * n_first:
        return first
    rest = [first, draw(plan.permutations - n_first, rng)]
    wanted = int(2 * n_tests / plan.alpha)
    useful = plan.permutations < wanted <= MOST_FACTOR * plan.permutations
    if useful and not sum(count_beyond(largest, part) for part in rest):
        rest.append(draw(wanted - plan.permutations, rng))
    return np.concatenate(rest)


@dataclass(frozen=True, slots=True, eq=False)
class _Scan:
    """Distances at every split of a source's periods, as they are and permuted.

    `columns` (n, M) holds centred sums and then units: one column if labels have the same units.
    """

    columns: Floats
    sizes: Codes
    scales: Floats
    splits: Bools
    gaps: Floats
    covariances: Floats
    noise: PeriodNoise

    @classmethod
    def prepare(cls, series: Series, scales: Floats, covariances: Floats) -> _Scan:
        units = series.units
        own = units[:, :1] if (units == units[:, :1]).all() else units
        columns = np.hstack([center(series.sums, units), own])
        gaps = find_gaps(series)
        noise = PeriodNoise.take(series)
        return cls(columns, series.sizes, scales, _find_splits(series), gaps, covariances, noise)

    def observe(self) -> Floats:
        """Give the distance at every split; -1 at those that are not looked at: (T - 1,)."""
        ends = self.sizes.cumsum()
        running = np.concatenate([np.zeros((1, self.columns.shape[1])), self.columns.cumsum(0)])
        return self._measure(running[ends] - running[ends - self.sizes], 0.0)

    def permute(self, permutations: int, rng: np.random.Generator) -> Floats:
        """Give the largest distance with the articles permuted: (permutations,)."""
        largest = [np.zeros(0)]
        for sums in shuffle_sums(self.columns, self.sizes, permutations=permutations, rng=rng):
            shift: Floats | float = 0.0
            if self.covariances.any() and self.gaps.any():
                errors = draw_errors(self.covariances, len(sums), rng)
                shift = np.einsum("tkj,bkj->btk", self.gaps, errors)
            if self.noise.errors.any():
                shift = shift + self.noise.draw(len(sums), rng)
            largest.append(self._measure(sums, shift).max(axis=-1))
        return np.concatenate(largest)

    def _measure(self, sums: Floats, shift: Floats | float) -> Floats:
        running = sums.cumsum(axis=-2)
        whole, before = running[..., -1:, :], running[..., :-1, :]
        k = len(self.scales)
        sides = [(side[..., :k], side[..., k:]) for side in (before, whole - before)]
        distances = compare_profiles(sides[0], sides[1], self.scales, shift=shift)
        return np.where(self.splits, distances, -1.0)
