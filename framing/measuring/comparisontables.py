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
from framing.measuring.testing import adjust_together
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

_MIRRORED = {
    "contrasts": (("comparison", "a", "b", "source"), ("share_a", "share_b"), 1.0),
    "trends": (("source",), ("slope",), 0.0),
    "turns": (("source", "period", "depth"), ("before", "after"), 1.0),
}
"""What rows of one table have in common, which numbers complement each other, and their sum."""

_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """All that was tested."""

    contrasts: tuple[Contrast, ...]
    trends: tuple[Trend, ...]
    turns: tuple[Turn, ...]


def tabulate_findings(
    tested: Findings, labels: Sequence[Label], plan: Plan
) -> tuple[dict[str, pd.DataFrame], int]:
    """Make the tables of contrasts, trends and turns, and correct all their p-values at once.

    Of a stance with two values that complement each other one is tested, and the other's rows have
    its p-values. Equivalence tests claim something else, and are corrected among themselves.

    Parameters
    ----------
    tested : Findings
    labels : sequence of K Label
    plan : Plan

    Returns
    -------
    tables : dict of str to pandas.DataFrame
        "contrasts", "trends" and "turns". Later turns of a series count among the tests, and have
        a row if they stand.
    n_tests : int
    """
    rows = {
        "contrasts": [row for found in tested.contrasts for row in _spread(found, labels)],
        "trends": [row for found in tested.trends for row in _spread(found, labels)],
        "turns": [_name(turn, labels) for turn in tested.turns],
    }
    mirrors = {name: find_mirrors(name, part, labels) for name, part in rows.items()}
    adjusted, n_tests = _adjust(rows, "p", mirrors)
    for name, part in rows.items():
        _judge(part, adjusted[name], plan.alpha, ("p_adjusted", "stands"))
    claims = {"contrasts": rows["contrasts"]}
    equivalent = _adjust(claims, "p_equivalent", mirrors)[0]["contrasts"]
    _judge(rows["contrasts"], equivalent, plan.alpha, ("p_equivalent_adjusted", "equivalent"))
    rows["turns"] = [row for row in rows["turns"] if not row["depth"] or row["stands"]]
    columns = {"contrasts": CONTRASTS, "trends": TRENDS, "turns": TURNS}
    return {name: _tabulate(part, columns[name]) for name, part in rows.items()}, n_tests


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


def _adjust(
    tables: Mapping[str, Sequence[Row]], column: str, mirrors: Mapping[str, Mapping[int, int]]
) -> tuple[dict[str, Floats], int]:
    """Correct a column of all tables together; what mirrors another row counts with it."""
    families = {}
    for name, rows in tables.items():
        families[name] = _take(rows, column)
        for at, other in mirrors[name].items():
            rows[at][column] = rows[other][column]
            families[name][at] = np.nan
    adjusted, n_tests = adjust_together(families)
    for name, own in adjusted.items():
        for at, other in mirrors[name].items():
            own[at] = own[other]
    return adjusted, n_tests


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


def tabulate_profile_turns(found: Sequence[ProfileTurn], plan: Plan) -> pd.DataFrame:
    """Make the table of turns of whole profiles, their p-values corrected among themselves.

    They ask one question a source; among the tests of single labels, most of which are more, none
    of few articles could be answered.
    """
    rows = [{name: getattr(turn, name) for name in turn.__slots__} for turn in found]
    adjusted = adjust_together({"turns": _take(rows, "p")})[0]["turns"]
    _judge(rows, adjusted, plan.alpha, ("p_adjusted", "stands"))
    return _tabulate(rows, PROFILE_TURNS)


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


def _take(rows: Sequence[Row], column: str) -> Floats:
    return np.array([row[column] for row in rows], dtype=np.float64)


def _judge(rows: Sequence[Row], adjusted: Floats, alpha: float, names: tuple[str, str]) -> None:
    """Write corrected p-values into the rows, and whether they pass; None without a test."""
    for row, p in zip(rows, adjusted.tolist(), strict=True):
        row[names[0]] = p
        row[names[1]] = None if np.isnan(p) else p <= alpha


def _tabulate(rows: Sequence[Row], columns: Sequence[str]) -> pd.DataFrame:
    import pandas as pd

    table = pd.DataFrame(list(rows), columns=list(columns))
    counts = [name for name in columns if name.startswith("n_")]
    return table.astype(dict.fromkeys(counts, "int64"))
