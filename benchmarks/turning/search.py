"""Where a search finds an outlet's turn, without its plan, and how far that is from the plan.

Shapes: n articles of an outlet, B permutations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from framing.measuring.intervals import Codes, Floats
from framing.measuring.trends.profileturns import FEWEST_ARTICLES
from turning.dated import compare_at, permute
from turning.outlets import Archive, Outlet
from turning.plans import PlannedTurn


@dataclass(frozen=True, slots=True)
class Distance:
    """Mean distance of what is found to the nearest planned turn.

    Attributes
    ----------
    found : float
    anywhere : float
        From a place drawn at random among those that were searched.
    permuted, low, high : float
        Of searches with the articles permuted: mean and 95% of them.
    p : float
        Of a mean as small, by the permuted searches.
    """

    found: float
    anywhere: float
    permuted: float
    low: float
    high: float
    p: float


@dataclass(frozen=True, slots=True)
class Found:
    """How well turns are found: outlets searched, share found exactly, articles and years off."""

    n_outlets: int
    exact: Distance
    articles: Distance
    years: Distance


def search_outlets(
    plans: Mapping[str, Sequence[PlannedTurn]],
    archive: Archive,
    *,
    permutations: int,
    rng: np.random.Generator,
) -> Found:
    """Search all outlets with a planned turn that has two articles on each side."""
    parts = []
    for name, turns in plans.items():
        outlet = archive.outlets.get(name)
        if outlet is None:
            continue
        places = np.arange(FEWEST_ARTICLES, len(outlet.dates) - FEWEST_ARTICLES + 1)
        planned = [turn for turn in turns if outlet.place(turn.date) in places]
        if not planned:
            continue
        columns = outlet.columns[permute(len(outlet.dates), permutations, rng)]
        distances = np.stack([compare_at(columns, at, archive.scales) for at in places])
        parts.append((_measure(outlet, planned, places), distances.argmax(axis=0)))
    return Found(len(parts), *(_sum_up(parts, row) for row in range(3)))


def _measure(outlet: Outlet, planned: Sequence[PlannedTurn], places: Codes) -> Floats:
    """Give each place's distance to the nearest plan: missed (0 or 1), articles, years: (3, P)."""
    days = np.array([to_years(outlet.dates[place]) for place in places])
    articles = np.min([np.abs(places - outlet.place(turn.date)) for turn in planned], axis=0)
    years = np.min([np.abs(days - to_years(turn.date)) for turn in planned], axis=0)
    return np.stack([articles > 0, articles, years]).astype(np.float64)


def _sum_up(parts: Sequence[tuple[Floats, Codes]], row: int) -> Distance:
    """Average over outlets the distance found, at any place, and permuted."""
    means = np.mean([distances[row][found] for distances, found in parts], axis=0)
    low, high = np.quantile(means[1:], [0.025, 0.975])
    return Distance(
        found=float(means[0]),
        anywhere=float(np.mean([distances[row].mean() for distances, _ in parts])),
        permuted=float(means[1:].mean()),
        low=float(low),
        high=float(high),
        p=float((1 + np.sum(means[1:] <= means[0] + 1e-12)) / len(means)),
    )


def to_years(text: str) -> float:
    """Turn a date, of which day and month may be missing, into years.

    >>> to_years("2025"), round(to_years("2025-07"), 2)
    (2025.0, 2025.5)
    """
    parts = [int(part) for part in text.split("-")]
    year, month, day_of_month = [*parts, 1, 1][:3]
    day = date(year, month, day_of_month)
    first = date(day.year, 1, 1)
    return day.year + (day - first) / timedelta(days=365.25)
