"""Whether hand codings can be a probability sample of the cell that they are to correct.

Codings of some of the sources or periods that a cell pools say nothing of how far the model is off
in the others. They then correct only their own part of it, if they come from most of it. P blocks
of articles of a cell, S strata, K labels.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from framing.measuring.arrays import Bools
from framing.measuring.intervals import Floats
from framing.measuring.prevalence.powered import (
    FEWEST_CODED_ARTICLES,
    FEWEST_CODINGS,
    find_correctable,
    find_unlike,
    has_enough,
)
from framing.measuring.prevalence.tallies import Strata, Tally
from framing.measuring.rates import divide

LARGE_PART = 0.05
"""A source or period that holds more of a cell's units must have codings."""

MOST_PARTS = 0.8
"""Of a cell's units, what must lie in strata with codings enough to correct it part by part."""

_OFF = 0.2
"""What the sum of weights may differ from the units by, as a share of these; more where few
articles are coded."""


@dataclass(frozen=True, slots=True, eq=False)
class Sampled:
    """What the codings of one cell correct, label by label (K,).

    Attributes
    ----------
    whole : array of bool
        They correct the cell as a sample of it.
    parts : array of bool
        They correct the cell part by part.
    reasons : tuple of K strings
        Why they do not correct it as a whole; "" where they do.
    """

    whole: Bools
    parts: Bools
    reasons: tuple[str, ...]


def judge_codings(tally: Tally, strata: Strata | None = None) -> Sampled:
    """Tell what the codings of a cell can correct.

    Parameters
    ----------
    tally : Tally
        Of all units of the cell.
    strata : Strata, optional
        The sources and periods that it pools.
    """
    enough = has_enough(tally)
    lacking: Mapping[int, str] = {}
    parts = np.zeros_like(enough)
    unlike = find_unlike(tally) if enough.any() else parts
    if strata is not None and len(strata.keys) > 1 and enough.any():
        lacking = _find_faults(tally, strata)
        parts = enough & (cover_parts(strata) >= MOST_PARTS)
    reasons = tuple(_explain(enough[k], lacking.get(k), unlike[k]) for k in range(len(enough)))
    whole = np.array([not reason for reason in reasons])
    return Sampled(whole, parts & ~whole, reasons)


def cover_parts(strata: Strata) -> Floats:
    """Return the share (K,) of a cell's units that lie in strata with codings enough."""
    units = np.array([part.units.sum(axis=0) for part in strata.tallies])
    held = np.array([find_correctable(part) for part in strata.tallies])
    return np.nan_to_num(divide((units * held).sum(axis=0), units.sum(axis=0)))


def _explain(enough: bool, lacking: str | None, unlike: bool) -> str:
    if not enough:
        return f"it takes {FEWEST_CODINGS} in {FEWEST_CODED_ARTICLES} articles"
    if lacking:
        return lacking
    return "by their probabilities they are no sample of it; give their weights" if unlike else ""


def _find_faults(tally: Tally, strata: Strata) -> Mapping[int, str]:
    """Give the labels whose codings come from a part of the cell only, and how that shows."""
    weights, units = tally.weight.sum(axis=0), tally.units.sum(axis=0)
    coded = (tally.codings > 0).sum(axis=0)
    allowed = np.maximum(_OFF, 2.0 / np.sqrt(np.maximum(coded, 1)))
    weighted = np.abs(weights - tally.codings.sum(axis=0)) > 1e-9 * weights
    off = weighted & (np.abs(divide(weights, units) - 1.0) > allowed)
    faults = {
        int(k): f"their weights stand for {weights[k]:.0f} of its {units[k]:.0f} units"
        for k in np.flatnonzero(off)
    }
    for name, held, codings in _list_parts(strata):
        size = np.nan_to_num(divide(held, units))
        for k in np.flatnonzero((size > LARGE_PART) & (codings == 0)).tolist():
            faults.setdefault(k, f"none is of {name}, which holds {size[k]:.0%} of its units")
    return faults


def _list_parts(strata: Strata) -> Iterator[tuple[str, Floats, Floats]]:
    """Yield each source, each period, and what has one of both: name, units and codings (K,)."""
    parts: dict[str, list[Tally]] = {}
    for (source, period), tally in zip(strata.keys, strata.tallies, strict=True):
        for name in {source, period or source, f"{source} in {period}" if period else source}:
            parts.setdefault(name, []).append(tally)
    for name, tallies in sorted(parts.items()):
        units, codings = (
            np.sum([getattr(part, column).sum(axis=0) for part in tallies], axis=0)
            for column in ("units", "codings")
        )
        yield name, units, codings
