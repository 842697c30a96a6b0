"""What the scripts share: lines on stderr, and an orderly end where something cannot be used."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from framing.records.writing import write_text
from framing.schema import FramingError

Output = Annotated[
    Optional[Path],  # noqa: UP045  Typer reads it
    typer.Option("--output", "-o", help="Write the tables there instead of to stdout."),
]


def tell(line: str) -> None:
    """Say something beside the output."""
    typer.echo(line, err=True)


def deliver(text: str, output: Path | None) -> None:
    """Write what a script found to a file, or else to stdout."""
    if output:
        write_text(output, text)
    else:
        typer.echo(text, nl=False)


def start(script: Callable[..., Any]) -> None:
    """Run a script with the options of its command line; a user's error is one line, and exit 1."""
    try:
        typer.run(script)
    except FramingError as error:
        tell(f"error: {error}")
        sys.exit(1)
