"""Whether scores lie as training's do: as a mix of those of units with and without a label.

If a score means what it meant, the distribution of a label's scores in other texts is some mix of
the two that training knows, whatever the label's share (the mixture model of Forman 2008,
*Quantifying counts and costs via classification*). How far the best mix stays off is the misfit.
n units, K labels, T thresholds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from framing.measuring.arrays import Bools
from framing.measuring.intervals import Codes, Floats
from framing.measuring.rates import sum_by_article

FEWEST_ARTICLES = 5
"""Of a source: what fewer vary by is too uncertain to be told from a misfit."""

_TENTHS = (np.arange(10) + 0.5) / 10


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """How a label's probabilities lie where units have it, and where they do not.

    Attributes
    ----------
    at : array (T,)
        Probabilities, rising.
    present, absent : arrays (T,)
        Share of the units with and without the label whose probability is at most that.
    """

    at: Floats
    present: Floats
    absent: Floats


def lay_mixture(probabilities: Floats, present: Bools) -> Mixture:
    """Describe the probabilities (n,) of units with and without a label, both of which there are.

    Examples
    --------
    >>> law = lay_mixture(np.array([0.1, 0.2, 0.8, 0.9]), np.array([False, False, True, True]))
    >>> law.at.tolist(), law.present.tolist(), law.absent.tolist()
    ([0.1, 0.2, 0.8, 0.9], [0.0, 0.0, 0.5, 1.0], [0.5, 1.0, 1.0, 1.0])
    """
    sides = probabilities[present], probabilities[~present]
    at = np.unique([np.quantile(side, _TENTHS, method="inverted_cdf") for side in sides])
    shares = [(side[:, None] <= at).mean(axis=0) for side in sides]
    return Mixture(at, *shares)


def measure_misfit(probabilities: Floats, articles: Codes, mixtures: Sequence[Mixture]) -> float:
    """Measure how far the scores of some units stay off the best mix, on average over labels.

    Parameters
    ----------
    probabilities : array (n, K)
        NaN where a unit was not scored.
    articles : array (n,)
        Articles, from 0 on; what they vary by is no misfit.
    mixtures : sequence of K Mixture

    Returns
    -------
    float
        Root of the mean squared distance of the distributions, less what chance adds; 0 where
        chance explains it, NaN where no label has units of two articles.

    Examples
    --------
    >>> law = lay_mixture(np.array([0.1, 0.2, 0.8, 0.9]), np.array([False, False, True, True]))
    >>> scores = np.array([[0.1], [0.2], [0.2], [0.8], [0.1], [0.9]] * 2)
    >>> round(measure_misfit(scores, np.arange(12), [law]), 2)
    0.0
    >>> round(measure_misfit(np.full((12, 1), 0.5), np.arange(12), [law]), 2)
    0.23
    """
    squares = [
        _measure_square(probabilities[rows, k], articles[rows], mixture)
        for k, mixture in enumerate(mixtures)
        if len(np.unique(articles[rows := np.flatnonzero(~np.isnan(probabilities[:, k]))])) > 1
    ]
    return float(np.sqrt(max(float(np.mean(squares)), 0.0))) if squares else float("nan")


def _measure_square(probabilities: Floats, articles: Codes, mixture: Mixture) -> float:
    """Return the mean squared distance from the best mix, less its variance over articles."""
    below = (probabilities[:, None] <= mixture.at).astype(np.float64)
    found = below.mean(axis=0)
    apart = mixture.present - mixture.absent
    size = float(apart @ apart)
    share = np.clip((found - mixture.absent) @ apart / size, 0.0, 1.0) if size else 0.0
    rest = found - mixture.absent - share * apart
    sums = sum_by_article(below - found, articles, int(articles.max()) + 1)
    if size:  # what a mix can follow is no part of the rest
        sums = sums - np.outer(sums @ apart / size, apart)
    n_articles = len(np.unique(articles))
    chance = (sums**2).sum() / len(probabilities) ** 2 * n_articles / (n_articles - 1)
    return float((rest @ rest - chance) / len(apart))
