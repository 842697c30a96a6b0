"""What a change over time is made of: other sources, other framing, other copies, another reading.

Kitagawa (1955), *Components of a difference between two rates*: the change of the share over all
sources is the change of the mix of sources plus the change within sources, their product split
evenly. Intervals resample the articles of each period (or whole clusters of copies), over all
sources, so that the mix varies as articles do.
Shapes: n articles, S sources, K labels, B resamples.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from framing.measuring.contrasts.sides import Plan, order_pairs
from framing.measuring.contrasts.spans import Draws
from framing.measuring.intervals import ArticleResampler, Codes, Floats, percentile_interval
from framing.measuring.prevalence.corrected import CorrectedSums
from framing.measuring.rates import divide

FEWEST_ARTICLES = 5
"""Of a period: resampling one or two articles would show next to no spread."""

PARTS = ("total", "within", "mix", "calibration", "copies")


@dataclass(frozen=True, slots=True, eq=False)
class CalibrationShift:
    """How hand codings differ from probabilities in the first and the last period: arrays (2, K).

    Attributes
    ----------
    residuals : array
        Mean of truth less probability over the hand-coded units; NaN where there are none.
    variances : array
        Of those means, articles being clusters.
    """

    residuals: Floats
    variances: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One part of a change, label by label: arrays (K,), NaN where not known."""

    name: str
    value: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Decomposition:
    """A change between two periods and its parts."""

    first: str
    last: str
    parts: tuple[Part, ...]


def decompose_change(
    sums: CorrectedSums,
    plan: Plan,
    *,
    calibration: CalibrationShift | None = None,
    clusters: Codes | None = None,
) -> Decomposition | None:
    """Take the change from the first to the last period of five articles or more apart.

    A source that is missing from one of the periods is all mix: within it nothing is known to have
    changed.

    Parameters
    ----------
    sums : CorrectedSums
        One cell a source and period. A label that can not be given in one of a source's two cells
        leaves that source out.
    plan : Plan
    calibration : CalibrationShift, optional
        Gives the part "calibration": by how much the change would have been misread without the
        hand codings. It is beside the total, no part of its sum.
    clusters : array (A,), optional
        Cluster of near-copies of each article of `sums`. Gives the part "copies": the change when
        a cluster counts once in a period less the change when each copy counts.

    Returns
    -------
    Decomposition or None
        total = within + mix. None with fewer than two such periods.
    """
    periods = _list_periods(sums)
    if len(periods) < 2:
        return None
    first, last = periods[0], periods[-1]
    ends = [_End.take(sums, period, clusters, plan.level) for period in (first, last)]
    ends = _drop_unusable(ends)
    draws = Draws.prepare(sums.covariances, plan)
    value = _split([end.measure(end.weigh(None)) for end in ends], clusters is not None)
    drawn = _split(
        [end.resample(draws, plan.rng("decomposition", end.period)) for end in ends],
        clusters is not None,
    )
    parts = [
        Part(name, value[name][0], *percentile_interval(drawn[name], level=plan.level))
        for name in value
    ]
    if calibration is not None:
        parts.append(_describe_calibration(calibration, plan))
    return Decomposition(first, last, tuple(sorted(parts, key=lambda part: PARTS.index(part.name))))


def _list_periods(sums: CorrectedSums) -> list[str]:
    """List the periods that hold articles enough to resample, in order."""
    held = Counter(sums.keys[cell][1] for cell in sums.cells.tolist())
    return sorted(p for p, number in held.items() if p is not None and number >= FEWEST_ARTICLES)


