"""``framing drift``: how framing differs between sources and over time."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from framing.cli.options import AsJson, Period, Resamples, Seed
from framing.cli.problems import keep_problems


def run(
    predictions: Annotated[
        list[Path], typer.Argument(metavar="PREDICTIONS", help="What 'framing predict' wrote.")
    ],
    by: Annotated[str, typer.Option(help="Column that the cells differ by.")] = "source",
    over: Annotated[
        Optional[Period],  # noqa: UP045  Typer reads it
        typer.Option(help="Also cut time into cells of this width."),
    ] = None,
    output: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--output", "-o", help="Also write all cells there (.csv, .json, .parquet)."),
    ] = None,
    resamples: Resamples = 1000,
    seed: Seed = 0,
    json: AsJson = False,
) -> None:
    """Estimate the share of units that carry each frame and stance, a source and period at a time.

    Example: framing drift predictions.csv --by source --over year
    """
    import pandas as pd

    from framing.measuring.drift import measure_drift
    from framing.reporting.drift import format_drift, write_drift
    from framing.reporting.tables import format_json
    from framing.scoring.rows import read_predictions

    with keep_problems() as log:
        tables = [read_predictions(path, report=log) for path in predictions]
    drift = measure_drift(
        pd.concat(tables, ignore_index=True),
        by=by,
        over=over.value if over else None,
        resamples=resamples,
        seed=seed,
    )
    if output:
        write_drift(drift, output)
    typer.echo(format_json(drift.to_dict()) if json else format_drift(drift))
