"""Values and their resampled intervals, put together as estimates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from framing.measuring.intervals import (
    ArticleResampler,
    Floats,
    check_level,
    percentile_interval,
    reflect_interval,
)
from framing.schema import Estimate

BOOTSTRAP = "article-bootstrap"
"""Name of the interval: percentiles over resampled articles."""

REFLECTED = "article-bootstrap-reflected"
"""Name of the interval of scores that noise raises: percentiles reflected about the value."""

Region = tuple[slice, int]
"""Rows and column of a table."""

FEWEST_ARTICLES = 2
"""One article cannot show how articles differ: below this an interval is NaN."""


class Judge(Protocol):
    """What turns article counts into scores."""

    def score(self, counts: Floats) -> Floats:
        """Turn counts (b, A) into scores (b, R, M)."""

    def support(self) -> Floats:
        """Count the articles that each score rests on: an array (R, M)."""


@dataclass(frozen=True, slots=True, eq=False)
class ScoreTable:
    """Scores with their intervals: arrays (R, M)."""

    values: Floats
    lows: Floats
    highs: Floats
    methods: NDArray[np.object_]
    level: float

    def row(self, row: int, *, n_units: int, n_articles: int) -> tuple[Estimate, ...]:
        """Give the M scores of a row as estimates that rest on the same units."""
        return tuple(
            Estimate(
                value=float(value),
                low=float(low),
                high=float(high),
                n_units=n_units,
                n_articles=n_articles,
                method=method,
                level=self.level,
            )
            for value, low, high, method in zip(
                self.values[row], self.lows[row], self.highs[row], self.methods[row], strict=True
            )
        )


def estimate_scores(
    judge: Judge,
    resampler: ArticleResampler,
    *,
    level: float,
    width: int = 1,
    reflected: Region | None = None,
) -> ScoreTable:
    """Score the data as they are and in every resample.

    Parameters
    ----------
    judge : Judge
    resampler : ArticleResampler
    level : float
    width : int
        Cells that the judge holds a resample; bounds memory.
    reflected : pair of a slice of rows and a column, optional
        Scores that noise raises, whose intervals `reflect_interval` makes.

    Returns
    -------
    ScoreTable
        Bounds are NaN where a score rests on fewer than two articles.

    Raises
    ------
    InputError
        If `level` is not between 0 and 1.

    Examples
    --------
    >>> from framing.measuring.judging.judges import Tallies
    >>> resampler = ArticleResampler.draw([1, 2], resamples=9, rng=np.random.default_rng(0))
    >>> yes = np.ones((2, 1), dtype=bool)
    >>> table = estimate_scores(Tallies.count(yes, yes, resampler), resampler, level=0.9)
    >>> table.row(0, n_units=2, n_articles=2)[0].low
    1.0
    """
    check_level(level)
    values = judge.score(np.ones((1, resampler.n_articles)))[0]
    lows, highs = percentile_interval(resampler.replicate(judge.score, width=width), level=level)
    methods = np.full(values.shape, BOOTSTRAP, dtype=np.object_)
    if reflected is not None:
        bounds = reflect_interval(values[reflected], lows[reflected], highs[reflected])
        lows[reflected], highs[reflected] = bounds
        methods[reflected] = REFLECTED
    thin = judge.support() < FEWEST_ARTICLES
    lows, highs = (np.where(thin, np.nan, bound) for bound in (lows, highs))
    return ScoreTable(values, lows, highs, methods, level)
