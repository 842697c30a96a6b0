"""Probability samples of articles: stratified, systematic, with known chances.

Within a stratum every article has the chance n / N; they are drawn at equal steps from a random
start (Cochran 1977, *Sampling Techniques*, chapter 8), so that whatever their order follows, such
as source and date, is spread as evenly in the sample.
"""

from __future__ import annotations

import numpy as np

from framing.measuring.intervals import Codes, Floats


def draw_systematic(size: int, n: int, rng: np.random.Generator) -> Codes:
    """Draw n different places out of `size`, at equal steps from a random start.

    >>> draw_systematic(6, 3, np.random.default_rng(0)).tolist()
    [1, 3, 5]
    """
    step = size / max(n, 1)
    places = np.floor((rng.random() + np.arange(n)) * step).astype(np.intp)
    return np.asarray(np.minimum(places, size - 1), dtype=np.intp)


def draw_sample(
    strata: Codes, coded: Codes, *, order: Codes, rng: np.random.Generator
) -> tuple[Codes, Floats]:
    """Draw articles from every stratum.

    Parameters
    ----------
    strata : array (A,)
        Stratum of each article, 0 to H - 1; below 0 for one that is not to be drawn.
    coded : array (H,)
        How many to draw from each, at most all.
    order : array (A,)
        Places of the articles in the order in which steps are made.
    rng : numpy.random.Generator

    Returns
    -------
    places : array (n,)
        Ascending.
    chances : array (n,)
        Inclusion probability of each, above 0.

    Examples
    --------
    >>> strata, order = np.array([0, 0, 1, 1, 1, 1]), np.arange(6)
    >>> rng = np.random.default_rng(0)
    >>> places, chances = draw_sample(strata, np.array([2, 2]), order=order, rng=rng)
    >>> places.tolist(), chances.tolist()
    ([0, 1, 2, 4], [1.0, 1.0, 0.5, 0.5])
    """
    drawn, chances = [], []
    for stratum, n in enumerate(coded.tolist()):
        members = order[strata[order] == stratum]
        drawn.append(members[draw_systematic(len(members), n, rng)])
        chances.append(np.full(n, n / max(len(members), 1)))
    places = np.concatenate(drawn)
    ranked = np.argsort(places)
    return places[ranked], np.concatenate(chances)[ranked]
