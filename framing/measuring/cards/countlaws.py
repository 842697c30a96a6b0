"""Laws of how many of an article's units carry a frame, and what they say of each other.

What classification leaves open of a known article is Poisson-binomial; an article that is yet to be
drawn from many alike is beta-binomial, as its own rate differs from theirs.
A law is an array (m + 1,): the chances of 0 to m units. Ties count half (Lancaster 1961, mid-p),
since few units make coarse steps.
"""

from __future__ import annotations

import numpy as np

from framing.measuring.intervals import Floats


def count_carriers(probabilities: Floats) -> Floats:
    """Give the law of the number of units that carry a frame, from their probabilities (m,).

    >>> count_carriers(np.array([0.5, 0.5])).tolist()
    [0.25, 0.5, 0.25]
    """
    law = np.ones(1)
    for p in probabilities:
        law = np.convolve(law, [1 - p, p])
    return law


def expect_carriers(means: Floats, likeness: Floats, m: int) -> Floats:
    """Give the law of the number among m units of an article that is yet to be drawn.

    Parameters
    ----------
    means : array (B,)
        Mean share, above 0 and below 1; several values say that it is not known exactly.
    likeness : array (B,)
        Correlation of units of one article, above 0 and below 1.
    m : int

    Returns
    -------
    array (m + 1,)
        The mean of B beta-binomial laws.

    Examples
    --------
    >>> expect_carriers(np.array([0.5]), np.array([1 / 3]), 2).round(3).tolist()
    [0.333, 0.333, 0.333]
    """
    from scipy.special import betaln, gammaln

    a, b = (part * (1 / likeness - 1) for part in (means, 1 - means))
    k = np.arange(m + 1)
    ways = gammaln(m + 1) - gammaln(k + 1) - gammaln(m - k + 1)
    logs = ways + betaln(k + a[:, None], m - k + b[:, None]) - betaln(a, b)[:, None]
    law = np.asarray(np.exp(logs).mean(axis=0), dtype=np.float64)
    return np.asarray(law / law.sum(), dtype=np.float64)


def compare_laws(own: Floats, expected: Floats) -> float:
    """Two-sided p-value of a count that is itself known by its law only.

    The mean of the count's p-value under its law (posterior predictive p-value: Meng 1994, Annals
    of Statistics 22). It errs on the side of finding nothing.

    >>> compare_laws(np.array([1.0, 0, 0]), np.array([0.1, 0.4, 0.5]))
    0.1
    """
    below = float(own @ (np.cumsum(expected) - expected / 2))
    return min(1.0, 2 * min(below, 1 - below))


def span_law(law: Floats, *, level: float) -> tuple[float, float]:
    """Give the central interval of the share of units, by the same halving of ties.

    >>> span_law(np.array([0.02, 0.48, 0.48, 0.02]), level=0.95)
    (0.3333333333333333, 0.6666666666666666)
    """
    tail = (1 - level) / 2
    middle = np.cumsum(law) - law / 2
    inside = np.flatnonzero((middle >= tail) & (middle <= 1 - tail))
    if not len(inside):  # nearly all of the law stands on one count
        inside = np.array([int(np.argmax(law))])
    return float(inside[0] / (len(law) - 1)), float(inside[-1] / (len(law) - 1))
