"""The difference of two periods of a series, held against what its periods differ by anyway.

Two periods can not show that; all periods of the series do, from four on
(`framing.measuring.contrasts.periodeffects`). Shapes: T periods, K labels, b draws at a time.
"""

from __future__ import annotations

import numpy as np

from framing.measuring.contrasts.periodeffects import FEWEST_SHOWN, PeriodShares
from framing.measuring.contrasts.series import Series
from framing.measuring.contrasts.sides import draw_errors
from framing.measuring.contrasts.spans import Draws, Unrest
from framing.measuring.intervals import Floats
from framing.measuring.tails import Tail
from framing.measuring.testing import permutation_p


def compare_ends(series: Series, places: tuple[int, int], draws: Draws) -> tuple[Unrest, Floats]:
    """Measure what periods add to the difference of two of them, and test it.

    The statistic is the difference over its standard error; its null are series of one level, drawn
    with the variance of periods that was found, and measured alike.

    Parameters
    ----------
    series : Series
    places : tuple of two int
        Of the earlier and the later period.
    draws : Draws

    Returns
    -------
    unrest : Unrest
        Nothing for labels in fewer than four periods.
    p : array (K,)
        NaN for these.
    """
    ends, periods = list(places), PeriodShares.take(series)
    rng = draws.plan.rng("permutations", "ends", series.source, places)
    gap = series.gradients[ends[1]] - series.gradients[ends[0]]
    calibration, sampling = draws.vary(gap), periods.sampling[ends].sum(axis=0)

    def size(shares: Floats, shift: Floats | float = 0.0) -> tuple[Floats, Floats, Floats]:
        """Give the studentised difference, its variance, and that of period effects."""
        scale, effects = periods.measure(shares)
        variance = scale * (sampling + 2 * effects)
        difference = shares[:, ends[1]] - shares[:, ends[0]] + shift
        return np.abs(difference) / np.sqrt(variance + calibration), variance, effects

    observed, variance, effects = (part[0] for part in size(periods.shares[None]))
    drawn = []
    for shares in periods.draw(effects, draws.plan.permutations, rng):
        errors = draw_errors(draws.covariances, len(shares), rng)
        drawn.append(size(shares, np.einsum("kj,bkj->bk", gap, errors))[0])
    sizes = np.concatenate(drawn)
    enough = (periods.n_periods >= FEWEST_SHOWN) & periods.held[ends].all(axis=0)
    p = permutation_p(observed, sizes, tail=Tail(2 / 3 * periods.n_periods))
    unrest = Unrest(
        variance=np.where(enough, variance - sampling, 0.0),
        reach=np.where(enough, np.quantile(sizes, draws.plan.level, axis=0), 0.0),
    )
    return unrest, np.where(enough, p, np.nan)
