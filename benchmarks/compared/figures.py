"""Every system on the same folds, measured on the same units in the same resamples."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from compared.folds import Material
from compared.precisions import compare_precisions
from compared.systems import OURS, System
from framing.learning.dataset import Dataset, IntArray, StanceColumn, build_dataset
from framing.learning.design import Resampling
from framing.learning.judgements import Judgements, measure_frames, measure_stances
from framing.measuring.judging.gains import compare, compare_stance
from framing.measuring.judging.reports import StanceReport
from framing.schema import Estimate

Clock = Callable[[], float]
Tell = Callable[[str], None]

FRAME_COLUMNS = ("micro-F1", "macro-F1", "micro AP", "macro AP")
STANCE_COLUMNS = ("macro-F1", "accuracy")


@dataclass(frozen=True, slots=True)
class Run:
    """What a system says about all units held out, and what it took; None where it cannot run."""

    system: System
    judged: Judgements | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Figures:
    """All that a table says about the frames, or about one target.

    Attributes
    ----------
    target : str or None
        None for the frames.
    columns : tuple of str
    scores : mapping of str to tuple of Estimate
        System to its figures.
    gains : mapping of str to tuple of Estimate
        Baseline to what ours gains over it.
    """

    target: str | None
    columns: tuple[str, ...]
    scores: Mapping[str, tuple[Estimate, ...]]
    gains: Mapping[str, tuple[Estimate, ...]]


def run_systems(
    material: Material,
    systems: Sequence[System],
    *,
    seed: int,
    workers: int,
    clock: Clock,
    tell: Tell,
) -> list[Run]:
    """Let every system learn and judge in every fold."""
    return [
        _run_system(material, system, seed=seed, workers=workers, clock=clock, tell=tell)
        for system in systems
    ]


def _run_system(
    material: Material, system: System, *, seed: int, workers: int, clock: Clock, tell: Tell
) -> Run:
    if system.judge is None:
        tell(f"{system.name}: not installed")
        return Run(system, None, 0.0)
    parts, seconds = [], 0.0
    for fold in material.folds:
        train, test = material.take(fold.train), material.take(fold.test)
        start = clock()
        parts.append(system.judge(train, test, material.data.codebook, seed, workers))
        took = clock() - start
        seconds += took
        tell(f"{system.name}: fold {fold.name}, {len(train)} to {len(test)} units, {took:.1f} s")
    return Run(system, join_judgements([f.test for f in material.folds], parts), seconds)


def join_judgements(tests: Sequence[IntArray], parts: Sequence[Judgements]) -> Judgements:
    """Join the judgements of all folds, in the order of the rows held out."""
    order = np.argsort(np.concatenate(tests))
    stances = {}
    for target in parts[0].stances:
        shares = np.vstack([part.stances[target][0] for part in parts])
        decided = [value for part in parts for value in part.stances[target][1]]
        stances[target] = (shares[order], [decided[row] for row in order])
    return Judgements(
        np.vstack([part.probabilities for part in parts])[order],
        np.vstack([part.decisions for part in parts])[order],
        np.vstack([part.sure for part in parts])[order],
        stances,
    )


def measure_runs(material: Material, runs: Sequence[Run], resampling: Resampling) -> list[Figures]:
    """Measure all systems that ran: first the frames, then target by target."""
    judged = {run.system.name: run.judged for run in runs if run.judged is not None}
    held = build_dataset(material.take(material.held), material.data.codebook)
    figures = [_measure_frames(held, judged, resampling)] if held.frame_ids else []
    reports = {name: measure_stances(held, said, resampling) for name, said in judged.items()}
    figures += [_measure_stance(held, s, judged, reports, resampling) for s in held.stances]
    return figures


def _measure_frames(
    held: Dataset, judged: Mapping[str, Judgements], resampling: Resampling
) -> Figures:
    reports = {name: measure_frames(held, said, resampling) for name, said in judged.items()}
    scores = {
        name: (
            *(average.f1 for average in (report.micro, report.macro)),
            *(average.average_precision for average in (report.micro, report.macro)),
        )
        for name, report in reports.items()
        if report is not None
    }
    ours, gains = judged[OURS], {}
    for name, said in judged.items():
        if name != OURS:
            decided = (ours.decisions, said.decisions)
            gain = compare(held.frames, *decided, held.groups, **resampling.begin())
            ranked = compare_precisions(held, ours, said, resampling)
            gains[name] = (gain.micro_f1, gain.macro_f1, *ranked)
    return Figures(None, FRAME_COLUMNS, scores, gains)


def _measure_stance(
    held: Dataset,
    stance: StanceColumn,
    judged: Mapping[str, Judgements],
    reports: Mapping[str, Mapping[str, StanceReport]],
    resampling: Resampling,
) -> Figures:
    found = {name: report[stance.target] for name, report in reports.items()}
    scores = {name: (report.macro_f1, report.accuracy) for name, report in found.items()}
    truth = [stance.values[code] if code >= 0 else None for code in stance.codes]
    decided = {name: said.stances[stance.target][1] for name, said in judged.items()}
    gains = {}
    for name, theirs in decided.items():
        if name != OURS:
            both = (decided[OURS], theirs)
            gain = compare_stance(truth, *both, stance.values, held.groups, **resampling.begin())
            gains[name] = (gain.macro_f1, gain.accuracy)
    return Figures(stance.target, STANCE_COLUMNS, scores, gains)
