"""All comparisons of a corpus, as tables, with their p-values corrected together.

Shapes: K labels.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from framing.measuring.comparisontables import (
    Findings,
    tabulate_change,
    tabulate_distances,
    tabulate_findings,
)
from framing.measuring.contrasts.decomposition import (
    CalibrationShift,
    Decomposition,
    decompose_change,
)
from framing.measuring.contrasts.differences import Contrast, contrast_periods, contrast_sources
from framing.measuring.contrasts.periodeffects import FEWEST_SHOWN
from framing.measuring.contrasts.profiles import MOST_SOURCES, measure_distances
from framing.measuring.contrasts.sides import Plan
from framing.measuring.intervals import Codes
from framing.measuring.predictions import Label
from framing.measuring.prevalence.corrected import CellKey, CorrectedSums
from framing.measuring.trends.profileturns import ProfileTurn, find_profile_turns
from framing.measuring.trends.slopetests import FEWEST_BLOCKS, Trend, find_trends
from framing.measuring.trends.turns import Turn, find_turns

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """Corrected sums of the same articles in cells of every cut.

    Attributes
    ----------
    source : CorrectedSums
        One cell a source.
    period, source_period : CorrectedSums or None
        One cell a period, over all sources, and one a source and period; None where time is not
        cut.
    """

    source: CorrectedSums
    period: CorrectedSums | None = None
    source_period: CorrectedSums | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Comparisons:
    """Tables of all comparisons.

    Attributes
    ----------
    contrasts, trends, turns, decompositions, distances, profile_turns : pandas.DataFrame
        Columns as in `framing.measuring.comparisontables`; None or NaN
        where not known. A later turn of a series has a row only if it stands.
    tests : mapping of str to int
        How many p-values of contrasts, trends, turns, profile_turns and equivalence were corrected
        together.
    notes : tuple of str
        What could not be compared.
    """

    contrasts: pd.DataFrame
    trends: pd.DataFrame
    turns: pd.DataFrame
    decompositions: pd.DataFrame
    distances: pd.DataFrame
    profile_turns: pd.DataFrame
    tests: Mapping[str, int]
    notes: tuple[str, ...]

    @property
    def n_tests(self) -> int:
        """How many p-values were corrected together."""
        return sum(self.tests.values())


def compare_cells(
    levels: Levels,
    labels: Sequence[Label],
    plan: Plan,
    *,
    against: str | None = None,
    calibration: CalibrationShift | None = None,
    clusters: Codes | None = None,
) -> Comparisons:
    """Make all comparisons that the levels allow.

    Parameters
    ----------
    levels : Levels
    labels : sequence of K Label
    plan : Plan
    against : str, optional
        Source that every other is compared with; see `contrast_sources`.
    calibration, clusters : optional
        See `decompose_change`; `clusters` in `contrast_sources`, too.

    Returns
    -------
    Comparisons

    Raises
    ------
    InputError
        If `against` is no source.
    """
    contrasts = contrast_sources(levels.source, plan, against=against, clusters=clusters)
    trends: list[Trend] = []
    turns: list[Turn] = []
    change: Decomposition | None = None
    profiles: list[ProfileTurn] = []
    several = len(levels.source.keys) > 1  # all of one source is that source
    for sums, pooled in ((levels.period, True), (levels.source_period, False)):
        if sums is not None and (several or not pooled):
            contrasts += contrast_periods(sums, plan, pooled=pooled)
            trends += find_trends(sums, plan, pooled=pooled)
            turns += find_turns(sums, plan, pooled=pooled)
    if levels.source_period is not None:
        change = decompose_change(
            levels.source_period, plan, calibration=calibration, clusters=clusters
        )
        n_others = len(labels) * (len(contrasts) + len(trends)) + len(turns)
        profiles = find_profile_turns(levels.source_period, plan, n_others=n_others)
    frames = np.array([k for k, label in enumerate(labels) if label.kind == "frame"], dtype=np.intp)
    distances = measure_distances(levels.source, plan, labels=frames)
    tested = Findings(tuple(contrasts), tuple(trends), tuple(turns), tuple(profiles))
    tables, tests = tabulate_findings(tested, labels, plan)
    return Comparisons(
        contrasts=tables["contrasts"],
        trends=tables["trends"],
        turns=tables["turns"],
        decompositions=tabulate_change(change, labels),
        distances=tabulate_distances(distances),
        profile_turns=tables["profile_turns"],
        tests=tests,
        notes=(
            *_note(levels, tested),
            *_note_hidden(tested, len(tables["turns"])),
        ),
    )


def _note(levels: Levels, tested: Findings) -> Iterator[str]:
    """Say what could not be compared."""
    sources = {source for source, _ in levels.source.keys}
    if len(sources) < 2:
        yield "one source only: sources are not compared"
    if len(sources) > MOST_SOURCES:
        yield f"{len(sources)} sources: distances between profiles are given for up to 60"
    lone = {name for found in tested.contrasts for name in _name_lone(found)}
    if lone:
        yield f"one article is not compared with others: {', '.join(sorted(lone))}"
    if levels.source_period is None:
        return
    compared = {c.source for c in tested.contrasts if c.comparison == "period"} - {None}
    trended = {trend.source for trend in tested.trends} - {None}
    turned = {turn.source for turn in tested.turns} - {None}
    for found, what in (
        (compared, "fewer than two periods of two articles: no change from first to last"),
        (trended, "fewer than three periods: no trend"),
        (turned, "too few periods or articles for a turning point"),
    ):
        if lacking := len(sources - found):
            yield f"{_count_sources(lacking)} with {what}"
    yield from _note_trends(tested.trends)
    yield from _note_periods(levels.source_period.keys, tested)


def _count_sources(number: int) -> str:
    return f"{number} source{'' if number == 1 else 's'}"


def _note_trends(trends: Sequence[Trend]) -> Iterator[str]:
    """Say which trends are not tested, and how small the p-values of short ones can be."""
    lengths = [int(trend.n_periods.max(initial=0)) for trend in trends if trend.source is not None]
    if short := sum(length < FEWEST_BLOCKS for length in lengths):
        yield f"{_count_sources(short)} with fewer than five periods: the trend is not tested"
    smallest = [
        f"{length} periods can give no trend a p-value below {2 / math.factorial(length):.2g}"
        for length in (5, 6)
        if length in lengths
    ]
    if smallest:
        yield "; ".join(smallest)


def _note_periods(keys: Sequence[CellKey], tested: Findings) -> Iterator[str]:
    """Say what differences between periods and turns take for chance."""
    compared = {found.source for found in tested.contrasts if found.comparison == "period"}
    lengths = Counter(source for source, _ in keys)
    if short := sum(
        number < FEWEST_SHOWN for source, number in lengths.items() if source in compared
    ):
        yield (
            f"{_count_sources(short)} with fewer than four periods: first and last are compared by "
            "what articles differ by, as so few can not show what periods differ by anyway"
        )
    if tested.turns:
        yield (
            "intervals at turning points take the period as given: they are too short where it "
            "was hard to find"
        )


def _note_hidden(tested: Findings, shown: int) -> Iterator[str]:
    """Say how many turns were tested beside those in the table."""
    if hidden := len(tested.turns) - shown:
        yield (
            f"{len(tested.turns)} turning points were tested; {hidden} in parts of a series "
            "did not stand and are not listed"
        )


def _name_lone(found: Contrast) -> Iterator[str]:
    """Name the sides of a contrast of sources that hold one article of every label at most."""
    for name, counts in ((found.a, found.n_articles_a), (found.b, found.n_articles_b)):
        if found.comparison == "source" and name is not None and counts.max(initial=0) == 1:
            yield name
