"""How often a frame is there when a model says it is: reliability curves, one a frame.

What a reliability diagram draws (DeGroot & Fienberg 1983, *The comparison and evaluation of
forecasters*, The Statistician 32), in the bins of the calibration error. Shapes: n units, F frames,
A articles, b resamples at a time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from framing.measuring.arrays import Bools
from framing.measuring.intervals import ArticleResampler, Codes, Floats
from framing.measuring.judging.estimation import estimate_scores
from framing.measuring.rates import N_BINS, assign_bins, divide


@dataclass(frozen=True, slots=True)
class ReliabilityCurve:
    """Predicted probabilities of one frame beside what is observed, bin by bin.

    Bins are equally wide and closed above, as the calibration error has them: [0, .1], (.1, .2],
    ..., (.9, 1]. The mean over units of |observed - predicted| of their bin is that error.

    Attributes
    ----------
    n_units : tuple of 10 int
        Coded units.
    predicted : tuple of 10 float
        Mean probability; NaN in an empty bin.
    observed : tuple of 10 float
        Share of units that carry the frame, 0-1; NaN in an empty bin.
    low, high : tuple of 10 float
        Interval of `observed`; NaN in bins with units of fewer than two articles. Where all units
        of a bin are alike it has no width, and says nothing of how uncertain that is.
    """

    n_units: tuple[int, ...]
    predicted: tuple[float, ...]
    observed: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]

    def round_to(self, digits: int) -> ReliabilityCurve:
        """Return the curve with all shares rounded, for where space counts.

        >>> curve = ReliabilityCurve((3,), (0.123456,), (1 / 3,), (0.0,), (0.7071,))
        >>> curve.round_to(2).predicted, curve.round_to(2).observed
        ((0.12,), (0.33,))
        """
        shares = (self.predicted, self.observed, self.low, self.high)
        return ReliabilityCurve(
            self.n_units, *(_list_floats(np.round(share, digits)) for share in shares)
        )


@dataclass(frozen=True, slots=True, eq=False)
class BinTallies:
    """Coded units, and those that carry the frame, of each article, frame and bin.

    Attributes
    ----------
    units, present : arrays (A, F, 10)
    """

    units: Floats
    present: Floats

    def score(self, counts: Floats) -> Floats:
        """Give the observed shares under counts (b, A): an array (b, F, 10); NaN if empty."""
        present, units = (np.tensordot(counts, part, 1) for part in (self.present, self.units))
        return divide(present, units)

    def support(self) -> Floats:
        """Count the articles that each share rests on: an array (F, 10)."""
        return np.asarray((self.units > 0).sum(axis=0), dtype=np.float64)


def trace_curves(
    truth: Bools,
    coded: Bools,
    *,
    scores: Floats,
    resampler: ArticleResampler,
    labels: Sequence[str],
    level: float = 0.95,
) -> dict[str, ReliabilityCurve]:
    """Trace the reliability curve of every frame.

    Parameters
    ----------
    truth, coded : arrays (n, F) of bool
        What is present, and what is coded: nothing else counts.
    scores : array (n, F)
        Probabilities, 0-1.
    resampler : ArticleResampler
        Of the n units.
    labels : sequence of F strings
    level : float
        Of the intervals, which come from the article bootstrap.

    Returns
    -------
    dict of str to ReliabilityCurve
        In the order of `labels`.

    Raises
    ------
    InputError
        If `level` is not between 0 and 1.

    Examples
    --------
    >>> truth, scores = np.array([[True], [False], [True]]), np.array([[0.62], [0.68], [0.9]])
    >>> resampler = ArticleResampler.draw("abc", resamples=99, rng=np.random.default_rng(0))
    >>> coded = np.ones((3, 1), dtype=bool)
    >>> curves = trace_curves(truth, coded, scores=scores, resampler=resampler, labels=["lag"])
    >>> curve = curves["lag"]
    >>> curve.n_units[6:], round(curve.predicted[6], 2), curve.observed[6:]
    ((2, 0, 1, 0), 0.65, (0.5, nan, 1.0, nan))
    >>> curve.low[6:], curve.high[6:]
    ((0.0, nan, nan, nan), (1.0, nan, nan, nan))
    """
    rows, columns = np.nonzero(coded)
    values = scores[rows, columns]
    bins = columns * N_BINS + assign_bins(values)
    cells = resampler.codes[rows] * (len(labels) * N_BINS) + bins
    shape = (resampler.n_articles, len(labels), N_BINS)
    tallies = BinTallies(_sum_cells(cells, shape), _sum_cells(cells[truth[coded]], shape))
    table = estimate_scores(tallies, resampler, level=level, width=len(labels) * N_BINS)
    n_units = tallies.units.sum(axis=0)
    predicted = divide(_sum_cells(bins, shape[1:], weights=values), n_units)
    parts = (predicted, table.values, table.lows, table.highs)
    return {
        label: ReliabilityCurve(
            tuple(n_units[row].astype(int).tolist()), *(_list_floats(part[row]) for part in parts)
        )
        for row, label in enumerate(labels)
    }


def _sum_cells(cells: Codes, shape: tuple[int, ...], *, weights: Floats | None = None) -> Floats:
    """Count the entries of each cell of an array, or sum their weights."""
    sums = np.bincount(cells, weights=weights, minlength=math.prod(shape))
    return np.asarray(sums.reshape(shape), dtype=np.float64)


def _list_floats(values: Floats) -> tuple[float, ...]:
    """List floats with one and the same NaN throughout, so that equal curves compare equal."""
    return tuple(math.nan if math.isnan(value) else value for value in values.tolist())
