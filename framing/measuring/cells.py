"""The table of cells: one row a cell and label, with all that is said of its share.

C cells, K labels.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from framing.measuring.adjusting import adjust_counts, maximise_likelihood
from framing.measuring.doubts import Doubt, gather_reasons
from framing.measuring.instrument import Instrument
from framing.measuring.intervals import Floats
from framing.measuring.powered import FEWEST_CODED_ARTICLES, FEWEST_CODINGS, PREDICTION_POWERED
from framing.measuring.predictions import Label
from framing.measuring.prevalence import CellShares
from framing.measuring.rates import divide
from framing.measuring.tallies import CellTally, UnitTable

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
    doubts: Mapping[str, Doubt],
    failures: Mapping[int, str],
    naive: bool = False,
) -> Iterator[dict[str, Any]]:
    """Give a row a cell and label; cells come in order of their keys.

    Parameters
    ----------
    shares : CellShares
    band : Band
    labels : sequence of K Label
    doubts : mapping of str to Doubt
        By source.
    failures : mapping of int to str
        Place of a label whose calibration fails, to what the hand codings say.
    naive : bool
        Fill the column ``naive``.
    """
    for cell, (source, period) in enumerate(shares.corrected.keys):
        doubt = gather_reasons(doubts, source)
        for k, label in enumerate(labels):
            at = (cell, k)
            powered = shares.by_unit.methods[at] == PREDICTION_POWERED
            held = None if powered else doubt  # codings answer what speaks against the model
            yield {
                "label": label.name,
                "kind": label.kind,
                "source": source or None,
                "period": period,
                "method": shares.by_unit.methods[at],
                **_bound(shares, band, at, held),
                "naive": float(band.naive[at]) if naive else float("nan"),
                "adjusted": float(band.adjusted[at]),
                "em": float(band.em[at]),
                "n_units": int(shares.n_units[at]),
                "n_articles": int(shares.n_articles[at]),
                "n_gold": int(shares.n_gold[at]),
                "n_gold_articles": int(shares.n_gold_articles[at]),
                **_judge(shares, at, held, failures.get(k, "")),
            }


def _bound(
    shares: CellShares, band: Band, at: tuple[int, int], doubt: Doubt | None
) -> dict[str, float]:
    """Give shares and bounds; in doubt they reach to what other assumptions say, or are none."""
    row: dict[str, float] = {}
    for name, found in (("", shares.by_unit), ("article_", shares.by_article)):
        value, low, high = (float(part[at]) for part in (found.values, found.lows, found.highs))
        if doubt and doubt.severity == "refused":
            value = low = high = float("nan")
        elif doubt and low <= high:  # bounds that are not known stay so
            others = [float(part[at]) for part in (band.adjusted, band.em)]
            low, high = np.fmin.reduce([low, *others]), np.fmax.reduce([high, *others])
        row |= {f"{name}share": value, f"{name}low": float(low), f"{name}high": float(high)}
    return row


def _judge(
    shares: CellShares, at: tuple[int, int], doubt: Doubt | None, failure: str
) -> dict[str, str]:
    """Give the status of a share, and why."""
    if shares.by_unit.methods[at] == PREDICTION_POWERED:
        return {"status": "estimated", "note": ""}
    status = doubt.severity if doubt else "widened" if failure else "estimated"
    reasons = (
        _tell_few(int(shares.n_articles[at]), bounded=not np.isnan(shares.by_unit.lows[at])),
        _tell_gold(int(shares.n_gold[at]), int(shares.n_gold_articles[at])),
        failure,
        doubt.reason if doubt else "",
    )
    return {"status": status, "note": "; ".join(reason for reason in reasons if reason)}


def _tell_few(n_articles: int, *, bounded: bool) -> str:
    articles = f"{n_articles} article{'' if n_articles == 1 else 's'}"
    if not bounded:
        return f"{articles}: no interval"
    return f"{articles} only" if n_articles < FEW_ARTICLES else ""


def _tell_gold(n_gold: int, n_articles: int) -> str:
    """Say why hand codings do not correct a share."""
    if not n_gold:
        return ""
    why = f"it takes {FEWEST_CODINGS} in {FEWEST_CODED_ARTICLES} articles"
    if n_gold >= FEWEST_CODINGS and n_articles >= FEWEST_CODED_ARTICLES:
        why = "by their probabilities they are no sample of it; give their weights"
    return f"{n_gold} hand coding{' does' if n_gold == 1 else 's do'} not correct the share ({why})"
