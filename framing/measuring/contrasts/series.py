"""The periods of one source in order of time, with their articles.

Shapes: T periods, n articles, K labels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from framing.measuring.contrasts.sides import Side, split_sides
from framing.measuring.intervals import Codes, Floats
from framing.measuring.periods import find_middle
from framing.measuring.prevalence.corrected import CorrectedSums
from framing.measuring.rates import divide, sum_by_article


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """A source over time.

    Attributes
    ----------
    source : str or None
        None for all.
    names : tuple of T str
        Periods, in order.
    sums, units : arrays (n, K)
        Of each article, by period; both 0 where a label can not be given.
    sizes : array (T,)
        Articles of each period.
    gradients : array (T, K, 2)
        Change of a period's share as calibration moves.
    extras, freedoms : arrays (T, K)
        Variance of a period's share beyond what its articles show, and degrees of freedom of all
        of its variance; see `CorrectedSums`.
    """

    source: str | None
    names: tuple[str, ...]
    sums: Floats
    units: Floats
    sizes: Codes
    gradients: Floats
    extras: Floats
    freedoms: Floats

    @property
    def times(self) -> Floats:
        """Middles of the periods, in years: (T,)."""
        return np.array([find_middle(name) for name in self.names])

    @property
    def periods(self) -> Codes:
        """Place of each article's period: (n,)."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    def add_up(self, values: Floats) -> Floats:
        """Sum the values of articles (n, K) by period: (T, K)."""
        return sum_by_article(values, self.periods, len(self.sizes))

    def count(self) -> Floats:
        """Count the articles with units, by period: (T, K)."""
        return self.add_up((self.units > 0).astype(np.float64))

    def keep(self, labels: Codes) -> Series:
        """Keep some labels."""
        return replace(
            self,
            sums=self.sums[:, labels],
            units=self.units[:, labels],
            gradients=self.gradients[:, labels],
            extras=self.extras[:, labels],
            freedoms=self.freedoms[:, labels],
        )

    def cut(self, start: int, stop: int) -> Series:
        """Keep the periods from `start` up to `stop`."""
        ends = np.concatenate([[0], self.sizes.cumsum()])
        articles, periods = slice(ends[start], ends[stop]), slice(start, stop)
        return Series(
            self.source,
            self.names[periods],
            self.sums[articles],
            self.units[articles],
            self.sizes[periods],
            self.gradients[periods],
            self.extras[periods],
            self.freedoms[periods],
        )

    def sides(self) -> Iterator[Side]:
        """Give the articles of each period as a side, T in all."""
        for at in range(len(self.names)):
            part = self.cut(at, at + 1)
            yield Side(part.sums, part.units, part.gradients[0], part.extras[0], part.freedoms[0])


def list_series(sums: CorrectedSums, *, pooled: bool) -> Iterator[Series]:
    """Give the series of every source, or the one of all of them.

    Parameters
    ----------
    sums : CorrectedSums
        One cell a source and period.
    pooled : bool
        The cells hold all sources: there is one a period, whatever their keys name as source.
    """
    sides = split_sides(sums)
    for source, cells in group_cells(sums, pooled=pooled):
        held = [sides[cell] for cell in cells]
        yield _join(source, [str(sums.keys[cell][1]) for cell in cells], held)


def _join(source: str | None, names: Sequence[str], sides: Sequence[Side]) -> Series:
    return Series(
        source,
        tuple(names),
        np.concatenate([side.sums for side in sides]),
        np.concatenate([side.units for side in sides]),
        np.array([len(side.sums) for side in sides]),
        np.array([side.gradients for side in sides]),
        np.array([side.extras for side in sides]),
        np.array([side.freedoms for side in sides]),
    )


def group_cells(sums: CorrectedSums, *, pooled: bool) -> Iterator[tuple[str | None, Sequence[int]]]:
    """Give each source with its cells, in order of time; None with all cells if they are pooled.

    Cells without a period are left out.
    """
    groups: dict[str | None, list[int]] = {}
    for cell, (source, period) in enumerate(sums.keys):
        if period is not None:
            groups.setdefault(None if pooled else source, []).append(cell)
    for name, cells in groups.items():
        yield name, sorted(cells, key=lambda cell: str(sums.keys[cell][1]))


def find_gaps(series: Series) -> Floats:
    """Give the differences of gradients, before less after, at every split: (T - 1, K, 2)."""
    weighted = series.add_up(series.units)[:, :, None] * series.gradients
    units = np.broadcast_to(series.add_up(series.units)[:, :, None], weighted.shape)
    before, held = weighted.cumsum(axis=0)[:-1], units.cumsum(axis=0)[:-1]
    after, rest = weighted.sum(axis=0) - before, units.sum(axis=0) - held
    return np.nan_to_num(divide(before, held)) - np.nan_to_num(divide(after, rest))
