"""``framing codebook``: show, check and start a codebook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from framing.cli.places import check_new
from framing.cli.problems import keep_problems
from framing.cli.values import PlainCommand, PlainGroup

app = typer.Typer(
    cls=PlainGroup,
    no_args_is_help=True,
    add_completion=False,
    help="Show, check or start a codebook.",
)

_File = Annotated[
    Optional[Path],  # noqa: UP045  Typer reads it
    typer.Argument(metavar="FILE", help="Codebook (YAML); the shipped one if not given."),
]


@app.command(cls=PlainCommand)
def show(file: _File = None) -> None:
    """Print a codebook as a coder reads it.

    Example: framing codebook show
    """
    from framing.gathering import find_default_codebook
    from framing.reporting.codebooks import format_for_coders

    typer.echo(format_for_coders(find_default_codebook(file)))


@app.command(cls=PlainCommand)
def check(file: _File = None) -> None:
    """Check a codebook and print its name, version and content hash.

    Example: framing codebook check labels/codebook.yaml
    """
    from framing.gathering import find_default_codebook

    book = find_default_codebook(file)
    values = sum(len(target.values) for target in book.targets)
    typer.echo(
        f"{book.name} {book.version} ({book.hash}): {len(book.frames)} frames, "
        f"{len(book.targets)} stance targets with {values} values, {len(book.rules)} rules"
    )


@app.command(cls=PlainCommand)
def init(
    data: Annotated[list[Path], typer.Argument(metavar="DATA", help="Coded data to infer from.")],
    output: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--output", "-o", help="File to write; stdout if not given."),
    ] = None,
    name: Annotated[str, typer.Option(help="Name of the codebook.")] = "inferred",
) -> None:
    """Start a codebook from the frames and stance values that occur in coded data.

    Example: framing codebook init coded.csv -o codebook.yaml
    """
    from framing.coding.codebook import format_codebook, infer_codebook
    from framing.coding.codings import read_coded
    from framing.records.writing import write_text

    if output is not None:
        check_new(output, "file")
    with keep_problems() as log:
        book = infer_codebook(read_coded(data, report=log), name, report=log)
    text = format_codebook(book)
    if output is None:
        typer.echo(text, nl=False)
        return
    write_text(output, text)
    typer.echo(f"codebook written to {output}; fill in its definitions", err=True)
