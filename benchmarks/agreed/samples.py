"""Samples of units, some of them coded, and their tallies as ours takes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit

from framing.measuring.intervals import Floats
from framing.measuring.prevalence.tallies import Tally, UnitTable, tally_cells


@dataclass(frozen=True, slots=True)
class Sample:
    """Single units with predictions; the first `n_coded` are coded by hand.

    Attributes
    ----------
    name : str
    predictions : array (n,)
    truth : array (n_coded,)
    """

    name: str
    predictions: Floats
    truth: Floats

    @property
    def n_coded(self) -> int:
        """How many units are coded."""
        return len(self.truth)


def draw_samples(rng: np.random.Generator) -> Iterator[Sample]:
    """Draw samples of common and rare labels, of good and skewed predictions, small and large."""
    for prevalence in (-3.0, -1.0, 0.5):
        for skew in (0.0, 1.0):
            for n_coded, n_units in ((30, 400), (300, 900), (500, 20_000)):
                odds = rng.normal(prevalence, 1.5, n_units)
                truth = rng.random(n_coded) < expit(odds[:n_coded])
                name = f"{prevalence:g}, {skew:g}, {n_coded} of {n_units}"
                yield Sample(name, expit(odds + skew), truth.astype(np.float64))


def tally(sample: Sample, *, among: bool) -> Tally:
    """Tally a sample's units; the coded ones count among the predictions or stand apart."""
    n_units = len(sample.predictions)
    truth = np.full(n_units, np.nan)
    truth[: sample.n_coded] = sample.truth
    units = UnitTable(
        probabilities=sample.predictions[:, None],
        decisions=sample.predictions[:, None] > 0.5,
        truth=truth[:, None],
        weights=np.ones(n_units),
        articles=np.arange(n_units),
        n_articles=n_units,
    )
    sums = tally_cells(units, [("", None)] * n_units).tally
    if among:
        return sums
    apart = np.arange(n_units)[:, None] >= sample.n_coded
    names = ("scored", "units", "unit_squares", "predicted", "noise", "bend", "squares", "decided")
    return replace(sums, **{name: getattr(sums, name) * apart for name in names})
