"""What each choice of the learner is worth on some coded data: the usual setting, and one change.

Every row is cross-validated on the same folds by article; a difference stands beside its standard
error over the folds. Nothing is nested: these are figures to choose by, not to report.

    python benchmarks/ablations.py coded.jsonl
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Optional

import numpy as np
import typer

from framing.cli.options import CodebookFile, Labels, Seed, Seeds, count_workers
from framing.cli.problems import keep_problems
from framing.gathering import gather_coded
from framing.learning.candidates import (
    CHARACTERS,
    MARKED,
    MARKS,
    PLAIN,
    SPELT,
    TARGETED,
    WORDS,
    WORDS_AROUND,
    Candidate,
)
from framing.learning.crossfitting import Job, Label, Workers, list_labels
from framing.learning.dataset import Dataset, FloatArray, build_dataset
from framing.learning.rarity import leave_out_rare
from framing.learning.searching import Ground, score_jobs
from framing.learning.selection import Metric, rate
from framing.learning.splits import assign_folds
from framing.learning.training import Settings, count_candidates
from framing.reporting.tables import format_share, format_table
from framing.scoring.recipe import FeatureRecipe
from running import start, tell

COLUMNS: Mapping[Metric, str] = {
    "average-precision": "average precision",
    "macro-f1": "macro-F1",
    "micro-f1": "micro-F1",
}
"""Metrics, as the table calls them."""

N_FOLDS = 5

CHANGES: dict[str, dict[str, Any]] = {
    "words 1-2 alone": {"recipe": PLAIN},
    "words and characters": {"recipe": SPELT},
    "words, characters, marks": {"recipe": MARKED},
    "marks as long as words": {
        "recipe": FeatureRecipe((WORDS, CHARACTERS, replace(MARKS, weight=1.0)))
    },
    "words 1-3": {"recipe": FeatureRecipe((replace(WORDS, high=3), CHARACTERS, MARKS))},
    "single words": {"recipe": FeatureRecipe((replace(WORDS, high=1), CHARACTERS, MARKS))},
    "characters 2-5": {"recipe": FeatureRecipe((WORDS, replace(CHARACTERS, low=2), MARKS))},
    "characters 3-6": {"recipe": FeatureRecipe((WORDS, replace(CHARACTERS, high=6), MARKS))},
    "counts as they are": {
        "recipe": FeatureRecipe(tuple(replace(block, sublinear=False) for block in MARKED.blocks))
    },
    "no log-count ratios": {"emphasis": 0.0},
    "log-count ratios in full": {"emphasis": 1.0},
    "classes balanced": {"balanced": True},
    "C a third": {"C": 1 / 3},
    "C times three": {"C": 3.0},
    "C times ten": {"C": 10.0},
}
FRAMES_ONLY: dict[str, dict[str, Any]] = {"codebook not read": {"prior": 0.0}}
STANCES_ONLY: dict[str, dict[str, Any]] = {"no shared polarity": {"polarity": 0.0}}
MENTIONS_ONLY: dict[str, dict[str, Any]] = {
    "mention's own words left out": {"recipe": FeatureRecipe(TARGETED.blocks[:-1])},
    "characters without distance": {
        "recipe": FeatureRecipe((WORDS, CHARACTERS, *TARGETED.blocks[2:]))
    },
    "words around 1-3": {
        "recipe": FeatureRecipe(
            (*TARGETED.blocks[:2], replace(WORDS_AROUND, high=3), TARGETED.blocks[3])
        )
    },
}


def list_changes(label: Label, dataset: Dataset, usual: Candidate) -> dict[str, Candidate]:
    """Name the candidates to try for a label, the usual one first."""
    more = FRAMES_ONLY if label is None else STANCES_ONLY
    if usual.recipe.sees_mentions:
        more = {**more, **MENTIONS_ONLY}
    if label is None and not len(dataset.prior):
        more = {}
    found = {"usual": usual}
    for name, change in {**CHANGES, **more}.items():
        fields = {**change, "C": change.get("C", 1.0) * usual.C}
        candidate = replace(usual, **fields)
        if candidate != usual:
            found[name] = candidate
    return found


@dataclass(frozen=True, slots=True)
class Rated:
    """A setting, and its ratings (K,) in each of K folds, metric by metric."""

    name: str
    ratings: Mapping[Metric, FloatArray]


def rate_changes(
    dataset: Dataset, label: Label, usual: Candidate, *, workers: int, seed: int
) -> list[Rated]:
    """Cross-validate the usual setting of a label, and every change of it."""
    changes = list_changes(label, dataset, usual)
    counts = count_candidates(dataset, list(changes.values()))
    folds = assign_folds(dataset, "grouped", n_folds=N_FOLDS, seed=seed)
    ground = Ground(np.arange(len(dataset)), folds)
    jobs = [Job(label, candidate) for candidate in changes.values()]
    (scores,) = score_jobs(counts, dataset, [ground], [jobs], workers=Workers(workers))
    return [
        Rated(
            name,
            {
                metric: rate(label, scores[job], dataset, ground.rows, folds, metric)
                for metric in COLUMNS
            },
        )
        for name, job in zip(changes, jobs, strict=True)
    ]


def format_changes(rated: Sequence[Rated]) -> str:
    """Write ratings beside their differences from the first as a Markdown table."""
    header = ["setting", *(title for name in COLUMNS.values() for title in (name, "difference"))]
    return format_table(header, [_format_row(row, rated[0]) for row in rated])


def _format_row(ours: Rated, usual: Rated) -> list[str]:
    cells = [ours.name]
    for metric, found in ours.ratings.items():
        mean, _ = average_folds(found)
        gain, error = average_folds(found - usual.ratings[metric])
        cells += [format_share(mean, 3), f"{gain:+.4f} ± {error:.4f}"]
    return cells


def average_folds(ratings: FloatArray) -> tuple[float, float]:
    """Return the mean of the folds (K,) that can be rated, and its standard error.

    >>> average_folds(np.array([0.25, np.nan, 0.75]))
    (0.5, 0.25)
    """
    known = ratings[~np.isnan(ratings)]
    mean = float(known.mean()) if len(known) else math.nan
    error = float(np.std(known, ddof=1) / np.sqrt(len(known))) if len(known) > 1 else math.nan
    return mean, error


def run(
    data: Annotated[
        Optional[list[Path]],  # noqa: UP045  Typer reads it
        typer.Argument(metavar="[DATASET...]", help="Coded data (.csv .jsonl .parquet)."),
    ] = None,
    seeds: Seeds = None,
    labels: Labels = None,
    codebook: CodebookFile = None,
    workers: Annotated[
        int, typer.Option("--workers", "-j", min=0, help="Processes; 0: one a processor.")
    ] = 1,
    seed: Seed = 0,
) -> None:
    """Compare the usual setting of every label with one change at a time.

    Example: python benchmarks/ablations.py coded.jsonl
    """
    with keep_problems() as log:
        coded = gather_coded(data or [], seeds=seeds, labels=labels, codebook=codebook, report=log)
    learnable = leave_out_rare(coded.units, coded.codebook)
    dataset = build_dataset(learnable.units, learnable.codebook)
    plan = Settings().plan(dataset)
    size = f"{len(dataset)} units of {len(dataset.articles)} articles"
    typer.echo(f"{size} (data {dataset.hash}), seed {seed}")
    for label in list_labels(dataset):
        name, usual = label or "frames", plan[label].usual
        tell(f"{name} ...")
        rated = rate_changes(dataset, label, usual, workers=count_workers(workers), seed=seed)
        typer.echo(f"\n### {name}: {usual}\n\n{format_changes(rated)}")


if __name__ == "__main__":
    start(run)
