"""Differences between sources and between periods, with intervals and p-values.

Intervals resample the articles of each cell (percentiles; Davison & Hinkley 1997, section 3.8),
p-values permute articles between the sides (`framing.measuring.contrasts.dealing`). Both carry the
error of calibration that the sides do not share: draws of it are added to every replicate and to
every permuted difference, and so are draws of what a cell's articles do not show
(`CorrectedSums.extras`). Shapes: C cells, n articles, K labels, B resamples or permutations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from framing.measuring.contrasts.copies import Copied, compare_copied, weigh_copies
from framing.measuring.contrasts.dealing import compare_groups, compare_pair
from framing.measuring.contrasts.ends import compare_ends
from framing.measuring.contrasts.series import Series, list_series
from framing.measuring.contrasts.sides import Plan, Side, Summary, merge_summaries, split_sides
from framing.measuring.contrasts.spans import Draws, Replicates, Unrest, describe_difference
from framing.measuring.intervals import Codes, Floats
from framing.measuring.prevalence.corrected import CorrectedSums
from framing.schema import InputError

MOST_PAIRED = 4
"""Up to this many sources every pair is compared; with more, each against all the others."""

FEWEST_ARTICLES = 2
"""A period counts as a source's first or last if this many articles lie in it."""


@dataclass(frozen=True, slots=True, eq=False)
class Contrast:
    """The difference of two sides, label by label: arrays (K,), NaN where not known.

    Attributes
    ----------
    comparison : {"source", "period"}
    a, b : str or None
        Sources, b None for all the others; or the earlier and the later period.
    source : str or None
        Within which the periods lie; None for all.
    share_a, share_b : arrays
    difference, low, high : arrays
        a less b for sources, later less earlier for periods.
    p : array
        NaN, too, where a side has fewer than two articles.
    p_equivalent : array
        Of both one-sided tests (`framing.measuring.testing.equivalence_p`); NaN without a margin.
    n_articles_a, n_articles_b : arrays
    """

    comparison: str
    a: str
    b: str | None
    source: str | None
    share_a: Floats
    share_b: Floats
    difference: Floats
    low: Floats
    high: Floats
    p: Floats
    p_equivalent: Floats
    n_articles_a: Floats
    n_articles_b: Floats


def contrast_sources(
    sums: CorrectedSums,
    plan: Plan,
    *,
    against: str | None = None,
    clusters: Codes | None = None,
) -> list[Contrast]:
    """Compare sources: pairs, or each against the others, or each against one.

    Each against all the others is tested by dealing all articles to all sources at once, which
    serves every source; pairs are dealt pair by pair, so that a third source has no part in them.

    Parameters
    ----------
    sums : CorrectedSums
        One cell a source.
    plan : Plan
    against : str, optional
        Source that every other is compared with. Without it every pair is compared if there are
        at most 4 sources, else each source with all the others together.
    clusters : array (A,), optional
        Number that near-copies of an article share: among all the others they are one piece of
        evidence (`framing.measuring.contrasts.copies`).

    Returns
    -------
    list of Contrast
        Empty with fewer than two sources.

    Raises
    ------
    InputError
        If `against` is no source.
    """
    names, sides = [source for source, _ in sums.keys], split_sides(sums)
    if against is not None and against not in names:
        raise InputError(
            f"no source {against!r} to compare with", fix=f"use one of {', '.join(names[:10])}"
        )
    if len(names) < 2:
        return []
    draws = Draws.prepare(sums.covariances, plan)
    drawn = [
        side.replicate(resamples=plan.resamples, rng=plan.rng("source", name))
        for name, side in zip(names, sides, strict=True)
    ]
    if against is None and len(names) > MOST_PAIRED:
        copied = None if clusters is None else weigh_copies(sums, clusters)
        return _contrast_with_rest(names, sides, drawn, draws, copied=copied)
    pairs = [
        (a, b)
        for a in range(len(names))
        for b in range(len(names))
        if (a < b if against is None else names[b] == against and a != b)
    ]
    return [
        _contrast(
            ("source", names[a], names[b], None),
            (sides[a].summarise(), sides[b].summarise()),
            (drawn[a], drawn[b]),
            draws,
            compare_pair(sides[a], sides[b], draws, ("source", names[a], names[b])),
        )
        for a, b in pairs
    ]


