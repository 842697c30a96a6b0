"""``framing train``: coded data in, a model file and its figures out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional, cast

import typer

from framing.cli.options import (
    AsJson,
    CodebookFile,
    CodedFiles,
    HtmlFile,
    Labels,
    ProblemFile,
    Resamples,
    Seed,
    Seeds,
    Strict,
    Workers,
    count_workers,
    read_names,
)
from framing.cli.places import check_apart, check_model_place, check_place, list_coded_files
from framing.cli.problems import keep_problems
from framing.cli.progress import show_progress

if TYPE_CHECKING:
    from framing.learning.selection import Metric
    from framing.learning.splits import Split

_SPLITS = "grouped,random,source"
_METRICS = ("macro-f1", "micro-f1", "average-precision")


def run(
    data: CodedFiles = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Model file to write (.safetensors).")
    ] = Path("model.safetensors"),
    seeds: Seeds = None,
    labels: Labels = None,
    codebook: CodebookFile = None,
    card: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--card", help="Also write the model card there (Markdown)."),
    ] = None,
    html: HtmlFile = None,
    splits: Annotated[
        str,
        typer.Option(
            help="Ways of holding units out to report, joined by commas; 'none' for none."
        ),
    ] = _SPLITS,
    optimise: Annotated[
        str,
        typer.Option(
            metavar="macro-f1|micro-f1|average-precision",
            help="What settings and thresholds are chosen for.",
        ),
    ] = "average-precision",
    precision: Annotated[
        float,
        typer.Option(help="Share of right ones that decisions not marked uncertain promise."),
    ] = 0.9,
    resamples: Resamples = 1000,
    seed: Seed = 0,
    workers: Workers = 0,
    strict: Strict = False,
    quarantine: ProblemFile = None,
    json: AsJson = False,
) -> None:
    """Train a model on coded paragraphs and print how well it does on held-out ones.

    Example: framing train sheet.csv -o model.safetensors
    """
    from framing.gathering import gather_coded

    ways = _read_splits(splits)
    if optimise not in _METRICS:
        raise typer.BadParameter(f"choose one of {', '.join(_METRICS)}", param_hint="--optimise")
    if not 0.5 <= precision < 1.0:
        raise typer.BadParameter("give a share from 0.5 to below 1", param_hint="--precision")
    check_model_place(output)
    for path in filter(None, (card, html, quarantine)):
        check_place(path)
    inputs = list_coded_files(data, seeds=seeds, labels=labels, codebook=codebook)
    check_apart((output, card, html, quarantine), inputs=inputs)
    with keep_problems(quarantine, strict=strict) as log:
        coded = gather_coded(data or [], seeds=seeds, labels=labels, codebook=codebook, report=log)
    with show_progress("training") as advance:
        from framing.learning.crossfitting import Workers as Pool
        from framing.learning.design import Design
        from framing.learning.training import Settings, train
        from framing.version import VERSION

        design = Design(
            seed=seed, resamples=resamples, optimise=cast("Metric", optimise), precision=precision
        )
        model, report = train(
            coded.units,
            coded.codebook,
            settings=Settings(splits=ways, design=design),
            workers=Pool(count_workers(workers), advance),
            version=VERSION,
        )
    from framing.records.writing import write_text
    from framing.reporting.cards import format_card
    from framing.reporting.scorepages import render_training
    from framing.reporting.tables import format_json
    from framing.reporting.training import format_training
    from framing.scoring.modelfile import save_model

    saved = save_model(model, output)
    content = report.to_dict()
    if card:
        write_text(card, format_card(saved, size=output.stat().st_size))
    if html:
        write_text(html, render_training(content, saved))
    typer.echo(f"model {saved.hash} written to {output}", err=True)
    # Figures come last: whoever stops reading them loses no file.
    typer.echo(format_json(content) if json else format_training(content))


def _read_splits(text: str) -> tuple[Split, ...]:
    names = [] if text == "none" else read_names(text, _SPLITS, option="--splits")
    return cast("tuple[Split, ...]", tuple(names))
