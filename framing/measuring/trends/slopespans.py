"""How far a slope may be off, where what moves all articles of a period moves the slope, too.

What periods differ by beyond their articles is read off the steps of what the fitted curve leaves
(`framing.measuring.contrasts.periodeffects`), so that a trend itself counts for nothing. Series
about the curve, drawn with that variance and measured alike, show how many standard errors lie
between a slope and its bounds. Shapes: T periods, K labels, b draws at a time.
"""

from __future__ import annotations

import numpy as np

from framing.measuring.contrasts.periodeffects import FEWEST_SHOWN, PeriodShares
from framing.measuring.contrasts.series import Series
from framing.measuring.contrasts.sides import draw_errors
from framing.measuring.contrasts.spans import Draws
from framing.measuring.intervals import Floats
from framing.measuring.trends.slopes import SlopeFit


def reach_periods(series: Series, fit: SlopeFit, moved: Floats, draws: Draws) -> Floats:
    """Give the distance from each slope to its bounds: (K,), 0 in fewer than four periods.

    Parameters
    ----------
    series : Series
    fit : SlopeFit
        Of all its periods.
    moved : array (K, 2)
        Change of the slope as calibration moves.
    draws : Draws
    """
    periods, plan = PeriodShares.take(series), draws.plan
    rng, calibration = plan.rng("slope", series.source), draws.vary(moved)
    pull = np.nan_to_num(fit.pull).T
    sampling = (pull**2 * periods.sampling).sum(axis=0)

    def vary(rests: Floats) -> tuple[Floats, Floats]:
        """Give the variance of the slope (b, K) by what curves leave (b, T, K), and effects."""
        scale, effects = periods.measure(rests)
        return scale * (sampling + effects * (pull**2).sum(axis=0)) + calibration, effects

    rests = np.where(periods.held, np.nan_to_num(periods.shares - fit.fitted.T), 0.0)
    variance, effects = (part[0] for part in vary(rests[None]))
    sizes = []
    for shares in periods.draw(effects, plan.resamples, rng):
        errors = draw_errors(draws.covariances, len(shares), rng)
        slopes = np.einsum("tk,btk->bk", pull, shares) + np.einsum("kj,bkj->bk", moved, errors)
        left = np.where(periods.held, shares - fit.follow(shares), 0.0)
        sizes.append(np.abs(slopes) / np.sqrt(np.maximum(vary(left)[0], 1e-300)))
    reach = np.quantile(np.concatenate(sizes), plan.level, axis=0) * np.sqrt(variance)
    return np.where(periods.n_periods >= FEWEST_SHOWN, reach, 0.0)
