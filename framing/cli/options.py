"""Options that several commands share, each declared once."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Optional

import typer


class Unit(StrEnum):
    """What one row of the output stands for."""

    paragraph = "paragraph"
    row = "row"


class EngineName(StrEnum):
    """What runs a prediction."""

    local = "local"
    dask = "dask"
    spark = "spark"


class Period(StrEnum):
    """Width of a cell in time."""

    year = "year"
    quarter = "quarter"
    month = "month"


def count_workers(wanted: int) -> int:
    """Return the number of processes: as wanted, or one a processor for 0."""
    if wanted:
        return wanted
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def spare_threads() -> None:
    """Keep NumPy's BLAS, which is imported later, from starting a thread a processor.

    What only counts and adds has no use for them, and takes longer to start.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def read_names(text: str, allowed: str, *, option: str) -> list[str]:
    """Read names joined by commas, each one of those that are allowed; repeats count once.

    Raises
    ------
    typer.BadParameter
        If one is not.
    """
    names = list(dict.fromkeys(name.strip() for name in text.split(",")))
    for name in names:
        if name not in allowed.split(","):
            raise typer.BadParameter(f"'{name}' is none of {allowed}", param_hint=option)
    return names


Articles = Annotated[
    list[str],
    typer.Argument(
        metavar="ARTICLES",
        help="Files (.txt .md .html), folders, globs, tables (.csv .jsonl .parquet), "
        "or - for standard input.",
    ),
]
CodedFiles = Annotated[
    Optional[list[Path]],  # noqa: UP045
    typer.Argument(metavar="DATA", help="Coded data or filled sheets (.csv .jsonl .parquet)."),
]
ModelFile = Annotated[
    Optional[Path],  # noqa: UP045  Typer reads it
    typer.Option("--model", "-m", help="Model file; the shipped one if not given."),
]
CodebookFile = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--codebook", "-c", help="Codebook (YAML)."),
]
Seeds = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--seeds", help="Folder of articles, joined with --labels by paragraph id."),
]
Labels = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--labels", help="Folder of codings (adjudicated.csv, or one CSV a coder)."),
]
Workers = Annotated[
    int, typer.Option("--workers", "-j", min=0, help="Processes; 0 is one a processor.")
]
Seed = Annotated[
    int, typer.Option("--seed", min=0, max=2**32 - 1, help="Of everything that is drawn at random.")
]
Resamples = Annotated[
    int, typer.Option("--resamples", min=100, help="Of the article bootstrap behind intervals.")
]
HtmlFile = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option(
        "--html", help="Also write a page with the figures and a reliability diagram a frame."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Strict = Annotated[
    bool, typer.Option("--strict", help="Stop at the first row or file that cannot be used.")
]
Quarantine = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option(
        "--quarantine",
        help="Where to list what could not be used (beside the output if not given).",
    ),
]
ProblemFile = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option(
        "--quarantine",
        help="Where to list what could not be used; only a few are shown if not given.",
    ),
]
