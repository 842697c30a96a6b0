"""How far apart the whole profiles of sources lie; descriptive only.

The mean over frames of the Jensen-Shannon divergence (Lin 1991, *Divergence measures based on the
Shannon entropy*), base 2, between carrying the frame and not. Sampling alone makes it larger than
0: its mean over permutations of the articles is taken off.
Shapes: S sources, K frames, b permutations at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from framing.measuring.corrected import CorrectedSums
from framing.measuring.intervals import Codes, Floats
from framing.measuring.rates import divide, sum_by_article
from framing.measuring.shuffling import NO_UNITS, shuffle_sums
from framing.measuring.sides import Plan, split_sides

MOST_SOURCES = 60
"""With more sources no distances are given: there are too many pairs to read."""

MOST_PERMUTATIONS = 500


@dataclass(frozen=True, slots=True, eq=False)
class Distances:
    """Distances of all pairs of sources: D pairs.

    Attributes
    ----------
    pairs : tuple of D (str, str)
    distance : array (D,)
        0-1, less what is expected, and not below 0; NaN where two sources share no frame.
    p : array (D,)
        That all articles could as well be of any source; corrected for nothing.
    expected : array (D,)
        Mean under permutation.
    """

    pairs: tuple[tuple[str, str], ...]
    distance: Floats
    p: Floats
    expected: Floats


def measure_distances(sums: CorrectedSums, plan: Plan, *, labels: Codes) -> Distances:
    """Measure how far apart the profiles of sources lie.

    Parameters
    ----------
    sums : CorrectedSums
        One cell a source.
    plan : Plan
    labels : array (K,)
        Places of the labels that make the profile.

    Returns
    -------
    Distances
        Empty with one source, with more than 60, and without labels.
    """
    names = [source for source, _ in sums.keys]
    if not 2 <= len(names) <= MOST_SOURCES or not len(labels):
        return Distances((), *(np.zeros(0) for _ in range(3)))
    sides = split_sides(sums)
    sizes = np.array([len(side.sums) for side in sides])
    columns = np.concatenate(
        [np.hstack([side.sums[:, labels], side.units[:, labels]]) for side in sides]
    )
    groups = np.repeat(np.arange(len(sides)), sizes)
    observed = _measure(sum_by_article(columns, groups, len(sides))[None])[0]
    permutations = min(plan.permutations, MOST_PERMUTATIONS)
    shuffled = shuffle_sums(
        columns, sizes, permutations=permutations, rng=plan.rng("permutations", "profiles")
    )
    permuted = np.concatenate([_measure(sums) for sums in shuffled])
    expected = divide(
        np.nansum(permuted, axis=0), (~np.isnan(permuted)).sum(axis=0).astype(np.float64)
    )
    a, b = np.triu_indices(len(names), 1)
    known = ~np.isnan(observed)
    beyond = (~(permuted < observed - 1e-12)).sum(axis=0)
    return Distances(
        tuple((names[i], names[j]) for i, j in zip(a, b, strict=True)),
        np.where(known, np.maximum(observed - expected, 0), np.nan),
        np.where(known, (1 + beyond) / (1 + permutations), np.nan),
        np.where(known, expected, np.nan),
    )


def _measure(sums: Floats) -> Floats:
    """Give the distances (b, D) of pairs, from sums and units of sources (b, S, 2 K)."""
    total, units = np.split(sums, 2, axis=2)
    shares = np.clip(divide(total, np.where(units > NO_UNITS, units, 0.0)), 0, 1)
    a, b = np.triu_indices(sums.shape[1], 1)
    own = entropy(shares)
    divergence = entropy((shares[:, a] + shares[:, b]) / 2) - (own[:, a] + own[:, b]) / 2
    defined = ~np.isnan(divergence)
    whole = defined.sum(axis=2).astype(np.float64)
    return np.maximum(divide(np.where(defined, divergence, 0).sum(axis=2), whole), 0)


def entropy(shares: Floats) -> Floats:
    """Entropy of yes and no in bits.

    >>> entropy(np.array([0.0, 0.5, 1.0])).tolist()
    [0.0, 1.0, 0.0]
    """
    from scipy.special import entr

    return np.asarray((entr(shares) + entr(1 - shares)) / np.log(2))
