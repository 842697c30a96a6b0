"""Platt's sigmoid (1999) from scores to probabilities, with his smoothed targets."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from framing.learning.dataset import FloatArray

_LEAST_SPREAD = 1e-3
"""Scores that differ by less are alike: solvers stop at a tolerance no finer."""


def fit_platt(scores: FloatArray, present: NDArray[np.generic]) -> tuple[float, float]:
    """Fit slope and offset of sigmoid(slope * score + offset), scores (n,) to codes (n,).

    A slope is never negative: scores that rank backwards are held to say nothing, as are scores
    that are all but equal. Of no units at all the probability is 0.5.

    Examples
    --------
    >>> slope, offset = fit_platt(np.array([-2.0, -1.0, 1.0, 2.0]), np.array([0, 0, 1, 1]))
    >>> slope > 0, abs(offset) < 1e-3
    (True, True)
    """
    if not len(present):
        return 0.0, 0.0
    n_positive = float(np.sum(present))
    n_negative = len(present) - n_positive
    high, low = (n_positive + 1.0) / (n_positive + 2.0), 1.0 / (n_negative + 2.0)
    target = np.where(np.asarray(present) > 0, high, low)
    prior = float(np.log(target.mean() / (1.0 - target.mean())))
    if not n_positive or not n_negative or np.ptp(scores) < _LEAST_SPREAD:
        return 0.0, prior
    centre, spread = float(np.mean(scores)), float(np.std(scores))
    standardised = (scores - centre) / spread
    model = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-8).fit(
        np.concatenate([standardised, standardised])[:, None],
        np.repeat([1, 0], len(scores)),
        sample_weight=np.concatenate([target, 1.0 - target]),
    )
    slope = float(model.coef_[0, 0]) / spread
    return (slope, float(model.intercept_[0]) - slope * centre) if slope > 0 else (0.0, prior)
