"""The uncertain band: between what is surely absent and what is surely present."""

from __future__ import annotations

import numpy as np

from framing.learning.dataset import FloatArray
from framing.scoring.heads import NEVER

_CAUTION = 1.645
"""Standard errors by which a precision must pass what is promised: one side of 5% (Wilson 1927)."""


def find_band(
    present: FloatArray, probabilities: FloatArray, precision: float, *, threshold: float
) -> tuple[float, float]:
    """Find the probabilities below which "absent", and from which on "present", is sure.

    Sure is what keeps the precision among all units at least as far out, by the lower end of
    Wilson's interval (one-sided, 95%), and lies on the side of the threshold that the decision
    is on. What cannot be sure has a bound that nothing reaches.

    Parameters
    ----------
    present : array (n,) of bool
    probabilities : array (n,)
        Out of fold.
    precision : float
        Promised share of right ones among the sure, 0-1.
    threshold : float

    Examples
    --------
    >>> shares = np.linspace(0.0, 1.0, 200)
    >>> low, high = find_band(shares > 0.5, shares, 0.9, threshold=0.5)
    >>> 0.4 < low <= 0.5 <= high < 0.6
    True
    """
    high = _find_bound(np.asarray(present, bool), probabilities, precision)
    low = 1.0 - _find_bound(~np.asarray(present, bool), 1.0 - probabilities, precision)
    return min(max(low, 0.0), threshold), max(high, threshold)


def _find_bound(right: FloatArray, confidences: FloatArray, precision: float) -> float:
    """Find the lowest confidence from which on enough are right."""
    if not len(right):
        return NEVER
    order = np.argsort(-confidences, kind="stable")
    ranked, n = confidences[order], np.arange(1, len(order) + 1)
    shares = np.cumsum(right[order]) / n
    spread = _CAUTION * np.sqrt(shares * (1 - shares) / n + _CAUTION**2 / (4 * n**2))
    lowest = (shares + _CAUTION**2 / (2 * n) - spread) / (1 + _CAUTION**2 / n)
    lowest[:-1][ranked[:-1] == ranked[1:]] = -1.0  # units with one probability are alike
    kept = np.flatnonzero(lowest >= precision)
    if not len(kept):
        return NEVER
    last = kept[-1]
    # Where even the last one is sure, the bound stands beyond it, however it is rounded.
    below = ranked[last + 1] if last + 1 < len(ranked) else ranked[last] - 2e-6
    return round(float(ranked[last] + below) / 2.0, 6)
