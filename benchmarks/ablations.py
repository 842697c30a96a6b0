"""What each choice of the learner is worth on some coded data: the usual setting, and one change.

Every row is cross-validated on the same folds by article; a difference stands beside its standard
error over the folds. Nothing is nested: these are figures to choose by, not to report.

    python benchmarks/ablations.py coded.jsonl
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from framing.interface import gather_coded
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
from framing.learning.counting import count_ngrams
from framing.learning.crossfitting import Job, Label, Workers, list_labels
from framing.learning.dataset import Dataset, build_dataset
from framing.learning.rarity import leave_out_rare
from framing.learning.searching import Ground, score_jobs
from framing.learning.selection import rate
from framing.learning.splits import assign_folds
from framing.learning.training import Settings
from framing.reporting.tables import format_table
from framing.scoring.recipe import FeatureRecipe

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


def compare_changes(
    dataset: Dataset, label: Label, usual: Candidate, *, workers: int, seed: int
) -> str:
    """Cross-validate every change and return a Markdown table."""
    changes = list_changes(label, dataset, usual)
    counts = count_ngrams(
        dataset.all_texts,
        [candidate.features for candidate in changes.values()],
        mentions=dataset.all_mentions,
    )
    folds = assign_folds(dataset, "grouped", n_folds=N_FOLDS, seed=seed)
    ground = Ground(np.arange(len(dataset)), folds)
    jobs = [Job(label, candidate) for candidate in changes.values()]
    (scores,) = score_jobs(counts, dataset, [ground], [jobs], workers=Workers(workers))
    metrics = ("average-precision", "macro-f1", "micro-f1")
    rated = {
        name: [rate(label, scores[job], dataset, ground.rows, folds, metric) for metric in metrics]
        for name, job in zip(changes, jobs, strict=True)
    }
    rows = []
    for name, found in rated.items():
        cells = [name]
        for ours, base in zip(found, rated["usual"], strict=True):
            gain = ours - base
            error = np.std(gain, ddof=1) / np.sqrt(len(gain))
            cells += [f"{np.mean(ours):.3f}", f"{np.mean(gain):+.4f} ± {error:.4f}"]
        rows.append(cells)
    header = [
        "setting",
        "average precision",
        "difference",
        "macro-F1",
        "difference",
        "micro-F1",
        "difference",
    ]
    return format_table(header, rows)


def run(
    data: Annotated[list[Path] | None, typer.Argument(help="Coded data.")] = None,
    seeds: Annotated[Path | None, typer.Option(help="Articles that labels belong to.")] = None,
    labels: Annotated[Path | None, typer.Option(help="Folder of labels.")] = None,
    workers: int = 1,
    seed: int = 0,
) -> None:
    """Compare the usual setting of every label with one change at a time."""
    coded = gather_coded(data or [], seeds=seeds, labels=labels)
    learnable = leave_out_rare(coded.units, coded.codebook)
    dataset = build_dataset(learnable.units, learnable.codebook)
    plan = Settings().plan(dataset)
    size = f"{len(dataset)} units of {len(dataset.articles)} articles"
    print(f"{size} (data {dataset.hash}), seed {seed}")
    for label in list_labels(dataset):
        print(f"{label or 'frames'} ...", file=sys.stderr)
        print(f"\n### {label or 'frames'}: {plan[label].usual}\n")
        print(compare_changes(dataset, label, plan[label].usual, workers=workers, seed=seed))


if __name__ == "__main__":
    typer.run(run)
