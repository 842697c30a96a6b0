"""What a system says about units, and how well that agrees with their codings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from framing.learning.dataset import NOT_CODED, Dataset, FloatArray, IntArray, StanceColumn
from framing.learning.design import Resampling
from framing.learning.splits import Split
from framing.measuring.judging.gains import compare, compare_stance
from framing.measuring.judging.metrics import evaluate_frames, evaluate_stance
from framing.measuring.judging.promises import Promise, measure_promises
from framing.measuring.judging.reports import (
    Comparison,
    FrameReport,
    StanceComparison,
    StanceReport,
)


@dataclass(frozen=True, slots=True, eq=False)
class Judgements:
    """What a system says about n units.

    Attributes
    ----------
    probabilities : array (n, F)
    decisions : array (n, F) of bool
    sure : array (n, F) of bool
        Whether a frame's presence or absence keeps the promised precision.
    stances : mapping of str to (array (n, V), list of n str)
        Target to probabilities and the value decided for.
    """

    probabilities: FloatArray
    decisions: NDArray[np.bool_]
    sure: NDArray[np.bool_]
    stances: Mapping[str, tuple[FloatArray, list[str]]]


@dataclass(frozen=True, slots=True)
class SplitReport:
    """How well units were judged that one way of splitting held out.

    Attributes
    ----------
    split : {"grouped", "random", "source"}
    n_folds : int
    nested : bool
        Whether features and C, too, were chosen inside each fold.
    frames, naive_frames : FrameReport or None
        Ours, and the naive pipeline's on the same folds; None without frames.
    gain : Comparison or None
        Paired difference of the two.
    promises : mapping of str to Promise
        How our sure decisions did, a frame and all together; empty without frames.
    stances, naive_stances : mapping of str to StanceReport
    stance_gains : mapping of str to StanceComparison
        Paired difference of the two, a target.
    """

    split: Split
    n_folds: int
    nested: bool
    frames: FrameReport | None
    naive_frames: FrameReport | None
    gain: Comparison | None
    promises: Mapping[str, Promise]
    stances: Mapping[str, StanceReport]
    naive_stances: Mapping[str, StanceReport]
    stance_gains: Mapping[str, StanceComparison]


def report_split(
    dataset: Dataset,
    split: Split,
    folds: IntArray,
    ours: Judgements,
    naive: Judgements,
    *,
    nested: bool,
    resampling: Resampling,
) -> SplitReport:
    """Measure the judgements of both systems against the codings."""
    return SplitReport(
        split=split,
        n_folds=len(np.unique(folds)),
        nested=nested,
        frames=measure_frames(dataset, ours, resampling),
        naive_frames=measure_frames(dataset, naive, resampling),
        gain=_compare(dataset, ours, naive, resampling) if dataset.frame_ids else None,
        promises=judge_promises(dataset, ours, resampling),
        stances=measure_stances(dataset, ours, resampling),
        naive_stances=measure_stances(dataset, naive, resampling),
        stance_gains=_compare_stances(dataset, ours, naive, resampling),
    )


def measure_frames(
    dataset: Dataset, judged: Judgements, resampling: Resampling
) -> FrameReport | None:
    """Measure judgements on frames; None where there are no frames."""
    if not dataset.frame_ids:
        return None
    return evaluate_frames(
        dataset.frames,
        judged.probabilities,
        judged.decisions,
        dataset.groups,
        dataset.frame_ids,
        **resampling.begin(),
    )


def judge_promises(
    dataset: Dataset, judged: Judgements, resampling: Resampling
) -> Mapping[str, Promise]:
    """Measure the sure among judgements on frames; nothing where there are no frames."""
    if not dataset.frame_ids:
        return {}
    return measure_promises(
        dataset.frames,
        judged.decisions,
        judged.sure,
        dataset.groups,
        dataset.frame_ids,
        **resampling.begin(),
    )


def measure_stances(
    dataset: Dataset, judged: Judgements, resampling: Resampling
) -> dict[str, StanceReport]:
    """Measure judgements on each stance target."""
    reports = {}
    for stance in dataset.stances:
        shares, decided = judged.stances[stance.target]
        reports[stance.target] = evaluate_stance(
            _read_values(stance),
            shares,
            decided,
            stance.values,
            dataset.groups,
            **resampling.begin(),
        )
    return reports


def _compare(
    dataset: Dataset, ours: Judgements, naive: Judgements, resampling: Resampling
) -> Comparison:
    return compare(
        dataset.frames,
        ours.decisions,
        naive.decisions,
        dataset.groups,
        **resampling.begin(),
    )


def _compare_stances(
    dataset: Dataset, ours: Judgements, naive: Judgements, resampling: Resampling
) -> dict[str, StanceComparison]:
    return {
        stance.target: compare_stance(
            _read_values(stance),
            ours.stances[stance.target][1],
            naive.stances[stance.target][1],
            stance.values,
            dataset.groups,
            **resampling.begin(),
        )
        for stance in dataset.stances
    }


def _read_values(stance: StanceColumn) -> list[str | None]:
    """Return the value coded for each unit, None where it is not coded."""
    return [stance.values[code] if code != NOT_CODED else None for code in stance.codes]
