"""Emphasis of telling features: log-count ratios, after Wang & Manning (2012).

Their NB-SVM multiplies features by the log-count ratio r of naive Bayes. Here a feature is
multiplied by 1 + emphasis * |r|, so that a rare feature that tells nothing apart keeps a weight of
its own, and the sign is left to the regression.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from framing.learning.dataset import Float32

_SMOOTHING = 1.0


def scale_features(
    features: sp.csr_array, present: NDArray[np.bool_], coded: NDArray[np.bool_], emphasis: float
) -> Float32:
    """Return what multiplies V features for K labels, (V, K).

    Parameters
    ----------
    features : sparse array (n, V)
        Counted as present or absent.
    present, coded : arrays (n, K) of bool
        Which units carry a label, and which are coded for it.
    emphasis : float
        At 0 everything is 1.

    Returns
    -------
    array (V, K)
        Scaled so that vectors keep their mean square length.
    """
    if not emphasis or not features.nnz:
        return np.ones((features.shape[1], present.shape[1]), np.float32)
    ones = np.ones(features.nnz, np.float32)  # counts as good as whole below 2 ** 24
    held = sp.csr_array((ones, features.indices, features.indptr), shape=features.shape).T
    carrying, lacking = (
        (held @ part.astype(np.float32)).astype(np.float64) + _SMOOTHING
        for part in (present & coded, ~present & coded)
    )
    # Terms that only units held out hold must not count.
    seen = np.bincount(features.indices, minlength=features.shape[1]) > 0
    ratios = np.log(carrying / carrying[seen].sum(axis=0)) - np.log(
        lacking / lacking[seen].sum(axis=0)
    )
    scales = 1.0 + emphasis * np.abs(ratios)
    squares = np.bincount(features.indices, features.data**2, minlength=features.shape[1])
    stretched = (squares[:, None] * scales**2).sum(axis=0)
    shrink = np.sqrt(squares.sum() / np.where(stretched > 0, stretched, 1.0))
    return np.asarray(scales * shrink, np.float32)
