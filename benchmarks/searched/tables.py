"""What each side took, as Markdown, under a head that says all that it depends on."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from compared.tables import list_versions
from framing.learning.dataset import Dataset
from framing.reporting.tables import format_share, format_table
from searched.sides import N_FOLDS, OURS, SEARCH, SIDES, Outcome

TITLES = {
    OURS: "ours",
    "grid": "GridSearchCV(Pipeline)",
    "cached": "GridSearchCV(Pipeline, memory=...)",
}
COLUMNS = ("side", "rounds", "seconds", "processor seconds", "peak MiB", "AP")
RATIOS = ("than ours", "times longer", "times the processor", "times the memory", "same choice")
APART = "largest difference of AP in a fold"

Outcomes = Mapping[str, Sequence[Outcome]]
"""Side to what came out, round by round."""


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """A corpus and what came out of it."""

    dataset: Dataset
    outcomes: Outcomes


def format_report(measured: Sequence[Measured], *, workers: int, seed: int) -> str:
    """Write head, figures and ratios as one Markdown document."""
    head = [
        "# What a search costs",
        "",
        f"- search: {len(SEARCH.list_candidates())} settings of the frames around {SEARCH.usual}, "
        "then what is best along each axis together, then the fit on all units",
        f"- folds: {N_FOLDS}, whole articles, the same for all sides",
        f"- processes: {workers} of each side, on {os.cpu_count()} processors; one thread each",
        f"- seed: {seed}",
        f"- versions: {', '.join(list_versions())}",
        "- seconds: median over the rounds [least, most]; memory: highest peak of any round",
    ]
    return "\n\n".join(["\n".join(head), *(_format_size(part) for part in measured)]) + "\n"


def _format_size(measured: Measured) -> str:
    dataset, outcomes = measured.dataset, measured.outcomes
    sides = [side for side in SIDES if side in outcomes]
    shares = ", ".join(format_share(float(share)) for share in np.mean(dataset.frames, axis=0))
    words = np.mean([len(text.split()) for text in dataset.texts])
    text = (
        f"{len(dataset.articles)} articles, {words:.0f} words a unit, "
        f"{len(dataset.frame_ids)} frames in {shares} of the units; {dataset.hash}."
    )
    parts = [
        f"## {len(dataset)} units",
        text,
        format_table(COLUMNS, [_format_row(side, outcomes[side]) for side in sides]),
        "\n".join(f"- {TITLES[side]} chose {_list_chosen(outcomes[side])}" for side in sides),
    ]
    others = [side for side in sides if side != OURS]
    if others and OURS in outcomes:
        rows = [_compare(side, outcomes[side], outcomes[OURS]) for side in others]
        parts.append(format_table((*RATIOS, APART), rows))
    return "\n\n".join(parts)


def _list_chosen(outcomes: Sequence[Outcome]) -> str:
    """Name what was chosen in any round."""
    return ", ".join(f"`{chosen}`" for chosen in dict.fromkeys(o.chosen for o in outcomes))


def _format_row(side: str, outcomes: Sequence[Outcome]) -> list[str]:
    return [
        TITLES[side],
        str(len(outcomes)),
        _spread([outcome.seconds for outcome in outcomes]),
        _spread([outcome.busy for outcome in outcomes]),
        f"{max(outcome.mebibytes for outcome in outcomes):.0f}",
        format_share(float(np.mean(outcomes[0].rated)), 3),
    ]


def _spread(values: Sequence[float]) -> str:
    middle = f"{median(values):.1f}"
    return middle if len(values) == 1 else f"{middle} [{min(values):.1f}, {max(values):.1f}]"


def _compare(side: str, theirs: Sequence[Outcome], ours: Sequence[Outcome]) -> list[str]:
    apart = max(np.abs(np.subtract(one.rated, two.rated)).max() for one in theirs for two in ours)
    return [
        TITLES[side],
        f"{_divide(theirs, ours, 'seconds'):.1f}",
        f"{_divide(theirs, ours, 'busy'):.1f}",
        f"{max(o.mebibytes for o in theirs) / max(o.mebibytes for o in ours):.2f}",
        f"{sum(o.chosen in {one.chosen for one in ours} for o in theirs)} of {len(theirs)}",
        format_share(float(apart), 4),
    ]


def _divide(theirs: Sequence[Outcome], ours: Sequence[Outcome], name: str) -> float:
    """Return how the medians of a figure stand to each other."""
    above, below = (median(getattr(o, name) for o in outcomes) for outcomes in (theirs, ours))
    return float(above / below)
