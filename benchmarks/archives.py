"""What a report on a large archive takes: seconds and memory beside the marks set for them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import pandas as pd
import typer

from archived.drawing import Size, draw_predictions
from archived.stages import STAGES
from framing.cli.options import Seed
from framing.cli.places import check_place
from framing.reporting.tables import format_table
from framing.schema import FramingError
from running import Output, deliver, start, tell

FOLDER = Path(__file__).parent
FORMATS = ("csv", "parquet")
SECONDS, MEGABYTES = 60.0, 1500.0
"""Marks for 200,000 predictions of 40 sources, 60 months and 10 frames."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run took: `megabytes` at its peak, `stages` in seconds, `busy` of the processor."""

    format: str
    file: float
    seconds: float
    busy: float
    megabytes: float
    stages: dict[str, float]


def run(
    units: Annotated[int, typer.Option(min=1, help="Predictions.")] = 200_000,
    sources: Annotated[int, typer.Option(min=1)] = 40,
    months: Annotated[int, typer.Option(min=1)] = 60,
    frames: Annotated[int, typer.Option(min=1)] = 10,
    rounds: Annotated[int, typer.Option(min=1, help="Runs of each format; the least counts.")] = 1,
    output: Output = None,
    seed: Seed = 0,
) -> None:
    """Draw an archive, have its drift reported, and say what that took.

    Example: python benchmarks/archives.py --rounds 3 -o archives.md
    """
    if output:
        check_place(output)
    size = Size(units, sources, months, frames)
    tell(f"drawing {units:,} predictions ...")
    table = draw_predictions(size, seed)
    with TemporaryDirectory() as folder:
        outcomes = list(_take_turns(table, Path(folder), rounds))
    text = format_report(size, outcomes, n_articles=table["article"].nunique(), seed=seed)
    deliver(text, output)


def _take_turns(table: pd.DataFrame, folder: Path, rounds: int) -> Iterator[Outcome]:
    for form in FORMATS:
        path = folder / f"predictions.{form}"
        _ = table.to_csv(path, index=False) if form == "csv" else table.to_parquet(path)
    for _ in range(rounds):
        for form in FORMATS:
            outcome = report_drift(folder / f"predictions.{form}")
            tell(f"{form}: {outcome.seconds:.1f} s, {outcome.megabytes:.0f} MB")
            yield outcome


def report_drift(path: Path) -> Outcome:
    """Report on a file of predictions, month by month, in a process of its own.

    Raises
    ------
    FramingError
        If the command fails.
    """
    record, page = path.with_name("record.json"), path.with_name("report.html")
    command = ("drift", str(path), "--over", "month", "-o", str(page))
    done = subprocess.run(
        [sys.executable, "-m", "archived.stages", str(record), *command],
        check=False,
        cwd=FOLDER,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        raise FramingError(f"'framing drift' failed: {done.stderr.strip()}")
    taken = json.loads(record.read_text(encoding="utf-8"))
    return Outcome(path.suffix[1:], path.stat().st_size / 1e6, **taken)


def format_report(size: Size, outcomes: Sequence[Outcome], *, n_articles: int, seed: int) -> str:
    """Lay out what each format took at least, and how long its stages were."""
    best = [
        min((o for o in outcomes if o.format == form), key=lambda o: o.seconds)
        for form in dict.fromkeys(o.format for o in outcomes)
    ]
    rows = [
        [
            o.format,
            f"{o.file:.0f}",
            f"{o.seconds:.1f}",
            f"{SECONDS:.0f}",
            f"{o.busy:.1f}",
            f"{o.megabytes:.0f}",
            f"{MEGABYTES:.0f}",
        ]
        for o in best
    ]
    header = ["format", "file (MB)", "seconds", "mark", "processor", "peak memory (MB)", "mark"]
    stages = [[name, *(f"{o.stages[name]:.1f}" for o in best)] for name in STAGES]
    rest = [f"{o.seconds - sum(o.stages.values()):.1f}" for o in best]
    parts = [
        f"{size.n_units:,} predictions of {n_articles:,} articles, {size.n_sources} sources, "
        f"{size.n_months} months, {size.n_frames} frames, with texts; seed {seed}; "
        "`framing drift FILE --over month -o report.html`, runs of each format: "
        f"{len(outcomes) // len(best)}; {os.cpu_count()} processors.",
        format_table(header, rows),
        format_table(
            ["stage (seconds)", *(o.format for o in best)], [*stages, ["the rest", *rest]]
        ),
    ]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    start(run)
