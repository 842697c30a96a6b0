"""How much better one system decides than another, with paired article-bootstrap intervals.

Shapes: n units, F frames, V stance values.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from framing.measuring.arrays import check_length, mark_values, read_decisions, read_truth
from framing.measuring.judging.estimation import estimate_scores
from framing.measuring.judging.judges import PairJudge
from framing.measuring.judging.reports import Comparison, StanceComparison
from framing.measuring.judging.resampling import resample_coded
from framing.records.cells import is_missing


def compare(
    Y: ArrayLike,
    D: ArrayLike,
    baseline: ArrayLike,
    groups: Sequence[Hashable] | NDArray[Any],
    *,
    rng: np.random.Generator,
    resamples: int = 1000,
    level: float = 0.95,
) -> Comparison:
    """Say how much better decisions `D` are than those of a baseline, on the same units.

    Both are scored in the same resamples, so what makes articles easy or hard for both cancels.

    Parameters
    ----------
    Y : array (n, F)
        1 present, 0 absent, NaN not coded.
    D, baseline : arrays (n, F) of bool
        Decisions.
    groups : sequence of n hashables
        Article of each unit.
    rng : numpy.random.Generator
    resamples : int
    level : float

    Returns
    -------
    Comparison
        Differences of micro- and macro-F1, NaN where either has none.

    Raises
    ------
    InputError
        If shapes differ, or `Y` holds other than 1, 0 and NaN.

    Examples
    --------
    >>> Y, D, baseline = [[1], [0], [1]], [[1], [0], [1]], [[1], [1], [1]]
    >>> gain = compare(Y, D, baseline, [1, 2, 3], rng=np.random.default_rng(0))
    >>> round(gain.micro_f1.value, 2), gain.micro_f1.low
    (0.2, 0.0)
    """
    truth, coded = read_truth(Y, np.shape(Y)[-1])
    ours, theirs = read_decisions(D, coded), read_decisions(baseline, coded)
    kept = np.asarray(coded.any(axis=1), dtype=np.bool_)
    resampler = resample_coded(groups, kept, resamples=resamples, rng=rng)
    judge = PairJudge.prepare(truth[kept], ours[kept], theirs[kept], resampler=resampler)
    table = estimate_scores(judge, resampler, level=level)
    counts = {"n_units": int(kept.sum()), "n_articles": resampler.n_articles}
    return Comparison(*table.row(0, **counts))


def compare_stance(
    truth: Sequence[str | None],
    decided: Sequence[str | None],
    baseline: Sequence[str | None],
    values: Sequence[str],
    groups: Sequence[Hashable] | NDArray[Any],
    *,
    rng: np.random.Generator,
    resamples: int = 1000,
    level: float = 0.95,
) -> StanceComparison:
    """Say how much better stances are decided than by a baseline; `compare` for one target.

    Parameters are those of `framing.measuring.judging.metrics.evaluate_stance`; `baseline` holds n
    values, too. Where every unit has one value, accuracy is the micro-F1 of the values.

    Raises
    ------
    InputError
        If lengths differ.
    CodingError
        If a coded or decided value is none of `values`.

    Examples
    --------
    >>> truth, decided, baseline = ["favor", "against"], ["favor", "against"], ["favor", "favor"]
    >>> rng = np.random.default_rng(0)
    >>> gain = compare_stance(truth, decided, baseline, ["favor", "against"], [1, 2], rng=rng)
    >>> gain.accuracy.value, round(gain.macro_f1.value, 2)
    (0.5, 0.67)
    """
    check_length("decisions", len(decided), len(truth))
    check_length("decisions of the baseline", len(baseline), len(truth))
    kept = np.array([not is_missing(value) for value in truth], dtype=np.bool_)
    columns = [mark_values(column, kept, values) for column in (truth, decided, baseline)]
    resampler = resample_coded(groups, kept, resamples=resamples, rng=rng)
    table = estimate_scores(
        PairJudge.prepare(*columns, resampler=resampler), resampler, level=level
    )
    accuracy, macro_f1 = table.row(0, n_units=len(columns[0]), n_articles=resampler.n_articles)
    return StanceComparison(macro_f1=macro_f1, accuracy=accuracy)