def contrast_periods(sums: CorrectedSums, plan: Plan, *, pooled: bool = False) -> list[Contrast]:
    """Compare the last period of each source with its first.

    A period counts if at least two articles lie in it, for any label. With four periods or more the
    difference is held against what periods differ by, too
    (`framing.measuring.contrasts.ends`): p is the larger of the two. With fewer it is held against
    what articles differ by alone, so that the events of one month can make one.

    Parameters
    ----------
    sums : CorrectedSums
        One cell a source and period.
    plan : Plan
    pooled : bool
        The cells hold all sources: there is one a period, whatever their keys name as source.

    Returns
    -------
    list of Contrast
        Sources with fewer than two such periods have none.
    """
    draws = Draws.prepare(sums.covariances, plan)
    return [
        _contrast_pair(series, pair, draws)
        for series in list_series(sums, pooled=pooled)
        for pair in _pair_ends(series)
    ]


def _pair_ends(series: Series) -> Iterator[tuple[int, int]]:
    """Pair the first period that holds articles enough with the last, if there are two."""
    held = np.flatnonzero(series.count().max(axis=1, initial=0) >= FEWEST_ARTICLES).tolist()
    if len(held) > 1:
        yield held[0], held[-1]


def _contrast_pair(series: Series, pair: tuple[int, int], draws: Draws) -> Contrast:
    source, plan = series.source, draws.plan
    sides, periods = list(series.sides()), [series.names[at] for at in pair]
    a, b = (sides[at] for at in pair)
    drawn = [
        side.replicate(resamples=plan.resamples, rng=plan.rng("period", source, name))
        for side, name in zip((a, b), periods, strict=True)
    ]
    unrest, p = compare_ends(series, pair, draws)
    return _contrast(
        ("period", periods[0], periods[1], source),
        (a.summarise(), b.summarise()),
        (drawn[0], drawn[1]),
        draws,
        np.fmax(compare_pair(a, b, draws, ("period", source, *periods)), p),
        unrest=unrest,
    )


def _contrast_with_rest(
    names: Sequence[str],
    sides: Sequence[Side],
    drawn: Sequence[Replicates],
    draws: Draws,
    *,
    copied: Copied | None,
) -> list[Contrast]:
    """Compare each source with all the others, in the same permutations."""
    summaries = [side.summarise() for side in sides]
    everyone = merge_summaries(summaries)
    rests = [everyone.merge(summary, sign=-1) for summary in summaries]
    both = list(zip(summaries, rests, strict=True))
    p = compare_groups(
        sides,
        draws,
        names=("source", "rest"),
        sides=both,
        split=lambda sums: (sums, sums.sum(axis=-2, keepdims=True) - sums),
    )
    sums, units = (np.sum(part, axis=0) for part in zip(*drawn, strict=True))
    found = []
    for at, (own, rest) in enumerate(both):
        unrest, adjusted = None, p[at]
        if copied is not None:
            calibration = draws.vary(own.gradients - rest.gradients)
            added = copied.variance[at], copied.freedom[at]
            unrest, by_story = compare_copied((own, rest), added, calibration, draws)
            adjusted = np.where(np.isnan(p[at]), np.nan, np.fmax(p[at], by_story))
        replicates = drawn[at], (sums - drawn[at][0], units - drawn[at][1])
        name = ("source", names[at], None, None)
        found.append(_contrast(name, (own, rest), replicates, draws, adjusted, unrest=unrest))
    return found


def _contrast(
    name: tuple[str, str, str | None, str | None],
    sides: tuple[Summary, Summary],
    drawn: tuple[Replicates, Replicates],
    draws: Draws,
    p: Floats,
    *,
    unrest: Unrest | None = None,
) -> Contrast:
    """Put a contrast together; sources are compared as a - b, periods as b - a."""
    comparison, a, b, source = name
    sign = 1 if comparison == "source" else -1
    span = describe_difference(sides, drawn, draws, sign=sign, unrest=unrest)
    return Contrast(
        comparison=comparison,
        a=a,
        b=b,
        source=source,
        share_a=sides[0].shares,
        share_b=sides[1].shares,
        difference=span.difference,
        low=span.low,
        high=span.high,
        p=p,
        p_equivalent=span.p_equivalent,
        n_articles_a=sides[0].n_articles,
        n_articles_b=sides[1].n_articles,
    )
