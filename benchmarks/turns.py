"""Whether the turns planned for the seeds' outlets are found, and constant outlets left in peace.

python benchmarks/turns.py -o turns.md
python benchmarks/turns.py --predictions predictions.csv
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from framing.cli.options import Seed
from framing.cli.places import check_place
from framing.gathering import gather_coded
from framing.learning.dataset import hash_units
from framing.measurement import measure_drift
from framing.measuring.contrasts.sides import Plan
from framing.reporting.wording import format_p
from framing.schema import InputError
from framing.scoring.predictionfiles import read_predictions
from running import Output, deliver, start, tell
from turning.dated import Case, Verdict, judge_cases, list_planned, match_constant, match_dates
from turning.groups import borrow_turns, find_year, pool, span_year
from turning.moves import judge_moves
from turning.outlets import Archive, Outlet, code_table, gather_outlets, name_outlets
from turning.plans import PlannedTurn, read_plans
from turning.search import search_outlets
from turning.tables import show_dated, show_drift, show_groups, show_moves, show_search

if TYPE_CHECKING:
    import pandas as pd

LEVELS = (0.05, 0.2)
SIZES = (3, 6, 12, 24)

Plans = Mapping[str, Sequence[PlannedTurn]]


def run(
    seeds: Annotated[Path, typer.Option(help="Folder of the seeds.")] = Path("seeds"),
    labels: Annotated[Path, typer.Option(help="Folder of their codings.")] = Path("labels"),
    predictions: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Predictions of the seeds, to use instead of their codings."),
    ] = None,
    permutations: Annotated[int, typer.Option(min=100, help="Behind each p-value.")] = 10_000,
    draws: Annotated[int, typer.Option(min=1, help="Groups of outlets of each size.")] = 100,
    output: Output = None,
    seed: Seed = 0,
) -> None:
    """Hold the turns that were planned against tests, searches and the report on drift.

    Example: python benchmarks/turns.py -o turns.md
    """
    if output:
        check_place(output)
    began = perf_counter()
    table, what = read_table(seeds, labels, predictions)
    archive = gather_outlets(table)
    plans = read_plans(seeds / "outlets.yaml", archive.labels)
    plans = {name: turns for name, turns in plans.items() if name in archive.outlets}
    if not any(plans.values()):
        raise InputError("no outlet with a planned turn", fix="give the seeds, or predict them")
    plan = Plan(permutations=permutations, seed=seed)
    parts = list(try_turns(table[table["source"].isin(plans)], archive, plans, plan, draws))
    tell(f"{perf_counter() - began:.0f} s")
    text = "\n\n".join([f"{what}; {permutations:,} permutations, seed {seed}.", *parts]) + "\n"
    deliver(text, output)


def read_table(seeds: Path, labels: Path, predictions: Path | None) -> tuple[pd.DataFrame, str]:
    """Read what the outlets' units carry, and say what that is."""
    if predictions:
        table = name_outlets(read_predictions(predictions))
        return table, f"Predictions of model {table['model'].dropna().iloc[0]}"
    units = gather_coded(seeds=seeds, labels=labels).units
    return name_outlets(code_table(seeds, labels)), f"Hand codings (data {hash_units(units)})"


def try_turns(
    table: pd.DataFrame, archive: Archive, plans: Plans, plan: Plan, draws: int
) -> Iterator[str]:
    """Make all tables."""
    turning = {name for name, turns in plans.items() if turns}
    constant = [archive.outlets[name] for name in plans if name not in turning]
    yield describe(plans, archive)
    tell("tests at dates")
    cases = list_cases(plans, archive, constant)
    yield from show_dated(
        judge_all(cases, archive, plan), tell_smallest(next(iter(cases.values())))
    )
    tell("directions")
    moved = {}
    for kind in ("named", "read"):
        for name, controls in (("", None), (", constant outlets", constant)):
            moved[f"{kind}{name}"] = judge_moves(
                plans,
                archive,
                kind,
                permutations=plan.permutations if controls is None else plan.permutations // 10,
                rng=plan.rng("moves", kind, name),
                controls=controls,
            )
    yield from show_moves(moved)
    tell("search")
    rng = plan.rng("search")
    yield from show_search(search_outlets(plans, archive, permutations=plan.permutations, rng=rng))
    tell("drift")
    drift = measure_drift(
        table, over="year", copies=False, resamples=200, permutations=2000, seed=plan.seed
    )
    yield from show_drift(drift, turning)
    tell("groups")
    yield from try_groups(archive, plans, constant, plan, draws)


def try_groups(
    archive: Archive, plans: Plans, constant: Sequence[Outlet], plan: Plan, draws: int
) -> Iterator[str]:
    """Take outlets together that were to turn in one year."""
    year = find_year(plans)
    due = {name: turn for name, turns in plans.items() for turn in turns if turn.date[:4] == year}
    kinds = {
        "turning": span_year([archive.outlets[name] for name in due], year),
        "constant": span_year(constant, year),
    }
    quick = Plan(permutations=min(plan.permutations, 1000), seed=plan.seed)
    read = [turn for turn in due.values() if turn.read] or list(due.values())
    pooled = {}
    for name, outlets in kinds.items():
        turns = due if name == "turning" else borrow_turns(outlets, read)
        if outlets:
            pooled[name] = pool(outlets, archive, turns, year, sizes=SIZES, draws=draws, plan=quick)
    yield from show_groups(year, pooled)


def list_cases(
    plans: Plans, archive: Archive, constant: Sequence[Outlet]
) -> dict[str, Sequence[Case]]:
    """List the dates that are tested, by what they are."""
    planned = list_planned(plans, archive, fewest=2, own=False)
    return {
        "planned": planned,
        "planned, one article or more a side": list_planned(plans, archive, fewest=1, own=False),
        "planned, up to the neighbouring turns": list_planned(plans, archive, fewest=2, own=True),
        "constant outlets, as many articles": match_constant(planned, constant),
        "constant outlets, the same dates": match_dates(plans, constant, fewest=2),
    }


def judge_all(
    cases: Mapping[str, Sequence[Case]], archive: Archive, plan: Plan
) -> dict[str, Verdict]:
    """Test all kinds of dates that there are."""
    return {
        name: judge_cases(
            own,
            archive,
            levels=LEVELS,
            permutations=plan.permutations if name.startswith("planned") else 1000,
            rng=plan.rng("dates", name),
        )
        for name, own in cases.items()
        if own
    }


def describe(plans: Plans, archive: Archive) -> str:
    """Say how many turns there are, and of how many articles."""
    n_turns = sum(map(len, plans.values()))
    both = len(list_planned(plans, archive, fewest=1, own=False))
    numbers = sorted(len(archive.outlets[name].dates) for name, turns in plans.items() if turns)
    return (
        f"{n_turns} turns of {len(numbers)} outlets, {len(plans) - len(numbers)} constant outlets. "
        f"Outlets that turn have {numbers[0]} to {numbers[-1]} articles; {n_turns - both} turns "
        "stand at the beginning or end of an outlet's articles and can not be tested."
    )


def tell_smallest(cases: Sequence[Case]) -> str:
    """Say which p-values can be had at all."""
    counted = Counter(case.smallest for case in cases)
    smallest = min(counted)
    able = sum(number for p, number in counted.items() if p <= LEVELS[0])
    return (
        f"Of {len(cases)} planned turns with two articles on each side, {able} can have p of .05 "
        f"or less at all; the smallest is {format_p(smallest)}."
    )


if __name__ == "__main__":
    start(run)
