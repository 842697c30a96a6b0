"""How common each label is in each cell: the estimator that a cell's codings allow, and its bounds.

With hand codings enough in a cell, `framing.measuring.powered`; without, the mean of calibrated
probabilities (`framing.measuring.calibrated`), whose interval holds what calibration may hide.
C cells, P pairs of a cell and an article, K labels.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

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
from framing.measuring.rates import sum_by_article
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
    tally = tallies.tally
    if explained is None:
        explained = explain_variance(tally)
    parts = [part for _, part in tallies.split()]
    powered = [find_correctable(part) for part in parts]
    by_unit, by_article = (
        [
            _estimate(part, calibration, explained, corrected, census=census)
            for part, corrected in zip(weighed, powered, strict=True)
        ]
        for weighed in (parts, [part.weigh_articles_alike() for part in parts])
    )
    shares = _bound(by_unit, level)
    corrected = _correct(tallies, by_unit, calibration, usable=~np.isnan(shares.values))
    counted = (tally.scored, tally.scored > 0, tally.codings, tally.codings > 0)
    counts = [
        sum_by_article(np.asarray(column, np.float64), tallies.cells, len(parts))
        for column in counted
    ]
    return CellShares(shares, _bound(by_article, level), corrected, *counts)


def _correct(
    tallies: CellTally, cells: list[_Cell], calibration: Calibration, *, usable: Bools
) -> CorrectedSums:
    """Lay out what the shares by unit are made of, and what their articles do not show."""
    sums = CorrectedSums(
        keys=tallies.keys,
        cells=tallies.cells,
        articles=tallies.articles,
        n_articles=tallies.n_articles,
        sums=np.concatenate([cell.sums for cell in cells]),
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
    """Keep refused cells (C,) out of comparisons, but where hand codings correct them."""
    unknown = refused[:, None] & (shares.by_unit.methods != PREDICTION_POWERED)
    corrected = replace(shares.corrected, usable=shares.corrected.usable & ~unknown)
    return replace(shares, corrected=corrected)


@dataclass(frozen=True, slots=True, eq=False)
class _Cell:
    """One cell: arrays (K,), sums (P, K), gradients (K, 2); `thin` has no interval.

    The `spread` is that of the sampling, if there is one, and of what calibration hides; that of
    `sampling` alone, as comparisons know no census, is for them.
    """

    values: Floats
    sampling: Spread
    spread: Spread
    n_units: Floats
    powered: Bools
    thin: Bools
    sums: Floats
    gradients: Floats


def _estimate(
    tally: Tally, calibration: Calibration, explained: Floats, powered: Bools, *, census: bool
) -> _Cell:
    found = _find_shares(tally, explained, powered, census=census)
    sample = _find_shares(tally, explained, powered, census=False) if census else found
    gradients = np.where(powered[:, None], 0.0, find_gradients(tally))
    hidden = spread_calibration(gradients, calibration.covariances, calibration.n_articles)
    thin = ((tally.scored > 0).sum(axis=0) < FEWEST_ARTICLES) & ~powered & (not census)
    return _Cell(
        found.values,
        sample.spread,
        found.spread + hidden,
        found.n_units,
        powered,
        thin,
        found.sums,
        gradients,
    )


def _find_shares(tally: Tally, explained: Floats, powered: Bools, *, census: bool) -> Estimated:
    found = average_probabilities(tally, explained=explained, census=census)
    if not powered.any():
        return found
    return _choose(powered, power_predictions(tally, census=census), found)


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


def _bound(cells: list[_Cell], level: float) -> Shares:
    """Give the shares of all cells their bounds, at once: quantiles of t are slow to find."""
    values, n_units, powered, thin = (
        np.array([getattr(cell, name) for cell in cells])
        for name in ("values", "n_units", "powered", "thin")
    )
    spread = Spread(
        np.array([cell.spread.variance for cell in cells]),
        np.array([cell.spread.freedom for cell in cells]),
    )
    lows, highs = bound_shares(values, spread, n_units=n_units, level=level)
    methods = np.where(powered, PREDICTION_POWERED, CALIBRATED_MEAN).astype(object)
    return Shares(
        np.clip(values, 0.0, 1.0),
        np.where(thin, np.nan, lows),
        np.where(thin, np.nan, highs),
        methods,
    )
