"""From out-of-fold scores to calibrators, thresholds and decision weights.

Platt (1999) with his smoothed targets for frames; temperature scaling (Guo et al., 2017) for
stances. What is fitted here sees only scores of units that the scoring model was not trained on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.optimize import minimize_scalar

from framing.learning.bands import find_band
from framing.learning.dataset import NOT_CODED, Dataset, FloatArray, IntArray, StanceColumn
from framing.learning.fitting import UNSEEN_VALUE
from framing.learning.isotonic import calibrate_best
from framing.learning.platt import fit_platt
from framing.scoring.heads import FrameHead, StanceHead

_PRIOR_POSITIVES = 20.0
"""A frame's own threshold counts as much as the common one when it has this many positives."""

_LOWEST_THRESHOLD, _HIGHEST_THRESHOLD = 0.05, 0.95
_WEIGHTS = 2.0 ** np.linspace(-1.0, 2.0, 7)
"""At most 4, so that no value is decided for that is four times less probable than another."""
_ROUNDS = 2


def fit_frame_heads(
    dataset: Dataset,
    scores: FloatArray,
    rows: IntArray,
    *,
    metric: str = "macro-f1",
    precision: float | None = None,
) -> tuple[FrameHead, ...]:
    """Calibrate every frame and choose its threshold, from out-of-fold scores (n, F) at `rows`.

    Each threshold is the one with the best F1 on the frame, drawn toward the one with the best
    micro-F1 over all frames: positives / (positives + 20) of the way its own; for ``micro-f1`` it
    is the common one. Where scores say nothing (slope 0), a frame is decided everywhere or nowhere,
    as most units have it, and has no part in the common one.

    Parameters
    ----------
    dataset : Dataset
    scores : array (n, F)
    rows : array (m,)
    metric : {"macro-f1", "micro-f1", "average-precision"}
        What the thresholds are to serve; the last, which has none, is served as the first.
    precision : float, optional
        What sure decisions are to promise; without it frames get no band, and Platt's sigmoid
        whether or not another curve would fit better.
    """
    truths = [dataset.frames[rows, column] for column in range(len(dataset.frame_ids))]
    known = [~np.isnan(truth) for truth in truths]
    codes = [truth[kept] > 0 for truth, kept in zip(truths, known, strict=True)]
    parts = [scores[rows, column][kept] for column, kept in enumerate(known)]
    heads = [
        _calibrate_frame(frame, part, code)
        for frame, part, code in zip(dataset.frame_ids, parts, codes, strict=True)
    ]
    if not heads:
        return ()
    groups = [dataset.groups[rows][kept] for kept in known]
    if precision is not None:
        heads = [
            calibrate_best(head, part, code, group)
            for head, part, code, group in zip(heads, parts, codes, groups, strict=True)
        ]
    shares = [head.calibrate(part) for head, part in zip(heads, parts, strict=True)]
    telling = [k for k, head in enumerate(heads) if head.slope]  # others do not follow it
    common = _find_common([codes[k] for k in telling], [shares[k] for k in telling])
    decided = [
        _set_threshold(head, code, share, common, own_counts=metric != "micro-f1")
        for head, code, share in zip(heads, codes, shares, strict=True)
    ]
    if precision is None:
        return tuple(decided)
    return tuple(
        replace(
            head, band=find_band(code, share, precision, threshold=head.threshold, groups=group)
        )
        for head, code, share, group in zip(decided, codes, shares, groups, strict=True)
    )


def _calibrate_frame(frame: str, scores: FloatArray, present: FloatArray) -> FrameHead:
    slope, offset = fit_platt(scores, present)
    return FrameHead(frame, slope, offset, 0.5, len(present), int(present.sum()))


def _find_common(codes: Sequence[FloatArray], shares: Sequence[FloatArray]) -> float:
    return find_threshold(np.concatenate(codes), np.concatenate(shares)) if codes else 0.5


def _set_threshold(
    head: FrameHead,
    present: FloatArray,
    probabilities: FloatArray,
    common: float,
    *,
    own_counts: bool,
) -> FrameHead:
    if not head.slope:
        return replace(head, threshold=0.5 if head.n_positive else _HIGHEST_THRESHOLD)
    own = find_threshold(present, probabilities)
    share = head.n_positive / (head.n_positive + _PRIOR_POSITIVES) if own_counts else 0.0
    return replace(head, threshold=round(share * own + (1.0 - share) * common, 6))


