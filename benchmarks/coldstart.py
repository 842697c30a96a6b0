"""How long the command line takes to start: beside importing scikit-learn, in the same rounds."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from framing.cli.places import check_place
from framing.reporting.tables import format_table
from running import Output, deliver, start, tell
from timed.costs import Cost, measure_command

TEXT = (
    "Beijing's licensing rules have left German carmakers with magnets for only a few weeks, and "
    "Brussels has little to offer them but a list of projects that will take years."
)
SCIKIT_LEARN = "import sklearn"
MARKS = {"framing --help": 0.15, "predict": 0.30, "explain": 0.30}
"""Seconds that were asked for where ``import sklearn`` takes `REFERENCE`."""
REFERENCE = 1.2


def run(
    rounds: Annotated[int, typer.Option(min=1)] = 15,
    python: Annotated[
        str, typer.Option(help="Interpreter that framing and scikit-learn are installed for.")
    ] = sys.executable,
    output: Output = None,
) -> None:
    """Start commands over and over, in turns, and say what each takes.

    Example: python benchmarks/coldstart.py --rounds 5
    """
    if output:
        check_place(output)
    with TemporaryDirectory() as folder:
        row = Path(folder) / "one.jsonl"
        row.write_text(json.dumps({"text": TEXT}) + "\n", encoding="utf-8")
        commands = list_commands(python, row)
        costs = take_turns(commands, Path(folder), rounds)
    deliver(format_costs(costs), output)


def list_commands(python: str, row: Path) -> dict[str, list[str]]:
    """List what is started; the first call of each, which may compile files, is not counted."""
    framing = [python, "-m", "framing"]
    return {
        "python": [python, "-c", "pass"],
        "import numpy": [python, "-c", "import numpy"],
        "import framing": [python, "-c", "import framing"],
        "framing --version": [*framing, "--version"],
        "framing --help": [*framing, "--help"],
        "predict": [*framing, "predict", "--unit", "row", str(row)],
        "explain": [*framing, "explain", "--text", TEXT],
        SCIKIT_LEARN: [python, "-c", SCIKIT_LEARN],
    }


def take_turns(
    commands: Mapping[str, Sequence[str]], folder: Path, rounds: int
) -> dict[str, list[Cost]]:
    """Run each command once a round, after one round that does not count."""
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            cost = measure_command(command, folder=folder)
            if number:
                costs[name].append(cost)
        tell(f"round {number} of {rounds}")
    return costs


def format_costs(costs: Mapping[str, Sequence[Cost]]) -> str:
    """Lay out medians, and their ratios to scikit-learn's import round by round."""
    rows = [
        [
            name,
            f"{median(c.seconds for c in taken):.3f}",
            f"{median(c.busy for c in taken):.3f}",
            _divide(taken, costs[SCIKIT_LEARN], "seconds"),
            _divide(taken, costs[SCIKIT_LEARN], "busy"),
            f"{MARKS[name] / REFERENCE:.3f}" if name in MARKS else "",
        ]
        for name, taken in costs.items()
    ]
    header = ["command", "seconds", "processor", "ratio", "processor ratio", "mark"]
    told = (
        f"Medians of {len(costs[SCIKIT_LEARN])} rounds; ratios to `{SCIKIT_LEARN}` in the same "
        f"round. Marks: {MARKS['framing --help']} s for help and {MARKS['predict']} s for one "
        f"paragraph, where that import takes {REFERENCE} s.\n"
    )
    return f"{format_table(header, rows)}\n\n{told}"


def _divide(taken: Sequence[Cost], beside: Sequence[Cost], field: str) -> str:
    pairs = zip(taken, beside, strict=True)
    return f"{median(getattr(one, field) / getattr(other, field) for one, other in pairs):.3f}"


if __name__ == "__main__":
    start(run)