@dataclass(frozen=True, slots=True, eq=False)
class _End:
    """The articles of one period.

    Attributes
    ----------
    period : str
    columns : array (n, 2 K)
        Sums and units.
    sources : array (n,)
        Never falls.
    blocks : array (n,)
        Article or cluster that is drawn together.
    gradients : array (S, K, 2)
    extras : array (S, K)
        Standard error of a source's share beyond what its articles show, stretched from normal to
        t where few are coded.
    usable : array (S, K) of bool
        True where a source has no cell.
    """

    period: str
    columns: Floats
    sources: Codes
    blocks: Codes
    gradients: Floats
    extras: Floats
    usable: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

    @classmethod
    def take(cls, sums: CorrectedSums, period: str, clusters: Codes | None, level: float) -> _End:
        names = sorted({source for source, _ in sums.keys})
        place = {name: at for at, name in enumerate(names)}
        cells = [cell for cell, (_, when) in enumerate(sums.keys) if when == period]
        held = [place[sums.keys[cell][0]] for cell in cells]
        order = order_pairs(sums)
        pairs = order[np.isin(sums.cells[order], cells)]
        sources = np.array([place[source] for source, _ in sums.keys])[sums.cells[pairs]]
        groups = sums.articles if clusters is None else clusters[sums.articles]
        n_labels = len(sums.covariances)
        gradients = np.zeros((len(names), n_labels, 2))
        gradients[held] = sums.gradients[cells]
        extras = np.zeros((len(names), n_labels))
        extras[held] = np.sqrt(sums.extras[cells]) * _stretch(sums.freedoms[cells], level)
        usable = np.ones((len(names), n_labels), dtype=np.bool_)
        usable[held] = sums.usable[cells]
        columns = np.hstack([sums.sums[pairs], sums.units[pairs]])
        return cls(period, columns, sources, _number(groups[pairs]), gradients, extras, usable)

    def weigh(self, counts: Floats | None) -> tuple[Floats, Floats]:
        """Weights of the articles (b, n), each counted, and each cluster counted once."""
        sizes = np.bincount(self.blocks).astype(np.float64)
        counts = np.ones((1, len(sizes))) if counts is None else counts
        return counts[:, self.blocks], (counts / sizes)[:, self.blocks]

    def measure(
        self, weights: tuple[Floats, Floats], errors: Floats | float = 0.0
    ) -> tuple[Floats, Floats]:
        """Give shares and mix (b, S, K) under both weights, stacked: two arrays (2, b, S, K).

        Errors (b, S, K) are added to the shares.
        """
        shares, mixes = [], []
        for weight in weights:
            sums, units = np.split(self._sum_sources(weight), 2, axis=2)
            shares.append(divide(sums, units) + errors)
            mixes.append(divide(units, np.broadcast_to(units.sum(1, keepdims=True), units.shape)))
        return np.array(shares), np.array(mixes)

    def resample(self, draws: Draws, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Measure in every resample: two arrays (2, B, S, K)."""
        n_blocks = int(self.blocks.max(initial=-1)) + 1
        seed, plan = int(rng.integers(2**63)), draws.plan
        resampler = ArticleResampler(self.blocks, n_blocks, plan.resamples, seed)
        done, shares, mixes = 0, [], []
        for counts in resampler.chunks(width=2 * len(self.columns)):
            common = draws.errors[done : done + len(counts)]
            errors = np.einsum("skj,bkj->bsk", self.gradients, common)
            errors += self.extras * rng.standard_normal(errors.shape)
            share, mix = self.measure(self.weigh(counts), errors)
            shares.append(share)
            mixes.append(mix)
            done += len(counts)
        return np.concatenate(shares, axis=1), np.concatenate(mixes, axis=1)

    def _sum_sources(self, weights: Floats) -> Floats:
        """Sum the weighted columns of each source: (b, S, 2 K)."""
        stops = np.searchsorted(self.sources, np.arange(len(self.usable) + 1))
        parts = [
            weights[:, start:stop] @ self.columns[start:stop]
            for start, stop in itertools.pairwise(stops)
        ]
        return np.stack(parts, axis=1)


def _stretch(freedoms: Floats, level: float) -> Floats:
    from scipy.stats import norm, t

    tail = (1 + level) / 2
    return np.asarray(t.ppf(tail, np.maximum(freedoms, 2)) / norm.ppf(tail))


def _number(groups: Codes) -> Codes:
    """Give groups numbers by first appearance, so that draws do not depend on their names."""
    _, first, codes = np.unique(groups, return_index=True, return_inverse=True)
    return np.asarray(np.argsort(np.argsort(first))[codes], dtype=np.intp)


def _drop_unusable(ends: list[_End]) -> list[_End]:
    """Take out of both periods what can not be given in one of them."""
    usable = ends[0].usable & ends[1].usable
    kept = []
    for end in ends:
        columns = end.columns * np.tile(usable[end.sources], 2)
        kept.append(replace(end, columns=columns))
    return kept


def _split(ends: list[tuple[Floats, Floats]], copied: bool) -> Mapping[str, Floats]:
    """Split the change between two periods into parts (b, K)."""
    (old, old_mix), (new, new_mix) = ends
    old, new = np.where(np.isnan(old), new, old), np.where(np.isnan(new), old, new)
    within = np.nansum((old_mix + new_mix) / 2 * (new - old), axis=2)
    mix = np.nansum((old + new) / 2 * (new_mix - old_mix), axis=2)
    known = ~(np.isnan(old_mix) | np.isnan(new_mix)).all(axis=2)
    within, mix = np.where(known, within, np.nan), np.where(known, mix, np.nan)
    total = within + mix
    parts = {"total": total[0], "within": within[0], "mix": mix[0]}
    return parts | {"copies": total[1] - total[0]} if copied else parts


def _describe_calibration(shift: CalibrationShift, plan: Plan) -> Part:
    from scipy.stats import norm

    value = shift.residuals[1] - shift.residuals[0]
    reach = norm.ppf((1 + plan.level) / 2) * np.sqrt(shift.variances.sum(axis=0))
    return Part("calibration", value, value - reach, value + reach)
