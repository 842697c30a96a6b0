"""Whether sure decisions keep the precision that was promised for them.

Shapes: n units, F frames.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from framing.measuring.arrays import read_decisions, read_truth
from framing.measuring.intervals import ArticleResampler
from framing.measuring.judging.estimation import estimate_scores
from framing.measuring.judging.judges import Tallies
from framing.measuring.judging.reports import MICRO
from framing.measuring.judging.resampling import resample_coded
from framing.schema import Described, Estimate


@dataclass(frozen=True, slots=True)
class Promise(Described):
    """How one frame's sure decisions did.

    Attributes
    ----------
    present, absent : Estimate
        Share of right ones among the surely present, and among the surely absent, 0-1; NaN where
        there are none. Their ``n_units`` counts them.
    uncertain : float
        Share of coded units that are neither.
    n_units : int
        Coded units.
    """

    present: Estimate
    absent: Estimate
    uncertain: float
    n_units: int


def measure_promises(
    Y: ArrayLike,
    D: ArrayLike,
    sure: ArrayLike,
    groups: Sequence[Hashable] | NDArray[Any],
    labels: Sequence[str],
    *,
    rng: np.random.Generator,
    resamples: int = 1000,
    level: float = 0.95,
) -> Mapping[str, Promise]:
    """Judge the sure decisions on frames, one promise a frame and one for all cells together.

    Parameters
    ----------
    Y : array (n, F)
        1 present, 0 absent, NaN not coded: left out of every share.
    D, sure : arrays (n, F) of bool
        Decisions, and which of them are not uncertain.
    groups : sequence of n hashables
        Article of each unit.
    labels : sequence of F strings
    rng : numpy.random.Generator
    resamples : int
    level : float

    Raises
    ------
    InputError
        If shapes or lengths differ, or `Y` holds other than 1, 0 and NaN.

    Examples
    --------
    >>> Y, D, sure = [[1], [0], [1], [0]], [[1], [1], [1], [0]], [[1], [0], [1], [1]]
    >>> kept = measure_promises(Y, D, sure, "abcd", ["lag"], rng=np.random.default_rng(0))
    >>> kept["lag"].present.value, kept["lag"].present.n_units, kept["lag"].uncertain
    (1.0, 2, 0.25)
    """
    truth, coded = read_truth(Y, len(labels))
    decided, certain = read_decisions(D, coded), read_decisions(sure, coded)
    kept = np.asarray(coded.any(axis=1), dtype=np.bool_)
    resampler = resample_coded(groups, kept, resamples=resamples, rng=rng)
    truth, coded, decided, certain = (part[kept] for part in (truth, coded, decided, certain))
    sides = [
        _judge(truth, decided & certain, resampler, level=level),
        _judge(~truth & coded, ~decided & certain, resampler, level=level),
    ]
    n_units = np.append(coded.sum(axis=0), coded.sum())
    n_sure = np.append(certain.sum(axis=0), certain.sum())
    return {
        name: Promise(
            sides[0][k],
            sides[1][k],
            float(1.0 - n_sure[k] / n_units[k]) if n_units[k] else float("nan"),
            int(n_units[k]),
        )
        for k, name in enumerate([*labels, MICRO])
    }


def _judge(
    right: NDArray[np.bool_],
    claimed: NDArray[np.bool_],
    resampler: ArticleResampler,
    *,
    level: float,
) -> list[Estimate]:
    """Estimate the precision of claims (n, F), label by label and then pooled."""
    tallies = Tallies.count(right, claimed, resampler)
    table = estimate_scores(tallies, resampler, level=level)
    counts = np.append(claimed.sum(axis=0), claimed.sum())
    articles = np.append((tallies.claimed > 0).sum(axis=0), (tallies.claimed.sum(axis=1) > 0).sum())
    nothing = Estimate(np.nan, np.nan, np.nan, 0, 0, "article-bootstrap", level)
    return [
        table.row(k, n_units=int(count), n_articles=int(articles[k]))[0] if count else nothing
        for k, count in enumerate(counts)
    ]
