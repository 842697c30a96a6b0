"""``framing predict``: articles in, one row a unit out."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from framing.cli.options import (
    Articles,
    ModelFile,
    Quarantine,
    Strict,
    Unit,
    Workers,
    count_workers,
)
from framing.cli.places import check_apart
from framing.cli.problems import ProblemLog, keep_problems, name_quarantine
from framing.cli.progress import show_progress

if TYPE_CHECKING:
    from framing.scoring.batch import Item


def run(
    articles: Articles,
    output: Annotated[
        str,
        typer.Option(
            "--output", "-o", help=".csv, .jsonl or .parquet (.gz too); - is JSONL on stdout."
        ),
    ] = "-",
    model: ModelFile = None,
    unit: Annotated[
        Unit,
        typer.Option(help="Cut texts into paragraphs, or take each row of a table as one unit."),
    ] = Unit.paragraph,
    workers: Workers = 1,
    evidence: Annotated[
        bool, typer.Option(help="Name the terms that drove each label, with their places.")
    ] = True,
    raw: Annotated[
        bool, typer.Option("--raw", help="CSV: leave cells that open like a formula as they are.")
    ] = False,
    strict: Strict = False,
    quarantine: Quarantine = None,
) -> None:
    """Classify articles: frames, stances, probabilities and evidence, one row a unit.

    Example: framing predict archive/*.html -o predictions.csv
    """
    from framing.records.tables import find_format
    from framing.records.writing import open_table
    from framing.scoring.batch import Options, predict_batches
    from framing.scoring.modelfile import load_model
    from framing.scoring.rows import list_columns
    from framing.shipped import find_model

    path = model or find_model()
    place = quarantine or name_quarantine(output)
    check_apart(
        (None if output == "-" else Path(output), place), inputs=_list_inputs(path, articles)
    )
    loaded = load_model(path)
    flat = output != "-" and find_format(Path(output)) in {"csv", "parquet"}
    options = Options(layout="flat" if flat else "nested", evidence=evidence)
    tally: Counter[str] = Counter()
    repairs: Counter[str] = Counter()
    with (
        keep_problems(place, strict=strict) as log,
        show_progress("classifying") as advance,
        open_table(output, list_columns(loaded), stdout=sys.stdout.buffer, raw=raw) as table,
    ):
        items = list_items(articles, unit, log)
        for batch in predict_batches(path, items, options=options, workers=count_workers(workers)):
            for problem in batch.problems:
                log(problem)
            table.write(batch.rows)
            _count(tally, batch.rows, mentions=loaded.sees_mentions)
            tally["items"] += batch.n_items
            repairs.update(batch.repairs)
            advance(tally["items"], None)
    if repairs:
        mended = ", ".join(
            f"{name.replace('_', ' ')} {number}" for name, number in repairs.most_common()
        )
        typer.echo(f"repaired: {mended}", err=True)
    _tell_targets(tally, unit)
    _tell(tally, output)


def _list_inputs(model: Path, articles: list[str]) -> Iterator[Path]:
    from framing.text.reading import list_inputs

    yield model
    yield from list_inputs(articles)


def list_items(articles: list[str], unit: Unit, log: ProblemLog) -> Iterator[Item]:
    """List what there is to predict: documents, or rows as units."""
    from framing.text.reading import find_documents, read_units

    if unit is Unit.row:
        yield from read_units(articles, report=log, stdin=sys.stdin.buffer)
    else:
        yield from find_documents(articles, report=log, stdin=sys.stdin.buffer)


def _count(tally: Counter[str], rows: Sequence[dict[str, Any]], *, mentions: bool) -> None:
    from framing.scoring.mentions import count_missing

    scored = [row for row in rows if row["frames"] is not None]
    tally["units"] += len(scored)
    tally["boilerplate"] += len(rows) - len(scored)
    if mentions:
        n_missing, n_named = count_missing((row["text"], row.get("target")) for row in scored)
        tally["missing"] += n_missing
        tally["named"] += n_named
        tally["nameless"] += len(scored) - n_named


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
