"""The application that holds all commands, and the one place where errors become exit codes."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from typing import Annotated, Any

import typer

from framing.cli.commands import list_commands
from framing.cli.values import PlainGroup
from framing.schema import FramingError
from framing.version import VERSION


class _Commands(PlainGroup):
    """Knows all commands; turns errors that a user can mend into a line on stderr and exit 1."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for command in list_commands():
            self.add_command(command)

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except FramingError as error:
            typer.echo(f"error: {error}", err=True)
            raise typer.Exit(1) from error
        except KeyboardInterrupt as error:
            typer.echo("interrupted; nothing was left half-written", err=True)
            raise typer.Exit(130) from error
        except BrokenPipeError as error:  # the reader of our output has gone: not our error
            _drop_stdout()
            raise typer.Exit(0) from error
        except OSError as error:  # no room on stdout, for one; what reads and writes files says so
            place = f"{error.filename}: " if error.filename else ""
            typer.echo(f"error: {place}{(error.strerror or str(error)).lower()}", err=True)
            _drop_stdout()
            raise typer.Exit(1) from error
        except MemoryError as error:
            typer.echo("error: not enough memory; use fewer --workers or smaller input", err=True)
            raise typer.Exit(1) from error


def _drop_stdout() -> None:
    """Let what is still buffered go nowhere, so that leaving does not fail on it again."""
    with suppress(io.UnsupportedOperation):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


app = typer.Typer(
    cls=_Commands,
    name="framing",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from framing.scoring.extension import kernel

        scorer = "in Python, as no C compiler built the fast one" if kernel is None else "compiled"
        typer.echo(f"framing {VERSION} (scorer: {scorer})")
        raise typer.Exit


@app.callback()
def describe(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Print the version and leave.",
            callback=_print_version,
            is_eager=True,
        ),
    ] = False,
) -> None:
    """Which frames and stances news carries, how sure that is, and how it differs by source.

    Start with: framing demo
    """


def main() -> None:
    """Run the command line; what stdout's encoding lacks is escaped rather than an error."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    app()
