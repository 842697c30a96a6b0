"""What a search for the best setting costs here, and the same search by scikit-learn."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Optional

import typer

from framing.cli.options import Seed, count_workers, read_names
from framing.cli.places import check_place
from running import Output, deliver, start, tell
from searched.corpus import build_corpus
from searched.sides import OURS, SIDES, Outcome, Task
from searched.tables import Measured, Outcomes, format_report

FOLDER = Path(__file__).parent
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

Runner = Callable[[str, Task, int], Outcome]
"""Side, task and number of processes to what came out."""


def run(
    units: Annotated[str, typer.Option(help="Sizes of the corpus, joined by commas.")] = (
        "5000,20000"
    ),
    rounds: Annotated[int, typer.Option(min=1, help="How often each side runs.")] = 3,
    grid_rounds: Annotated[
        Optional[int],  # noqa: UP045  Typer reads it
        typer.Option(min=1, help="How often scikit-learn's sides do; as ours if not given."),
    ] = None,
    sides: Annotated[
        str, typer.Option(help="Sides to run, joined by commas; ours always runs.")
    ] = (",".join(SIDES)),
    workers: Annotated[
        int, typer.Option("--workers", "-j", min=0, help="Processes of each side; 0: a processor.")
    ] = 2,
    output: Output = None,
    seed: Seed = 0,
) -> None:
    """Search the settings of the frames in a made corpus: by ours, and by GridSearchCV.

    Sides take turns, each run in a process of its own. The corpus is written by a model of the
    seeds' words, so nothing is downloaded.

    Example: python benchmarks/training.py --units 5000 --rounds 1 -o training.md
    """
    if output:
        check_place(output)
    sizes = read_sizes(units)
    wanted = {OURS, *read_names(sides, ",".join(SIDES), option="--sides")}
    turns = {side: rounds if side == OURS else grid_rounds or rounds for side in wanted}
    processes = count_workers(workers)
    measured = []
    for size in sizes:
        dataset = build_corpus(size, seed=seed)
        outcomes = take_turns(Task.lay(dataset, seed=seed), turns, workers=processes)
        measured.append(Measured(dataset, outcomes))
    text = format_report(measured, workers=processes, seed=seed)
    deliver(text, output)


def read_sizes(text: str) -> list[int]:
    """Read whole numbers joined by commas.

    >>> read_sizes("5000, 20000")
    [5000, 20000]
    """
    try:
        sizes = [int(part) for part in text.split(",")]
    except ValueError:
        raise typer.BadParameter(f"'{text}' is no list of numbers", param_hint="--units") from None
    if min(sizes) < 100:
        raise typer.BadParameter("fewer than 100 units are no corpus", param_hint="--units")
    return sizes


def take_turns(
    task: Task, turns: Mapping[str, int], *, workers: int, runner: Runner | None = None
) -> Outcomes:
    """Run each side as often as `turns` say, one after another in every round.

    Every other round goes backwards, so that what comes first is not always the same.
    """
    outcomes: dict[str, list[Outcome]] = {side: [] for side in SIDES if side in turns}
    for number in range(max(turns.values())):
        due = [side for side in outcomes if number < turns[side]]
        for side in due if number % 2 == 0 else reversed(due):
            outcome = (runner or run_apart)(side, task, workers)
            outcomes[side].append(outcome)
            tell(
                f"{len(task.dataset)} units, round {number + 1}, {side}: {outcome.seconds:.1f} s, "
                f"{outcome.mebibytes:.0f} MiB"
            )
    return outcomes


def run_apart(side: str, task: Task, workers: int) -> Outcome:
    """Run a side in a process of its own; it begins without this one's memory."""
    with TemporaryDirectory() as folder:
        ground = Path(folder) / "ground.pickle"
        ground.write_bytes(pickle.dumps(task))
        done = subprocess.run(
            [sys.executable, "-m", "searched.sides", side, str(ground), str(workers)],
            cwd=FOLDER,
            env={**os.environ, **ONE_THREAD},
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
    return Outcome(**json.loads(done.stdout))


if __name__ == "__main__":
    start(run)
