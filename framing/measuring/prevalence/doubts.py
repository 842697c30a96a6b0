"""What speaks against a model's probabilities: hand codings that differ, texts that are foreign.

K labels, C cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy import stats

from framing.measuring.arrays import Bools
from framing.measuring.intervals import Floats
from framing.measuring.predictions import Label
from framing.measuring.prevalence.corrected import CellKey
from framing.measuring.prevalence.estimates import Calibration
from framing.measuring.prevalence.scoreintervals import count_freedom
from framing.measuring.prevalence.tallies import Tally, share, spread_out
from framing.measuring.rates import divide
from framing.measuring.spellings import fold_name

Severity = Literal["noted", "widened", "refused"]

_REJECTED = 0.01
"""p-value below which hand codings are held to differ from probabilities by more than chance."""

_FEWEST_CODED_ARTICLES = 5


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why shares are given with a note, with wider bounds, or not at all.

    Attributes
    ----------
    severity : {"noted", "widened", "refused"}
    reason : str
    periods : tuple of str
        That it is about, of its source; all if none is named.
    """

    severity: Severity
    reason: str
    periods: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Mistrust:
    """How far hand codings differ from probabilities: arrays (K,).

    Attributes
    ----------
    residuals : array
        Mean of truth less probability, over the coded units; NaN where none is.
    errors : array
        Standard errors, articles being clusters; never less than chance alone gives if the
        probabilities are right (codings of a rare label that find none vary too little). NaN with
        fewer than two coded articles.
    p : array
        Of calibration in the large; NaN with fewer than five coded articles.
    """

    residuals: Floats
    errors: Floats
    p: Floats

    @property
    def failed(self) -> Bools:
        """Where calibration is rejected."""
        return np.asarray(self.p < _REJECTED, np.bool_)


def check_calibration(tally: Tally) -> Mistrust:
    """Compare hand codings with the probabilities of the same units.

    Examples
    --------
    >>> from framing.measuring.prevalence.tallies import UnitTable, tally_cells
    >>> table = UnitTable(
    ...     probabilities=np.full((6, 1), 0.5),
    ...     decisions=np.ones((6, 1), np.bool_),
    ...     truth=np.array([[1.0], [1.0], [1.0], [1.0], [1.0], [0.0]]),
    ...     weights=np.ones(6),
    ...     articles=np.arange(6),
    ...     n_articles=6,
    ... )
    >>> check_calibration(tally_cells(table, [("Post", None)] * 6).tally).residuals.round(2)
    array([0.33])
    """
    weight = tally.weight.sum(axis=0)
    residuals = share(tally.truth - tally.claimed, tally.weight)
    parts = spread_out(tally.truth - tally.claimed - residuals * tally.weight, weight)
    n_articles = (tally.codings > 0).sum(axis=0)
    small = n_articles / np.maximum(n_articles - 1.0, 1.0)
    seen = np.nansum(parts**2, axis=0) * small
    chance = divide(tally.chance.sum(axis=0), weight**2)
    errors = np.where(n_articles > 1, np.sqrt(np.maximum(seen, chance)), np.nan)
    score = divide(np.abs(residuals), errors)
    p = 2.0 * stats.t.sf(score, count_freedom(tally.codings))
    return Mistrust(residuals, errors, np.where(n_articles >= _FEWEST_CODED_ARTICLES, p, np.nan))


def distrust(calibration: Calibration, mistrust: Mistrust, tally: Tally) -> Calibration:
    """Take what hand codings differ by, where they do, for a further error of calibration.

    On the log-odds it is the residual over the mean of p (1 - p); its square adds to the variance
    of the offset, so that shares of cells without codings may be off by as much.
    """
    shift = mistrust.residuals / np.maximum(share(tally.noise, tally.units), 1e-6)
    covariances = calibration.covariances.copy()
    covariances[:, 0, 0] += np.where(mistrust.failed, shift**2, 0.0)
    return replace(calibration, covariances=covariances)


def explain_failures(labels: Sequence[Label], mistrust: Mistrust) -> Iterator[tuple[int, str]]:
    """Say of each label (its place first) whose calibration fails by how much it does."""
    for place in np.flatnonzero(mistrust.failed).tolist():
        residual = mistrust.residuals[place]
        side = "more" if residual > 0 else "less"
        yield (
            place,
            f"hand codings find {labels[place].name} {side} often than its probabilities say, "
            f"by {abs(residual):.2f}",
        )


@dataclass(frozen=True, slots=True, eq=False)
class Verdicts:
    """What is held against shares, by source and label.

    Attributes
    ----------
    doubts : mapping of str to Doubt
        By source.
    sources : frozenset of str
        All that there are.
    banded : array (K,) of bool
        Another assumption gives a share, too, so that bounds can be widened to it. Without, a
        source in doubt is refused.
    """

    doubts: Mapping[str, Doubt]
    sources: frozenset[str]
    banded: Bools

    def judge(self, source: str, k: int, period: str | None = None) -> Doubt | None:
        """Return what is held against a source, or against all together (""), in a period.

        Over all time (None) a source is in doubt if it is in any period.
        """
        if not source:
            return self._judge_all(k, period)
        doubt = self.doubts.get(source)
        if doubt and period and doubt.periods and period not in doubt.periods:
            return None
        if doubt and doubt.severity == "widened" and not self.banded[k]:
            told = f"{doubt.reason}; nothing says how far off the share may be"
            return replace(doubt, severity="refused", reason=told)
        return doubt

    def _judge_all(self, k: int, period: str | None) -> Doubt | None:
        found = {name: self.judge(name, k, period) for name in self.sources}
        refused, widened = (
            sorted(name for name, doubt in found.items() if doubt and doubt.severity == severity)
            for severity in ("refused", "widened")
        )
        told = []
        if widened:
            told.append(f"of texts in doubt: {', '.join(widened[:5])}")
        if refused:
            told.append(f"without {', '.join(refused[:5])}, refused")
        if refused and len(refused) == len(self.sources):
            return Doubt("refused", "all sources are")
        return Doubt("widened" if widened else "noted", "; ".join(told)) if told else None

    def find_refused(self, keys: Sequence[CellKey]) -> Bools:
        """Tell which cells' shares are refused, (C, K)."""
        return self._find(keys, "refused")

    def find_widened(self, keys: Sequence[CellKey]) -> Bools:
        """Tell which cells' shares (C, K) are in doubt, and given."""
        return self._find(keys, "widened")

    def _find(self, keys: Sequence[CellKey], severity: Severity) -> Bools:
        judged = {
            key: [self._holds(key, k, severity) for k in range(len(self.banded))]
            for key in set(keys)
        }
        return np.array([judged[key] for key in keys], np.bool_)

    def _holds(self, key: CellKey, k: int, severity: Severity) -> bool:
        doubt = self.judge(key[0], k, key[1])
        return doubt is not None and doubt.severity == severity

    def names_periods(self, source: str) -> bool:
        """Tell whether what is held against a source is about some of its periods."""
        doubt = self.doubts.get(source)
        return doubt is not None and bool(doubt.periods)


def weigh_doubts(doubts: Mapping[str, Doubt], sources: Sequence[str], banded: Bools) -> Verdicts:
    """Keep the doubts of the sources that there are, as they are shown, whatever their spelling."""
    shown = {fold_name(source): source for source in sources}
    named = {shown.get(fold_name(name)): doubt for name, doubt in doubts.items()}
    known = {name: doubt for name, doubt in named.items() if name is not None}
    return Verdicts(known, frozenset(sources), banded)
