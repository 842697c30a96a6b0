"""Change points: when a source's share of a label turned, if it did.

The place is the split of the series into two levels that fits best by least squares, periods
weighted by their units (`ruptures`: Truong, Oudre & Vayatis 2020, *Selective review of offline
change point detection methods*). Whether there is a change at all is tested by the largest
studentised difference over all splits, against the same where articles are permuted between periods
within the source: the search is part of the null. The turn has to be more than what periods differ
by, as well. Further turns are looked for on both sides of one that is found (binary segmentation),
in parts of eight periods or more, and tested at twice their p-value, never below that of the turn
before.
Shapes: T periods, n articles, K labels, B permutations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from framing.measuring.contrasts.series import Series, list_series
from framing.measuring.contrasts.sides import ROUNDING, Plan, Side, merge_summaries
from framing.measuring.contrasts.spans import Draws, describe_difference
from framing.measuring.intervals import ArticleResampler, Codes, Floats
from framing.measuring.prevalence.corrected import CorrectedSums
from framing.measuring.rates import divide
from framing.measuring.trends.scans import count_periods, find_splits, scan_splits
from framing.measuring.trends.segments import fit_split

FEWEST_OF_PART = 8
"""Periods of a part that is searched: a steady rise is no stairs."""


@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """A change of one label's share in one source.

    Attributes
    ----------
    source : str or None
        None for all.
    label : int
    period : str
        The first after the change.
    before, after : float
        Shares between this turn's neighbours, periods pooled.
    difference, low, high : float
        After less before; the interval takes the place of the turn as given, and so is too short
        and too far from 0 where the place was hard to find.
    p : float
        That there is no change in the series (or, for a later turn, in the part of it).
    depth : int
        0 for the turn of a whole series, 1 for one in a part of it, and so on.
    """

    source: str | None
    label: int
    period: str
    before: float
    after: float
    difference: float
    low: float
    high: float
    p: float
    depth: int


def find_turns(sums: CorrectedSums, plan: Plan, *, pooled: bool = False) -> list[Turn]:
    """Find the likeliest turn of every source and label, and more where it is one.

    A series is split where enough lies on each side (`framing.measuring.trends.scans.find_splits`).
    Turns in parts of a series are looked for where the turn between the parts has p at most alpha;
    all that were tested are given.

    Parameters
    ----------
    sums : CorrectedSums
        One cell a source and period.
    plan : Plan
    pooled : bool
        The cells hold all sources: there is one a period.

    Returns
    -------
    list of Turn
        By source, label and depth.
    """
    draws, labels = Draws.prepare(sums.covariances, plan), np.arange(len(sums.covariances))
    turns: list[Turn] = []
    for series in list_series(sums, pooled=pooled):
        found = list(_search(_Stretch(series, 0, len(series.names)), labels, draws))
        turns += _describe(series, sorted(found, key=lambda turn: turn.label), draws)
    return turns


@dataclass(frozen=True, slots=True, eq=False)
class _Stretch:
    """Part of a series that is searched, after a turn with p-value `p_before`."""

    series: Series
    start: int
    stop: int
    depth: int = 0
    p_before: float = 0.0


@dataclass(frozen=True, slots=True)
class _Found:
    """A turn at `place`, between `start` and `stop`."""

    label: int
    start: int
    place: int
    stop: int
    p: float
    depth: int


def _search(stretch: _Stretch, labels: Codes, draws: Draws) -> Iterator[_Found]:
    """Search a stretch, then the parts of it that a turn parts."""
    part = stretch.series.cut(stretch.start, stretch.stop)
    splits = find_splits(part.count())
    short = count_periods(part)[labels] < (FEWEST_OF_PART if stretch.depth else 0)
    tested = labels[splits[:, labels].any(axis=0) & ~short]
    if not len(tested):
        return
    p = scan_splits(part.keep(tested), splits[:, tested], draws, tested)
    p = np.maximum(np.minimum(p * (2 if stretch.depth else 1), 1), stretch.p_before)
    sums, units = part.add_up(part.sums), part.add_up(part.units)
    shares = np.nan_to_num(divide(sums, units))
    for k, own in zip(tested.tolist(), p.tolist(), strict=True):
        places = np.flatnonzero(splits[:, k]) + 1
        place = stretch.start + fit_split(shares[:, k], units[:, k], places)
        yield _Found(k, stretch.start, place, stretch.stop, own, stretch.depth)
        if own <= draws.plan.alpha:
            for start, stop in ((stretch.start, place), (place, stretch.stop)):
                rest = _Stretch(stretch.series, start, stop, stretch.depth + 1, own)
                yield from _search(rest, np.array([k]), draws)


def _describe(series: Series, found: Sequence[_Found], draws: Draws) -> Iterator[Turn]:
    """Describe turns by their shares before and after; one draw of the articles serves all."""
    sides = [_part(series, turn) for turn in found]
    n_articles = len(series.sums)
    seed = int(draws.plan.rng("turns", series.source).integers(2**63))
    resampler = ArticleResampler(np.arange(n_articles), n_articles, draws.plan.resamples, seed)

    def add_up(counts: Floats) -> Floats:
        """Give sums and units of both sides of every turn: (b, turns, 4)."""
        parts = [counts[:, held] @ columns for pair in sides for held, columns, _ in pair]
        return np.asarray(np.stack(parts, axis=1)).reshape(len(counts), -1, 4)

    drawn = resampler.replicate(add_up, width=4 * len(found)) if found else np.zeros((0, 0, 4))
    for at, turn in enumerate(found):
        before, after = (side.summarise() for _, _, side in sides[at])
        parts = np.split(drawn[:, at], 4, axis=1)
        own = draws.keep([turn.label])
        span = describe_difference(
            (before, after), ((parts[0], parts[1]), (parts[2], parts[3])), own, sign=-1
        )
        yield Turn(
            source=series.source,
            label=turn.label,
            period=series.names[turn.place],
            before=float(before.shares[0]),
            after=float(after.shares[0]),
            difference=float(span.difference[0]),
            low=float(span.low[0]),
            high=float(span.high[0]),
            p=turn.p,
            depth=turn.depth,
        )


def _part(series: Series, turn: _Found) -> list[tuple[slice, Floats, Side]]:
    """Give both sides of a turn: where their articles stand, their sums and units, and the side."""
    ends = np.concatenate([[0], series.sizes.cumsum()])
    parts = []
    for start, stop in ((turn.start, turn.place), (turn.place, turn.stop)):
        held = slice(int(ends[start]), int(ends[stop]))
        columns = np.stack(
            [values[held, turn.label] for values in (series.sums, series.units)], axis=1
        )
        part = series.cut(start, stop).keep(np.array([turn.label]))
        side = _pool(Side(columns[:, :1], columns[:, 1:], np.zeros((1, 2))), part)
        parts.append((held, columns, side))
    return parts


def _pool(side: Side, part: Series) -> Side:
    """Take the articles of several periods as those of one, with what is known of the periods."""
    whole = merge_summaries([own.summarise() for own in part.sides()])
    few = whole.lacking > ROUNDING
    articles = np.maximum(whole.n_articles - 1, 0)
    return replace(
        side,
        gradients=whole.gradients,
        extras=whole.extra,
        freedoms=np.where(few, whole.freedom, articles),
    )
