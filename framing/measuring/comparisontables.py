"""Comparisons as tables, one row a test and label, their p-values corrected together.

Shapes: K labels.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.measuring.contrasts.decomposition import Decomposition
from framing.measuring.contrasts.differences import Contrast
from framing.measuring.contrasts.profiles import Distances
from framing.measuring.contrasts.sides import Plan
from framing.measuring.intervals import Floats
from framing.measuring.predictions import Label
from framing.measuring.testing import adjust_kinds
from framing.measuring.trends.profileturns import ProfileTurn
from framing.measuring.trends.slopetests import Trend
from framing.measuring.trends.turns import Turn

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]

CONTRASTS = (
    *("label", "kind", "comparison", "a", "b", "source", "share_a", "share_b", "difference"),
    *("low", "high", "p", "p_adjusted", "stands", "p_equivalent", "p_equivalent_adjusted"),
    *("equivalent", "n_articles_a", "n_articles_b"),
)
TRENDS = (
    *("label", "kind", "source", "slope", "low", "high", "p", "p_adjusted", "stands"),
    *("first", "last", "n_periods", "n_articles"),
)
TURNS = (
    *("label", "kind", "source", "period", "before", "after", "difference", "low", "high"),
    *("p", "p_adjusted", "stands"),
)
DECOMPOSITIONS = ("label", "kind", "first", "last", "part", "value", "low", "high")
DISTANCES = ("a", "b", "distance", "p", "expected")
PROFILE_TURNS = (
    *("source", "period", "distance", "p", "p_adjusted", "stands", "smallest"),
    *("n_articles_before", "n_articles_after"),
)

_COLUMNS = {
    "contrasts": CONTRASTS,
    "trends": TRENDS,
    "turns": TURNS,
    "profile_turns": PROFILE_TURNS,
}

_MIRRORED = {
    "contrasts": (("comparison", "a", "b", "source"), ("share_a", "share_b"), 1.0),
    "trends": (("source",), ("slope",), 0.0),
    "turns": (("source", "period", "depth"), ("before", "after"), 1.0),
}
"""What rows of one table have in common, which numbers complement each other, and their sum."""

_CHANGES, _CLAIMS = (
    ("p", "p_adjusted", "stands"),
    (
        "p_equivalent",
        "p_equivalent_adjusted",
        "equivalent",
    ),
)
"""Columns of a p-value, of what it is corrected to, and of the verdict."""

TESTS = {
    "contrasts": "differences",
    "trends": "trends",
    "turns": "change points",
    "profile_turns": "turns of whole profiles",
    "equivalence": "claims that nothing differs by the margin",
}
"""Kinds of tests, as they are counted and as they are called."""

_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """All that was tested."""

    contrasts: tuple[Contrast, ...]
    trends: tuple[Trend, ...]
    turns: tuple[Turn, ...]
    profile_turns: tuple[ProfileTurn, ...] = ()


def tabulate_findings(
    tested: Findings, labels: Sequence[Label], plan: Plan
) -> tuple[dict[str, pd.DataFrame], dict[str, int]]:
    """Make the tables of all that was tested, and correct all p-values at once.

    Of a stance with two values that complement each other one is tested, and the other's rows have
    its p-values. Claims of equivalence are a kind by themselves, all else is another
    (`framing.measuring.testing.adjust_kinds`).

    Parameters
    ----------
    tested : Findings
    labels : sequence of K Label
    plan : Plan

    Returns
    -------
    tables : dict of str to pandas.DataFrame
        "contrasts", "trends", "turns" and "profile_turns". Later turns of a series count among the
        tests, and have a row if they stand.
    counts : dict of str to int
        p-values that were corrected, by table; those of equivalence by themselves.
    """
    rows = {
        "contrasts": [row for found in tested.contrasts for row in _spread(found, labels)],
        "trends": [row for found in tested.trends for row in _spread(found, labels)],
        "turns": [_name(turn, labels) for turn in tested.turns],
        "profile_turns": [
            {name: getattr(turn, name) for name in turn.__slots__} for turn in tested.profile_turns
        ],
    }
    mirrors = {name: find_mirrors(name, rows[name], labels) for name in _MIRRORED}
    changes = {name: _take(part, "p", mirrors.get(name, {})) for name, part in rows.items()}
    claims = {"equivalence": _take(rows["contrasts"], "p_equivalent", mirrors["contrasts"])}
    counts = {name: int((~np.isnan(p)).sum()) for name, p in (changes | claims).items()}
    changed, claimed = adjust_kinds([changes, claims])
    for name, part in rows.items():
        _judge(part, changed[name], mirrors.get(name, {}), plan.alpha, _CHANGES)
    _judge(rows["contrasts"], claimed["equivalence"], mirrors["contrasts"], plan.alpha, _CLAIMS)
    rows["turns"] = [row for row in rows["turns"] if not row["depth"] or row["stands"]]
    return {name: _tabulate(part, _COLUMNS[name]) for name, part in rows.items()}, counts


def find_mirrors(table: str, rows: Sequence[Row], labels: Sequence[Label]) -> dict[int, int]:
    """Find the rows that say of a stance's second value what another says of its first.

    Parameters
    ----------
    table : {"contrasts", "trends", "turns"}
    rows : sequence of dict
    labels : sequence of Label

    Returns
    -------
    dict of int to int
        Place of a row to that of the row it mirrors: shares add up to 1, slopes to 0.
    """
    keys, numbers, total = _MIRRORED[table]
    firsts = dict(_pair_values(labels))
    places = {(row["label"], *(row[key] for key in keys)): at for at, row in enumerate(rows)}
    mirrors = {}
    for at, row in enumerate(rows):
        other = places.get((firsts.get(row["label"]), *(row[key] for key in keys)))
        if other is not None and all(
            abs(row[name] + rows[other][name] - total) < _ROUNDING for name in numbers
        ):
            mirrors[at] = other
    return mirrors


def _pair_values(labels: Sequence[Label]) -> Iterator[tuple[str, str]]:
    """Give the second value of every stance that has two, with the first."""
    targets: dict[str, list[str]] = {}
    for label in labels:
        if label.kind == "stance":
            targets.setdefault(label.target, []).append(label.name)
    yield from ((names[1], names[0]) for names in targets.values() if len(names) == 2)


def tabulate_change(change: Decomposition | None, labels: Sequence[Label]) -> pd.DataFrame:
    """Make the table of a change's parts, label by label."""
    if change is None:
        return _tabulate([], DECOMPOSITIONS)
    rows = [
        {"first": change.first, "last": change.last, "part": row.pop("name"), **row}
        for part in change.parts
        for row in _spread(part, labels)
    ]
    order = {label.name: at for at, label in enumerate(labels)}
    return _tabulate(sorted(rows, key=lambda row: order[row["label"]]), DECOMPOSITIONS)


