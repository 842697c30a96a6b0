"""From permuted and resampled statistics to p-values, and p-values corrected together.

Benjamini & Hochberg (1995), *Controlling the false discovery rate*; Phipson & Smyth (2010),
*Permutation p-values should never be zero*; Schuirmann (1987), *A comparison of the two one-sided
tests procedure* (TOST). Shapes: B permutations or resamples.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from framing.measuring.intervals import Floats
from framing.measuring.tails import Tail

TOLERANCE = 1e-9
"""Statistics this close (relatively) are tied: sums in another order differ by rounding."""

FEWEST_BEYOND = 10
"""With fewer permutations beyond the observed value a p-value is read off a fitted tail."""


def adjust_together(families: Mapping[str, Floats]) -> tuple[dict[str, Floats], int]:
    """Correct the p-values of all families as one, by Benjamini & Hochberg.

    Parameters
    ----------
    families : mapping of str to array
        p-values, 0-1; NaN is no test, is not counted and stays NaN.

    Returns
    -------
    adjusted : dict of str to array
        The shares of false discoveries at which each test would stand; shapes as given.
    n_tests : int
        How many were corrected together.

    Examples
    --------
    >>> families = {"one": np.array([0.01, np.nan]), "two": np.array([0.5])}
    >>> adjusted, n_tests = adjust_together(families)
    >>> adjusted["one"].tolist(), adjusted["two"].tolist(), n_tests
    ([0.02, nan], [0.5], 2)
    """
    from scipy.stats import false_discovery_control

    flat = [np.asarray(family, dtype=np.float64).ravel() for family in families.values()]
    together = np.concatenate(flat) if flat else np.zeros(0)
    tested = ~np.isnan(together)
    if tested.any():
        together[tested] = false_discovery_control(together[tested], method="bh")
    parts = np.split(together, np.cumsum([len(part) for part in flat])[:-1]) if flat else []
    adjusted = {
        name: part.reshape(np.shape(families[name]))
        for name, part in zip(families, parts, strict=True)
    }
    return adjusted, int(tested.sum())


def adjust_kinds(kinds: Sequence[Mapping[str, Floats]]) -> list[dict[str, Floats]]:
    """Correct the p-values of all kinds of tests, over everything and within each kind.

    A corrected p-value is the larger of the two, so that many easy tests of one kind (claims that
    nothing differs by much) make none of another easier to pass.

    Parameters
    ----------
    kinds : sequence of mappings of str to array
        A kind's families of p-values, 0-1; NaN is no test. Names differ between kinds.

    Returns
    -------
    list of dict of str to array
        In order of the kinds; shapes as given.

    Examples
    --------
    >>> hard, easy = {"differ": np.array([0.04])}, {"equal": np.full(9, 0.001)}
    >>> adjusted = adjust_kinds([hard, easy])
    >>> adjusted[0]["differ"].tolist(), float(adjusted[1]["equal"][0].round(4))
    ([0.04], 0.0011)
    """
    everything = adjust_together({name: p for kind in kinds for name, p in kind.items()})[0]
    return [
        {name: np.maximum(p, everything[name]) for name, p in adjust_together(kind)[0].items()}
        for kind in kinds
    ]


def count_beyond(observed: Floats, permuted: Floats) -> Floats:
    """Count the permutations whose statistic is as large, in size, as the observed one.

    One that is not defined counts as larger: it can not speak against the null.

    Parameters
    ----------
    observed : array (...)
    permuted : array (B, ...)

    Examples
    --------
    >>> float(count_beyond(np.array(-2.0), np.array([1.0, 2.0, 3.0, np.nan])))
    3.0
    """
    size = np.abs(observed)
    short = np.abs(permuted) < size - TOLERANCE * np.maximum(size, 1)
    return np.asarray(np.sum(~short, axis=0), dtype=np.float64)


def permutation_p(
    observed: Floats,
    permuted: Floats,
    *,
    smallest: Floats | float = 0.0,
    tail: Tail | None = None,
) -> Floats:
    """Two-sided p-values of statistics, from those of permuted data.

    (1 + permutations as extreme) / (1 + B); never 0, since the data are one arrangement more
    (Phipson & Smyth 2010). Where fewer than 10 are as extreme and a `tail` is given, the p-value is
    read off the tail that fits the most extreme permutations (`framing.measuring.tails`), but is
    never below `smallest`.

    Parameters
    ----------
    observed : array (...)
        NaN where there is nothing to test.
    permuted : array (B, ...)
    smallest : array (...) or float
        One over the number of arrangements: no permutation test can go below.
    tail : Tail, optional

    Returns
    -------
    array (...)

    Examples
    --------
    >>> permuted = np.array([[-3.0], [0.5], [1.0], [2.0]])
    >>> permutation_p(np.array([2.0]), permuted).tolist()
    [0.6]
    """
    beyond = count_beyond(observed, permuted)
    p = (1 + beyond) / (1 + len(permuted))
    if tail is not None:
        extreme = tail.extrapolate(observed, permuted, beyond < FEWEST_BEYOND)
        p = np.where(np.isnan(extreme), p, extreme)
    p = np.maximum(p, np.minimum(smallest, 1.0))
    return np.where(np.isnan(observed), np.nan, p)


def equivalence_p(replicates: Floats, margin: float) -> Floats:
    """Test that differences are smaller than a margin, from their bootstrap distribution.

    The larger p-value of two one-sided tests (TOST): of "-margin or less" by the share of
    replicates there, and of "margin or more" likewise. At alpha both reject where the central
    interval of level 1 - 2 alpha lies within the margins.

    Parameters
    ----------
    replicates : array (B, ...)
        Resampled differences; NaN where there is nothing to test.
    margin : float
        Above 0, on the scale of the differences.

    Returns
    -------
    array (...)

    Examples
    --------
    >>> equivalence_p(np.array([[-0.02, 0.0], [0.01, 0.2], [0.03, 0.3]]), 0.1).tolist()
    [0.25, 0.75]
    """
    below, above = (np.sum(side, axis=0) for side in (replicates <= -margin, replicates >= margin))
    p = (1 + np.maximum(below, above)) / (1 + len(replicates))
    return np.where(np.isnan(replicates).any(axis=0), np.nan, p)
