"""What classifying a million paragraphs takes: ours beside the obvious pipelines, and the floor."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Optional

import typer

from framing.cli.options import Seed, read_names
from framing.cli.places import check_place
from framing.schema import FramingError
from running import Output, deliver, start, tell
from timed.agreement import compare_outputs
from timed.corpora import write_corpus
from timed.costs import Cost
from timed.growth import Grown, measure_growth
from timed.sides import (
    FOLDER,
    SIDES,
    Ground,
    Run,
    Side,
    find_missing,
    lay_ground,
    run_apart,
    run_once,
    run_side,
)
from timed.stages import Stages, read_stages, write_articles
from timed.tables import Circumstances, Found, describe_machine, format_report
from timed.texts import Chains, learn_chains

DOCUMENT = FOLDER.parent / "docs" / "performance.md"
N_FRAMES = 6
MOST_MEGABYTES = 20_000.0
"""What the naive pipeline may take on all units; beyond it, it does not run."""
NAMES = ",".join(dict.fromkeys(side.name.split(",")[0] for side in SIDES))


def run(
    units: Annotated[int, typer.Option(min=100, help="Paragraphs.")] = 1_000_000,
    part: Annotated[
        int, typer.Option("--slice", min=20, help="Paragraphs that the rivals run on.")
    ] = 50_000,
    train: Annotated[int, typer.Option(min=20, help="Paragraphs that models learn from.")] = 20_000,
    features: Annotated[int, typer.Option(min=10, help="Terms of each kind.")] = 40_000,
    rounds: Annotated[int, typer.Option(min=1)] = 3,
    sides: Annotated[str, typer.Option(help="Sides to run, joined by commas.")] = NAMES,
    full: Annotated[bool, typer.Option(help="Run the naive pipeline on all units, once.")] = True,
    growth: Annotated[
        int, typer.Option(min=0, help="Rows to vary things on; 0: do not.")
    ] = 100_000,
    articles: Annotated[int, typer.Option(min=0, help="Raw articles; 0: none.")] = 5_000,
    folder: Annotated[
        Optional[Path],  # noqa: UP045  Typer reads it
        typer.Option(help="Where corpora go and stay; a temporary folder if not given."),
    ] = None,
    docs: Annotated[bool, typer.Option("--docs", help="Write docs/performance.md.")] = False,
    output: Output = None,
    seed: Seed = 0,
) -> None:
    """Classify a made corpus by ours and by rivals, in turns, and say what each took.

    Example: python benchmarks/throughput.py --units 20000 --slice 5000 --rounds 1
    """
    place = DOCUMENT if docs else output
    if place:
        check_place(place)
    wanted = read_names(sides, NAMES, option="--sides")
    chosen = [side for side in SIDES if side.name.split(",")[0] in wanted]
    with _open_folder(folder) as home:
        tell(f"writing {units:,} paragraphs ...")
        chains = learn_chains(N_FRAMES)
        corpus = write_corpus(chains, units, home / "corpus", seed=seed)
        tell("training ...")
        ground = lay_ground(
            corpus,
            chains,
            home,
            n_train=train,
            n_slice=part,
            n_features=features,
            seed=seed,
            sides=chosen,
        )
        turns = take_turns(chosen, ground, rounds)
        found = Found(
            runs=turns.runs,
            skipped=turns.skipped,
            gaps=turns.gaps,
            full=run_full(ground, turns.runs) if full else "not asked for",
            stages=time_articles(ground, chains, articles, seed=seed) if articles else None,
            growth=list(_grow(ground, chains, growth, n_train=train, seed=seed)),
        )
    about = Circumstances(_name_today(), describe_machine(), name_command(sys.argv[1:]), seed)
    deliver(format_report(found, ground, about), place)


@contextmanager
def _open_folder(folder: Path | None) -> Iterator[Path]:
    if folder is None:
        with TemporaryDirectory() as temporary:
            yield Path(temporary)
        return
    folder.mkdir(parents=True, exist_ok=True)
    yield folder.resolve()


@dataclass(frozen=True, slots=True)
class Turns:
    """Runs of each side, a round each; why some could not run; and how far ours is from theirs.

    ``gaps`` are largest differences of a probability between a side of ours and its rival, which
    has the same weights.
    """

    runs: dict[Side, list[Run]]
    skipped: dict[str, str]
    gaps: dict[str, float]


def take_turns(sides: Sequence[Side], ground: Ground, rounds: int) -> Turns:
    """Run each side once a round, every other round backwards; the first compares what they wrote.

    A rival that fails is left out from then on.

    Raises
    ------
    FramingError
        If ours fails.
    """
    missing = {side.name: find_missing(side) for side in sides}
    lacking = {n: f"'{module}' is not installed" for n, module in missing.items() if module}
    turns = Turns({side: [] for side in sides if side.name not in lacking}, lacking, {})
    for number in range(rounds):
        for side in list(turns.runs) if number % 2 == 0 else reversed(list(turns.runs)):
            try:
                _take_turn(side, ground, turns, number)
            except FramingError as error:
                if side.rival is None:
                    raise
                turns.skipped[side.name] = str(error)
                del turns.runs[side]
    return turns


def _take_turn(side: Side, ground: Ground, turns: Turns, number: int) -> None:
    output = ground.folder / f"{side.name}.csv"
    taken = run_side(side, ground, output)
    turns.runs[side].append(taken)
    tell(
        f"round {number + 1}, {side.name}: {taken.units:,} units, {taken.cost.seconds:.1f} s, "
        f"{taken.cost.megabytes:.0f} MB"
    )
    reference = ground.folder / f"{side.beside}.csv"
    if number == 0 and side.rival is None and reference.exists():
        turns.gaps[side.name] = compare_outputs(output, reference)
    if not side.sliced:
        output.unlink()


def run_full(ground: Ground, runs: Mapping[Side, Sequence[Run]]) -> Run | str:
    """Run the naive pipeline on all units, or say why not."""
    naive = next((side for side in runs if side.name == "naive"), None)
    if naive is None:
        return "it was not among the sides"
    expected = runs[naive][0].reckon(ground.whole.n_units).megabytes
    if expected > MOST_MEGABYTES:
        return f"it would take some {expected:,.0f} MB"
    output = ground.folder / "full.csv"
    cost = run_once(naive, ground, ground.whole, output)
    output.unlink()
    tell(f"naive, all units: {cost.seconds:.1f} s, {cost.megabytes:.0f} MB")
    return Run(ground.whole.n_units, cost)


def time_articles(
    ground: Ground, chains: Chains, n_articles: int, *, seed: int
) -> tuple[Stages, Cost]:
    """Time the stages from raw articles to scores, and the command that does it all."""
    tell(f"{n_articles:,} raw articles ...")
    raw, model = ground.folder / "articles", ground.fitted("words.safetensors")
    write_articles(chains, n_articles, raw, seed=seed + 4)
    record, output = ground.folder / "stages.json", ground.folder / "articles.csv"
    run_apart(["timed.stages", str(raw), str(model), str(record)], processors=1)
    options = ["--no-evidence", "-m", str(model), "-o", str(output)]
    whole = run_apart(["framing", "predict", str(raw), *options], processors=1)
    return read_stages(record), whole


def _grow(
    ground: Ground, chains: Chains, n_units: int, *, n_train: int, seed: int
) -> Iterator[Grown]:
    if not n_units:
        return
    for grown in measure_growth(ground, chains, n_units=n_units, n_train=n_train, seed=seed):
        tell(f"{grown.axis} {grown.value:,.0f}: {grown.microseconds:.1f} µs a unit")
        yield grown


def _name_today() -> str:
    return dt.datetime.now(dt.UTC).date().isoformat()


def name_command(words: Sequence[str]) -> str:
    """Write the command as others would give it: without the places of files here."""
    kept = [
        word
        for before, word in zip(["", *words], words, strict=False)
        if not {before, word} & {"--folder", "-o", "--output"}
    ]
    return " ".join(["python benchmarks/throughput.py", *kept])


if __name__ == "__main__":
    start(run)
