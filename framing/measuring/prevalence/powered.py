"""Shares corrected by hand codings: prediction-powered inference with articles as clusters.

PPI++ (Angelopoulos, Duchi & Zrnic 2023, *PPI++: Efficient prediction-powered inference*): the mean
of `power` times the probabilities of all units, plus the mean of what the codings differ from that
where there are codings. It holds whatever the model is worth; the power, 0 to 1, is what makes the
variance least. Codings may be weighted by one over their chance to be drawn (design-based
supervised learning: Egami, Hinck, Stewart & Wei 2023). K labels, P articles of one cell.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from framing.measuring.arrays import Bools
from framing.measuring.intervals import Floats
from framing.measuring.prevalence.scoreintervals import (
    PRIOR_DESIGN_EFFECT,
    Spread,
    count_freedom,
    shrink,
)
from framing.measuring.prevalence.tallies import Tally, share, spread_out
from framing.measuring.rates import divide

PREDICTION_POWERED = "prediction-powered"

FEWEST_CODED_ARTICLES = 3
FEWEST_CODINGS = 10
"""With less than either, codings of a cell do not correct its share."""

_UNLIKE = 0.001
"""p-value below which coded units are held to be no sample of their cell."""

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Estimated:
    """Shares of one cell: arrays (K,), but where it is said.

    Attributes
    ----------
    values : array
    spread : Spread
        Of the sampling of articles and codings.
    sums : array (P, K)
        Corrected: see `framing.measuring.prevalence.corrected`.
    n_units : array
        Units that the interval rests on: those coded, or those scored where none is.
    """

    values: Floats
    spread: Spread
    sums: Floats
    n_units: Floats


def has_enough(tally: Tally) -> Bools:
    """Tell for which labels (K,) there are codings enough."""
    articles = (tally.codings > 0).sum(axis=0)
    enough = (articles >= FEWEST_CODED_ARTICLES) & (tally.codings.sum(axis=0) >= FEWEST_CODINGS)
    return np.asarray(enough, np.bool_)


def find_correctable(tally: Tally) -> Bools:
    """Tell for which labels (K,) there are codings enough, of units that can be a sample."""
    enough = has_enough(tally)
    return np.asarray(enough & ~find_unlike(tally) if enough.any() else enough, np.bool_)


def find_unlike(tally: Tally) -> Bools:
    """Tell for which labels (K,) the coded units can be no sample of all, weighted as they are.

    Their mean probability then differs from that of all by more than chance: of codings from one
    source only, say, that are to correct the share of all sources. What they show of the model's
    mistakes need not hold for the others.
    """
    apart = share(tally.claimed, tally.weight) - share(tally.predicted, tally.units)
    predicted, mistaken, _ = _find_influences(tally)
    errors = np.sqrt(np.nansum((mistaken - predicted) ** 2, axis=0))
    score = divide(np.abs(apart), errors)
    p = 2.0 * stats.t.sf(score, count_freedom(tally.codings))
    return np.asarray((p < _UNLIKE) & (np.abs(apart) > _ROUNDING), np.bool_)


def _find_influences(tally: Tally) -> tuple[Floats, Floats, Floats]:
    """Give what articles move the means by: of all probabilities, of those coded, of codes."""
    predicted, mistaken, coded = (
        spread_out(part - share(part, whole) * whole, whole.sum(axis=0))
        for part, whole in (
            (tally.predicted, tally.units),
            (tally.claimed, tally.weight),
            (tally.truth, tally.weight),
        )
    )
    return predicted, mistaken, coded


def power_predictions(
    tally: Tally, *, power: Floats | None = None, census: bool = False
) -> Estimated:
    """Estimate shares from all predictions and some hand codings.

    Parameters
    ----------
    tally : Tally
    power : array (K,), optional
        What predictions count, instead of what makes the variance least.
    census : bool
        The articles are all that there are, so that only the choice of those coded is of chance,
        and none where all are (Cochran 1977, *Sampling techniques*, section 2.6; of unequal
        weights as many units count as drawn as `Tally.count_alike` would count).

    Returns
    -------
    Estimated
        NaN where no unit is coded.
    """
    n_units, weight = tally.units.sum(axis=0), tally.weight.sum(axis=0)
    mean, claimed = share(tally.predicted, tally.units), share(tally.claimed, tally.weight)
    truth = share(tally.truth, tally.weight)
    predicted, mistaken, coded = _find_influences(tally)
    sampled = 0.0 * predicted if census else predicted
    power = tune_power(sampled - mistaken, coded) if power is None else power
    values = power * mean + truth - power * claimed
    offset = truth - power * claimed
    residual = tally.truth - power * tally.claimed - offset * tally.weight
    sums = power * tally.predicted + offset * tally.units + divide(n_units, weight) * residual

    size = divide(weight**2, tally.weight_squares.sum(axis=0))
    left = np.clip(1.0 - divide(size, tally.count_alike()), 0.0, 1.0) if census else 1.0
    leverage = np.sqrt(np.clip(1.0 - spread_out(tally.weight, weight), 0.05, 1.0))
    drawn = (coded - power * mistaken) / leverage
    n_articles = (tally.codings > 0).sum(axis=0)
    small = n_articles / np.maximum(n_articles - 1.0, 1.0)
    variance = np.nansum((drawn + power * sampled) ** 2, axis=0) * small * left
    apart = np.nansum((power * sampled) ** 2, axis=0)
    seen = Spread(apart, count_freedom(tally.units)) + Spread(
        np.maximum(variance - apart, 1e-12), count_freedom(tally.codings)
    )
    finds = np.minimum(truth, 1.0 - truth) * size
    usual = apart + _expect(tally, values, power, size) * left
    spread = shrink(Spread(np.maximum(variance, apart), seen.freedom), usual, finds)
    return Estimated(values, spread, sums, size)


def tune_power(predicted: Floats, coded: Floats) -> Floats:
    """Find the power (K,) that makes the sum of squares of coded + power * predicted least.

    Both are influences of articles, (P, K).

    >>> tune_power(np.array([[1.0], [-1.0]]), np.array([[-0.5], [0.5]])).tolist()
    [0.5]
    """
    together = np.nansum(predicted * coded, axis=0)
    return np.clip(np.nan_to_num(divide(-together, np.nansum(predicted**2, axis=0))), 0.0, 1.0)


def _expect(tally: Tally, values: Floats, power: Floats, size: Floats) -> Floats:
    """Return the variance of the correction (K,) if probabilities are calibrated."""
    level = (np.clip(values, 0.0, 1.0) * size + 0.5) / (size + 1.0)
    mean = share(tally.predicted, tally.units)
    unexplained = divide(share(tally.noise, tally.units), mean * (1.0 - mean))
    left = 1.0 - power + power * np.where(np.isnan(unexplained), 1.0, unexplained)
    return np.asarray(PRIOR_DESIGN_EFFECT * divide(level * (1.0 - level), size) * left)
