"""How well this project's learner does beside plain and strong baselines, on any coded data."""

from __future__ import annotations

import os
from pathlib import Path
from time import perf_counter
from typing import Annotated, Optional

import typer

from compared.figures import measure_runs, run_systems
from compared.folds import gather_material
from compared.systems import OURS, System, list_systems
from compared.tables import Head, format_report
from framing.cli.options import (
    CodebookFile,
    Resamples,
    Seed,
    count_workers,
    read_names,
)
from framing.cli.places import check_apart, check_place
from framing.cli.problems import keep_problems
from framing.coding.rows import stem_of
from framing.learning.design import Resampling
from running import Output, deliver, start, tell

NAMES = "naive,svm,bayes,hashing,fasttext,ours"


def run(
    dataset: Annotated[
        list[Path],
        typer.Argument(
            metavar="DATASET...",
            help="Coded data (.csv .jsonl .parquet); several files are read as one.",
        ),
    ],
    test: Annotated[
        Optional[Path],  # noqa: UP045  Typer reads it
        typer.Option(help="Hold out this file, and learn from all of DATASET."),
    ] = None,
    codebook: CodebookFile = None,
    folds: Annotated[
        int, typer.Option(min=2, help="Number of folds, where no column names them.")
    ] = 5,
    systems: Annotated[
        str, typer.Option(help="Systems to run, joined by commas; ours always runs.")
    ] = NAMES,
    name: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="What to call the data; the first file's stem if not given."),
    ] = None,
    date: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="A date for the head; left out if not given."),
    ] = None,
    output: Output = None,
    workers: Annotated[
        int, typer.Option("--workers", "-j", min=0, help="Processes of ours; 0: one a processor.")
    ] = 1,
    resamples: Resamples = 1000,
    seed: Seed = 0,
) -> None:
    """Measure five systems, and fastText where it is installed, on the same folds.

    Folds are those of the column 'folds' (an object, fold to train, dev or test) or 'fold' (a
    number or name), if the data has one; otherwise whole articles are held out, and copies of a
    unit stay on one side. With --test the file is held out as it is.

    Example: python benchmarks/quality.py coded.jsonl -o quality.md
    """
    if output:
        check_place(output)
        check_apart([output], inputs=[*dataset, test, codebook])
    chosen = choose_systems(systems)
    with keep_problems() as log:
        material = gather_material(
            dataset, test=test, codebook=codebook, n_folds=folds, seed=seed, report=log
        )
    processes = count_workers(workers)
    runs = run_systems(
        material,
        chosen,
        seed=seed,
        workers=processes,
        clock=perf_counter,
        tell=tell,
    )
    resampling = Resampling(seed=seed, resamples=resamples)
    figures = measure_runs(material, runs, resampling)
    head = Head(name or stem_of(dataset[0]), date, processes, os.cpu_count())
    text = format_report(head, material, runs, figures, resampling)
    deliver(text, output)


def choose_systems(names: str) -> list[System]:
    """Choose systems by name; ours comes with them."""
    wanted = {OURS, *read_names(names, NAMES, option="--systems")}
    return [system for system in list_systems() if system.name in wanted]


if __name__ == "__main__":
    start(run)
