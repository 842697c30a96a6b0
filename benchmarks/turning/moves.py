"""Whether labels moved the way that the plan says, at the planned turns.

Shapes: n articles of an outlet, M moves, B permutations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from framing.measuring.intervals import Floats
from framing.measuring.rates import divide
from turning.dated import permute
from turning.outlets import Archive, Outlet
from turning.plans import PlannedTurn

Kind = Literal["named", "read"]


@dataclass(frozen=True, slots=True)
class Directions:
    """Moves that were planned, and what became of them.

    Attributes
    ----------
    n_turns, n_moves : int
    right, wrong, still : float
        Moves in the planned direction, against it, and of labels that do not move at all; weighted
        counts.
    expected, low, high : float
        Share of right ones among those that moved, by chance: mean and 95% of permutations.
    p_share, p_size : float
        Of a share of right ones as large; of a mean as large, where moves count by their size.
    """

    n_turns: int
    n_moves: int
    right: float
    wrong: float
    still: float
    expected: float
    low: float
    high: float
    p_share: float
    p_size: float

    @property
    def share(self) -> float:
        """Share of right ones among those that moved."""
        moved = self.right + self.wrong
        return self.right / moved if moved else float("nan")


def judge_moves(
    plans: Mapping[str, Sequence[PlannedTurn]],
    archive: Archive,
    kind: Kind,
    *,
    permutations: int,
    rng: np.random.Generator,
    controls: Sequence[Outlet] | None = None,
) -> Directions:
    """Compare the planned moves with the real ones.

    Parameters
    ----------
    plans : mapping of str to sequence of PlannedTurn
    archive : Archive
    kind : {"named", "read"}
        Which of a turn's moves.
    permutations : int
    rng : numpy.random.Generator
    controls : sequence of Outlet, optional
        Look at these outlets at the same dates instead, for the same moves; they weigh together as
        much as the one outlet that was to turn.
    """
    orders: dict[str, Floats] = {}
    sizes, weights, n_turns = [np.zeros((0, 1 + permutations))], [], 0
    for turn in _list_turns(plans, archive, kind):
        own = [archive.outlets[turn.outlet]] if controls is None else controls
        found = [outlet for outlet in own if 0 < outlet.place(turn.date) < len(outlet.dates)]
        n_turns += bool(found)
        for outlet in found:
            if outlet.name not in orders:
                drawn = permute(len(outlet.dates), permutations, rng)
                orders[outlet.name] = outlet.columns[drawn]
            moved = _move(orders[outlet.name], outlet.place(turn.date), turn, archive, kind)
            sizes.append(moved)
            weights += [1 / len(found)] * len(moved)
    return _sum_up(np.concatenate(sizes), np.array(weights), n_turns)


def _list_turns(
    plans: Mapping[str, Sequence[PlannedTurn]], archive: Archive, kind: Kind
) -> Iterator[PlannedTurn]:
    """List the turns with moves that have an article before and after."""
    for name, turns in plans.items():
        outlet = archive.outlets.get(name)
        for turn in turns if outlet else ():
            if outlet and getattr(turn, kind) and 0 < outlet.place(turn.date) < len(outlet.dates):
                yield turn


def _move(columns: Floats, place: int, turn: PlannedTurn, archive: Archive, kind: Kind) -> Floats:
    """Measure each move, positive the planned way, in all orders (1 + B, n, 2 K): (M, 1 + B)."""
    moves = getattr(turn, kind)
    chosen = [archive.labels.index(label) for label in moves]
    k = len(archive.labels)
    before, after = columns[:, :place].sum(axis=1), columns[:, place:].sum(axis=1)
    change = divide(after[:, :k], after[:, k:]) - divide(before[:, :k], before[:, k:])
    weight = divide(after[:, k:] * before[:, k:], after[:, k:] + before[:, k:])
    scaled = np.nan_to_num(change * np.sqrt(divide(weight, weight * 0 + archive.scales)))
    return scaled[:, chosen].T * np.array([moves[label] for label in moves])[:, None]


def _sum_up(sizes: Floats, weights: Floats, n_turns: int) -> Directions:
    """Count the moves (M, 1 + B), the first of each as it is, the others permuted."""
    right = weights @ (sizes > 1e-9)
    wrong = weights @ (sizes < -1e-9)
    shares, means = divide(right, right + wrong), weights @ sizes
    known = shares[1:][~np.isnan(shares[1:])]
    low, high = np.quantile(known, [0.025, 0.975]) if len(known) else (np.nan, np.nan)
    return Directions(
        n_turns=n_turns,
        n_moves=len(sizes),
        right=float(right[0]),
        wrong=float(wrong[0]),
        still=max(0.0, float(weights.sum() - right[0] - wrong[0])),
        expected=float(known.mean()) if len(known) else float("nan"),
        low=float(low),
        high=float(high),
        p_share=_beyond(shares),
        p_size=_beyond(means),
    )


def _beyond(values: Floats) -> float:
    return float((1 + np.sum(~(values[1:] < values[0] - 1e-12))) / len(values))
