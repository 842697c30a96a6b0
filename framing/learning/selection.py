"""Choosing features and C by out-of-fold average precision, averaged over frames (or values)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from sklearn.metrics import average_precision_score

from framing.learning.crossfitting import Candidate, combine
from framing.learning.dataset import NOT_CODED, Dataset, FloatArray, IntArray


def choose_candidate(
    scores: Mapping[Candidate, FloatArray], dataset: Dataset, rows: IntArray
) -> Candidate:
    """Choose recipe, C and prior for the frames, then C for the stances given that recipe.

    Parameters
    ----------
    scores : mapping of Candidate to array (n, K)
        Out-of-fold scores; only `rows` of them are read. Of candidates that tie, the first wins.
    """
    if not dataset.frame_ids:
        return max(scores, key=lambda c: rate_stances(scores[c], dataset, rows))
    chosen = max(scores, key=lambda c: rate_frames(scores[c], dataset, rows))
    fitting = [candidate for candidate in scores if candidate.recipe == chosen.recipe]
    stances = max(fitting, key=lambda c: rate_stances(scores[c], dataset, rows))
    return combine(chosen, stances)


def rate_frames(scores: FloatArray, dataset: Dataset, rows: IntArray) -> float:
    """Return the mean average precision over frames that have both codes among `rows`."""
    rates = []
    for column in range(len(dataset.frame_ids)):
        codes = dataset.frames[rows, column]
        coded = ~np.isnan(codes)
        rates.append(_rate(codes[coded] > 0, scores[rows[coded], column]))
    return _average(rates)


def rate_stances(scores: FloatArray, dataset: Dataset, rows: IntArray) -> float:
    """Return the mean average precision over values, each against its target's others."""
    rates = []
    for stance, columns in dataset.stance_columns():
        coded = rows[stance.codes[rows] != NOT_CODED]
        block = scores[coded, columns]
        block = block - block.max(axis=1, keepdims=True, initial=0.0)
        shares = np.exp(block) / np.exp(block).sum(axis=1, keepdims=True)
        rates += [
            _rate(stance.codes[coded] == value, shares[:, value])
            for value in range(len(stance.values))
        ]
    return _average(rates)


def _rate(present: np.ndarray[tuple[int], np.dtype[np.bool_]], scores: FloatArray) -> float:
    if not present.any() or present.all():
        return np.nan
    return float(average_precision_score(present, scores))


def _average(rates: list[float]) -> float:
    known = [rate for rate in rates if not np.isnan(rate)]
    return float(np.mean(known)) if known else 0.0


def merge_scores(
    scores: Mapping[Candidate, FloatArray], best: Candidate, dataset: Dataset
) -> FloatArray:
    """Return the scores (n, K) of a candidate put together from two of those scored."""
    n_frames = len(dataset.frame_ids)
    alike = {c: part for c, part in scores.items() if c.recipe == best.recipe}
    of_frames = next(
        part for c, part in alike.items() if (c.C_frames, c.prior) == (best.C_frames, best.prior)
    )
    of_stances = next(part for c, part in alike.items() if c.C_stances == best.C_stances)
    return np.hstack([of_frames[:, :n_frames], of_stances[:, n_frames:]])
