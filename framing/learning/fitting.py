"""From features and codes to linear scores: one logistic regression a frame, one softmax a target.

Every setting that shares a matrix is fitted in one batch (see `framing.learning.logistic`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from framing.learning.candidates import Candidate
from framing.learning.dataset import NOT_CODED, Dataset, Float32, FloatArray, IntArray, StanceColumn
from framing.learning.logistic import Problems, fit_problems
from framing.learning.ratios import scale_features

UNSEEN_VALUE = -20.0
"""Score of a stance value that no training unit holds: a probability near 2e-9."""

_COLUMNS_AT_ONCE = 40
"""More score columns share a walk over the matrix; too many no longer fit the processor's cache."""


@dataclass(frozen=True, slots=True, eq=False)
class LinearScores:
    """Score columns as a linear map: X (n, V) to ``X @ coefficients + intercepts``, (n, K).

    ``unsolved`` says that some column's fit ended far from its optimum.
    """

    coefficients: Float32
    intercepts: FloatArray
    unsolved: bool = False

    def score(self, features: sp.csr_array) -> FloatArray:
        """Return scores (n, K)."""
        return np.asarray(features @ self.coefficients + self.intercepts, np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """What candidates of one recipe are fitted to.

    Attributes
    ----------
    features : sparse array (m, V)
        Of the m units to train on.
    told : sparse array (q, V)
        Of the pseudo-units that the codebook gives.
    shares : sparse array (V, G)
        How terms make up the features of shared weights.
    """

    features: sp.csr_array
    told: sp.csr_array
    shares: sp.csr_array


def fit_frames(
    material: Material, dataset: Dataset, rows: IntArray, candidates: Sequence[Candidate]
) -> Iterator[LinearScores]:
    """Fit the score columns of all frames with each candidate, and yield them in order.

    Uncoded cells are left out. A frame that is present everywhere or nowhere gets no coefficients,
    and for a score the log-odds of its smoothed share.

    Parameters
    ----------
    material : Material
    dataset : Dataset
    rows : array (m,)
        Units that the features are of.
    candidates : sequence of Candidate
    """
    codes = dataset.frames[rows]
    coded, present = ~np.isnan(codes), codes > 0
    told = dataset.prior.frames
    matrix = _add_ones(sp.vstack([material.features, material.told], "csr"))
    targets = np.vstack([present, told > 0])
    own = _scale_each(material.features, present, coded, candidates)
    for part in _chunk(candidates, len(dataset.frame_ids)):
        weights = [
            np.vstack([_weigh(present, coded, c), np.full(told.shape, c.prior * c.C)]) for c in part
        ]
        problems = Problems(
            np.tile(targets, len(part))[:, :, None].astype(np.float32),
            np.hstack(weights).astype(np.float32),
            np.hstack([_extend(own[c.emphasis]) for c in part])[:, :, None],
        )
        found = fit_problems(matrix, problems)
        columns = np.split(found.coefficients[:, :, 0], len(part), axis=1)
        for one, unsolved in zip(columns, np.split(found.unsolved, len(part)), strict=True):
            yield _settle(one, unsolved, present, coded)


def fit_stance(
    material: Material,
    stance: StanceColumn,
    rows: IntArray,
    candidates: Sequence[Candidate],
) -> Iterator[LinearScores]:
    """Fit the score columns of a target's values with each candidate, and yield them in order."""
    codes = stance.codes[rows]
    coded = np.flatnonzero(codes != NOT_CODED)
    seen = np.unique(codes[coded])
    n_features, n_values = material.features.shape[1], len(stance.values)
    if len(seen) < 2:
        intercepts = np.where(np.isin(np.arange(n_values), seen), 0.0, UNSEEN_VALUE)
        nothing = LinearScores(np.zeros((n_features, n_values), np.float32), intercepts)
        yield from [nothing] * len(candidates)
        return
    features = sp.csr_array(material.features[coded])
    matrix = _add_ones(sp.csr_array(sp.hstack([features, features @ material.shares], "csr")))
    present = codes[coded][:, None] == seen
    own = _scale_each(features, present, np.ones_like(present), candidates)
    for part in _chunk(candidates, len(seen)):
        found = fit_problems(matrix, _pose_softmax(present, own, part, material.shares.shape[1]))
        for n in range(len(part)):
            scores = _spread(found.coefficients[:, n], material.shares, seen, n_values)
            yield replace(scores, unsolved=bool(found.unsolved[n]))


def _pose_softmax(
    present: NDArray[np.bool_],
    own: Mapping[float, Float32],
    candidates: Sequence[Candidate],
    width: int,
) -> Problems:
    """Pose a problem a candidate, of `width` shared weights beside the features' `own` scales."""
    everywhere, places = np.ones_like(present), present.argmax(axis=1)
    weights = [_weigh(present, everywhere, c)[np.arange(len(present)), places] for c in candidates]
    scales = [_extend(own[c.emphasis], shared=[c.polarity] * width) for c in candidates]
    return Problems(
        np.repeat(present[:, None], len(candidates), axis=1).astype(np.float32),
        np.stack(weights, axis=1).astype(np.float32),
        np.stack(scales, axis=1),
    )


def _add_ones(features: sp.csr_array) -> sp.csc_array:
    """Add the column whose coefficient is the intercept, penalised like the rest."""
    columns = sp.csc_array(features, dtype=np.float32)
    n_rows, width = columns.shape
    cells = (
        np.append(columns.data, np.ones(n_rows, np.float32)),
        np.append(columns.indices, np.arange(n_rows, dtype=columns.indices.dtype)),
        np.append(columns.indptr, columns.indptr[-1:] + n_rows),
    )
    return sp.csc_array(cells, shape=(n_rows, width + 1))


def _chunk(candidates: Sequence[Candidate], width: int) -> Iterator[Sequence[Candidate]]:
    step = max(1, _COLUMNS_AT_ONCE // max(width, 1))
    for start in range(0, len(candidates), step):
        yield candidates[start : start + step]


def _scale_each(
    features: sp.csr_array,
    present: NDArray[np.bool_],
    coded: NDArray[np.bool_],
    candidates: Sequence[Candidate],
) -> dict[float, Float32]:
    """Scale the features once for every emphasis that candidates ask for."""
    return {
        emphasis: scale_features(features, present, coded, emphasis)
        for emphasis in {candidate.emphasis for candidate in candidates}
    }


def _extend(scales: Float32, shared: Sequence[float] = ()) -> Float32:
    """Append the scales of shared weights, and that of the ones, to those of features."""
    more = np.array([*shared, 1.0], np.float32)
    return np.vstack([scales, np.repeat(more[:, None], scales.shape[1], axis=1)])


def _weigh(
    present: NDArray[np.bool_], coded: NDArray[np.bool_], candidate: Candidate
) -> FloatArray:
    """Return what each unit's loss weighs for each label, (m, K); 0 where it is not coded."""
    weights = candidate.C * coded
    if candidate.balanced:
        n_coded, n_present = coded.sum(axis=0), (present & coded).sum(axis=0)
        counts = np.where(present, n_present, n_coded - n_present)
        weights = weights * n_coded / np.maximum(2.0 * counts, 1.0)
    return np.asarray(weights, np.float64)


def _settle(
    columns: Float32,
    unsolved: NDArray[np.bool_],
    present: NDArray[np.bool_],
    coded: NDArray[np.bool_],
) -> LinearScores:
    """Part coefficients from intercepts, and give frames without two codes their smoothed share."""
    coefficients, intercepts = columns[:-1].copy(), columns[-1].astype(np.float64)
    n_coded, n_present = coded.sum(axis=0), (present & coded).sum(axis=0)
    sure = (n_present == 0) | (n_present == n_coded)
    shares = (n_present + 0.5) / (n_coded + 1.0)
    coefficients[:, sure] = 0.0
    intercepts[sure] = np.log(shares / (1.0 - shares))[sure]
    return LinearScores(coefficients, intercepts, bool(unsolved[~sure].any()))


def _spread(columns: Float32, shares: sp.csr_array, seen: IntArray, n_values: int) -> LinearScores:
    """Hand shared weights out to their terms, and leave unseen values far below the others."""
    n_features = shares.shape[0]
    coefficients = np.zeros((n_features, n_values), np.float32)
    coefficients[:, seen] = columns[:n_features] + shares @ columns[n_features:-1]
    intercepts = np.full(n_values, UNSEEN_VALUE)
    intercepts[seen] = columns[-1]
    return LinearScores(coefficients, intercepts)
