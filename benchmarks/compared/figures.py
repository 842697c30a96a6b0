"""Every system on the same folds, measured on the same units in the same resamples."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from compared.folds import Material
from compared.systems import OURS, System
from framing.learning.dataset import Dataset, IntArray, StanceColumn
from framing.learning.judgements import Judgements
from framing.measuring.comparisons import compare, compare_stance
from framing.measuring.metrics import evaluate_frames, evaluate_stance
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
    columns, gain_columns : tuple of str
    scores : mapping of str to tuple of Estimate
        System to its figures.
    gains : mapping of str to tuple of Estimate
        Baseline to what ours gains over it.
    """

    target: str | None
    columns: tuple[str, ...]
    gain_columns: tuple[str, ...]
    scores: Mapping[str, tuple[Estimate, ...]]
    gains: Mapping[str, tuple[Estimate, ...]]


@dataclass(frozen=True, slots=True)
class Resampling:
    """Seed, which is that of folds and training too, and number of the resamples of articles."""

    seed: int = 0
    resamples: int = 1000

    def begin(self) -> np.random.Generator:
        """Begin anew, so that all systems are measured in the same resamples."""
        return np.random.default_rng(self.seed)


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
    dataset, rows = material.dataset, material.held
    figures = [_measure_frames(dataset, rows, judged, resampling)] if dataset.frame_ids else []
    figures += [_measure_stance(dataset, rows, s, judged, resampling) for s in dataset.stances]
    return figures


def _measure_frames(
    dataset: Dataset, rows: IntArray, judged: Mapping[str, Judgements], resampling: Resampling
) -> Figures:
    truth, groups, labels = dataset.frames[rows], dataset.groups[rows], dataset.frame_ids
    scores = {}
    for name, said in judged.items():
        report = evaluate_frames(
            truth,
            said.probabilities,
            said.decisions,
            groups,
            labels,
            rng=resampling.begin(),
            resamples=resampling.resamples,
        )
        averages = (report.micro, report.macro)
        f1, ranked = [a.f1 for a in averages], [a.average_precision for a in averages]
        scores[name] = (*f1, *ranked)
    ours, gains = judged[OURS].decisions, {}
    for name, said in judged.items():
        if name != OURS:
            gain = compare(
                truth,
                ours,
                said.decisions,
                groups,
                rng=resampling.begin(),
                resamples=resampling.resamples,
            )
            gains[name] = (gain.micro_f1, gain.macro_f1)
    return Figures(None, FRAME_COLUMNS, FRAME_COLUMNS[:2], scores, gains)


def _measure_stance(
    dataset: Dataset,
    rows: IntArray,
    stance: StanceColumn,
    judged: Mapping[str, Judgements],
    resampling: Resampling,
) -> Figures:
    truth = [stance.values[code] if code >= 0 else None for code in stance.codes[rows]]
    groups, values = dataset.groups[rows], stance.values
    ours, scores, gains = judged[OURS].stances[stance.target][1], {}, {}
    for name, said in judged.items():
        shares, decided = said.stances[stance.target]
        report = evaluate_stance(
            truth,
            shares,
            decided,
            values,
            groups,
            rng=resampling.begin(),
            resamples=resampling.resamples,
        )
        scores[name] = (report.macro_f1, report.accuracy)
        if name != OURS:
            gain = compare_stance(
                truth,
                ours,
                decided,
                values,
                groups,
                rng=resampling.begin(),
                resamples=resampling.resamples,
            )
            gains[name] = (gain.macro_f1, gain.accuracy)
    return Figures(stance.target, STANCE_COLUMNS, STANCE_COLUMNS, scores, gains)
