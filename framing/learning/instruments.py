"""How well a model measures: what its out-of-fold scores say of calibration and decisions.

The covariance of calibration is that of a logistic regression of the codes on the log-odds of the
calibrated probabilities, with articles as clusters (the sandwich of Liang & Zeger 1986). n units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from framing.learning.dataset import NOT_CODED, Dataset, FloatArray, IntArray
from framing.measuring.arrays import Bools
from framing.measuring.intervals import index_articles
from framing.measuring.prevalence.instrument import LabelQuality
from framing.measuring.prevalence.mixtures import (
    FEWEST_ARTICLES,
    Mixture,
    lay_mixture,
    measure_misfit,
)
from framing.measuring.prevalence.tallies import find_log_odds
from framing.scoring.heads import FrameHead, StanceHead

_FLAT = 1e-8
"""Where the information on a parameter is less, it is held to be fixed."""

_FEWEST_UNITS = 50
"""With a frame, and without it: of fewer a distribution says little."""

_FEWEST_SOURCES = 20
"""A quantile of .99 over fewer is the largest of a few."""

_SELDOM = 0.99
_DIGITS = 7
"""As predictions are written: thresholds are scores, and many units may share one."""


def judge_instrument(
    dataset: Dataset,
    scores: FloatArray,
    frames: Sequence[FrameHead],
    stances: Sequence[StanceHead],
) -> dict[str, dict[str, Any]]:
    """Judge every label by out-of-fold scores (n, F + all values), as JSON values by name.

    A label that is present everywhere or nowhere is left out: nothing can be said of it.
    """
    found: dict[str, LabelQuality] = {}
    for column, head in enumerate(frames):
        truth = dataset.frames[:, column]
        known = ~np.isnan(truth) & ~np.isnan(scores[:, column])
        chances = head.calibrate(scores[known, column])
        quality = judge_label(
            truth[known] > 0, chances, chances >= head.threshold, dataset.groups[known]
        )
        found |= {head.id: quality} if quality else {}
    start = len(frames)
    for stance in stances:
        part = scores[:, start : start + len(stance.values)]
        start += len(stance.values)
        codes = dataset.stance(stance.target).codes
        known = (codes != NOT_CODED) & ~np.isnan(part).any(axis=1)
        shares = stance.calibrate(part[known]) if known.any() else part[known]
        decided = stance.decide(shares)
        for number, value in enumerate(stance.values):
            quality = judge_label(
                codes[known] == number,
                shares[:, number],
                decided == number,
                dataset.groups[known],
            )
            found |= {f"{stance.target}={value}": quality} if quality else {}
    return {
        name: {**asdict(quality), "covariance": list(quality.covariance)}  # as a file gives it back
        for name, quality in found.items()
    }


def judge_label(
    present: Bools, chances: FloatArray, decided: Bools, groups: IntArray
) -> LabelQuality | None:
    """Judge one label: arrays (n,) of codes, probabilities, decisions and articles.

    Examples
    --------
    >>> present = np.array([True, True, False, False])
    >>> chances = np.array([0.9, 0.6, 0.4, 0.1])
    >>> quality = judge_label(present, chances, chances > 0.5, np.arange(4))
    >>> quality.sensitivity, quality.false_alarms, quality.prior
    (1.0, 0.0, 0.5)
    """
    n_positive = int(np.sum(present))
    if not 0 < n_positive < len(present):
        return None
    return LabelQuality(
        covariance=find_covariance(present, chances, groups),
        sensitivity=round(float(decided[present].mean()), 6),
        false_alarms=round(float(decided[~present].mean()), 6),
        prior=round(n_positive / len(present), 6),
        n_units=len(present),
        n_positive=n_positive,
        n_articles=len(np.unique(groups)),
    )


def find_covariance(
    present: Bools, chances: FloatArray, groups: IntArray
) -> tuple[float, float, float]:
    """Return variance of the offset, its covariance with the slope, and variance of the slope.

    Probabilities that say nothing (all alike) have an offset alone.
    """
    odds = find_log_odds(chances)
    design = np.column_stack([np.ones_like(odds), odds])
    information = (design * (chances * (1.0 - chances))[:, None]).T @ design
    parts = np.zeros((int(groups.max()) + 1, 2))
    np.add.at(parts, groups, design * (present - chances)[:, None])
    n_articles = len(np.unique(groups))
    meat = parts.T @ parts * n_articles / max(n_articles - 1, 1)
    if np.ptp(odds) < _FLAT or np.linalg.det(information) < _FLAT:
        variance = meat[0, 0] / max(information[0, 0], _FLAT) ** 2
        return float(f"{variance:.6g}"), 0.0, 0.0
    bread = np.linalg.inv(information)
    covariance = bread @ meat @ bread
    first, both, second = (float(f"{covariance[at]:.6g}") for at in ((0, 0), (0, 1), (1, 1)))
    return first, both, second


def describe_scores(
    dataset: Dataset, scores: FloatArray, frames: Sequence[FrameHead]
) -> dict[str, Any]:
    """Describe how probabilities lie with and without each frame, and what sources differ by.

    Parameters
    ----------
    dataset : Dataset
    scores : array (n, F + all values)
        Out of fold.
    frames : sequence of F FrameHead

    Returns
    -------
    dict
        ``frames``, each with ``at``, ``present`` and ``absent``
        (`framing.measuring.prevalence.mixtures.Mixture`), and ``usual``: the misfit that 99% of
        training's sources of five articles or more do not exceed. Empty with fewer than 20 such
        sources, or without a frame that 50 units have and 50 lack.
    """
    found: dict[str, Mixture] = {}
    columns = []
    for column, head in enumerate(frames):
        chances = np.round(head.calibrate(scores[:, column]), _DIGITS)
        truth = dataset.frames[:, column]
        known = ~np.isnan(truth) & ~np.isnan(chances)
        present = truth[known] > 0
        if min(present.sum(), (~present).sum()) >= _FEWEST_UNITS:
            found[head.id] = lay_mixture(chances[known], present)
            columns.append(chances)
    misfits = _measure_sources(dataset, columns, list(found.values())) if found else []
    if len(misfits) < _FEWEST_SOURCES:
        return {}
    laws = {name: _write_mixture(mixture) for name, mixture in found.items()}
    return {"frames": laws, "usual": round(float(np.quantile(misfits, _SELDOM)), 6)}


def _measure_sources(
    dataset: Dataset, columns: Sequence[FloatArray], mixtures: Sequence[Mixture]
) -> list[float]:
    """Measure the misfit of every source with articles enough."""
    sources, n_sources = index_articles(source or "" for source in dataset.sources)
    named = np.array([bool(source) for source in dataset.sources])
    chances = np.column_stack(columns)
    own = (np.flatnonzero(named & (sources == number)) for number in range(n_sources))
    coded = ((rows, np.unique(dataset.groups[rows], return_inverse=True)) for rows in own)
    return [
        measure_misfit(chances[rows], articles, mixtures)
        for rows, (names, articles) in coded
        if len(names) >= FEWEST_ARTICLES
    ]


def _write_mixture(mixture: Mixture) -> dict[str, list[float]]:
    return {
        "at": mixture.at.tolist(),
        "present": mixture.present.round(4).tolist(),
        "absent": mixture.absent.round(4).tolist(),
    }
