"""How common each label is in each cell: the estimator that a cell's codings allow, and its bounds.

With hand codings enough in a cell, `framing.measuring.prevalence.powered`; without, the mean of
calibrated probabilities (`framing.measuring.prevalence.calibrated`), whose interval holds what
calibration may hide. C cells, P pairs of a cell and an article, K labels.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from framing.measuring.arrays import Bools
from framing.measuring.intervals import Floats, check_level
from framing.measuring.prevalence.calibrated import (
    CALIBRATED_MEAN,
    explain_variance,
    spread_calibration,
)
from framing.measuring.prevalence.cellestimates import CellEstimate, Estimator, find_powered
from framing.measuring.prevalence.corrected import CorrectedSums
from framing.measuring.prevalence.powered import PREDICTION_POWERED
from framing.measuring.prevalence.samples import Sampled, judge_codings
from framing.measuring.prevalence.scoreintervals import Spread, bound_shares
from framing.measuring.prevalence.tallies import CellTally, Strata, Tally
from framing.measuring.rates import sum_by_article

_BOUND = 1.96
"""Standard errors of a normal from the middle to a bound of 95%."""


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """How far each label's calibration can be trusted: arrays over K labels.

    Attributes
    ----------
    covariances : array (K, 2, 2)
        Of offset and slope on the log-odds; 0 where nothing is known.
    n_articles : array (K,)
        What they were learnt on.
    """

    covariances: Floats
    n_articles: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """Shares of C cells with their bounds: arrays (C, K)."""

    values: Floats
    lows: Floats
    highs: Floats
    methods: NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class CellShares:
    """All that is estimated of C cells.

    Attributes
    ----------
    by_unit, by_article : Shares
        Of units, and means of articles' shares.
    corrected : CorrectedSums
        What the shares by unit are made of.
    sampled : tuple of C Sampled
        What the codings of each cell can correct.
    n_units, n_articles, n_gold, n_gold_articles : arrays (C, K)
    """

    by_unit: Shares
    by_article: Shares
    corrected: CorrectedSums
    sampled: tuple[Sampled, ...]
    n_units: Floats
    n_articles: Floats
    n_gold: Floats
    n_gold_articles: Floats


def estimate_cells(
    tallies: CellTally,
    calibration: Calibration,
    *,
    explained: Floats | None = None,
    level: float = 0.95,
    census: bool = False,
) -> CellShares:
    """Estimate all shares of all cells.

    Parameters
    ----------
    tallies : CellTally
    calibration : Calibration
    explained : array (K,), optional
        From `explain_variance`; of these cells if not given.
    level : float
    census : bool
        The articles are all that there are.

    Raises
    ------
    InputError
        If `level` is not between 0 and 1.
    """
    check_level(level)
    tally = tallies.tally
    if explained is None:
        explained = explain_variance(tally)
    estimator = Estimator(explained, census)
    cells = list(_list_cells(tallies))
    sampled = tuple(judge_codings(part, strata) for part, strata in cells)
    by_unit, by_article = [], []
    for (part, strata), judged in zip(cells, sampled, strict=True):
        powered = find_powered(strata, judged)
        by_unit.append(estimator.estimate(part, judged, strata, powered))
        alike = _weigh_articles_alike(part, strata)
        by_article.append(estimator.estimate(alike[0], judged, alike[1], powered))
    shares = _bound(by_unit, calibration, level)
    corrected = _correct(tallies, by_unit, calibration, usable=~np.isnan(shares.values))
    counted = (tally.scored, tally.n_articles, tally.codings, tally.n_coded)
    counts = [sum_by_article(column, tallies.cells, len(cells)) for column in counted]
    averages = _bound(by_article, calibration, level)
    return CellShares(shares, averages, corrected, sampled, *counts)


def _list_cells(tallies: CellTally) -> Iterator[tuple[Tally, Strata | None]]:
    strata = tallies.strata or [None] * len(tallies.keys)
    yield from zip((part for _, part in tallies.split()), strata, strict=True)


def _weigh_articles_alike(tally: Tally, strata: Strata | None) -> tuple[Tally, Strata | None]:
    """Divide by each article's units, also where several are one block."""
    if strata is None:
        return tally.weigh_articles_alike(), None
    alike = strata.weigh_articles_alike()
    return alike.join_tallies(len(tally.units)), alike


def _correct(
    tallies: CellTally, cells: list[CellEstimate], calibration: Calibration, *, usable: Bools
) -> CorrectedSums:
    """Lay out what the shares by unit are made of, and what their articles do not show."""
    sums = CorrectedSums(
        keys=tallies.keys,
        cells=tallies.cells,
        articles=tallies.articles,
        n_articles=tallies.n_articles,
        sums=np.concatenate([cell.found.sums for cell in cells]),
        units=tallies.tally.units,
        gradients=np.array([cell.gradients for cell in cells]),
        covariances=calibration.covariances,
        usable=usable,
    )
    variance = np.array([cell.sampling.variance for cell in cells], np.float64)
    freedom = np.array([cell.sampling.freedom for cell in cells], np.float64)
    powered = np.array([cell.powered for cell in cells])
    extras = np.maximum(np.nan_to_num(variance) - sums.vary(), 0.0)
    coded = np.where(powered, np.minimum(freedom, sums.freedoms), sums.freedoms)
    return replace(sums, extras=extras, freedoms=coded)


def refuse_cells(shares: CellShares, refused: Bools) -> CellShares:
    """Keep refused cells (C, K) out of comparisons, but where hand codings correct them."""
    unknown = refused & (shares.by_unit.methods != PREDICTION_POWERED)
    corrected = replace(shares.corrected, usable=shares.corrected.usable & ~unknown)
    return replace(shares, corrected=corrected)


def widen_cells(shares: CellShares, reach: Floats) -> CellShares:
    """Let comparisons reach as far as (C, K), as a bound of 95% does, but where codings correct."""
    further = np.where(shares.by_unit.methods == PREDICTION_POWERED, 0.0, (reach / _BOUND) ** 2)
    extras = shares.corrected.extras + further
    return replace(shares, corrected=replace(shares.corrected, extras=extras))


def _bound(cells: list[CellEstimate], calibration: Calibration, level: float) -> Shares:
    """Give the shares of all cells their bounds, at once: quantiles of t are slow to find."""
    values, n_units, powered, thin = map(
        np.array,
        (
            [cell.found.values for cell in cells],
            [cell.found.n_units for cell in cells],
            [cell.powered for cell in cells],
            [cell.thin for cell in cells],
        ),
    )
    hidden = (
        spread_calibration(cell.gradients, calibration.covariances, calibration.n_articles)
        for cell in cells
    )
    spreads = [cell.found.spread + own for cell, own in zip(cells, hidden, strict=True)]
    spread = Spread(
        np.array([each.variance for each in spreads]), np.array([each.freedom for each in spreads])
    )
    lows, highs = bound_shares(values, spread, n_units=n_units, level=level)
    methods = np.where(powered, PREDICTION_POWERED, CALIBRATED_MEAN).astype(object)
    return Shares(
        np.clip(values, 0.0, 1.0),
        np.where(thin, np.nan, lows),
        np.where(thin, np.nan, highs),
        methods,
    )
