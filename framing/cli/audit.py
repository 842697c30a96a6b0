"""``framing audit``: what coded data holds, and where it misleads a model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional, cast

import typer

from framing.cli.options import (
    AsJson,
    CodebookFile,
    CodedFiles,
    Labels,
    Resamples,
    Seed,
    Seeds,
    Workers,
    count_workers,
    read_names,
)
from framing.cli.places import check_apart, check_place, check_table, list_coded_files
from framing.cli.problems import keep_problems
from framing.cli.progress import show_progress

if TYPE_CHECKING:
    from framing.learning.auditing import Part

_PARTS = "counts,disputes,copies,cues,curves"


def run(
    data: CodedFiles = None,
    output: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(
            "--output", "-o", help="Also write all disputed codes there (.csv .jsonl .parquet)."
        ),
    ] = None,
    seeds: Seeds = None,
    labels: Labels = None,
    codebook: CodebookFile = None,
    only: Annotated[str, typer.Option(help="Parts to make, joined by commas.")] = _PARTS,
    resamples: Resamples = 1000,
    seed: Seed = 0,
    workers: Workers = 0,
    json: AsJson = False,
) -> None:
    """Count coded paragraphs, and find doubtful codes, copies, source cues and what more would add.

    Example: framing audit sheet.csv -o disputes.csv
    """
    from framing.gathering import gather_coded

    parts = cast("list[Part]", read_names(only, _PARTS, option="--only"))
    if output:
        check_place(output)
        check_table(output)
        inputs = list_coded_files(data, seeds=seeds, labels=labels, codebook=codebook)
        check_apart([output], inputs=inputs)
        if "disputes" not in parts:
            raise typer.BadParameter("--output needs the part 'disputes'", param_hint="--only")
    with keep_problems() as log:
        coded = gather_coded(data or [], seeds=seeds, labels=labels, codebook=codebook, report=log)
    with show_progress("auditing") as advance:
        from framing.learning.auditing import audit
        from framing.learning.crossfitting import Workers as Pool
        from framing.learning.design import Design
        from framing.learning.training import Settings

        report = audit(
            coded.units,
            coded.codebook,
            parts=parts,
            settings=Settings(design=Design(seed=seed, resamples=resamples)),
            workers=Pool(count_workers(workers), advance),
        )
    from framing.records.writing import open_table
    from framing.reporting.audits import DISPUTE_COLUMNS, format_audit, list_disputes
    from framing.reporting.tables import format_json

    content = report.to_dict()
    if output:
        with open_table(output, DISPUTE_COLUMNS, mark=True) as table:
            table.write(list_disputes(content))
        typer.echo(f"{len(content['disputes'])} disputed codes written to {output}", err=True)
    typer.echo(format_json(content) if json else format_audit(content))
