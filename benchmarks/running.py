"""What the scripts share: lines on stderr, and an orderly end where something cannot be used."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import typer

from framing.schema import FramingError


def tell(line: str) -> None:
    """Say something beside the output."""
    typer.echo(line, err=True)


def start(script: Callable[..., Any]) -> None:
    """Run a script with the options of its command line; a user's error is one line, and exit 1."""
    try:
        typer.run(script)
    except FramingError as error:
        tell(f"error: {error}")
        sys.exit(1)
