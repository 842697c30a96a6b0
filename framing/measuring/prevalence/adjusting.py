"""Shares under another assumption, as a band to hold estimates against: adjusted count and EM.

Both take the scores of units with a label, and of units without, to be spread as in training while
the label's share moves (labels that cause texts). Frames are read off texts, so that the share of a
label among units of a score is what stays (Card & Smith 2018, *The importance of calibration for
estimating proportions from annotations*): where the two assumptions lead far apart, say so.
"""

from __future__ import annotations

import numpy as np

from framing.measuring.intervals import Codes, Floats
from framing.measuring.rates import divide

_MOST_ROUNDS = 100
_TOLERANCE = 1e-9


def adjust_counts(decided: Floats, sensitivity: Floats, false_alarms: Floats) -> Floats:
    """Correct shares of units decided for by what decisions miss and make up, within 0-1.

    Adjusted classify and count (Gart & Buck 1966; Forman 2008).

    Parameters
    ----------
    decided, sensitivity, false_alarms : arrays of one shape

    Returns
    -------
    array
        NaN where decisions tell nothing apart.

    Examples
    --------
    >>> adjust_counts(np.array([0.5]), np.array([0.75]), np.array([0.25])).tolist()
    [0.5]
    """
    return np.clip(divide(decided - false_alarms, sensitivity - false_alarms), 0.0, 1.0)


def maximise_likelihood(probabilities: Floats, prior: float, cells: Codes, n_cells: int) -> Floats:
    """Find the share of each cell at which probabilities, given for another share, are likeliest.

    Where the EM of Saerens, Latinne & Decaestecker (2002), *Adjusting the outputs of a classifier
    to new a priori probabilities*, comes to rest; found by Newton steps on the slope of the
    likelihood, which falls as the share grows.

    Parameters
    ----------
    probabilities : array (n,)
        Calibrated where the share is `prior`.
    prior : float
        Of training; at 0 and 1 nothing can be found.
    cells : array (n,)
        Place of each unit's cell.
    n_cells : int
        C.

    Returns
    -------
    array (C,)
        NaN without units or with such a prior.

    Examples
    --------
    >>> chances = np.array([0.01, 0.99, 0.99, 0.99])
    >>> maximise_likelihood(chances, 0.5, np.zeros(4, np.intp), 1).round(3).tolist()
    [0.755]
    """
    held = np.bincount(cells, minlength=n_cells)
    if not 0.0 < prior < 1.0:
        return np.full(n_cells, np.nan)
    present, absent = probabilities / prior, (1.0 - probabilities) / (1.0 - prior)
    lows, highs, shares = np.zeros(n_cells), np.ones(n_cells), np.full(n_cells, prior)
    for _ in range(_MOST_ROUNDS):
        at = shares[cells]
        pull = (present - absent) / np.maximum(at * present + (1.0 - at) * absent, 1e-300)
        slope = np.bincount(cells, pull, n_cells)
        bend = np.bincount(cells, pull**2, n_cells)
        lows, highs = np.where(slope > 0, shares, lows), np.where(slope < 0, shares, highs)
        moved = shares + slope / np.maximum(bend, 1e-300)
        inside = (moved > lows) & (moved < highs)
        moved = np.where(inside, moved, (lows + highs) / 2.0)
        done = np.abs(moved - shares).max(initial=0.0) < _TOLERANCE
        shares = moved
        if done:
            break
    return np.where(held > 0, shares, np.nan)
