"""Shares without hand codings: means of calibrated probabilities, and what calibration may hide.

The mean of calibrated probabilities (probabilistic classify and count: Bella et al. 2010,
*Quantification via probability estimators*) is right where the chance of a label given the score is
what it was in training. How sure the calibration is enters the interval by the delta method; that
part is common to all cells. K labels, P articles of one cell.
"""

from __future__ import annotations

import numpy as np

from framing.measuring.intervals import Floats
from framing.measuring.prevalence.powered import Estimated
from framing.measuring.prevalence.scoreintervals import (
    PRIOR_DESIGN_EFFECT,
    Spread,
    count_freedom,
    shrink,
)
from framing.measuring.prevalence.tallies import Tally, share, spread_out
from framing.measuring.rates import divide

CALIBRATED_MEAN = "calibrated-mean"


def average_probabilities(tally: Tally, *, explained: Floats, census: bool = False) -> Estimated:
    """Estimate shares as mean probabilities.

    Parameters
    ----------
    tally : Tally
    explained : array (K,)
        Share of a label's variance that its probabilities explain, over all cells: a guess of how
        they spread where few units show it.
    census : bool
        The articles are all that there are: what is left to chance is how the labels of these very
        units fall around their probabilities.
    """
    n_units, size = tally.units.sum(axis=0), tally.count_alike()
    values = share(tally.predicted, tally.units)
    if census:
        noise = PRIOR_DESIGN_EFFECT * divide(share(tally.noise, tally.units), size)
        return Estimated(values, Spread(noise, np.full_like(noise, np.inf)), tally.predicted, size)
    weight = spread_out(tally.units, n_units)
    parts = spread_out(tally.predicted - values * tally.units, n_units)
    leverage = np.sqrt(np.clip(1.0 - weight, 0.05, 1.0))
    seen = Spread(np.nansum((parts / leverage) ** 2, axis=0), count_freedom(tally.units))
    level = (values * size + 0.5) / (size + 1.0)
    usual = PRIOR_DESIGN_EFFECT * explained * level * (1.0 - level) / np.maximum(size, 1.0)
    finds = np.minimum(values, 1.0 - values) * size
    spread = shrink(seen, np.maximum(usual, seen.variance), finds)
    return Estimated(values, spread, tally.predicted, size)


def find_gradients(tally: Tally) -> Floats:
    """Return how calibration moves each share, (K, 2): by its offset, and by its slope."""
    return np.stack([share(tally.noise, tally.units), share(tally.bend, tally.units)], axis=1)


def spread_calibration(gradients: Floats, covariances: Floats, n_articles: Floats) -> Spread:
    """Return the variance (K,) that calibration adds.

    Parameters
    ----------
    gradients : array (K, 2)
    covariances : array (K, 2, 2)
    n_articles : array (K,)
        What calibration was learnt on; half of them are its degrees of freedom.
    """
    variance = np.einsum("ki,kij,kj->k", gradients, covariances, gradients)
    return Spread(np.maximum(variance, 0.0), np.maximum(n_articles / 2.0, 2.0))


def explain_variance(tally: Tally) -> Floats:
    """Return the share (K,) of labels' variance that probabilities explain, by their own account.

    All of it where they are all 0 or all 1: nothing speaks for less scatter between articles.

    >>> from framing.measuring.prevalence.tallies import UnitTable, tally_cells
    >>> chances = np.array([[0.0], [1.0]])
    >>> nothing = np.full((2, 1), np.nan)
    >>> table = UnitTable(chances, chances > 0.5, nothing, np.ones(2), np.array([0, 1]), 2)
    >>> explain_variance(tally_cells(table, [("Post", None)] * 2).tally).tolist()
    [1.0]
    """
    mean = share(tally.predicted, tally.units)
    spread = share(tally.squares, tally.units) - mean**2
    return np.clip(np.nan_to_num(divide(spread, mean * (1.0 - mean)), nan=1.0), 0.0, 1.0)
