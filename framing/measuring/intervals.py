"""Intervals from resampling whole articles, because the units of an article are alike.

The article (cluster) bootstrap of Davison & Hinkley (1997), *Bootstrap Methods and their
Application*, section 3.8: articles are drawn with replacement, and each brings all its units.
Shapes: n units, A articles, B resamples.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from framing.schema import InputError

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
Statistic = Callable[[Floats], Floats]
"""Counts (b, A) to values (b, ...): one value, or one array of values, a resample."""

CHUNK_CELLS = 4_000_000
"""Cells of the largest array held at a time (32 MB of floats)."""


def index_articles(groups: Iterable[Hashable]) -> tuple[Codes, int]:
    """Give each article a number, by first appearance.

    Returns
    -------
    codes : array (n,)
        Number of each unit's article, 0 to A - 1.
    n_articles : int

    Examples
    --------
    >>> codes, n_articles = index_articles(["b", "b", "a"])
    >>> codes.tolist(), n_articles
    ([0, 0, 1], 2)
    """
    members = groups.tolist() if isinstance(groups, np.ndarray) else groups
    seen: dict[Hashable, int] = {}
    codes = [seen.setdefault(group, len(seen)) for group in members]
    return np.asarray(codes, dtype=np.intp), len(seen)


@dataclass(frozen=True, slots=True, eq=False)
class ArticleResampler:
    """Resamples of articles that can be drawn again, chunk by chunk, in bounded memory.

    Every pass over `chunks` gives the same counts whatever the width, so statistics computed in
    separate passes are paired.

    Attributes
    ----------
    codes : array (n,)
        Number of each unit's article.
    n_articles, resamples, seed : int

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> resampler = ArticleResampler.draw(["a", "a", "b", "c"], resamples=500, rng=rng)
    >>> carriers, units = np.array([1.0, 0.0, 1.0]), np.array([2.0, 1.0, 1.0])
    >>> shares = resampler.replicate(lambda counts: (counts @ carriers) / (counts @ units))
    >>> shares.shape
    (500,)
    """

    codes: Codes
    n_articles: int
    resamples: int
    seed: int

    @classmethod
    def draw(
        cls, groups: Iterable[Hashable], *, resamples: int, rng: np.random.Generator
    ) -> ArticleResampler:
        """Prepare `resamples` resamples of the articles named in `groups` (n,).

        Raises
        ------
        InputError
            If `resamples` is below 1.
        """
        if resamples < 1:
            raise InputError(f"{resamples} resamples asked for", fix="ask for 1 or more")
        codes, n_articles = index_articles(groups)
        return cls(codes, n_articles, resamples, int(rng.integers(2**63)))

    def chunks(self, *, width: int = 1) -> Iterator[Floats]:
        """Give the counts (b, A) of every resample, b at a time, B in all.

        Parameters
        ----------
        width : int
            Cells that the caller will hold a resample, if more than A; bounds b.
        """
        rng = np.random.default_rng(self.seed)
        step = max(1, CHUNK_CELLS // max(width, self.n_articles, 1))
        for start in range(0, self.resamples, step):
            yield _count_draws(rng, min(step, self.resamples - start), self.n_articles)

    def replicate(self, statistic: Statistic, *, width: int = 1) -> Floats:
        """Compute a statistic in every resample: an array (B, ...)."""
        return np.concatenate([statistic(counts) for counts in self.chunks(width=width)])


def _count_draws(rng: np.random.Generator, rows: int, n_articles: int) -> Floats:
    """Multinomial counts (rows, A), drawn one article at a time: faster than by binomials."""
    if n_articles == 0:
        return np.zeros((rows, 0))
    drawn = rng.integers(n_articles, size=(rows, n_articles))
    drawn += np.arange(rows)[:, None] * n_articles
    counts = np.bincount(drawn.ravel(), minlength=rows * n_articles)
    return counts.reshape(rows, n_articles).astype(np.float64)


def resample_weights(
    groups: Iterable[Hashable], *, resamples: int, rng: np.random.Generator
) -> tuple[Codes, NDArray[np.int64]]:
    """Draw all resamples at once, for data small enough to hold B x A counts.

    Returns
    -------
    codes : array (n,)
        Number of each unit's article; ``counts[:, codes]`` are weights of units.
    counts : array (B, A)
        How often each resample drew each article; rows sum to A.

    Raises
    ------
    InputError
        If `resamples` is below 1.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> codes, counts = resample_weights(["a", "a", "b"], resamples=4, rng=rng)
    >>> codes.tolist(), counts.shape, counts.sum(axis=1).tolist()
    ([0, 0, 1], (4, 2), [2, 2, 2, 2])
    """
    resampler = ArticleResampler.draw(groups, resamples=resamples, rng=rng)
    counts = np.concatenate(list(resampler.chunks()))
    return resampler.codes, counts.astype(np.int64)


def percentile_interval(samples: Floats, *, level: float = 0.95) -> tuple[Floats, Floats]:
    """Take the central interval of resampled statistics, column by column.

    A NaN is a resample in which the statistic is not defined: it is left out. Quantiles are
    interpolated linearly, as `numpy.quantile` does.

    Parameters
    ----------
    samples : array (B, ...)
    level : float
        Nominal coverage, above 0 and below 1.

    Returns
    -------
    low, high : arrays (...)
        NaN where no resample defines the statistic.

    Raises
    ------
    InputError
        If `level` is not between 0 and 1.

    Examples
    --------
    >>> low, high = percentile_interval(np.arange(101.0), level=0.9)
    >>> round(float(low), 9), float(high)
    (5.0, 95.0)
    """
    check_level(level)
    ordered = np.sort(np.asarray(samples, dtype=np.float64), axis=0)
    defined = np.sum(~np.isnan(ordered), axis=0)
    tail = (1 - level) / 2
    return _quantile(ordered, defined, tail), _quantile(ordered, defined, 1 - tail)


def _quantile(ordered: Floats, defined: NDArray[np.int64], share: float) -> Floats:
    """Quantile of the `defined` first values of each sorted column (NaN sorts last)."""
    if not len(ordered):
        return np.full(ordered.shape[1:], np.nan)
    rank = np.maximum(defined - 1, 0) * share
    below = np.floor(rank).astype(np.intp)
    above = np.minimum(below + 1, np.maximum(defined - 1, 0))
    low = np.take_along_axis(ordered, below[None], axis=0)[0]
    high = np.take_along_axis(ordered, above[None], axis=0)[0]
    return np.asarray(low + (high - low) * (rank - below))


def reflect_interval(values: Floats, lows: Floats, highs: Floats) -> tuple[Floats, Floats]:
    """Turn percentiles about the value, for what is never below 0 and is raised by noise.

    The basic bootstrap interval (Davison & Hinkley 1997, section 5.2), cut off at 0 and made to
    reach the value. Noise raises resampled values once more than the value itself, so plain
    percentiles lie too high: of a perfectly calibrated model they never hold the true error.

    Parameters
    ----------
    values, lows, highs : arrays (...)
        Values, with their bounds from `percentile_interval`.

    Returns
    -------
    low, high : arrays (...)

    Examples
    --------
    >>> low, high = reflect_interval(np.array([0.25]), np.array([0.125]), np.array([0.75]))
    >>> low.tolist(), high.tolist()
    ([0.0], [0.375])
    """
    return np.clip(2 * values - highs, 0, values), np.maximum(2 * values - lows, values)


def check_level(level: float) -> None:
    """Refuse a level of confidence that is not a share.

    Raises
    ------
    InputError
        If `level` is not above 0 and below 1.

    Examples
    --------
    >>> check_level(95)
    Traceback (most recent call last):
    framing.schema.InputError: level is 95; give a share above 0 and below 1, such as 0.95
    """
    if not 0 < level < 1:
        raise InputError(f"level is {level}", fix="give a share above 0 and below 1, such as 0.95")
