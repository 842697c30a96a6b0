"""``framing drift``: how framing differs between sources and over time."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from framing.cli.options import AsJson, Period, Resamples, Seed
from framing.cli.places import check_apart, check_place, check_table
from framing.cli.problems import keep_problems

if TYPE_CHECKING:
    from framing.coding.scheme import Codebook
    from framing.reporting.accounts import Origin, Reliability
    from framing.schema import ProblemSink
    from framing.scoring.model import Model


_WHOLE = (".html", ".htm", ".json")
"""Suffixes of files that hold everything."""

_UNUSED = ("evidence", "uncertain")
"""Columns of predictions that nothing is said of; they are half of a file."""


def run(
    predictions: Annotated[
        list[Path], typer.Argument(metavar="PREDICTIONS", help="What 'framing predict' wrote.")
    ],
    by: Annotated[str, typer.Option(help="Column that the cells differ by.")] = "source",
    over: Annotated[
        Optional[Period],  # noqa: UP045  Typer reads it
        typer.Option(help="Also cut time into cells of this width: change, trends, turns."),
    ] = None,
    gold: Annotated[
        Optional[list[Path]],  # noqa: UP045
        typer.Option(
            help="Hand codings of some of the units, to correct shares by (coded data, or a "
            "filled sheet of 'framing plan')."
        ),
    ] = None,
    coders: Annotated[
        Optional[list[Path]],  # noqa: UP045
        typer.Option(help="Codings of each coder, for the report to name their agreement."),
    ] = None,
    model: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--model", "-m", help="Model that made the predictions, if not the shipped."),
    ] = None,
    reference: Annotated[
        Optional[list[Path]],  # noqa: UP045
        typer.Option(help="Coded data that the model was trained on, to find foreign sources."),
    ] = None,
    groups: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="YAML file of groups, each a list of sources, to compare instead."),
    ] = None,
    against: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Compare every other source with this one."),
    ] = None,
    margin: Annotated[
        Optional[float],  # noqa: UP045
        typer.Option(help="Also test that differences are smaller than this: no change, shown."),
    ] = None,
    census: Annotated[
        bool, typer.Option("--census", help="The articles are all that there are, no sample.")
    ] = False,
    naive: Annotated[
        bool, typer.Option("--naive", help="Also count decisions: biased, for comparison only.")
    ] = False,
    copies: Annotated[
        bool, typer.Option(help="Look for near-copies, to tell wire copy from change.")
    ] = True,
    output: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(
            "--output",
            "-o",
            help="Also write a page (.html), all numbers (.json) or tables (.csv .jsonl .parquet).",
        ),
    ] = None,
    level: Annotated[float, typer.Option(help="Nominal coverage of intervals.")] = 0.95,
    alpha: Annotated[float, typer.Option(help="Share of false discoveries accepted.")] = 0.05,
    resamples: Resamples = 1000,
    permutations: Annotated[
        int, typer.Option(min=100, help="Of articles, behind p-values.")
    ] = 2000,
    seed: Seed = 0,
    json: AsJson = False,
) -> None:
    """Estimate the share of units with each frame and stance, and test what differs and moves.

    Example: framing drift predictions.csv --over year -o report.html
    """
    import pandas as pd

    from framing.groups import read_groups
    from framing.measurement import find_maker, measure_drift
    from framing.reporting.drift import format_drift, write_drift
    from framing.reporting.tables import format_json
    from framing.scoring.predictionfiles import read_predictions

    if output:
        given = (predictions, gold or (), coders or (), reference or (), [model, groups])
        _check_output(output, chain.from_iterable(given))
    with keep_problems() as log:
        tables = [read_predictions(path, without=_UNUSED, report=log) for path in predictions]
        table = pd.concat(tables, ignore_index=True)
        maker = find_maker(table, model)
        origin = find_origin(maker, coders, report=log)
        drift = measure_drift(
            table,
            by=by,
            over=over.value if over else None,
            gold=gold,
            model=maker,
            reference=reference,
            groups=read_groups(groups) if groups else None,
            against=against,
            margin=margin,
            census=census,
            naive=naive,
            copies=copies,
            level=level,
            alpha=alpha,
            resamples=resamples,
            permutations=permutations,
            seed=seed,
            report=log,
        )
    names = maker.codebook.names if maker else {}
    if output:
        for path in write_drift(drift, output, names=names, origin=origin):
            typer.echo(f"written: {path}", err=True)
    if json:
        typer.echo(format_json(drift.to_dict()))
    else:
        typer.echo(format_drift(drift, names=names, origin=origin))


def _check_output(output: Path, inputs: Iterable[Path | None]) -> None:
    """Refuse an output that could not be written or would overwrite an input."""
    from framing.reporting.accounts import TABLES
    from framing.reporting.drift import name_table

    check_place(output)
    written = [output]
    check_table(output, others=_WHOLE)
    if output.suffix.lower() not in _WHOLE:
        written += [name_table(output, table) for table in TABLES]
    check_apart(written, inputs=list(inputs))


def find_origin(maker: Model | None, coders: list[Path] | None, *, report: ProblemSink) -> Origin:
    """Tell where the numbers come from: the codebook, the model's training, the coders."""
    from framing.reporting.accounts import Origin

    book = maker.codebook if maker else None
    reliability = rate_coders(coders, book, report=report) if coders else None
    if maker is None:
        return Origin(reliability)
    n_units, n_articles = (maker.training.get(name) for name in ("n_units", "n_articles"))
    told = f"trained on {n_units} coded units of {n_articles} articles" if n_units else None
    return Origin(reliability, told, f"{maker.codebook.name} {maker.codebook.version}")


def rate_coders(
    coders: list[Path], book: Codebook | None, *, report: ProblemSink
) -> Reliability | None:
    """Measure how far coders agree; None where no label's agreement can be said."""
    import numpy as np

    from framing.coding.reliability import measure_agreement
    from framing.gathering import gather_coders
    from framing.reporting.accounts import Reliability

    found, book = gather_coders(coders, default=book, report=report)
    agreements = measure_agreement(found, rng=np.random.default_rng(0), codebook=book, resamples=1)
    known = {a.label: a.alpha for a in agreements if not np.isnan(a.alpha.value)}
    if not known:
        return None
    alphas = {label: alpha.value for label, alpha in known.items()}
    return Reliability(len(found), alphas, max(alpha.n_units for alpha in known.values()))
