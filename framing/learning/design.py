"""How training is laid out: folds, seed, and what settings are chosen for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

import numpy as np

from framing.learning.selection import METRICS, Metric
from framing.schema import InputError


class Draws(TypedDict):
    """What functions that resample articles are told."""

    rng: np.random.Generator
    resamples: int


@dataclass(frozen=True, slots=True)
class Resampling:
    """Seed and number of the resamples of articles behind every interval."""

    seed: int = 0
    resamples: int = 1000

    def begin(self) -> Draws:
        """Begin anew, so that all that is compared is measured in the same resamples."""
        return {"rng": np.random.default_rng(self.seed), "resamples": self.resamples}


@dataclass(frozen=True, slots=True)
class Design:
    """How cross-validation is laid out.

    Attributes
    ----------
    n_folds, n_inner_folds : int
    seed : int
    resamples : int
        Of the article bootstrap behind every interval.
    most_searched : int
        Units that settings are searched on; of more, a sample of whole articles is.
    optimise : {"macro-f1", "micro-f1", "average-precision"}
        What settings and thresholds are chosen for.
    precision : float
        What sure decisions on frames promise, from 0.5 to below 1.

    Raises
    ------
    InputError
        If metric, precision or number of resamples is none.
    """

    n_folds: int = 5
    n_inner_folds: int = 3
    seed: int = 0
    resamples: int = 1000
    most_searched: int = 5000
    optimise: Metric = "average-precision"
    precision: float = 0.9

    def __post_init__(self) -> None:
        """Refuse what cannot be aimed at, before anything is computed."""
        if self.optimise not in METRICS:
            raise InputError(
                f"'{self.optimise}' cannot be optimised", fix=f"choose one of {', '.join(METRICS)}"
            )
        if not 0.5 <= self.precision < 1.0:
            raise InputError(
                f"a precision of {self.precision:g} cannot be promised",
                fix="give a share from 0.5 to below 1",
            )
        if self.resamples < 1:
            raise InputError(f"{self.resamples} resamples asked for", fix="ask for 1 or more")

    @property
    def resampling(self) -> Resampling:
        """How intervals come about."""
        return Resampling(self.seed, self.resamples)
