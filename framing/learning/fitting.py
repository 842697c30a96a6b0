"""Logistic regressions on one matrix of features: one a frame, one multinomial a stance target."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from framing.learning.dataset import NOT_CODED, Dataset, FloatArray, IntArray, StanceColumn

_FRAME_TOLERANCE = 1e-2
_STANCE_TOLERANCE = 1e-4
"""At these, probabilities are within .002 (liblinear) and .02 (Newton) of the exact optimum."""

_MOST_ITERATIONS = 5000
UNSEEN_VALUE = -20.0
"""Score of a stance value that no training unit holds: a probability near 2e-9."""


@dataclass(frozen=True, slots=True, eq=False)
class Hints:
    """Features (q, V) of the dataset's pseudo-units, and what each weighs beside a unit."""

    features: sp.csr_array
    weight: float


@dataclass(frozen=True, slots=True, eq=False)
class LinearScores:
    """Score columns as a linear map: X (n, V) to ``X @ coefficients + intercepts``, (n, K)."""

    coefficients: FloatArray
    intercepts: FloatArray

    def score(self, features: sp.csr_array) -> FloatArray:
        """Return scores (n, K)."""
        return np.asarray(features @ self.coefficients + self.intercepts)


def fit_heads(
    features: sp.csr_array,
    dataset: Dataset,
    rows: IntArray,
    *,
    C_frames: float,
    C_stances: float,
    seed: int,
    hints: Hints | None = None,
) -> LinearScores:
    """Fit every score column on the coded units among `rows`, whose features are given, (m, V).

    Uncoded cells are left out. A frame that is present everywhere or nowhere gets no coefficients,
    and for a score the log-odds of its smoothed share.
    """
    return join_scores(
        fit_frames(features, dataset, rows, C=C_frames, seed=seed, hints=hints),
        fit_stances(features, dataset, rows, C=C_stances),
    )


def fit_frames(
    features: sp.csr_array,
    dataset: Dataset,
    rows: IntArray,
    *,
    C: float,
    seed: int,
    hints: Hints | None = None,
) -> LinearScores:
    """Fit the score columns of all frames, with the codebook's hints if they are given."""
    codes, weights = dataset.frames[rows], np.ones(len(rows))
    if hints is not None and len(dataset.prior):
        features = sp.csr_array(sp.vstack([features, hints.features], "csr"))
        codes = np.vstack([codes, dataset.prior.frames])
        weights = np.append(weights, np.full(len(dataset.prior), hints.weight))
    with threadpool_limits(1):  # one thread gives the same sums whatever the number of workers
        fitted = [
            _fit_frame(features, codes[:, column], weights, n=len(rows), C=C, seed=seed)
            for column in range(len(dataset.frame_ids))
        ]
    return join_scores(_fit_nothing(features), *fitted)


def fit_stances(
    features: sp.csr_array,
    dataset: Dataset,
    rows: IntArray,
    *,
    C: float,
) -> LinearScores:
    """Fit the score columns of all stance targets."""
    with threadpool_limits(1):
        fitted = [_fit_stance(features, s, s.codes[rows], C=C) for s in dataset.stances]
    return join_scores(_fit_nothing(features), *fitted)


def join_scores(*parts: LinearScores) -> LinearScores:
    """Put score columns side by side."""
    return LinearScores(
        np.hstack([part.coefficients for part in parts]),
        np.concatenate([part.intercepts for part in parts]),
    )


def _fit_nothing(features: sp.csr_array) -> LinearScores:
    return LinearScores(np.zeros((features.shape[1], 0)), np.zeros(0))


def _fit_frame(
    features: sp.csr_array,
    codes: FloatArray,
    weights: FloatArray,
    *,
    n: int,
    C: float,
    seed: int,
) -> LinearScores:
    """Fit one frame on the coded of all rows, of which the first n are units."""
    units = codes[:n][~np.isnan(codes[:n])] > 0
    if units.all() or not units.any():
        share = (units.sum() + 0.5) / (len(units) + 1.0)
        return LinearScores(np.zeros((features.shape[1], 1)), np.log([share / (1 - share)]))
    coded = np.flatnonzero(~np.isnan(codes))
    model = LogisticRegression(
        C=C,
        solver="liblinear",
        dual=True,
        tol=_FRAME_TOLERANCE,
        max_iter=_MOST_ITERATIONS,
        random_state=seed,
    ).fit(features[coded], codes[coded] > 0, sample_weight=weights[coded])
    return LinearScores(model.coef_.T, model.intercept_)


def _fit_stance(
    features: sp.csr_array,
    stance: StanceColumn,
    codes: IntArray,
    *,
    C: float,
) -> LinearScores:
    coded = np.flatnonzero(codes != NOT_CODED)
    seen = np.unique(codes[coded])
    coefficients = np.zeros((features.shape[1], len(stance.values)))
    intercepts = np.full(len(stance.values), UNSEEN_VALUE)
    intercepts[seen] = 0.0
    if len(seen) >= 2:
        model = LogisticRegression(
            C=C, solver="newton-cg", tol=_STANCE_TOLERANCE, max_iter=_MOST_ITERATIONS
        ).fit(features[coded].astype(np.float32), codes[coded])  # a quarter faster, and as exact
        # With two values scikit-learn keeps one column, for the second against the first.
        columns = seen if len(seen) > 2 else seen[1:]
        coefficients[:, columns] = model.coef_.T
        intercepts[columns] = model.intercept_
    return LinearScores(coefficients, intercepts)
