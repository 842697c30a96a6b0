"""What was measured, as Markdown: the comparison, the stages, and how cost grows."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from framing.reporting.tables import format_table
from timed.costs import Cost
from timed.growth import Grown
from timed.sides import Ground, Run, Side
from timed.stages import Stages

FLOOR = "floor"


@dataclass(frozen=True, slots=True)
class Found:
    """All that a run of the benchmark found.

    Attributes
    ----------
    runs : mapping of Side to list of Run
        One a round.
    skipped : mapping of str to str
        Sides that could not run, and why.
    gaps : mapping of str to float
        Largest difference of a probability: what was compared to how much.
    full : Run or str
        The naive pipeline on all units, or why it did not run.
    stages : (Stages, Cost) or None
        The stages, and the whole command on the same articles.
    growth : sequence of Grown
    """

    runs: Mapping[Side, Sequence[Run]]
    skipped: Mapping[str, str]
    gaps: Mapping[str, float]
    full: Run | str
    stages: tuple[Stages, Cost] | None
    growth: Sequence[Grown]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """When and where it was measured, and by what command."""

    date: str
    machine: str
    command: str
    seed: int


def describe_machine() -> str:
    """Say what the machine is: processor, how many, memory."""
    known = Path("/proc/cpuinfo")
    lines = known.read_text(encoding="utf-8").splitlines() if known.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    held = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{held} processors ({names[0] if names else 'unknown'}), {memory:.0f} GB of memory"


def format_report(found: Found, ground: Ground, circumstances: Circumstances) -> str:
    """Lay out all that was found."""
    parts = [
        *_introduce(found, ground, circumstances),
        _compare(found, ground.whole.n_units),
        *_remark(found, ground.whole.n_units),
        *(_format_stages(*found.stages) if found.stages else ()),
        *(_format_growth(found.growth) if found.growth else ()),
    ]
    return "\n\n".join(parts) + "\n"


def _introduce(found: Found, ground: Ground, about: Circumstances) -> Iterator[str]:
    sizes = ", ".join(f"{form} {size:.0f} MB" for form, size in ground.whole.megabytes.items())
    widths = ", ".join(f"{name} {width:,}" for name, width in ground.n_features.items())
    rounds = max(len(runs) for runs in found.runs.values())
    yield "# Performance"
    yield f"Written by `{about.command}` ({about.date}, seed {about.seed}); {about.machine}."
    yield (
        f"{ground.whole.n_units:,} made paragraphs of some 113 words ({sizes}), six frames; "
        f"features: {widths}. Sides take turns (rounds: {rounds}), each run a process of its own, "
        "start-up included; figures are medians. What has one thread is held to one processor. "
        f"Rivals run on {ground.small.n_units:,} and on {ground.slice.n_units:,} units, and what "
        "all take is on the line through both; the floor and ours run on all. Processor seconds "
        "say more than seconds where the machine has other work."
    )


def _compare(found: Found, n_units: int) -> str:
    costs = {
        side: [run.reckon(n_units) for run in runs] for side, runs in found.runs.items() if runs
    }
    named = {side.name: costs[side] for side in costs}
    rows = [
        [
            side.name,
            str(side.threads),
            _median(costs[side], "seconds", "{:.1f}"),
            f"{n_units / median(c.seconds for c in costs[side]):,.0f}",
            f"{1e6 * median(c.busy for c in costs[side]) / n_units:.1f}",
            _median(costs[side], "megabytes", "{:.0f}"),
            _divide(named.get(side.beside or ""), costs[side]),
            _divide(costs[side], named.get(FLOOR)),
        ]
        for side in costs
    ]
    header = [
        *("side", "threads", "seconds", "units a second", "processor µs a unit"),
        *("peak memory (MB)", "times as fast as its rival", "times the floor"),
    ]
    return format_table(header, rows)


def _median(costs: Sequence[Cost], field: str, form: str) -> str:
    return form.format(median(getattr(cost, field) for cost in costs))


def _divide(above: Sequence[Cost] | None, below: Sequence[Cost] | None) -> str:
    """Return the median over rounds of how many times as long one took as the other."""
    if not above or not below:
        return ""
    ratios = [a.seconds / b.seconds for a, b in zip(above, below, strict=False)]
    return f"{median(ratios):.1f}"


def _remark(found: Found, n_units: int) -> Iterator[str]:
    yield (
        "The rival of most is `naive`; of those with characters it is `word+char`. `hashing`, "
        "`fasttext` and `vowpal wabbit` learnt models of their own from the same texts; all others "
        "share their weights. `floor` reads, lowers, cuts at white space and writes by Arrow on "
        "one thread, and scores nothing; `ours, one term` is ours with a model of a single word: "
        "all that it does beside looking terms up. Evidence names the terms behind each label."
    )
    for name, reason in found.skipped.items():
        yield f"`{name}` did not run: {reason}."
    if found.gaps:
        yield (
            f"Largest difference of a probability between {len(found.gaps)} sides of ours and the "
            f"rival with the same weights: {max(found.gaps.values()):.1e} (ours are written with 7 "
            "digits)."
        )
    yield _tell_full(found, n_units)


def _tell_full(found: Found, n_units: int) -> str:
    if isinstance(found.full, str):
        return f"The naive pipeline did not run on all units: {found.full}."
    naive = next(runs for side, runs in found.runs.items() if side.name == "naive")
    reckoned = [run.reckon(n_units) for run in naive]
    return (
        f"The naive pipeline on all {n_units:,} units, once: {found.full.cost.seconds:.0f} s and "
        f"{found.full.cost.megabytes:,.0f} MB (reckoned from the slices: "
        f"{median(c.seconds for c in reckoned):.0f} s and "
        f"{median(c.megabytes for c in reckoned):,.0f} MB)."
    )


def _format_stages(stages: Stages, whole: Cost) -> Iterator[str]:
    yield "## From raw articles"
    yield (
        f"{stages.articles:,} Markdown files of ten paragraphs; {stages.units:,} units, "
        f"{stages.characters / stages.units:.0f} characters each. Stages one after another by one "
        "thread; the command is `framing predict FOLDER --no-evidence` on one processor, start-up "
        "included, and the rest is what it does beside."
    )
    rest = whole.seconds - sum(stages.seconds.values())
    taken = {**stages.seconds, "the rest (start, rows, writing)": rest, "command": whole.seconds}
    yield format_table(
        ["stage", "µs a unit", "units a second", "MB of text a second"],
        [
            [
                name,
                f"{1e6 * seconds / stages.units:.1f}",
                f"{stages.units / seconds:,.0f}",
                f"{stages.characters / seconds / 1e6:.1f}",
            ]
            for name, seconds in taken.items()
        ],
    )


def _format_growth(growth: Sequence[Grown]) -> Iterator[str]:
    yield "## How cost grows"
    yield (
        "Ours, one thread, JSONL to CSV, without evidence: what a unit takes, from the difference "
        "of a large and a small run, and what is left for the start."
    )
    yield format_table(
        ["what varies", "value", "µs a unit", "start (s)", "peak memory (MB)"],
        [
            [
                grown.axis,
                f"{grown.value:,.0f}",
                f"{grown.microseconds:.1f}",
                f"{grown.start:.2f}",
                f"{grown.run.cost.megabytes:.0f}",
            ]
            for grown in growth
        ],
    )
