"""What articles of a series do not show, drawn: errors of the differences at its splits.

Of few finds and few codings (`CorrectedSums.extras`). Shapes: T periods, K labels, b draws.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from framing.measuring.contrasts.series import Series
from framing.measuring.intervals import Floats
from framing.measuring.rates import divide


@dataclass(frozen=True, slots=True, eq=False)
class PeriodNoise:
    """Errors of the sums of periods.

    Attributes
    ----------
    errors : array (T, K)
        Standard errors of the sums beyond what articles show.
    before, after : arrays (T - 1, K)
        Units on each side of every split.
    """

    errors: Floats
    before: Floats
    after: Floats

    @classmethod
    def take(cls, series: Series) -> PeriodNoise:
        """Take a series."""
        units = series.add_up(series.units)
        before, after = units.cumsum(axis=0)[:-1], units[::-1].cumsum(axis=0)[-2::-1]
        return cls(np.sqrt(series.extras) * units, before, after)

    def vary(self) -> Floats:
        """Give the variance of the difference at each split: (T - 1, K)."""
        before = (self.errors**2).cumsum(axis=0)[:-1]
        after = (self.errors**2).sum(axis=0) - before
        parts = divide(before, self.before**2) + divide(after, self.after**2)
        return np.maximum(np.nan_to_num(parts), 0)

    def draw(self, draws: int, rng: np.random.Generator) -> Floats:
        """Draw errors of the difference at each split: (draws, T - 1, K)."""
        drawn = self.errors * rng.standard_normal((draws, *self.errors.shape))
        before = drawn.cumsum(axis=1)[:, :-1]
        after = drawn.sum(axis=1, keepdims=True) - before
        whole = np.broadcast_to(self.before, before.shape), np.broadcast_to(self.after, after.shape)
        return np.nan_to_num(divide(before, whole[0]) - divide(after, whole[1]))
