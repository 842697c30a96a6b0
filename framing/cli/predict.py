"""``framing predict``: articles in, one row a unit out."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from framing.cli.engines import EngineAddress, check_choice, predict_on_engine
from framing.cli.options import (
    Articles,
    EngineName,
    ModelFile,
    Quarantine,
    Strict,
    Unit,
    count_workers,
    spare_threads,
)
from framing.cli.places import check_apart, check_place
from framing.cli.problems import keep_problems, name_quarantine
from framing.cli.progress import show_progress

if TYPE_CHECKING:
    from framing.scoring.batch import Batch


def run(
    articles: Articles,
    output: Annotated[
        str,
        typer.Option(
            "--output", "-o", help=".csv, .jsonl (.gz, .zst too) or .parquet; - is JSONL on stdout."
        ),
    ] = "-",
    model: ModelFile = None,
    unit: Annotated[
        Unit,
        typer.Option(help="Cut texts into paragraphs, or take each row of a table as one unit."),
    ] = Unit.paragraph,
    workers: Annotated[
        int,
        typer.Option(
            "--workers",
            "-j",
            min=0,
            help="Processes, or threads with --unit row; 0 is one a processor.",
        ),
    ] = 1,
    evidence: Annotated[
        bool, typer.Option(help="Name the terms that drove each label, with their places.")
    ] = True,
    raw: Annotated[
        bool, typer.Option("--raw", help="CSV: leave cells that open like a formula as they are.")
    ] = False,
    strict: Strict = False,
    quarantine: Quarantine = None,
    engine: Annotated[
        EngineName,
        typer.Option(help="Where to run: here, or on Dask or Spark (--unit row; -o a new folder)."),
    ] = EngineName.local,
    engine_address: EngineAddress = None,
) -> None:
    """Classify articles: frames, stances, probabilities and evidence, one row a unit.

    Example: framing predict archive/*.html -o predictions.csv
    """
    spare_threads()

    from framing.scoring.batch import predict_documents
    from framing.scoring.modelfile import load_model
    from framing.scoring.outputs import open_predictions
    from framing.scoring.streams import predict_units
    from framing.shipped import find_model
    from framing.text.reading import find_documents, read_units

    check_choice(engine, unit, engine_address)
    if quarantine is not None:
        check_place(quarantine)
    path = model or find_model()
    place = quarantine or name_quarantine(output)
    check_apart(
        (None if output == "-" else Path(output), place), inputs=_list_inputs(path, articles)
    )
    n_workers = count_workers(workers)
    tally: Counter[str] = Counter()
    if engine is not EngineName.local:
        with keep_problems(place, strict=strict) as log:
            tally += predict_on_engine(
                engine,
                articles,
                path,
                output,
                address=engine_address,
                workers=n_workers,
                evidence=evidence,
                raw=raw,
                report=log,
            )
        _tell_targets(tally, unit)
        _tell(tally, output)
        log.require_some(tally["units"])
        return
    loaded = load_model(path)
    repairs: Counter[str] = Counter()
    with (
        keep_problems(place, strict=strict) as log,
        show_progress("classifying") as advance,
        open_predictions(output, loaded, stdout=sys.stdout.buffer, raw=raw) as writer,
    ):
        if unit is Unit.row:
            units = read_units(articles, report=log, stdin=sys.stdin.buffer)
            batches = predict_units(
                loaded, units, evidence=evidence, workers=n_workers, encode=writer.encode
            )
        else:
            documents = find_documents(articles, report=log, stdin=sys.stdin.buffer)
            batches = predict_documents(
                loaded, documents, path=path, evidence=evidence, workers=n_workers
            )
        for batch in batches:
            for problem in batch.problems:
                log(problem)
            if batch.encoded is None:
                writer.write(batch.rows)
            else:
                writer.append(batch.encoded)
            _count(tally, batch, mentions=loaded.sees_mentions)
            repairs.update(batch.repairs)
            advance(tally["items"], None)
    if repairs:
        mended = ", ".join(
            f"{name.replace('_', ' ')} {number}" for name, number in repairs.most_common()
        )
        typer.echo(f"repaired: {mended}", err=True)
    _tell_targets(tally, unit)
    _tell(tally, output)
    log.require_some(tally["units"] + tally["boilerplate"])


def _list_inputs(model: Path, articles: list[str]) -> Iterator[Path]:
    from framing.text.reading import list_inputs

    yield model
    yield from list_inputs(articles)


def _count(tally: Counter[str], batch: Batch, *, mentions: bool) -> None:
    from framing.scoring.mentions import count_missing

    scored = batch.rows["frames"].is_valid()
    n_scored = scored.true_count
    tally["items"] += batch.n_items
    tally["units"] += n_scored
    tally["boilerplate"] += len(scored) - n_scored
    if mentions:
        columns = (batch.rows[name].filter(scored).to_pylist() for name in ("text", "target"))
        n_missing, n_named = count_missing(zip(*columns, strict=True))
        tally["missing"] += n_missing
        tally["named"] += n_named
        tally["nameless"] += n_scored - n_named


def _tell_targets(tally: Counter[str], unit: Unit) -> None:
    """Say what a model of mentions could not tell, or hardly."""
    if tally["missing"]:
        typer.echo(
            f"{tally['missing']} of {tally['named']} targets are not in their text", err=True
        )
    if tally["nameless"]:
        remedy = "fill the column 'target'" if unit is Unit.row else "use --unit row"
        typer.echo(
            f"{tally['nameless']} units name no target, so have no stance; {remedy}", err=True
        )


def _tell(tally: Counter[str], output: str) -> None:
    place = "stdout" if output == "-" else output
    aside = f", {tally['boilerplate']} of boilerplate left unscored" if tally["boilerplate"] else ""
    typer.echo(f"{tally['units']} units classified{aside}; written to {place}", err=True)
