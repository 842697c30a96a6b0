"""One cell's shares, by the estimator that its codings allow: as a whole, or part by part.

Post-stratification (Holt & Smith 1979, *Post stratification*): where codings are no sample of a
cell but enough of its strata have codings of their own, the share is the mean of the strata's
shares, each weighed by its units. P blocks of articles of a cell, S strata, K labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from framing.measuring.arrays import Bools
from framing.measuring.intervals import Floats
from framing.measuring.prevalence.calibrated import average_probabilities, find_gradients
from framing.measuring.prevalence.powered import Estimated, find_correctable, power_predictions
from framing.measuring.prevalence.samples import Sampled
from framing.measuring.prevalence.scoreintervals import Spread
from framing.measuring.prevalence.tallies import Strata, Tally
from framing.measuring.rates import divide

FEWEST_ARTICLES = 2
"""One article cannot show how articles differ."""


@dataclass(frozen=True, slots=True, eq=False)
class CellEstimate:
    """One cell: arrays (K,), gradients (K, 2).

    Attributes
    ----------
    found : Estimated
        Its spread is that of the sampling, if there is one; calibration is apart.
    sampling : Spread
        As comparisons take it, which know no census.
    powered : array of bool
        Codings correct it.
    thin : array of bool
        There is no interval.
    gradients : array
        How calibration moves the shares; 0 where codings leave nothing to it.
    """

    found: Estimated
    sampling: Spread
    powered: Bools
    thin: Bools
    gradients: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Estimator:
    """How cells are estimated.

    Attributes
    ----------
    explained : array (K,)
        From `framing.measuring.prevalence.calibrated.explain_variance`.
    census : bool
        The articles are all that there are.
    """

    explained: Floats
    census: bool = False

    def estimate(
        self, tally: Tally, sampled: Sampled, strata: Strata | None, powered: Sequence[Bools]
    ) -> CellEstimate:
        """Estimate a cell as a whole, and by its strata where that is what codings can correct.

        Parameters
        ----------
        tally : Tally
        sampled : Sampled
        strata : Strata or None
        powered : sequence of S arrays (K,)
            Labels that codings of the strata correct.
        """
        whole = self.estimate_whole(tally, sampled.whole)
        if strata is None or not sampled.parts.any():
            return whole
        parts = [
            self.estimate_whole(part, corrected)
            for part, corrected in zip(strata.tallies, powered, strict=True)
        ]
        joined = _join(strata, parts, len(tally.units))
        return _choose_estimate(sampled.parts, joined, whole)

    def estimate_whole(self, tally: Tally, powered: Bools) -> CellEstimate:
        """Estimate a cell, or a stratum, by one formula a label."""
        found = self._find_shares(tally, powered, census=self.census)
        sample = self._find_shares(tally, powered, census=False) if self.census else found
        few = (tally.scored > 0).sum(axis=0) < FEWEST_ARTICLES
        return CellEstimate(
            found,
            sample.spread,
            powered,
            few & ~powered & (not self.census),
            np.where(powered[:, None], 0.0, find_gradients(tally)),
        )

    def _find_shares(self, tally: Tally, powered: Bools, *, census: bool) -> Estimated:
        found = average_probabilities(tally, explained=self.explained, census=census)
        if not powered.any():
            return found
        return _choose(powered, power_predictions(tally, census=census), found)


def find_powered(strata: Strata | None, sampled: Sampled) -> list[Bools]:
    """Tell which labels the codings of each stratum correct, where that is asked for."""
    if strata is None or not sampled.parts.any():
        return []
    return [find_correctable(part) for part in strata.tallies]


def _join(strata: Strata, parts: Sequence[CellEstimate], n_blocks: int) -> CellEstimate:
    """Weigh strata by their units; one without any counts for nothing."""
    units = np.array([part.units.sum(axis=0) for part in strata.tallies])
    weights = np.nan_to_num(divide(units, np.broadcast_to(units.sum(axis=0), units.shape)))
    values, n_units, gradients = (
        np.nan_to_num(np.array(column))
        for column in (
            [part.found.values for part in parts],
            [part.found.n_units for part in parts],
            [part.gradients for part in parts],
        )
    )
    size = divide(np.ones(weights.shape[1:]), (weights**2 / np.maximum(n_units, 1e-12)).sum(axis=0))
    found = Estimated(
        (weights * values).sum(axis=0),
        _add_spreads(weights, [part.found.spread for part in parts]),
        strata.join([part.found.sums for part in parts], n_blocks),
        size,
    )
    return CellEstimate(
        found,
        _add_spreads(weights, [part.sampling for part in parts]),
        np.ones(weights.shape[1:], np.bool_),
        np.zeros(weights.shape[1:], np.bool_),
        (weights[:, :, None] * gradients).sum(axis=0),
    )


def _add_spreads(weights: Floats, spreads: Sequence[Spread]) -> Spread:
    total = Spread(np.zeros(weights.shape[1:]), np.full(weights.shape[1:], np.inf))
    for weight, spread in zip(weights, spreads, strict=True):
        held = weight > 0
        total += Spread(
            np.where(held, weight**2 * spread.variance, 0.0), np.where(held, spread.freedom, np.inf)
        )
    return total


def _choose_estimate(chosen: Bools, one: CellEstimate, other: CellEstimate) -> CellEstimate:
    return CellEstimate(
        _choose(chosen, one.found, other.found),
        _choose_spread(chosen, one.sampling, other.sampling),
        np.where(chosen, one.powered, other.powered),
        np.where(chosen, one.thin, other.thin),
        np.where(chosen[:, None], one.gradients, other.gradients),
    )


def _choose(chosen: Bools, one: Estimated, other: Estimated) -> Estimated:
    """Take one estimate where `chosen` (K,), the other elsewhere."""
    return Estimated(
        np.where(chosen, one.values, other.values),
        _choose_spread(chosen, one.spread, other.spread),
        np.where(chosen, one.sums, other.sums),
        np.where(chosen, one.n_units, other.n_units),
    )


def _choose_spread(chosen: Bools, one: Spread, other: Spread) -> Spread:
    return Spread(
        np.where(chosen, one.variance, other.variance),
        np.where(chosen, one.freedom, other.freedom),
    )
