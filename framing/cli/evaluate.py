"""``framing evaluate``: a model against new coded data."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import Annotated, Optional

import typer

from framing.cli.options import (
    AsJson,
    CodebookFile,
    HtmlFile,
    Labels,
    ProblemFile,
    Resamples,
    Seed,
    Seeds,
    Strict,
)
from framing.cli.places import check_apart, check_place, list_coded_files
from framing.cli.problems import keep_problems


def run(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="Model file.")],
    data: Annotated[
        Optional[list[Path]],  # noqa: UP045  Typer reads it
        typer.Argument(metavar="DATA", help="Coded data or filled sheets."),
    ] = None,
    seeds: Seeds = None,
    labels: Labels = None,
    codebook: CodebookFile = None,
    card: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--card", help="Also write the model card, this evaluation first (Markdown)."),
    ] = None,
    html: HtmlFile = None,
    resamples: Resamples = 1000,
    seed: Seed = 0,
    strict: Strict = False,
    quarantine: ProblemFile = None,
    json: AsJson = False,
) -> None:
    """Measure a model on coded data that it was not trained on, with 95% intervals.

    Example: framing evaluate model.safetensors coded.csv
    """
    from framing.gathering import check_same_codebook, gather_coded
    from framing.learning.design import Design
    from framing.learning.evaluation import evaluate
    from framing.records.writing import write_text
    from framing.reporting.cards import format_card
    from framing.reporting.scorepages import render_evaluation
    from framing.reporting.tables import format_json
    from framing.reporting.training import format_evaluation
    from framing.scoring.modelfile import load_model

    for path in filter(None, (card, html, quarantine)):
        check_place(path)
    inputs = list_coded_files(data, seeds=seeds, labels=labels, codebook=codebook)
    check_apart((card, html, quarantine), inputs=chain([model], inputs))
    loaded = load_model(model)
    with keep_problems(quarantine, strict=strict) as log:
        coded = gather_coded(
            data or [],
            seeds=seeds,
            labels=labels,
            codebook=codebook,
            default=loaded.codebook,
            report=log,
        )
    check_same_codebook(
        loaded,
        coded,
        where=", ".join(str(path) for path in [*(data or []), *([seeds] if seeds else [])]),
    )
    if coded.codebook.hash != loaded.codebook.hash:
        typer.echo("the data follow another codebook than the model; shared labels count", err=True)
    report = evaluate(loaded, coded.units, design=Design(seed=seed, resamples=resamples)).to_dict()
    if card:
        size = model.stat().st_size
        write_text(card, format_card(loaded, size=size, evaluation=report))
    if html:
        write_text(html, render_evaluation(report, loaded))
    typer.echo(format_json(report) if json else format_evaluation(report))
