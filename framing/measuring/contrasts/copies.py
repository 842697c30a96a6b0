"""What near-copies that several sources print take from a difference between a source and the rest.

Each source's articles count as they stand; but of twelve stories that seven sources print the
rest holds twelve pieces of evidence, not eighty-four. The variance of the difference is that of
sums over clusters of copies (Liang & Zeger 1986), if that is more; copies that the source shares
with the rest cancel, and never make it less. Shapes: C cells, P pairs of a cell and an article,
G clusters of two pairs or more, K labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from framing.measuring.contrasts.sides import Summary
from framing.measuring.contrasts.spans import Draws, Unrest, add_freedoms
from framing.measuring.intervals import Codes, Floats
from framing.measuring.prevalence.corrected import CorrectedSums
from framing.measuring.rates import divide, sum_by_article

_ROUNDING = 1e-12
"""Of variances."""


@dataclass(frozen=True, slots=True, eq=False)
class Copied:
    """What copies add to the difference of each cell and all the others: arrays (C, K).

    Attributes
    ----------
    variance : array
        Not below 0.
    freedom : array
        Clusters and single articles of the others, as many of equal size as they are worth, less
        one.
    """

    variance: Floats
    freedom: Floats


def weigh_copies(sums: CorrectedSums, clusters: Codes) -> Copied:
    """Weigh copies that stand in several cells.

    Parameters
    ----------
    sums : CorrectedSums
        One cell a source.
    clusters : array (A,)
        Number that near-copies share.

    Examples
    --------
    >>> ones, keys = np.ones((3, 1)), (("A", None), ("B", None), ("C", None))
    >>> places, nothing = np.arange(3), np.zeros((3, 1, 2))
    >>> usable = np.ones((3, 1), np.bool_)
    >>> sums = CorrectedSums(keys, places, places, 3, ones, ones, nothing, nothing[:1], usable)
    >>> weigh_copies(sums, np.array([0, 1, 1])).freedom[:, 0].tolist()
    [0.0, 1.0, 1.0]
    """
    usable = sums.usable[sums.cells]
    values, units = sums.sums * usable, sums.units * usable
    codes, sizes = np.unique(clusters[sums.articles], return_inverse=True, return_counts=True)[1:]
    of_cells = [sum_by_article(part, sums.cells, len(sums.keys)) for part in (values, units)]
    blocks = sum_by_article(units, codes, len(sizes))
    several = sizes[codes] > 1
    shared = np.unique(codes[several], return_inverse=True)[1]
    held = values[several], units[several], sums.cells[several]
    variance, freedom = [], []
    for cell in range(len(sums.keys)):
        moved = _influence(held, of_cells, cell)
        joint = sum_by_article(moved, shared, int(shared.max(initial=-1)) + 1)
        variance.append((joint**2).sum(axis=0) - (moved**2).sum(axis=0))
        mine = sums.cells == cell
        rest = blocks - sum_by_article(units[mine], codes[mine], len(sizes))
        freedom.append(np.nan_to_num(divide(rest.sum(axis=0) ** 2, (rest**2).sum(axis=0))) - 1)
    return Copied(np.maximum(variance, 0.0), np.maximum(freedom, 0.0))


def _influence(held: tuple[Floats, Floats, Codes], of_cells: Sequence[Floats], cell: int) -> Floats:
    """Give what pairs (P, K) move the difference of a cell and the rest by."""
    values, units, cells = held
    parts = []
    for mine, sign in ((True, 1.0), (False, -1.0)):
        chosen = (np.arange(len(of_cells[0])) == cell) == mine
        total, whole = (part[chosen].sum(axis=0) for part in of_cells)
        share, size = np.nan_to_num(divide(total, whole)), np.where(whole > 0, whole, np.nan)
        parts.append(np.nan_to_num(sign * (values - share * units) / size))
    return np.where((cells == cell)[:, None], parts[0], parts[1])


def compare_copied(
    sides: tuple[Summary, Summary], copied: tuple[Floats, Floats], calibration: Floats, draws: Draws
) -> tuple[Unrest, Floats]:
    """Test a difference with what copies add to its variance (K,), by Student's t.

    Parameters
    ----------
    sides : tuple of two Summary
        A source, and the rest.
    copied : tuple of two arrays (K,)
        Variance and degrees of freedom, of `Copied`.
    calibration : array (K,)
        Variance that calibration adds.
    draws : Draws

    Returns
    -------
    unrest : Unrest
    p : array (K,)
        NaN where copies add nothing.
    """
    from scipy.stats import t

    (a, b), (variance, freedom) = sides, copied
    variances = np.array([a.variance, b.variance + variance])
    freedoms = np.maximum(add_freedoms(variances, np.array([a.freedom, freedom])), 1.0)
    added = variance > _ROUNDING
    score = divide(np.abs(a.shares - b.shares), np.sqrt(variances.sum(axis=0) + calibration))
    reach = t.ppf((1 + draws.plan.level) / 2, freedoms)
    unrest = Unrest(np.where(added, variance, 0.0), np.where(added, reach, 0.0))
    return unrest, np.where(added, 2 * t.sf(score, freedoms), np.nan)
