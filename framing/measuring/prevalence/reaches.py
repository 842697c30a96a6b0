"""How far doubts reach from shares: as far as other assumptions do, in the cells they are about.

A cell that pools others is off by its part of what those in doubt are: their reaches, weighed by
units, are added up, as what is wrong with one may be wrong with all. C cells, K labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from framing.measuring.arrays import Bools
from framing.measuring.intervals import Floats
from framing.measuring.prevalence.corrected import CellKey
from framing.measuring.rates import divide


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """From shares down and up to bounds in doubt: arrays (C, K), not below 0."""

    down: Floats
    up: Floats

    @classmethod
    def to(cls, shares: Floats, others: Sequence[Floats]) -> Reach:
        """Reach to the farthest of other shares (C, K); NaN is none.

        >>> found = Reach.to(np.array([[0.3]]), [np.array([[0.1]]), np.array([[np.nan]])])
        >>> found.down.round(3).tolist(), found.up.tolist()
        ([[0.2]], [[0.0]])
        """
        apart = [np.nan_to_num(other - shares) for other in others]
        least, most = np.minimum.reduce(apart), np.maximum.reduce(apart)
        return cls(np.maximum(-least, 0.0), np.maximum(most, 0.0))

    @property
    def farther(self) -> Floats:
        """The larger of both."""
        return np.maximum(self.down, self.up)

    def keep(self, held: Bools) -> Reach:
        """Keep that of some cells and labels (C, K)."""
        return Reach(np.where(held, self.down, 0.0), np.where(held, self.up, 0.0))

    def pool(self, homes: Sequence[int], n_cells: int, units: Floats) -> Reach:
        """Weigh by units (C, K) over the cells that each belongs to: arrays (n_cells, K)."""
        members = np.zeros((n_cells, len(homes)))
        members[list(homes), np.arange(len(homes))] = 1.0
        whole = members @ units
        down, up = (
            np.nan_to_num(divide(members @ (units * part), whole)) for part in (self.down, self.up)
        )
        return Reach(down, up)

    def join(self, other: Reach) -> Reach:
        """Take the farther of two, each way."""
        return Reach(np.maximum(self.down, other.down), np.maximum(self.up, other.up))


def find_homes(fine: Sequence[CellKey], pooled: Sequence[CellKey]) -> list[int]:
    """Give the place of the pooled cell that each finer one belongs to.

    >>> find_homes([("Mail", "2020"), ("Post", "2021")], [("", "2020"), ("", "2021")])
    [0, 1]
    """
    places = {key: place for place, key in enumerate(pooled)}
    by_source = any(source for source, _ in pooled)
    timed = any(period for _, period in pooled)
    return [
        places[(source if by_source else "", period if timed else None)] for source, period in fine
    ]
