"""How often intervals of drift hold the truth, and how often its tests are wrong, by simulation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from time import perf_counter
from typing import Annotated, Any

import numpy as np
import pandas as pd
import typer
from joblib import Parallel, delayed

from framing.cli.options import Seed, count_workers, read_names
from framing.cli.places import check_place
from framing.reporting.tables import format_table
from running import Output, deliver, start, tell
from simulated.designs import DESIGNS, Seen, try_design
from simulated.trials import BOOTSTRAP, NAIVE, OURS, Archive, Case, Score, cover, try_archive

SHARES = (0.03, 0.1, 0.3, 0.6)
SKILLS = (1.0, 2.0, 3.0)
GOLD = (25, 50, 100, 300)
N_ARTICLES = (4, 20, 120)
GAPS = (0.05, 0.1, 0.15)

PARTS = "intervals,tests,designs"

Results = dict[Case, dict[str, Score]]


def run(
    rounds: Annotated[
        int, typer.Option(min=20, help="Corpora drawn for each setting and each design.")
    ] = 200,
    archives: Annotated[
        int, typer.Option(min=10, help="Archives drawn for each question about tests.")
    ] = 200,
    only: Annotated[
        str, typer.Option(help="Parts to run, joined by commas: intervals, tests, designs.")
    ] = PARTS,
    workers: Annotated[
        int, typer.Option("--workers", "-j", min=0, help="Processes; 0: one a processor.")
    ] = 2,
    output: Output = None,
    seed: Seed = 0,
) -> None:
    """Simulate corpora whose shares are known, and count how often the drift report is right.

    Example: python benchmarks/coverage.py --rounds 100 --archives 50 -o coverage.md
    """
    if output:
        check_place(output)
    wanted = read_names(only, PARTS, option="--only")
    began, processes = perf_counter(), count_workers(workers)
    parts: list[str] = []
    if "intervals" in wanted:
        cases = list_cases()
        tell(f"{len(cases)} settings of {rounds} corpora ...")
        found = run_cases(cases, rounds=rounds, seed=seed, workers=processes)
        parts += format_coverage(found)
    if "tests" in wanted:
        gaps = ", ".join(map(str, GAPS))
        tell(f"{archives} archives without change, and with gaps of {gaps} ...")
        parts += format_tests(run_archives(archives, seed=seed, workers=processes))
    if "designs" in wanted:
        tell(f"{len(DESIGNS)} designs of {rounds} archives ...")
        parts += format_designs(run_designs(rounds, seed=seed, workers=processes))
    parts.insert(
        0,
        f"{rounds} corpora a setting, {archives} archives a question, seed {seed}; "
        f"{perf_counter() - began:.0f} s on {processes} processes.",
    )
    text = "\n\n".join(parts) + "\n"
    deliver(text, output)


def list_cases() -> list[Case]:
    """List all settings of the simulation of intervals."""
    coded = [
        Case(shift, share, skill, n_gold)
        for shift, share, skill, n_gold in product(
            ("covariate", "label", "concept"), SHARES, SKILLS, GOLD
        )
    ]
    uncoded = [
        Case("covariate", share, skill, 0, n_articles, n_training)
        for share, skill, n_articles, n_training in product(SHARES, SKILLS, N_ARTICLES, (60, 200))
    ]
    broken = [Case(shift, share, 2.0, 0) for shift in ("label", "concept") for share in SHARES]
    return [*coded, *uncoded, *broken]


def run_cases(cases: Sequence[Case], *, rounds: int, seed: int, workers: int) -> Results:
    """Simulate every setting."""
    found = Parallel(n_jobs=workers)(
        delayed(cover)(case, rounds=rounds, seed=seed) for case in cases
    )
    return dict(zip(cases, found, strict=True))


def run_archives(n: int, *, seed: int, workers: int) -> dict[float, list[pd.DataFrame]]:
    """Test archives without any change, and with gaps between the first source and the others."""
    tasks = [(gap, number) for gap in (0.0, *GAPS) for number in range(n)]
    found = Parallel(n_jobs=workers)(
        delayed(try_archive)(replace(Archive(), gap=gap), seed=seed + number)
        for gap, number in tasks
    )
    tables: dict[float, list[pd.DataFrame]] = {}
    for (gap, _), table in zip(tasks, found, strict=True):
        tables.setdefault(gap, []).append(table)
    return tables


def run_designs(n: int, *, seed: int, workers: int) -> list[Seen]:
    """Measure archives of every design, `n` of each."""
    tasks = [(name, number) for name in DESIGNS for number in range(n)]
    found = Parallel(n_jobs=workers)(
        delayed(try_design)(name, seed=seed + number) for name, number in tasks
    )
    return [seen for part in found for seen in part]


def format_designs(found: Sequence[Seen]) -> Iterator[str]:
    """Lay out, design by design, how often intervals held and how often p was below .05."""
    yield "## What archives have to bear"
    yield (
        "Nothing differs in any of them, beyond what each design says. An interval should hold .95 "
        "of the time, p be below .05 in .05 of archives at most; of N archives, shares near these "
        "are known to about sqrt(.05 / N)."
    )
    table = pd.DataFrame(found)
    rows = []
    for (design, quantity), own in table.groupby(["design", "quantity"], sort=False):
        held, p = own["held"].dropna(), own["p"].dropna()
        rows.append(
            [
                str(design),
                str(quantity),
                f"{held.mean():.3f}" if len(held) else "",
                f"{own['width'].mean():.3f}" if len(held) else "",
                f"{(p < 0.05).mean():.3f}" if len(p) else "",
                str(len(own)),
            ]
        )
    yield format_table(["design", "quantity", "held", "width", "p < .05", "archives"], rows)


def format_coverage(found: Results) -> Iterator[str]:
    """Lay out coverage and width: with codings, without, and where the assumption fails."""
    yield "## Shares with hand codings in the cell"
    coded = [case for case in found if case.n_gold]
    yield _summarise(coded, found)
    yield format_table(
        ["shift", "share", "units coded", *(f"skill {skill:g}" for skill in SKILLS)],
        _rows(coded, found, lambda case: (case.shift, f"{case.share:.2f}", str(case.n_gold))),
    )
    yield "## Shares without hand codings, where a score means what it meant in training"
    uncoded = [case for case in found if not case.n_gold and case.shift == "covariate"]
    yield _summarise(uncoded, found)
    yield format_table(
        ["share", "articles", "training articles", *(f"skill {skill:g}" for skill in SKILLS)],
        _rows(
            uncoded,
            found,
            lambda case: (f"{case.share:.2f}", str(case.n_articles), str(case.n_training)),
        ),
    )
    yield "## Shares without hand codings, where it does not"
    broken = [case for case in found if not case.n_gold and case.shift != "covariate"]
    yield format_table(
        ["shift", "share", OURS, BOOTSTRAP, NAIVE],
        [
            [case.shift, f"{case.share:.2f}", *(_show(found[case][name]) for name in found[case])]
            for case in broken
        ],
    )


def _summarise(cases: Iterable[Case], found: Results) -> str:
    """Say how often each kind of interval holds, over all settings."""
    kept = list(cases)
    lines = []
    for name in (OURS, BOOTSTRAP, NAIVE):
        coverage = np.array([found[case][name].coverage for case in kept])
        within = float(np.mean((coverage >= 0.93) & (coverage <= 0.97)))
        lines.append(
            [
                name,
                f"{coverage.mean():.3f}",
                f"{coverage.min():.3f} to {coverage.max():.3f}",
                f"{within:.0%}",
                f"{np.mean([found[case][name].width for case in kept]):.3f}",
            ]
        )
    return format_table(
        ["interval", "coverage", "lowest and highest", "settings within .93-.97", "width"], lines
    )


def _rows(cases: Sequence[Case], found: Results, key: Any) -> list[list[str]]:
    rows: dict[tuple[str, ...], list[str]] = {}
    for case in sorted(cases, key=lambda case: (case.shift, case.share, case.n_gold)):
        rows.setdefault(key(case), []).append(_show(found[case][OURS]))
    return [[*names, *cells] for names, cells in rows.items()]


def _show(score: Score) -> str:
    return f"{score.coverage:.3f} (width {score.width:.3f})"


def format_tests(tested: dict[float, list[pd.DataFrame]]) -> Iterator[str]:
    """Lay out how often tests stand under no change, and how often a gap is found."""
    archive = Archive()
    nothing = tested[0.0]
    yield "## Tests"
    yield (
        f"{archive.n_sources} sources, {archive.n_periods} years, {archive.n_labels} labels, "
        f"{archive.per_cell} articles a source and year; about {len(nothing[0])} tests an archive."
    )
    any_stands = [bool(table["stands"].any()) for table in nothing]
    raw = pd.concat(nothing).groupby("family")["p"].apply(lambda p: float((p < 0.05).mean()))
    rows = [["archives without change in which anything stands", f"{np.mean(any_stands):.3f}"]]
    rows += [[f"p below .05 without change: {name}", f"{value:.3f}"] for name, value in raw.items()]
    for gap in GAPS:
        at = [_find_gap(table) for table in tested[gap]]
        others = [_count_false(table) for table in tested[gap]]
        rows.append([f"a source .20 + {gap:.2f} found", f"{np.mean(at):.3f}"])
        rows.append(["false among what stands then", f"{np.mean(others):.3f}"])
    yield format_table(["what", "share"], rows)


def _is_gap(table: pd.DataFrame) -> pd.Series[bool]:
    about = (table["a"] == "source 0") | (table["b"] == "source 0")
    return (table["comparison"] == "source") & (table["label"] == "label0") & about


def _find_gap(table: pd.DataFrame) -> bool:
    return bool(table.loc[_is_gap(table), "stands"].any())


def _count_false(table: pd.DataFrame) -> float:
    """Return the share of what stands that is not there.

    With one source apart, each other differs from the rest a little, too: only differences between
    sources in other labels, between periods, trends and turns are false.
    """
    standing = table[table["stands"].astype(bool)]
    real = (standing["comparison"] == "source") & (standing["label"] == "label0")
    return float((~real).mean()) if len(standing) else 0.0


if __name__ == "__main__":
    start(run)
