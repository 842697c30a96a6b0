"""``framing label``: a coding sheet to fill in a spreadsheet."""

from __future__ import annotations

import sys
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import Annotated, Optional

import typer

from framing.cli.options import Articles, CodebookFile, ModelFile, Quarantine, Strict
from framing.cli.places import check_apart, check_new, check_place
from framing.cli.problems import keep_problems, name_quarantine


class Suggester(StrEnum):
    """Who suggests codes."""

    cues = "cues"
    model = "model"


def run(
    articles: Articles,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Sheet to write (.csv; - is stdout).")
    ],
    coder: Annotated[str, typer.Option("--coder", help="Name of the person who will code.")],
    codebook: CodebookFile = None,
    suggest: Annotated[
        Optional[Suggester],  # noqa: UP045  Typer reads it
        typer.Option(help="Add what cue terms or a model would say, in columns never read back."),
    ] = None,
    model: ModelFile = None,
    strict: Strict = False,
    quarantine: Quarantine = None,
) -> None:
    """Write a coding sheet: one row a unit, an empty cell a frame and stance target.

    Fill it in any spreadsheet, then: framing train sheet.csv

    Example: framing label articles/ -o sheet.csv --coder ann
    """
    from framing.coding.sheets import HELP, sheet_columns, sheet_rows, suggest_from_cues
    from framing.gathering import find_default_codebook
    from framing.interface import load
    from framing.records.tables import find_format
    from framing.records.writing import STANDARD_STREAM, open_table
    from framing.schema import InputError
    from framing.scoring.suggestions import suggest_by_model
    from framing.text.reading import list_inputs, read_articles
    from framing.text.segmentation import segment

    streamed = str(output) == STANDARD_STREAM
    if not streamed and find_format(output) != "csv":
        raise InputError("a sheet is a CSV file", where=str(output), fix="name it .csv")
    check_new(output, "sheet")
    if quarantine is not None:
        check_place(quarantine)
    place = quarantine or name_quarantine(str(output))
    outputs = (None if streamed else output, place)
    check_apart(outputs, inputs=chain([codebook, model], list_inputs(articles)))
    book = find_default_codebook(codebook)
    with keep_problems(place, strict=strict) as log:
        found = read_articles(articles, report=log, stdin=sys.stdin.buffer)
        units = [unit for article in found for unit in segment(article)]
    log.require_some(len(units))
    fill = None
    if suggest is not None:
        cues = suggest is Suggester.cues
        fill = suggest_from_cues(book) if cues else suggest_by_model(load(model))
    rows = list(sheet_rows(units, book, coder=coder, suggest=fill))
    columns = sheet_columns(book, suggestions=suggest is not None)
    stdout = sys.stdout.buffer if streamed else None
    with open_table(output, columns, stdout=stdout, format="csv", mark=True) as table:
        table.write(rows)
    written = "stdout" if streamed else output
    typer.echo(f"{len(rows)} units to code, written to {written}. {HELP}", err=True)
