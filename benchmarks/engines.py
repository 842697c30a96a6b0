"""What an engine adds: ``framing predict`` on Dask and Spark beside a local run, start and rows."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from framing.cli.options import EngineName, Seed
from framing.cli.places import check_place
from framing.reporting.tables import format_table
from framing.schema import FramingError
from running import Output, deliver, start, tell

ENGINES = tuple(EngineName)
_WORDS = (
    *("the", "of", "to", "and", "in", "a", "that", "for", "on", "with", "ministers", "prices"),
    *("export", "licences", "magnets", "allies", "investors", "mine", "rare", "earths", "tariffs"),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How long one run took, from the first line of the command to its last."""

    engine: str
    rows: int
    seconds: float


def run(
    rows: Annotated[int, typer.Option(min=2, help="Of the larger of two tables.")] = 100_000,
    workers: Annotated[int, typer.Option(min=1)] = 2,
    rounds: Annotated[int, typer.Option(min=1, help="Runs of each; the median counts.")] = 3,
    words: Annotated[int, typer.Option(min=1, help="Of a text.")] = 113,
    output: Output = None,
    seed: Seed = 0,
) -> None:
    """Write two tables of JSON lines, predict each in turn on every engine, and say what that took.

    Example: python benchmarks/engines.py --rounds 5 -o engines.md
    """
    if output:
        check_place(output)
    with TemporaryDirectory() as folder:
        sizes = (rows // 10, rows)
        tables = [write_table(Path(folder), size, words, seed) for size in sizes]
        outcomes = list(_take_turns(tables, sizes, workers, rounds))
    deliver(format_report(outcomes, workers=workers, words=words, seed=seed), output)


def write_table(folder: Path, rows: int, words: int, seed: int) -> Path:
    """Write rows of random words, without ids, and return the file."""
    rng = random.Random(seed)
    path = folder / f"news-{rows}.jsonl"
    with path.open("w", encoding="utf-8") as stream:
        for _ in range(rows):
            stream.write(json.dumps({"text": " ".join(rng.choices(_WORDS, k=words))}) + "\n")
    return path


def _take_turns(
    tables: Sequence[Path], sizes: Sequence[int], workers: int, rounds: int
) -> Iterator[Outcome]:
    for _ in range(rounds):
        for table, rows in zip(tables, sizes, strict=True):
            for engine in ENGINES:
                outcome = Outcome(engine, rows, time_prediction(table, engine, workers))
                tell(f"{engine}, {rows:,} rows: {outcome.seconds:.1f} s")
                yield outcome


def time_prediction(table: Path, engine: str, workers: int) -> float:
    """Run the command line in a process of its own and return its seconds.

    Raises
    ------
    FramingError
        If it fails.
    """
    output = table.with_name("out.parquet")
    options = ["--unit", "row", "--no-evidence", "-j", str(workers), "--engine", engine]
    command = [sys.executable, "-m", "framing", "predict", str(table), "-o", str(output), *options]
    begun = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - begun
    if done.returncode:
        raise FramingError(f"{engine} failed: {done.stderr.strip().splitlines()[-1]}")
    shutil.rmtree(output) if output.is_dir() else output.unlink()
    return seconds


def format_report(outcomes: Sequence[Outcome], *, workers: int, words: int, seed: int) -> str:
    """Return a Markdown table: seconds of each size, of the start, and of a million rows more."""
    small, large = sorted({outcome.rows for outcome in outcomes})
    cells = []
    for engine in dict.fromkeys(outcome.engine for outcome in outcomes):
        low, high = (
            median(o.seconds for o in outcomes if (o.engine, o.rows) == (engine, rows))
            for rows in (small, large)
        )
        a_row = (high - low) / (large - small)
        figures = (low, high, low - small * a_row, 1e6 * a_row)
        cells.append([engine, *(f"{figure:.1f}" for figure in figures)])
    header = ["engine", f"{small:,} rows", f"{large:,} rows", "start", "a million more rows"]
    rounds = len(outcomes) // (2 * len(cells))
    table = format_table(header, cells)
    return (
        f"Seconds (medians of {rounds} rounds, {workers} workers, texts of {words} words, "
        f"JSON lines to Parquet without evidence, seed {seed})\n\n{table}\n"
    )


if __name__ == "__main__":
    start(run)