def tabulate_distances(distances: Distances) -> pd.DataFrame:
    """Make the table of distances between sources."""
    numbers = zip(
        distances.distance.tolist(),
        distances.p.tolist(),
        distances.expected.tolist(),
        strict=True,
    )
    rows = [
        dict(zip(DISTANCES, (*pair, *row), strict=True))
        for pair, row in zip(distances.pairs, numbers, strict=True)
    ]
    return _tabulate(rows, DISTANCES)


def _spread(found: Any, labels: Sequence[Label]) -> Iterator[Row]:
    """Give a row a label: arrays are spread, all else is repeated."""
    cells = {name: getattr(found, name) for name in found.__slots__}
    for k, label in enumerate(labels):
        row = {
            name: float(cell[k]) if isinstance(cell, np.ndarray) else cell
            for name, cell in cells.items()
        }
        yield {"label": label.name, "kind": label.kind, **row}


def _name(turn: Turn, labels: Sequence[Label]) -> Row:
    row = {name: getattr(turn, name) for name in turn.__slots__}
    label = labels[turn.label]
    return row | {"label": label.name, "kind": label.kind}


def _take(rows: Sequence[Row], column: str, mirrors: Mapping[int, int]) -> Floats:
    """Take the p-values of a table; NaN for what counts with the row that it mirrors."""
    p = np.array([row[column] for row in rows], dtype=np.float64)
    p[list(mirrors)] = np.nan
    return p


def _judge(
    rows: Sequence[Row],
    adjusted: Floats,
    mirrors: Mapping[int, int],
    alpha: float,
    columns: tuple[str, str, str],
) -> None:
    """Write corrected p-values into the rows, and whether they pass; None without a test."""
    raw, corrected, verdict = columns
    for at, row in enumerate(rows):
        own = mirrors.get(at, at)
        p = float(adjusted[own])
        row |= {raw: rows[own][raw], corrected: p, verdict: None if np.isnan(p) else p <= alpha}


def _tabulate(rows: Sequence[Row], columns: Sequence[str]) -> pd.DataFrame:
    import pandas as pd

    table = pd.DataFrame(list(rows), columns=list(columns))
    counts = [name for name in columns if name.startswith("n_")]
    return table.astype(dict.fromkeys(counts, "int64"))
