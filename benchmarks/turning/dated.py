"""Tests at dates given beforehand: an outlet's articles before against those from then on.

A case's p-value is exact: all ways to take as many articles for those before. Cases of one outlet
share articles, so that what all cases come to is held against articles permuted within outlets.
Shapes: n articles of an outlet, K labels, C cases, W ways, B permutations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from math import comb

import numpy as np

from framing.measuring.intervals import Codes, Floats
from framing.measuring.trends.profileturns import compare_profiles
from turning.outlets import Archive, Outlet
from turning.plans import PlannedTurn

TIED = 1 - 1e-9
"""Distances this close to each other, relatively, are equal."""


@dataclass(frozen=True, slots=True)
class Case:
    """A date at which an outlet is tested.

    Attributes
    ----------
    outlet : str
    start, place, stop : int
        Articles from `start` to `place` against those from there to `stop`.
    weight : float
    """

    outlet: str
    start: int
    place: int
    stop: int
    weight: float = 1.0

    @property
    def sizes(self) -> tuple[int, int]:
        """Articles before, and after."""
        return self.place - self.start, self.stop - self.place

    @property
    def smallest(self) -> float:
        """One over the ways to take as many articles."""
        return 1 / comb(sum(self.sizes), self.sizes[0])


def list_planned(
    plans: Mapping[str, Sequence[PlannedTurn]], archive: Archive, *, fewest: int, own: bool
) -> list[Case]:
    """List the planned turns with `fewest` articles on each side.

    Parameters
    ----------
    plans : mapping of str to sequence of PlannedTurn
    archive : Archive
    fewest : int
    own : bool
        Take the articles between the turn before and the turn after alone.
    """
    cases = []
    for name, turns in plans.items():
        outlet = archive.outlets.get(name)
        if outlet is None:
            continue
        n = len(outlet.dates)
        places = [0, *(outlet.place(turn.date) for turn in turns), n]
        for at in range(1, len(places) - 1):
            start, stop = (places[at - 1], places[at + 1]) if own else (0, n)
            cases.append(Case(name, start, places[at], stop))
    return [case for case in cases if min(case.sizes) >= fewest]


def match_constant(cases: Iterable[Case], constant: Sequence[Outlet]) -> list[Case]:
    """List constant outlets with as many articles before and after as planned turns have.

    Each planned turn's weight is shared by all constant outlets of as many articles: this is what
    drawing one of them at random comes to.
    """
    matched = []
    for case in cases:
        alike = [outlet for outlet in constant if len(outlet.dates) == sum(case.sizes)]
        matched += [
            Case(outlet.name, 0, case.sizes[0], sum(case.sizes), case.weight / len(alike))
            for outlet in alike
        ]
    return matched


def match_dates(
    plans: Mapping[str, Sequence[PlannedTurn]], constant: Sequence[Outlet], *, fewest: int
) -> list[Case]:
    """List constant outlets at the dates of the planned turns: events may turn them, too."""
    cases = []
    for turn in (turn for turns in plans.values() for turn in turns):
        found = [Case(o.name, 0, o.place(turn.date), len(o.dates)) for o in constant]
        found = [case for case in found if min(case.sizes) >= fewest]
        cases += [Case(c.outlet, 0, c.place, c.stop, 1 / len(found)) for c in found]
    return cases


@dataclass(frozen=True, slots=True)
class Share:
    """A share of cases: as found, by chance, 95% of permutations, and the p of one as large."""

    found: float
    expected: float
    low: float
    high: float
    p: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What all cases together come to.

    Attributes
    ----------
    n_cases, n_outlets : int
    shares : mapping of float to Share
        Of cases with p at or below a level.
    mean : float
        Mean distance, each less its mean and over its deviation by chance.
    spread : float
        Standard deviation of `mean` by chance.
    p : float
        Of a mean as large.
    """

    n_cases: int
    n_outlets: int
    shares: Mapping[float, Share]
    mean: float
    spread: float
    p: float


