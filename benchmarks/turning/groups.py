"""Outlets that were to turn in one year, taken together: how many articles a turn needs.

Shapes: n articles of a group, K labels, B permutations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from framing.measuring.contrasts.sides import Plan
from framing.measuring.trends.profileturns import compare_profiles, find_profile_turns
from turning.dated import permute
from turning.moves import judge_moves
from turning.outlets import Archive, Outlet, pool_outlets
from turning.plans import PlannedTurn

ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class Pooled:
    """Groups of `n_outlets` outlets, drawn again and again.

    Attributes
    ----------
    n_outlets : int
    n_draws : int
    n_articles : float
        Mean.
    searched : float
        Share of groups with p at most .05 in the search of drift over their years.
    placed : float
        Share of groups where that search finds the very year.
    dated : float
        Share with p at most .05 at the year itself, articles permuted within outlets.
    moved : float
        Share with p at most .05 for moves in the planned directions.
    """

    n_outlets: int
    n_draws: int
    n_articles: float
    searched: float
    placed: float
    dated: float
    moved: float


def find_year(plans: Mapping[str, Sequence[PlannedTurn]]) -> str:
    """Find the year in which most outlets were to turn."""
    years = Counter(year for turns in plans.values() for year in {t.date[:4] for t in turns})
    return years.most_common(1)[0][0]


def span_year(outlets: Sequence[Outlet], year: str) -> list[Outlet]:
    """Keep the outlets with two articles before a year and two from then on."""
    return [o for o in outlets if 2 <= o.place(year) <= len(o.dates) - 2]


def borrow_turns(outlets: Sequence[Outlet], turns: Sequence[PlannedTurn]) -> dict[str, PlannedTurn]:
    """Give each outlet a turn that was planned for another, one after the other."""
    return {
        outlet.name: replace(turns[at % len(turns)], outlet=outlet.name)
        for at, outlet in enumerate(outlets)
    }


def pool(
    outlets: Sequence[Outlet],
    archive: Archive,
    turns: Mapping[str, PlannedTurn],
    year: str,
    *,
    sizes: Sequence[int],
    draws: int,
    plan: Plan,
) -> list[Pooled]:
    """Draw groups of each size, and look for their turn; all outlets are one group, once.

    `turns` holds each outlet's turn of that year.
    """
    rng = plan.rng("groups", year, *(outlet.name for outlet in outlets))
    groups: dict[str, list[Outlet]] = {}
    sizes = [*(size for size in sizes if size < len(outlets)), len(outlets)]
    for size in sizes:
        for draw in range(draws if size < len(outlets) else 1):
            chosen = rng.permutation(len(outlets))[:size]
            groups[f"{size} {draw}"] = [outlets[at] for at in chosen]
    found = {turn.source: turn for turn in find_profile_turns(pool_outlets(groups), plan)}
    pooled = []
    for size in sizes:
        own = {name: group for name, group in groups.items() if name.startswith(f"{size} ")}
        searched = [found[name] for name in own]
        moved = [_test_moves(group, archive, turns, plan, rng) for group in own.values()]
        dated = [judge_year(group, archive, year, plan, rng) for group in own.values()]
        pooled.append(
            Pooled(
                n_outlets=size,
                n_draws=len(own),
                n_articles=float(np.mean([sum(len(o.dates) for o in g) for g in own.values()])),
                searched=float(np.mean([turn.p <= ALPHA for turn in searched])),
                placed=float(np.mean([turn.period == year for turn in searched])),
                dated=float(np.mean(np.array(dated) <= ALPHA)),
                moved=float(np.mean(np.array(moved) <= ALPHA)),
            )
        )
    return pooled


def _test_moves(
    outlets: Sequence[Outlet],
    archive: Archive,
    turns: Mapping[str, PlannedTurn],
    plan: Plan,
    rng: np.random.Generator,
) -> float:
    """Test that a group's labels moved the planned way: p; 1 where no move was planned."""
    own = {outlet.name: [turns[outlet.name]] for outlet in outlets}
    if not any(turn.read for found in own.values() for turn in found):
        return 1.0
    return judge_moves(own, archive, "read", permutations=plan.permutations, rng=rng).p_size


def judge_year(
    outlets: Sequence[Outlet],
    archive: Archive,
    year: str,
    plan: Plan,
    rng: np.random.Generator,
) -> float:
    """Test that a group's profile changed with a year: p, articles permuted within outlets.

    Sums are centred outlet by outlet, so that which outlets write before and after plays no part.
    """
    before, after = 0.0, 0.0
    for outlet in outlets:
        columns = outlet.columns[permute(len(outlet.dates), plan.permutations, rng)]
        place = outlet.place(year)
        before = before + columns[:, :place].sum(axis=1)
        after = after + columns[:, place:].sum(axis=1)
    k = len(archive.labels)
    sides = [(side[:, :k], side[:, k:]) for side in (np.asarray(before), np.asarray(after))]
    distances = compare_profiles(sides[0], sides[1], archive.scales)
    return float((1 + np.sum(distances[1:] >= distances[0] * (1 - 1e-9))) / len(distances))
