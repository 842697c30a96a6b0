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


PAIRS = ("praised", "blamed"), ("cheered", "jeered"), ("thanked", "scolded")
"""What one sentence says of two people, the first well and the second ill."""

PEOPLE = tuple(
    f"{first} {last}"
    for first in ("Ann", "Bea", "Cem", "Dov", "Eli", "Flo", "Gus", "Hal")
    for last in ("Arden", "Blythe", "Corwin")
)


@pytest.fixture(scope="session")
def mention_file(shared: Path, write_rows: Callable[..., Path]) -> Path:
    """Sentences on two of 24 people each, a row a person, and a frame where voters come first."""
    rows = []
    for number, person in enumerate(PEOPLE):
        other = PEOPLE[(number + 7) % len(PEOPLE)]
        well, ill = PAIRS[number % 3]
        sentences = (
            (f"Critics {well} {person}, while voters {ill} {other}.", "favor", "oppose", []),
            (
                f"Voters {ill} {person}, but the critics {well} {other}.",
                "oppose",
                "favor",
                ["vote"],
            ),
        )
        for place, (text, stance, toward_other, frames) in enumerate(sentences):
            shared_cells = {"article": f"a{number % 6}", "text": text, "frames": frames}
            for target, value in ((person, stance), (other, toward_other)):
                row = {"id": f"{number}-{place}", "target": target, "stance": value}
                rows.append({**row, **shared_cells})
    return write_rows(shared / "mentions.jsonl", rows)


@pytest.fixture(scope="session")
def mention_model(run: Run, shared: Path, mention_file: Path) -> Path:
    """A model of the stance toward whoever is mentioned."""
    path = shared / "mentions.safetensors"
    options = ("-j", "1", "--splits", "none", "--resamples", "100")
    result = run("train", mention_file, "-o", path, *options)
    assert result.exit_code == 0, result.stderr
    return path
