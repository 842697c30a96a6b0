"""Which curve turns a frame's scores into probabilities: a sigmoid, an isotonic one, or none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from sklearn.isotonic import IsotonicRegression

from framing.learning.dataset import BoolArray, FloatArray, IntArray
from framing.learning.platt import fit_platt
from framing.scoring.heads import FrameHead

_FOLDS = 5
_FEWEST = 50
"""Fewer units with the frame, or without it, cannot tell one curve from another."""

Maker = Callable[[FloatArray, BoolArray], FrameHead]


def calibrate_best(
    head: FrameHead, scores: FloatArray, present: BoolArray, groups: IntArray
) -> FrameHead:
    """Keep a head's sigmoid unless another curve is likelier by more than one standard error.

    Likelihoods are of articles that the curve was not fitted on.

    Parameters
    ----------
    head : FrameHead
        With Platt's sigmoid.
    scores, present, groups : arrays (n,)
        Out-of-fold scores, codes, and the articles that folds keep whole.
    """
    if not head.slope or min(present.sum(), (~present).sum()) < _FEWEST:
        return head
    makers: tuple[Maker, ...] = (
        lambda s, y: _bend(head, *fit_platt(s, y)),
        lambda s, y: replace(head, knots=fit_isotonic(s, y)),
        lambda *_: _bend(head, 1.0, 0.0),
    )
    losses = [_cross_loss(maker, scores, present, groups) for maker in makers]
    best = int(np.argmin([loss.sum() for loss in losses]))
    gain = losses[0] - losses[best]
    if gain.sum() <= np.sqrt(len(gain)) * np.std(gain, ddof=1):
        return head
    return makers[best](scores, present)


def _bend(head: FrameHead, slope: float, offset: float) -> FrameHead:
    return replace(head, slope=slope, offset=offset)


def fit_isotonic(scores: FloatArray, present: BoolArray) -> tuple[tuple[float, float], ...]:
    """Fit a rising curve of steps joined by lines; its ends are never quite 0 or 1.

    Examples
    --------
    >>> fit_isotonic(np.array([0.0, 1.0, 2.0, 3.0]), np.array([0, 1, 0, 1]))
    ((0.0, 0.166667), (1.0, 0.5), (2.0, 0.5), (3.0, 0.833333))
    """
    least = 1.0 / (len(scores) + 2.0)
    curve = IsotonicRegression(y_min=least, y_max=1.0 - least).fit(scores, present)
    knots = {
        round(float(score), 6): round(float(share), 6)
        for score, share in zip(curve.X_thresholds_, curve.y_thresholds_, strict=True)
    }
    return tuple(knots.items())


def _cross_loss(
    maker: Maker,
    scores: FloatArray,
    present: BoolArray,
    groups: IntArray,
) -> FloatArray:
    """Return each article's loss (minus log-likelihood) under a curve fitted on others."""
    _, articles = np.unique(groups, return_inverse=True)
    losses = np.zeros(len(scores))
    for fold in range(_FOLDS):
        held = articles % _FOLDS == fold
        if not held.any() or held.all():
            continue
        shares = maker(scores[~held], present[~held]).calibrate(scores[held])
        shares = np.clip(shares, 1e-6, 1 - 1e-6)
        losses[held] = -np.log(np.where(present[held], shares, 1.0 - shares))
    return np.bincount(articles, losses).astype(np.float64)
