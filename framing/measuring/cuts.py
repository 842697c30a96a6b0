"""The cells of drift: by source, period, both, and all together, with their shares.

What pools sources counts near-copies of an article as one block, leaves refused sources out, and
knows its parts, so that codings of some of these are not taken for a sample of all. n units,
C cells, K labels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from framing.measuring.contrasts.decomposition import FEWEST_ARTICLES, CalibrationShift
from framing.measuring.intervals import Codes, index_articles
from framing.measuring.predictions import Label
from framing.measuring.prevalence.calibrated import explain_variance
from framing.measuring.prevalence.cells import Band, find_band
from framing.measuring.prevalence.corrected import CellKey
from framing.measuring.prevalence.doubts import (
    Verdicts,
    check_calibration,
    distrust,
    explain_failures,
)
from framing.measuring.prevalence.estimates import (
    Calibration,
    CellShares,
    estimate_cells,
    refuse_cells,
    widen_cells,
)
from framing.measuring.prevalence.instrument import Instrument
from framing.measuring.prevalence.pooling import pool_cells
from framing.measuring.prevalence.powered import PREDICTION_POWERED
from framing.measuring.prevalence.reaches import Reach, find_homes
from framing.measuring.prevalence.tallies import CellTally, UnitTable, tally_cells


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """Cells of one kind, and the units that count in them."""

    tallies: CellTally
    units: UnitTable


def cut_units(
    table: UnitTable,
    keys: Sequence[CellKey],
    verdicts: Verdicts,
    *,
    clusters: Codes | None = None,
) -> dict[str, Cut]:
    """Sum units by article in the cells of every cut.

    Parameters
    ----------
    table : UnitTable
    keys : sequence of n CellKey
        Source and period of each unit.
    verdicts : Verdicts
        Sources that are refused are in no cell that pools sources, unless all are.
    clusters : array (A,), optional
        Number that near-copies share.

    Returns
    -------
    dict of str to Cut
        "source" and "all"; where time is cut, "source x period" and "period", too.
    """
    fine = tally_cells(table, keys)
    counted = _leave_out(table, keys, verdicts)
    rest = fine if counted is table else tally_cells(counted, keys)
    timed = any(period for _, period in keys)
    own = pool_cells(fine, lambda key: (key[0], None)) if timed else fine
    cuts = {
        "source": Cut(own, table),
        "all": Cut(pool_cells(rest, lambda _: ("", None), clusters=clusters), counted),
    }
    if timed:
        periods = pool_cells(rest, lambda key: ("", key[1]), clusters=clusters)
        cuts |= {"source x period": Cut(fine, table), "period": Cut(periods, counted)}
    return cuts


def _leave_out(table: UnitTable, keys: Sequence[CellKey], verdicts: Verdicts) -> UnitTable:
    """Take the probabilities of refused sources for unknown, label by label."""
    refused = verdicts.find_refused(keys)
    refused &= ~refused.all(axis=0)
    if not refused.any():
        return table
    return replace(table, probabilities=np.where(refused, np.nan, table.probabilities))


@dataclass(frozen=True, slots=True, eq=False)
class Estimates:
    """Shares and bands of every cut, and what speaks against calibration.

    Attributes
    ----------
    shares : dict of str to CellShares
        By cut. What is refused and not coded is in no comparison; what is widened varies more.
    bands : dict of str to Band
    reaches : dict of str to Reach
        Of doubts.
    failures : dict of int to str
        Place of a label whose calibration fails, to what the hand codings say.
    """

    shares: dict[str, CellShares]
    bands: dict[str, Band]
    reaches: dict[str, Reach]
    failures: dict[int, str]


def estimate_cuts(
    cuts: Mapping[str, Cut],
    labels: Sequence[Label],
    verdicts: Verdicts,
    *,
    instrument: Instrument | None = None,
    level: float = 0.95,
    census: bool = False,
) -> Estimates:
    """Estimate the cells of every cut, with one account of what calibration may hide."""
    whole = cuts["all"].tallies.tally
    mistrust = check_calibration(whole)
    calibration = distrust(trust(labels, instrument), mistrust, whole)
    explained = explain_variance(whole)
    shares: dict[str, CellShares] = {}
    bands: dict[str, Band] = {}
    for name, cut in cuts.items():
        tallies = cut.tallies
        bands[name] = find_band(tallies, cut.units, labels, instrument)
        found = estimate_cells(
            tallies, calibration, explained=explained, level=level, census=census
        )
        shares[name] = refuse_cells(found, verdicts.find_refused(tallies.keys))
    reaches = reach_doubts(shares, bands, verdicts)
    widened = {name: widen_cells(found, reaches[name].farther) for name, found in shares.items()}
    return Estimates(widened, bands, reaches, dict(explain_failures(labels, mistrust)))


def reach_doubts(
    shares: Mapping[str, CellShares], bands: Mapping[str, Band], verdicts: Verdicts
) -> dict[str, Reach]:
    """Give how far doubts reach from the shares of every cut.

    In a cell of one source as far as other assumptions do, if all of it is in doubt; in what pools
    such cells by their part. Where codings correct a cell they answer its doubts.
    """
    reaches: dict[str, Reach] = {}
    fine = "source x period" if "source x period" in shares else "source"
    for name, origin in ((fine, fine), ("source", fine), ("period", fine), ("all", "source")):
        if name not in shares:
            continue
        found, keys = shares[name], shares[name].corrected.keys
        reach = bands[name].reach(found.by_unit.values)
        wholly = [[not verdicts.names_periods(source) or name == fine] for source, _ in keys]
        own = verdicts.find_widened(keys) & np.array([[bool(source)] for source, _ in keys])
        reach = reach.keep(own & np.array(wholly, np.bool_))
        if origin != name:
            parts = shares[origin]
            held = np.where(verdicts.find_refused(parts.corrected.keys), 0.0, parts.n_units)
            homes = find_homes(parts.corrected.keys, keys)
            reach = reach.join(reaches[origin].pool(homes, len(keys), held))
        powered = found.by_unit.methods == PREDICTION_POWERED
        reaches[name] = reach.keep(np.asarray(~powered, np.bool_))
    return reaches


def trust(labels: Sequence[Label], instrument: Instrument | None) -> Calibration:
    """Read off an instrument how sure each label's calibration is."""
    covariances, n_articles = np.zeros((len(labels), 2, 2)), np.full(len(labels), np.inf)
    for k, label in enumerate(labels):
        quality = instrument.labels.get(label.name) if instrument else None
        if quality:
            first, both, second = quality.covariance
            covariances[k] = [[first, both], [both, second]]
            n_articles[k] = quality.n_articles
    return Calibration(covariances, n_articles)


def find_shift(periods: CellTally) -> CalibrationShift | None:
    """Compare hand codings with probabilities at both ends of the change that is taken apart."""
    tallies = [tally for _, tally in periods.split() if len(tally.units) >= FEWEST_ARTICLES]
    if len(tallies) < 2:
        return None
    ends = [check_calibration(tally) for tally in (tallies[0], tallies[-1])]
    residuals = np.array([end.residuals for end in ends])
    if np.isnan(residuals).all():
        return None
    return CalibrationShift(residuals, np.array([end.errors**2 for end in ends]))


def cluster_copies(names: Sequence[str], copies: Mapping[str, str]) -> Codes | None:
    """Give articles numbers that near-copies share; None where there are no copies."""
    if not copies:
        return None
    codes, _ = index_articles(copies.get(name, name) for name in names)
    return codes