def judge_cases(
    cases: Sequence[Case],
    archive: Archive,
    *,
    levels: Sequence[float],
    permutations: int,
    rng: np.random.Generator,
) -> Verdict:
    """Test every case, and all of them together."""
    weights = np.array([case.weight for case in cases])
    weights = weights / weights.sum()
    measured = _measure_all(cases, archive, permutations, rng)  # (C, 2, 1 + B)
    means = weights @ measured[:, 0]
    return Verdict(
        n_cases=len(cases),
        n_outlets=len({case.outlet for case in cases}),
        shares={level: _share(weights @ (measured[:, 1] <= level + 1e-12)) for level in levels},
        mean=float(means[0]),
        spread=float(means[1:].std()),
        p=float((1 + np.sum(means[1:] >= means[0])) / len(means)),
    )


def _share(below: Floats) -> Share:
    """Describe a share as it is, followed by those of permutations: (1 + B,)."""
    low, high = np.quantile(below[1:], [0.025, 0.975])
    beyond = (1 + np.sum(below[1:] >= below[0] - 1e-12)) / len(below)
    return Share(*map(float, (below[0], below[1:].mean(), low, high, beyond)))


def _measure_all(
    cases: Sequence[Case], archive: Archive, permutations: int, rng: np.random.Generator
) -> Floats:
    """Give each case's standardised distance and p-value, as it is and permuted: (C, 2, 1 + B)."""
    measured = np.empty((len(cases), 2, 1 + permutations))
    order = sorted(range(len(cases)), key=lambda at: cases[at].outlet)
    known: dict[tuple[int, int, int], Floats] = {}
    for name, group in groupby(order, key=lambda at: cases[at].outlet):
        outlet, known = archive.outlets[name], {}
        orders = permute(len(outlet.dates), permutations, rng)
        for at in group:
            case = cases[at]
            key = (case.start, case.place, case.stop)
            if key not in known:
                known[key] = _measure(outlet.columns[orders], case, archive.scales)
            measured[at] = known[key]
    return measured


def permute(n: int, permutations: int, rng: np.random.Generator) -> Codes:
    """Give the order as it is, and permuted: (1 + B, n)."""
    plain = np.arange(n)
    return np.vstack([plain, rng.permuted(np.tile(plain, (permutations, 1)), axis=1)])


def _measure(columns: Floats, case: Case, scales: Floats) -> Floats:
    """Measure a case in all orders of the articles (1 + B, n, 2 K): (2, 1 + B).

    Where a case leaves articles out, an order brings others in: p-values then come from as many
    orders of those that stand there as they are, since those of each order are too many to list.
    """
    part = columns[:, case.start : case.stop]
    null = np.sort(list_distances(part[0], case.sizes[0], scales))
    distances = compare_at(part, case.sizes[0], scales)
    whole = part.shape[1] == columns.shape[1]
    drawn = distances if whole else np.append(distances[0], np.resize(null, len(distances) - 1))
    p = np.maximum(len(null) - np.searchsorted(null, drawn * TIED), 1) / len(null)
    spread = null.std()
    return np.stack([(distances - null.mean()) / (spread if spread > 0 else 1.0), p])


def compare_at(columns: Floats, before: int, scales: Floats) -> Floats:
    """Give the distances of the first `before` articles from the rest: (..., n, 2 K) to (...)."""
    sides = (columns[..., :before, :].sum(axis=-2), columns[..., before:, :].sum(axis=-2))
    one, other = ((side[..., : len(scales)], side[..., len(scales) :]) for side in sides)
    return compare_profiles(one, other, scales)


def list_distances(columns: Floats, before: int, scales: Floats) -> Floats:
    """Give the distances for all ways to take `before` articles: (n, 2 K) to (W,)."""
    n = len(columns)
    ways = np.array(list(combinations(range(n), before)))
    rest = np.array([np.setdiff1d(np.arange(n), way) for way in ways])
    return compare_at(columns[np.hstack([ways, rest])], before, scales)
