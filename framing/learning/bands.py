"""The uncertain band: between what is surely absent and what is surely present."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from framing.learning.dataset import FloatArray, IntArray
from framing.scoring.heads import NEVER

_CAUTION = 1.645
"""Standard errors by which a precision must pass what is promised: one side of 5% (Wilson 1927)."""


def find_band(
    present: FloatArray,
    probabilities: FloatArray,
    precision: float,
    *,
    threshold: float,
    groups: IntArray | None = None,
) -> tuple[float, float]:
    """Find the probabilities below which "absent", and from which on "present", is sure.

    Sure is what keeps the precision among all units at least as far out, by the lower end of
    Wilson's interval (one-sided, 95%), and lies on the side of the threshold that the decision
    is on. What cannot be sure has a bound that nothing reaches. Units of one article that are
    wrong together count as fewer, by Kish's design effect (1965).

    Parameters
    ----------
    present : array (n,) of bool
    probabilities : array (n,)
        Out of fold.
    precision : float
        Promised share of right ones among the sure, 0-1.
    threshold : float
    groups : array (n,), optional
        Article of each unit; without them each unit stands for itself.

    Examples
    --------
    >>> shares = np.linspace(0.0, 1.0, 200)
    >>> low, high = find_band(shares > 0.5, shares, 0.9, threshold=0.5)
    >>> 0.4 < low <= 0.5 <= high < 0.6
    True
    """
    codes: NDArray[np.bool_] = np.asarray(present, bool)
    groups = np.arange(len(codes)) if groups is None else groups
    likeness = measure_likeness(codes - probabilities, groups)
    high = _find_bound(codes, probabilities, precision, groups, likeness)
    low = 1.0 - _find_bound(~codes, 1.0 - probabilities, precision, groups, likeness)
    return min(max(low, 0.0), threshold), max(high, threshold)


def measure_likeness(errors: FloatArray, groups: IntArray) -> float:
    """Measure how much alike errors (n,) of one group are: their intraclass correlation, 0-1.

    The mean product of two errors of one group, as a share of the mean square.

    Examples
    --------
    >>> measure_likeness(np.array([0.5, 0.5, -0.5, -0.5]), np.array([0, 0, 1, 1]))
    1.0
    """
    square = float(errors @ errors)
    sums, sizes = np.bincount(groups, errors), np.bincount(groups)
    pairs = float(sizes @ sizes) - len(errors)
    if not pairs or not square:
        return 0.0
    product = (float(sums @ sums) - square) / pairs
    return min(max(product * len(errors) / square, 0.0), 1.0)


def _find_bound(
    right: NDArray[np.bool_],
    confidences: FloatArray,
    precision: float,
    groups: IntArray,
    likeness: float,
) -> float:
    """Find the lowest confidence from which on enough are right."""
    if not len(right):
        return NEVER
    order = np.argsort(-confidences, kind="stable")
    ranked, n = confidences[order], np.arange(1, len(order) + 1)
    shares = np.cumsum(right[order]) / n
    lowest = _bound_share(shares, n / _inflate(groups[order], likeness))
    lowest[:-1][ranked[:-1] == ranked[1:]] = -1.0  # units with one probability are alike
    kept = np.flatnonzero(lowest >= precision)
    if not len(kept):
        return NEVER
    last = kept[-1]
    # Where even the last one is sure, the bound stands beyond it, however it is rounded.
    below = ranked[last + 1] if last + 1 < len(ranked) else ranked[last] - 2e-6
    return round(float(ranked[last] + below) / 2.0, 6)


def _bound_share(shares: FloatArray, n: FloatArray) -> FloatArray:
    """Return the lower end of Wilson's interval for shares of `n` units each."""
    spread = _CAUTION * np.sqrt(shares * (1 - shares) / n + _CAUTION**2 / (4 * n**2))
    return np.asarray((shares + _CAUTION**2 / (2 * n) - spread) / (1 + _CAUTION**2 / n))


def _inflate(groups: IntArray, likeness: float) -> FloatArray:
    """Return the design effect of the first 1, 2, ... n units: 1 + (size - 1) * likeness.

    The size is that of the group which a unit is of, on average over units.
    """
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.diff(groups[order], prepend=-1))
    before = np.empty(len(groups), dtype=np.intp)  # units of the same group further out
    before[order] = np.arange(len(groups)) - np.repeat(starts, np.diff([*starts, len(groups)]))
    sizes = np.cumsum(2 * before + 1) / np.arange(1, len(groups) + 1)
    return np.asarray(1.0 + (sizes - 1.0) * likeness)
