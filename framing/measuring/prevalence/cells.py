"""The table of cells: one row a cell and label, with all that is said of its share.

C cells, K labels.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from framing.measuring.arrays import Bools
from framing.measuring.intervals import Floats
from framing.measuring.predictions import Label
from framing.measuring.prevalence.adjusting import adjust_counts, maximise_likelihood
from framing.measuring.prevalence.doubts import Doubt, Verdicts
from framing.measuring.prevalence.estimates import CellShares
from framing.measuring.prevalence.instrument import Instrument
from framing.measuring.prevalence.powered import PREDICTION_POWERED
from framing.measuring.prevalence.reaches import Reach
from framing.measuring.prevalence.tallies import CellTally, UnitTable
from framing.measuring.rates import divide

COLUMNS = (
    *("label", "kind", "source", "period", "share", "low", "high", "method"),
    *("article_share", "article_low", "article_high", "naive", "adjusted", "em"),
    *("n_units", "n_articles", "n_gold", "n_gold_articles", "status", "note"),
)

FEW_ARTICLES = 10
"""Below this a share is more of an anecdote, and its interval leans on assumptions."""


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """Shares under another assumption than calibration, for comparison: arrays (C, K)."""

    naive: Floats
    adjusted: Floats
    em: Floats

    def reach(self, shares: Floats) -> Reach:
        """Return how far it reaches from shares (C, K); 0 where there is none."""
        return Reach.to(shares, (self.adjusted, self.em))


def find_banded(labels: Sequence[Label], instrument: Instrument | None) -> Bools:
    """Tell for which labels (K,) adjusted count or EM can give a share."""
    known = (instrument.labels.get(label.name) if instrument else None for label in labels)
    return np.array(
        [
            quality is not None
            and (quality.sensitivity != quality.false_alarms or 0.0 < quality.prior < 1.0)
            for quality in known
        ],
        np.bool_,
    )


def find_band(
    tallies: CellTally, units: UnitTable, labels: Sequence[Label], instrument: Instrument | None
) -> Band:
    """Count decisions, and correct them by adjusted count and by EM where the model is known."""
    sums = [(part.decided.sum(axis=0), part.units.sum(axis=0)) for _, part in tallies.split()]
    naive = divide(*(np.array(column, np.float64) for column in zip(*sums, strict=True)))
    adjusted, em = np.full_like(naive, np.nan), np.full_like(naive, np.nan)
    for k, label in enumerate(labels):
        quality = instrument.labels.get(label.name) if instrument else None
        if quality is None:
            continue
        whole = np.ones(len(naive))
        adjusted[:, k] = adjust_counts(
            naive[:, k], quality.sensitivity * whole, quality.false_alarms * whole
        )
        scored = ~np.isnan(units.probabilities[:, k])
        cells = tallies.cells[tallies.rows[scored]]
        em[:, k] = maximise_likelihood(
            units.probabilities[scored, k], quality.prior, cells, len(naive)
        )
    return Band(naive, adjusted, em)


def describe_cells(
    shares: CellShares,
    band: Band,
    labels: Sequence[Label],
    *,
    reach: Reach,
    verdicts: Verdicts,
    failures: Mapping[int, str],
    naive: bool = False,
) -> Iterator[dict[str, Any]]:
    """Give a row a cell and label; cells come in order of their keys.

    Parameters
    ----------
    shares : CellShares
    band : Band
    labels : sequence of K Label
    reach : Reach
        Of doubts, from the shares of units.
    verdicts : Verdicts
    failures : mapping of int to str
        Place of a label whose calibration fails, to what the hand codings say.
    naive : bool
        Fill the column ``naive``.
    """
    for cell, (source, period) in enumerate(shares.corrected.keys):
        for k, label in enumerate(labels):
            at = (cell, k)
            held = verdicts.judge(source, k, period)
            if shares.by_unit.methods[at] == PREDICTION_POWERED:  # codings answer such doubts
                held = held if held and held.severity == "noted" else None
            bounds, moved = _bound(shares, reach, at, held)
            yield {
                "label": label.name,
                "kind": label.kind,
                "source": source or None,
                "period": period,
                "method": shares.by_unit.methods[at],
                **bounds,
                "naive": float(band.naive[at]) if naive else float("nan"),
                "adjusted": float(band.adjusted[at]),
                "em": float(band.em[at]),
                "n_units": int(shares.n_units[at]),
                "n_articles": int(shares.n_articles[at]),
                "n_gold": int(shares.n_gold[at]),
                "n_gold_articles": int(shares.n_gold_articles[at]),
                **_judge(shares, at, held, failures.get(k, ""), moved=moved),
            }


def _bound(
    shares: CellShares, reach: Reach, at: tuple[int, int], doubt: Doubt | None
) -> tuple[dict[str, float], bool]:
    """Give shares and bounds, and whether a doubt moved these.

    In doubt they reach to what other assumptions say of units, or are none; of articles no
    assumption says anything.
    """
    row: dict[str, float] = {}
    severity, moved = doubt.severity if doubt else "noted", False
    for name, found in (("", shares.by_unit), ("article_", shares.by_article)):
        value, low, high = (float(part[at]) for part in (found.values, found.lows, found.highs))
        if severity == "refused":
            value = low = high = float("nan")
        elif severity == "widened" and name:
            low = high = float("nan")
        elif severity == "widened" and low <= high:  # bounds that are not known stay so
            wide = (min(low, value - float(reach.down[at])), max(high, value + float(reach.up[at])))
            moved = wide != (low, high)
            low, high = wide
        row |= {f"{name}share": value, f"{name}low": float(low), f"{name}high": float(high)}
    return row, moved


def _judge(
    shares: CellShares, at: tuple[int, int], doubt: Doubt | None, failure: str, *, moved: bool
) -> dict[str, str]:
    """Give the status of a share, and why."""
    powered = shares.by_unit.methods[at] == PREDICTION_POWERED
    reasons = (
        "" if powered else _tell_few(shares, at),
        _tell_gold(shares, at),
        "" if powered else failure,
        doubt.reason if doubt else "",
    )
    status = "estimated"
    if not powered:
        status = _find_status(doubt, widened=moved or bool(failure))
    return {"status": status, "note": "; ".join(reason for reason in reasons if reason)}


def _find_status(doubt: Doubt | None, *, widened: bool) -> str:
    if doubt and doubt.severity == "refused":
        return "refused"
    if widened:
        return "widened"
    return "doubted" if doubt and doubt.severity == "widened" else "estimated"


def _tell_few(shares: CellShares, at: tuple[int, int]) -> str:
    n_articles = int(shares.n_articles[at])
    articles = f"{n_articles} article{'' if n_articles == 1 else 's'}"
    if np.isnan(shares.by_unit.lows[at]):
        return f"{articles}: no interval"
    return f"{articles} only" if n_articles < FEW_ARTICLES else ""


def _tell_gold(shares: CellShares, at: tuple[int, int]) -> str:
    """Say why hand codings do not correct a share, or only part by part."""
    cell, k = at
    n_gold, sampled = int(shares.n_gold[at]), shares.sampled[cell]
    if not n_gold or sampled.whole[k]:
        return ""
    why = sampled.reasons[k]
    if sampled.parts[k]:
        return f"corrected source by source and period by period ({why})"
    return f"{n_gold} hand coding{' does' if n_gold == 1 else 's do'} not correct the share ({why})"
