"""How far apart the whole profiles of sources lie; descriptive only.

The mean over frames of the Jensen-Shannon divergence (Lin 1991, *Divergence measures based on the
Shannon entropy*), base 2, between carrying the frame and not. Sampling alone makes it larger than
0: its mean over permutations of the two sources' articles is taken off.
Shapes: S sources, D pairs of them, K frames, b permutations at a time.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from framing.measuring.contrasts.shuffling import NO_UNITS, shuffle_sums
from framing.measuring.contrasts.sides import Plan, split_sides
from framing.measuring.intervals import Codes, Floats
from framing.measuring.prevalence.corrected import CorrectedSums
from framing.measuring.rates import divide

MOST_SOURCES = 60
"""With more sources no distances are given: there are too many pairs to read."""

FEWEST_PERMUTATIONS, MOST_PERMUTATIONS, MOST_DEALS = 99, 500, 50_000
"""Of a pair, and of all pairs together."""


@dataclass(frozen=True, slots=True, eq=False)
class Distances:
    """Distances of all pairs of sources: D pairs.

    Attributes
    ----------
    pairs : tuple of D (str, str)
    distance : array (D,)
        0-1, less what is expected, and not below 0; NaN where two sources share no frame.
    p : array (D,)
        That the articles of both could as well be of either; corrected for nothing.
    expected : array (D,)
        Mean under permutation of the articles of the pair: other sources have no part in it.
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
    columns = [np.hstack([side.sums[:, labels], side.units[:, labels]]) for side in sides]
    pairs = list(itertools.combinations(range(len(names)), 2))
    permutations = max(FEWEST_PERMUTATIONS, min(MOST_PERMUTATIONS, MOST_DEALS // len(pairs)))
    permutations = min(plan.permutations, permutations)
    numbers = [
        _compare(
            (columns[a], columns[b]),
            permutations,
            plan.rng("permutations", "profiles", names[a], names[b]),
        )
        for a, b in pairs
    ]
    distance, p, expected = (np.array(column) for column in zip(*numbers, strict=True))
    return Distances(tuple((names[a], names[b]) for a, b in pairs), distance, p, expected)


def _compare(
    pair: tuple[Floats, Floats], permutations: int, rng: np.random.Generator
) -> tuple[float, float, float]:
    """Give the distance of two sources, its p-value and what is expected of it."""
    observed = float(_measure(np.array([part.sum(axis=0) for part in pair])[None])[0])
    if np.isnan(observed):
        return np.nan, np.nan, np.nan
    sizes = np.array([len(part) for part in pair])
    deals = shuffle_sums(np.concatenate(pair), sizes, permutations=permutations, rng=rng)
    permuted = np.concatenate([_measure(sums) for sums in deals])
    known = permuted[~np.isnan(permuted)]
    expected = float(known.mean()) if len(known) else np.nan
    beyond = int((~(permuted < observed - 1e-12)).sum())
    return max(observed - expected, 0.0), (1 + beyond) / (1 + permutations), expected


def _measure(sums: Floats) -> Floats:
    """Give the distances (b,) of two sources, from their sums and units (b, 2, 2 K)."""
    total, units = np.split(sums, 2, axis=2)
    shares = np.clip(divide(total, np.where(units > NO_UNITS, units, 0.0)), 0, 1)
    own = entropy(shares).mean(axis=1)
    divergence = np.maximum(entropy(shares.mean(axis=1)) - own, 0)
    defined = ~np.isnan(divergence)
    whole = defined.sum(axis=1).astype(np.float64)
    return divide(np.where(defined, divergence, 0).sum(axis=1), whole)


def entropy(shares: Floats) -> Floats:
    """Entropy of yes and no in bits.

    >>> entropy(np.array([0.0, 0.5, 1.0])).tolist()
    [0.0, 1.0, 0.0]
    """
    from scipy.special import entr

    return np.asarray((entr(shares) + entr(1 - shares)) / np.log(2))
