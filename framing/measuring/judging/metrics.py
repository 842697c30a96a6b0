"""How well decisions and probabilities agree with codings, with article-bootstrap intervals.

Shapes: n units, F frames, V stance values, A articles, B resamples. One function from article
counts to scores gives both the value (every count 1) and its resamples.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from framing.measuring.arrays import (
    check_length,
    mark_values,
    read_decisions,
    read_probabilities,
    read_truth,
)
from framing.measuring.judging.estimation import estimate_scores
from framing.measuring.judging.judges import ERROR_COLUMN, FrameJudge, StanceJudge, append_pool
from framing.measuring.judging.reliability import trace_curves
from framing.measuring.judging.reports import (
    FrameReport,
    FrameScores,
    StanceReport,
    ValueScores,
)
from framing.measuring.judging.resampling import resample_coded
from framing.records.cells import is_missing


def evaluate_frames(
    Y: ArrayLike,
    P: ArrayLike,
    D: ArrayLike,
    groups: Sequence[Hashable] | NDArray[Any],
    labels: Sequence[str],
    *,
    rng: np.random.Generator,
    resamples: int = 1000,
    level: float = 0.95,
) -> FrameReport:
    """Judge probabilities and decisions on frames against codings.

    Parameters
    ----------
    Y : array (n, F)
        1 present, 0 absent, NaN not coded: left out of every score, never taken as absent.
    P : array (n, F)
        Probabilities, 0-1; read only where `Y` is coded.
    D : array (n, F) of bool
        Decisions.
    groups : sequence of n hashables
        Article of each unit.
    labels : sequence of F strings
    rng : numpy.random.Generator
    resamples : int
    level : float

    Returns
    -------
    FrameReport
        ``micro`` pools the coded cells; ``macro`` averages the frames that have positives. A frame
        with positives of which none is decided has precision, recall and F1 of 0; one without
        positives has no recall and no average precision (NaN), and F1 0 if it is ever decided, NaN
        otherwise. An interval is NaN where its score rests on fewer than two articles.
        ``reliability`` holds the curve behind each frame's calibration error.

    Raises
    ------
    InputError
        If shapes differ, `Y` holds other than 1, 0 and NaN, or `P` leaves 0-1.

    Notes
    -----
    Few units make a calibration error too large, even of a perfect model, and resampling makes it
    larger still. Its interval is therefore reflected about the value
    (`framing.measuring.intervals.reflect_interval`); all others are percentiles.

    Examples
    --------
    >>> Y, P = [[1], [0], [1], [0]], [[0.9], [0.2], [0.4], [0.6]]
    >>> D = [[True], [False], [False], [True]]
    >>> rng = np.random.default_rng(0)
    >>> report = evaluate_frames(Y, P, D, ["a", "a", "b", "b"], ["lag"], rng=rng)
    >>> report.labels["lag"].f1.value, round(report.labels["lag"].average_precision.value, 3)
    (0.5, 0.833)
    """
    truth, coded = read_truth(Y, len(labels))
    scores, decided = read_probabilities(P, coded), read_decisions(D, coded)
    kept = np.asarray(coded.any(axis=1), dtype=np.bool_)
    resampler = resample_coded(groups, kept, resamples=resamples, rng=rng)
    truth, coded, scores = truth[kept], coded[kept], scores[kept]
    judge = FrameJudge.prepare(
        truth, coded, scores=scores, decided=decided[kept], resampler=resampler
    )
    table = estimate_scores(
        judge, resampler, level=level, width=int(coded.sum()), reflected=np.s_[:, ERROR_COLUMN]
    )
    units, positives = judge.units, append_pool(truth.sum(axis=0, keepdims=True))[0]
    rows = [
        FrameScores.read(table, row, units=units[:, at], n_positive=positives[at])
        for row, at in _rows(labels)
    ]
    return FrameReport(
        labels=dict(zip(labels, rows, strict=False)),
        micro=rows[-2],
        macro=rows[-1],
        reliability=trace_curves(
            truth, coded, scores=scores, resampler=resampler, labels=labels, level=level
        ),
        n_units=int(kept.sum()),
        n_articles=resampler.n_articles,
        level=level,
        resamples=resamples,
    )


def evaluate_stance(
    truth: Sequence[str | None],
    probabilities: ArrayLike,
    decided: Sequence[str | None],
    values: Sequence[str],
    groups: Sequence[Hashable] | NDArray[Any],
    *,
    rng: np.random.Generator,
    resamples: int = 1000,
    level: float = 0.95,
) -> StanceReport:
    """Judge the decided stance toward one target against codings.

    Parameters
    ----------
    truth : sequence of n values or None
        None is not coded: left out of every score.
    probabilities : array (n, V)
        Read only where coded.
    decided : sequence of n values
    values : sequence of V strings
    groups : sequence of n hashables
        Article of each unit.
    rng : numpy.random.Generator
    resamples : int
    level : float

    Returns
    -------
    StanceReport

    Raises
    ------
    InputError
        If lengths differ or probabilities leave 0-1.
    CodingError
        If a coded or decided value is none of `values`.

    Examples
    --------
    >>> P = [[0.9, 0.1], [0.4, 0.6], [0.7, 0.3]]
    >>> truth, decided = ["favor", "against", None], ["favor", "against", "favor"]
    >>> rng = np.random.default_rng(0)
    >>> report = evaluate_stance(truth, P, decided, ["favor", "against"], [1, 2, 3], rng=rng)
    >>> report.accuracy.value, report.n_units, round(report.calibration_error.value, 2)
    (1.0, 2, 0.25)
    """
    check_length("decisions", len(decided), len(truth))
    kept = np.array([not is_missing(value) for value in truth], dtype=np.bool_)
    needed = np.repeat(kept[:, None], len(values), axis=1)
    present, chosen = (mark_values(column, kept, values) for column in (truth, decided))
    confidence = (read_probabilities(probabilities, needed)[kept] * chosen).sum(axis=1)
    resampler = resample_coded(groups, kept, resamples=resamples, rng=rng)
    judge = StanceJudge.prepare(present, chosen, confidence=confidence, resampler=resampler)
    table = estimate_scores(judge, resampler, level=level, reflected=np.s_[-1:, -1])
    n_units, n_articles, holders = len(present), resampler.n_articles, judge.tallies.present
    macro_f1, accuracy, error = table.row(len(values), n_units=n_units, n_articles=n_articles)
    return StanceReport(
        {value: ValueScores.read(table, v, units=holders[:, v]) for v, value in enumerate(values)},
        macro_f1=macro_f1,
        accuracy=accuracy,
        calibration_error=error,
        n_units=n_units,
        n_articles=n_articles,
        level=level,
        resamples=resamples,
    )


def _rows(labels: Sequence[str]) -> list[tuple[int, int]]:
    """Pair rows of scores with columns of counts: macro, the last row, has micro's counts."""
    return [*enumerate(range(len(labels) + 1)), (len(labels) + 1, len(labels))]
