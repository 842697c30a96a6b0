"""What periods differ by beyond what their articles show, as events of a month make them differ.

Articles show how far a period's share may be off by their sampling. What is beyond that is read off
the steps between neighbouring periods, which a trend or a turn raises least (von Neumann 1941,
*Distribution of the ratio of the mean square successive difference to the variance*). Series drawn
with the variance that was found, and measured alike, show how large a statistic gets by chance,
that variance being uncertain, too.
Shapes: T periods, n articles, K labels, b draws at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from framing.measuring.arrays import Bools
from framing.measuring.contrasts.series import Series
from framing.measuring.intervals import Floats
from framing.measuring.rates import divide

FEWEST_SHOWN = 4
"""Periods; with fewer there are two steps at most, which show next to nothing."""

CHUNK_CELLS = 1_000_000
"""Cells of the largest array held at a time."""

_SMALLEST = 1e-12
"""Variance of a share where nothing varies."""


@dataclass(frozen=True, slots=True, eq=False)
class PeriodShares:
    """Shares of periods, and how far they may be off.

    Attributes
    ----------
    shares : array (T, K)
        0 where a period has no units.
    sampling : array (T, K)
        Their variance by the sampling of articles (pooled over the periods) and what these do not
        show.
    held : array (T, K) of bool
        The period has units.
    """

    shares: Floats
    sampling: Floats
    held: Bools

    @classmethod
    def take(cls, series: Series) -> PeriodShares:
        """Take the shares of a series.

        >>> keys, none = ("2020", "2021"), np.zeros((2, 1))
        >>> sums, units = np.array([[1.0], [3.0], [2.0]]), np.full((3, 1), 4.0)
        >>> sizes, gradients = np.array([2, 1]), np.zeros((2, 1, 2))
        >>> found = PeriodShares.take(Series("a", keys, sums, units, sizes, gradients, none, none))
        >>> found.shares[:, 0].tolist(), found.sampling[:, 0].tolist()
        ([0.5, 0.5], [0.0625, 0.125])
        """
        units = series.add_up(series.units)
        shares = np.nan_to_num(divide(series.add_up(series.sums), units))
        apart = series.sums - shares[series.periods] * series.units
        counts = series.count()
        freedom = np.maximum((counts.sum(axis=0) - (counts > 0).sum(axis=0)), 1.0)
        alike = divide((apart**2).sum(axis=0), (series.units**2).sum(axis=0))
        alike = np.nan_to_num(alike) * counts.sum(axis=0) / freedom
        sampling = alike * np.nan_to_num(divide(series.add_up(series.units**2), units**2))
        held = np.asarray(units > 0, np.bool_)
        return cls(shares, np.maximum(sampling + series.extras, _SMALLEST), held)

    @property
    def n_periods(self) -> Floats:
        """Periods with units: (K,)."""
        return np.asarray(self.held.sum(axis=0), np.float64)

    def measure(self, shares: Floats) -> tuple[Floats, Floats]:
        """Estimate what periods of series (b, T, K) differ by, from the steps between neighbours.

        Returns
        -------
        scale : array (b, K)
            What all variances are to be multiplied by, so that they are as large as the steps are;
            1 or more.
        effects : array (b, K)
            Variance that is added to that of sampling.
        """
        both = self.held[1:] & self.held[:-1]
        sampling = self.sampling[1:] + self.sampling[:-1]
        weights, number = both / sampling, both.sum(axis=0).astype(np.float64)
        squares = np.diff(shares, axis=1) ** 2
        over = np.einsum("btk,tk->bk", squares, weights) - number
        whole = np.broadcast_to(2 * weights.sum(axis=0), over.shape)
        effects = np.maximum(np.nan_to_num(divide(over, whole)), 0.0)
        squares /= sampling + 2 * effects[:, None]
        steps = np.einsum("btk,tk->bk", squares, both.astype(np.float64))
        scale = np.nan_to_num(divide(steps, np.broadcast_to(number, steps.shape)), nan=1.0)
        return np.maximum(scale, 1.0), effects

    def draw(
        self, effects: Floats, draws: int, rng: np.random.Generator, *, roots: Floats | None = None
    ) -> Iterator[Floats]:
        """Draw series of one level whose periods differ by effects (K,): arrays (b, T, K).

        Labels move apart from each other, or as `roots` (K, K) of their correlations say.
        """
        errors = np.sqrt(self.sampling + effects) * self.held
        step = max(1, CHUNK_CELLS // max(errors.size, 1))
        for start in range(0, draws, step):
            times = min(step, draws - start)
            normals = rng.standard_normal((times, *errors.shape))
            yield errors * (normals if roots is None else normals @ roots.T)
