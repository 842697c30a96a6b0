"""``framing agree``: how far two or more coders agree."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from framing.cli.options import AsJson, CodebookFile, Resamples, Seed
from framing.cli.problems import keep_problems


def run(
    codings: Annotated[
        list[Path],
        typer.Argument(metavar="CODINGS", help="One file a coder, or files with a column 'coder'."),
    ],
    codebook: CodebookFile = None,
    resamples: Resamples = 1000,
    seed: Seed = 0,
    json: AsJson = False,
) -> None:
    """Measure Krippendorff's alpha for each frame and stance target, with 95% intervals.

    Example: framing agree labels/coder_a.csv labels/coder_b.csv
    """
    import numpy as np

    from framing.coding.reliability import measure_agreement
    from framing.gathering import gather_coders
    from framing.reporting.agreement import format_agreement
    from framing.reporting.tables import format_json
    from framing.schema import describe

    with keep_problems() as log:
        coders, book = gather_coders(codings, codebook=codebook, report=log)
    found = measure_agreement(
        coders, rng=np.random.default_rng(seed), codebook=book, resamples=resamples
    )
    typer.echo(format_json(describe(found)) if json else format_agreement(found))
