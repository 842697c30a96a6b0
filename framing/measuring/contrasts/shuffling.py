"""Articles shuffled between groups, and the studentised difference of two shares.

Permuting articles is exact where groups have one distribution. That their shares alone are equal is
tested, as the number of articles grows, if the difference is divided by an estimate of its own
variance, groups apart: Janssen (1997), *Studentized permutation tests for non-i.i.d. hypotheses*;
Chung & Romano (2013), *Exact and asymptotically robust permutation tests*.
Shapes: n articles, G groups, K labels, M columns, b permutations at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from framing.measuring.intervals import CHUNK_CELLS, Codes, Floats
from framing.measuring.rates import divide

NO_UNITS = 1e-6
"""A group whose units sum to less has none: what is left is rounding."""


def shuffle_sums(
    columns: Floats, sizes: Codes, *, permutations: int, rng: np.random.Generator
) -> Iterator[Floats]:
    """Deal the rows to groups at random, again and again, and sum each group's rows.

    Parameters
    ----------
    columns : array (n, M)
    sizes : array (G,)
        Rows of each group, n in all.
    permutations : int
    rng : numpy.random.Generator

    Yields
    ------
    array (b, G, M)
        Until all permutations are done.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> deals = shuffle_sums(np.eye(3), np.array([1, 2]), permutations=5, rng=rng)
    >>> np.concatenate(list(deals)).sum(axis=2).tolist()[0]
    [1.0, 2.0]
    """
    largest = int(np.argmax(sizes))  # known from the others: its rows need no summing
    summed = np.delete(np.arange(len(sizes)), largest)
    starts = np.concatenate([[0], np.cumsum(sizes[summed])])
    total = columns.sum(axis=0)
    held = max(len(columns), len(sizes) * columns.shape[1], 1)
    step = max(1, CHUNK_CELLS // held)
    for start in range(0, permutations, step):
        rows = _deal(len(columns), int(starts[-1]), min(step, permutations - start), rng)
        sums = np.empty((len(rows), len(sizes), columns.shape[1]))
        sums[:, summed] = _sum_runs(columns, rows, starts)
        sums[:, largest] = total - sums[:, summed].sum(axis=1)
        yield sums


def _deal(n_rows: int, n_dealt: int, times: int, rng: np.random.Generator) -> Codes:
    """Draw rows without putting them back: (times, n_dealt)."""
    deck = np.broadcast_to(np.arange(n_rows, dtype=np.int32), (times, n_rows))
    return np.ascontiguousarray(rng.permuted(deck, axis=1)[:, :n_dealt])


def _sum_runs(columns: Floats, rows: Codes, starts: Codes) -> Floats:
    """Sum the rows (b, m) dealt to each run between starts (G,): an array (b, G - 1, M)."""
    from scipy.sparse import csr_array

    times, dealt = rows.shape
    bounds = (np.arange(times)[:, None] * dealt + starts[:-1]).ravel()
    bounds = np.append(bounds, times * dealt).astype(np.int32)
    ones = np.ones(rows.size)
    shape = (times * (len(starts) - 1), len(columns))
    picked = csr_array((ones, rows.ravel(), bounds), shape=shape)
    return np.asarray(picked @ columns).reshape(times, len(starts) - 1, columns.shape[1])


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """What each article adds to the sums that a studentised difference is made of.

    Attributes
    ----------
    columns : array (n, M)
        r, r r, r u, u, u u, side by side: r = sum - share * units of an article against the share
        of all, u its units. The last two are one column each if every label has the same units.
    spread : array (K,)
        Mean of r r over all articles: the variance of an article's sum where groups are alike.
    """

    columns: Floats
    spread: Floats

    @classmethod
    def take(cls, sums: Floats, units: Floats) -> Moments:
        """Take the moments of articles' sums and units (n, K).

        >>> Moments.take(np.array([[1.0], [3.0]]), np.array([[4.0], [4.0]])).spread.tolist()
        [2.0]
        """
        share = np.nan_to_num(divide(sums.sum(axis=0), units.sum(axis=0)))
        rest = sums - share * units
        n_articles = (units > 0).sum(axis=0).astype(np.float64)
        spread = np.nan_to_num(divide((rest**2).sum(axis=0), n_articles - 1))
        alike = bool((units == units[:, :1]).all())
        own = units[:, :1] if alike else units
        return cls(np.hstack([rest, rest**2, rest * units, own, own**2]), spread)

    def observe(self, sizes: Codes) -> Floats:
        """Sum the groups as they are: an array (G, M)."""
        ends = np.cumsum(sizes)
        running = np.concatenate(
            [np.zeros((1, self.columns.shape[1])), self.columns.cumsum(axis=0)]
        )
        return np.asarray(running[ends] - running[ends - sizes])

    def compare(
        self, a: Floats, b: Floats, *, shift: Floats | float = 0.0, variance: Floats | float = 0.0
    ) -> Floats:
        """Divide the difference of two shares by its standard error.

        The variance of a side is its squared deviations from its own share, to which one article's
        mean square over both sides is added for the degree of freedom that the share takes. So a
        side of one article has a variance too.

        Parameters
        ----------
        a, b : arrays (..., M)
            Sums of `columns` over the articles of each side.
        shift : array (..., K), optional
            Added to the difference: a drawn error of calibration.
        variance : array (..., K), optional
            Added to the variance: that of calibration.

        Returns
        -------
        array (..., K)
            NaN where a side has no unit; 0 where nothing varies.
        """
        (share_a, spread_a), (share_b, spread_b) = self._describe(a), self._describe(b)
        difference = share_a - share_b + shift
        error = np.sqrt(spread_a + spread_b + variance)
        still = (error == 0) & (np.abs(difference) < 1e-12)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(still, 0.0, difference / error)

    def _describe(self, side: Floats) -> tuple[Floats, Floats]:
        """Give the share less that of all, and its variance: two arrays (..., K)."""
        k = len(self.spread)
        rest, squares, crossed = (side[..., at * k : (at + 1) * k] for at in range(3))
        units, unit_squares = np.split(side[..., 3 * k :], 2, axis=-1)
        units = np.where(units > NO_UNITS, units, np.nan)
        share = rest / units
        deviations = np.maximum(squares - 2 * share * crossed + share**2 * unit_squares, 0)
        return share, (deviations + self.spread) / units**2


def count_arrangements(sizes: Floats) -> Floats:
    """Count the ways to deal articles to two groups, as a logarithm.

    Parameters
    ----------
    sizes : array (2, ...)

    Returns
    -------
    array (...)

    Examples
    --------
    >>> float(np.exp(count_arrangements(np.array([3.0, 3.0]))).round())
    20.0
    """
    from scipy.special import gammaln

    one, other = np.asarray(sizes, dtype=np.float64)
    return np.asarray(gammaln(one + other + 1) - gammaln(one + 1) - gammaln(other + 1))