def find_threshold(present: FloatArray, probabilities: FloatArray) -> float:
    """Find the probability from which on deciding "present" gives the best F1.

    It stands half-way between two neighbouring probabilities, and within 0.05-0.95.

    Examples
    --------
    >>> find_threshold(np.array([0, 0, 1, 1]), np.array([0.1, 0.2, 0.4, 0.9]))
    0.3
    """
    if not np.any(present):
        return 0.5
    order = np.argsort(-probabilities, kind="stable")
    ranked = probabilities[order]
    found = np.cumsum(np.asarray(present)[order])
    f1 = 2.0 * found / (np.arange(1, len(ranked) + 1) + found[-1])
    f1[:-1][ranked[:-1] == ranked[1:]] = -1.0  # units with one probability are decided alike
    best = int(np.argmax(f1))
    below = ranked[best + 1] if best + 1 < len(ranked) else 0.0
    middle = float(ranked[best] + below) / 2.0
    return round(min(max(middle, _LOWEST_THRESHOLD), _HIGHEST_THRESHOLD), 6)


def fit_stance_head(
    stance: StanceColumn,
    scores: FloatArray,
    rows: IntArray,
    *,
    metric: str = "macro-f1",
    mentioned: bool = False,
) -> StanceHead:
    """Calibrate a target and choose its decision weights, from out-of-fold scores (n, V) at `rows`.

    For ``micro-f1``, which is a stance's accuracy, the most probable value is decided for.
    """
    codes = stance.codes[rows]
    coded = codes != NOT_CODED
    scores, codes = scores[rows][coded], codes[coded]
    counts = np.bincount(codes, minlength=len(stance.values))
    # A unit whose value no other fold held says nothing of how scores of a known value read.
    known = scores[np.arange(len(codes)), codes] > UNSEEN_VALUE
    head = StanceHead(
        stance.target,
        stance.values,
        stance.neutral,
        fit_temperature(scores[known], codes[known]),
        (1.0,) * len(stance.values),
        len(codes),
        tuple(int(count) for count in counts),
        mentioned,
    )
    if not len(codes) or metric == "micro-f1":
        return head
    return replace(head, weights=choose_weights(head.calibrate(scores), codes))


def fit_temperature(scores: FloatArray, codes: IntArray) -> float:
    """Find the temperature at which softmax(scores / temperature) gives codes most likelihood.

    Examples
    --------
    >>> scores = np.array([[3.0, 0.0], [3.0, 0.0], [0.0, 3.0], [3.0, 0.0]])
    >>> 2 < fit_temperature(scores, np.array([0, 0, 1, 1])) < 4
    True
    """
    if not len(codes):
        return 1.0

    def surprise(log_temperature: float) -> float:
        logits = scores / np.exp(log_temperature)
        logits = logits - logits.max(axis=1, keepdims=True)
        likelihood = logits[np.arange(len(codes)), codes] - np.log(np.exp(logits).sum(axis=1))
        return float(-likelihood.mean())

    found = minimize_scalar(surprise, bounds=(-3.0, 3.0), method="bounded")
    return round(float(np.exp(found.x)), 6)


def choose_weights(probabilities: FloatArray, codes: IntArray) -> tuple[float, ...]:
    """Choose a weight a value so that the largest weighted probability gives the best macro-F1.

    One value at a time, the commonest held at 1; a weight other than 1 must earn its place.
    """
    counts = np.bincount(codes, minlength=probabilities.shape[1])
    weights = np.ones(len(counts))
    best = _macro_f1(codes, np.argmax(probabilities, axis=1), counts)
    others: Sequence[int] = [v for v in np.argsort(counts) if v != counts.argmax() and counts[v]]
    for _ in range(_ROUNDS):
        for value in others:
            for weight in _WEIGHTS:
                tried = weights.copy()
                tried[value] = weight
                f1 = _macro_f1(codes, np.argmax(probabilities * tried, axis=1), counts)
                if f1 > best + 1e-12:
                    best, weights = f1, tried
    return tuple(float(weight) for weight in weights)


def _macro_f1(codes: IntArray, decided: IntArray, counts: IntArray) -> float:
    hits = np.bincount(codes[codes == decided], minlength=len(counts))
    said = np.bincount(decided, minlength=len(counts))
    held = counts > 0
    return float(np.mean(2.0 * hits[held] / (counts + said)[held]))
