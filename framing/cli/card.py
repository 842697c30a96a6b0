"""``framing card``: what one article stresses and leaves out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from framing.cli.options import AsJson, ModelFile, Resamples, Seed
from framing.cli.places import check_apart, check_place
from framing.cli.problems import keep_problems

SUFFIXES = (".html", ".htm", ".md", ".json")


def run(
    article: Annotated[
        str,
        typer.Argument(
            metavar="ARTICLE",
            help="A file (.txt .md .html), - for standard input, or an id among the predictions.",
        ),
    ],
    against: Annotated[
        list[Path],
        typer.Option("--against", "-a", help="What 'framing predict' wrote; may be given again."),
    ],
    output: Annotated[
        Optional[Path],  # noqa: UP045  Typer reads it
        typer.Option("--output", "-o", help="Also write the card there (.html, .md or .json)."),
    ] = None,
    model: ModelFile = None,
    within: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(min=0, help="Days before and after the article, at first; 90 if not given."),
    ] = None,
    date: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="When the article came out, where it does not say (YYYY-MM-DD)."),
    ] = None,
    frame: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--frame", help="Look at this frame only; may be given again."),
    ] = None,
    own: Annotated[
        bool, typer.Option("--own", help="Also compare with articles of the same source.")
    ] = False,
    resamples: Resamples = 1000,
    seed: Seed = 0,
    json: AsJson = False,
) -> None:
    """Say which frames an article stresses and leaves out, against others on the same matter.

    Example: framing card draft.md --against predictions.csv -o card.html
    """
    import pandas as pd

    from framing.cards import compare_article
    from framing.measurement import find_maker
    from framing.records.writing import write_text
    from framing.reporting.articlecards import format_article_card, render_article_card
    from framing.reporting.tables import format_json
    from framing.scoring.predictionfiles import read_predictions

    if output:
        _check_output(output, [*against, Path(article)])
    with keep_problems() as log:
        tables = [read_predictions(path, report=log) for path in against]
        table = pd.concat(tables, ignore_index=True)
        card = compare_article(
            article,
            table,
            model=model,
            date=date,
            stdin=sys.stdin.buffer,
            report=log,
            frames=frame or (),
            within=within,
            own=own,
            resamples=resamples,
            seed=seed,
        )
    maker = find_maker(table, model)
    names = maker.codebook.names if maker else {}
    content = format_json(card.to_dict())
    text = format_article_card(card, names=names)
    if output:
        page = output.suffix.lower() in {".html", ".htm"}
        kept = content if output.suffix.lower() == ".json" else text
        write_text(output, render_article_card(card, names=names) if page else kept + "\n")
    typer.echo(content if json else text)


def _check_output(path: Path, inputs: list[Path]) -> None:
    """Refuse a place that cannot be written, or that is read from, before any work."""
    from framing.schema import InputError

    check_place(path)
    check_apart([path], inputs=inputs)
    if path.suffix.lower() not in SUFFIXES:
        raise InputError("the suffix names no format", where=str(path), fix="use .html, .md, .json")
