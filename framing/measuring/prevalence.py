"""How common each label is in each cell: the estimator that a cell's codings allow, and its bounds.

With hand codings enough in a cell, `framing.measuring.powered`; without, the mean of calibrated
probabilities (`framing.measuring.calibrated`), whose interval holds what calibration may hide.
C cells, P pairs of a cell and an article, K labels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from framing.measuring.arrays import Bools
from framing.measuring.calibrated import (
    CALIBRATED_MEAN,
    average_probabilities,
    explain_variance,
    find_gradients,
    spread_calibration,
)
from framing.measuring.corrected import CorrectedSums
from framing.measuring.intervals import Floats, check_level
from framing.measuring.powered import (
    PREDICTION_POWERED,
    Estimated,
    find_correctable,
    power_predictions,
)
from framing.measuring.scoreintervals import Spread, bound_shares
from framing.measuring.tallies import CellTally, Tally

FEWEST_ARTICLES = 2
"""One article cannot show how articles differ."""


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
    n_units, n_articles, n_gold, n_gold_articles : arrays (C, K)
    """

    by_unit: Shares
    by_article: Shares
    corrected: CorrectedSums
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
    if explained is None:
        explained = explain_variance(tallies.tally)
    parts = [part for _, part in tallies.split()]
    by_unit = [_estimate(part, calibration, explained, level, census=census) for part in parts]
    alike = [part.weigh_articles_alike() for part in parts]
    by_article = [_estimate(part, calibration, explained, level, census=census) for part in alike]
    values = np.array([cell.values for cell in by_unit])
    corrected = CorrectedSums(
        keys=tallies.keys,
        cells=tallies.cells,
        articles=tallies.articles,
        n_articles=tallies.n_articles,
        sums=np.concatenate([cell.sums for cell in by_unit]),
        units=tallies.tally.units,
        gradients=np.array([cell.gradients for cell in by_unit]),
        covariances=calibration.covariances,
        usable=~np.isnan(values),
    )
    return CellShares(
        _stack(by_unit),
        _stack(by_article),
        corrected,
        *(
            np.array([count(part) for part in parts], np.float64)
            for count in (_count_units, _count_articles, _count_gold, _count_gold_articles)
        ),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Cell:
    """One cell: arrays (K,), sums (P, K), gradients (K, 2)."""

    values: Floats
    lows: Floats
    highs: Floats
    powered: Bools
    sums: Floats
    gradients: Floats


def _estimate(
    tally: Tally, calibration: Calibration, explained: Floats, level: float, *, census: bool
) -> _Cell:
    plain = average_probabilities(tally, explained=explained, census=census)
    gradients = find_gradients(tally)
    hidden = spread_calibration(gradients, calibration.covariances, calibration.n_articles)
    found = Estimated(plain.values, plain.spread + hidden, plain.sums, plain.n_units)
    powered = find_correctable(tally)
    if powered.any():
        found = _choose(powered, power_predictions(tally, census=census), found)
    lows, highs = bound_shares(found.values, found.spread, n_units=found.n_units, level=level)
    thin = ((tally.scored > 0).sum(axis=0) < FEWEST_ARTICLES) & ~powered & (not census)
    values = np.clip(found.values, 0.0, 1.0)
    return _Cell(
        values,
        np.where(thin, np.nan, lows),
        np.where(thin, np.nan, highs),
        powered,
        found.sums,
        np.where(powered[:, None], 0.0, gradients),
    )


def _choose(powered: Bools, corrected: Estimated, plain: Estimated) -> Estimated:
    """Take the corrected shares where there are codings enough."""
    spread = Spread(
        np.where(powered, corrected.spread.variance, plain.spread.variance),
        np.where(powered, corrected.spread.freedom, plain.spread.freedom),
    )
    return Estimated(
        np.where(powered, corrected.values, plain.values),
        spread,
        np.where(powered, corrected.sums, plain.sums),
        np.where(powered, corrected.n_units, plain.n_units),
    )


def _stack(cells: list[_Cell]) -> Shares:
    methods = np.where([cell.powered for cell in cells], PREDICTION_POWERED, CALIBRATED_MEAN)
    values, lows, highs = (
        np.array([getattr(cell, name) for cell in cells]) for name in ("values", "lows", "highs")
    )
    return Shares(values, lows, highs, methods.astype(object))


def _count_units(tally: Tally) -> Floats:
    return np.asarray(tally.scored.sum(axis=0))


def _count_articles(tally: Tally) -> Floats:
    return np.asarray((tally.scored > 0).sum(axis=0))


def _count_gold(tally: Tally) -> Floats:
    return np.asarray(tally.codings.sum(axis=0))


def _count_gold_articles(tally: Tally) -> Floats:
    return np.asarray((tally.codings > 0).sum(axis=0))
