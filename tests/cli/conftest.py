"""The command line, run in this process, and what its output may look like."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from framing.cli.app import app

Run = Callable[..., Result]


@pytest.fixture(scope="session")
def run() -> Run:
    """Return what runs one command; anything but an orderly end fails the test."""

    def invoke(*arguments: object, stdin: str | bytes | None = None) -> Result:
        result = CliRunner().invoke(app, [str(a) for a in arguments], input=stdin)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert "Traceback" not in result.stderr
        return result

    return invoke


@pytest.fixture(scope="session")
def refuse(run: Run) -> Callable[..., str]:
    """Return what runs a command that must fail by the user's error, and gives its one line."""

    def invoke(*arguments: object, stdin: str | bytes | None = None) -> str:
        result = run(*arguments, stdin=stdin)
        assert result.exit_code == 1, result.output
        lines = result.stderr.splitlines()
        assert lines[-1].startswith("error: ")
        assert sum(line.startswith("error: ") for line in lines) == 1
        assert result.stdout == ""
        return lines[-1].removeprefix("error: ")

    return invoke


@pytest.fixture(scope="session")
def predictions(run: Run, shared: Path, articles: Path, model_file: Path) -> Path:
    """The predictions of the small model for the articles, as CSV."""
    path = shared / "predictions.csv"
    assert run("predict", articles, "-m", model_file, "-o", path).exit_code == 0
    return path
