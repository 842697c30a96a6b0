"""How a script runs: with options, and one line where its data cannot be used."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import typer

from framing.schema import FramingError


def tell(line: str) -> None:
    """Say how far a script is, beside what it writes."""
    typer.echo(line, err=True)


def run_script(run: Callable[..., Any]) -> None:
    """Run a function with the options of the command line; a user's error is one line, and 1."""
    try:
        typer.run(run)
    except FramingError as error:
        tell(f"error: {error}")
        sys.exit(1)
