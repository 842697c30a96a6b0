"""The outlets' articles, in order of time, as sums over units.

Shapes: n articles, K labels, C cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from framing.gathering import gather_coded
from framing.measuring.intervals import Floats
from framing.measuring.predictions import find_labels, read_shares
from framing.measuring.prevalence.corrected import CorrectedSums
from framing.measuring.trends.profileturns import center, measure_scales
from framing.schema import CodedUnit, InputError


@dataclass(frozen=True, slots=True, eq=False)
class Outlet:
    """One outlet.

    Attributes
    ----------
    name : str
        Its folder among the seeds.
    dates : tuple of n str
        Of its articles; never fall.
    sums, units : arrays (n, K)
    """

    name: str
    dates: tuple[str, ...]
    sums: Floats
    units: Floats

    @property
    def columns(self) -> Floats:
        """Centred sums, and units: (n, 2 K)."""
        return np.hstack([center(self.sums, self.units), self.units])

    def place(self, date: str) -> int:
        """Count the articles before a date."""
        return sum(own < date for own in self.dates)


@dataclass(frozen=True, slots=True, eq=False)
class Archive:
    """All outlets.

    Attributes
    ----------
    outlets : mapping of str to Outlet
    labels : tuple of K str
    scales : array (K,)
        What a label varies by within outlets; see `framing.measuring.trends.profileturns`.
    """

    outlets: Mapping[str, Outlet]
    labels: tuple[str, ...]
    scales: Floats


def code_table(seeds: Path, labels: Path) -> pd.DataFrame:
    """Make a table like that of predictions from hand codings, with probabilities 0 and 1."""
    coded = gather_coded(seeds=seeds, labels=labels)
    targets = {
        target.id: [value.id for value in target.values] for target in coded.codebook.targets
    }
    frames = [frame.id for frame in coded.codebook.frames]
    rows = [_code_row(unit, frames, targets) for unit in coded.units]
    return pd.DataFrame(rows).assign(model="hand codings", codebook=coded.codebook.hash)


def _code_row(
    unit: CodedUnit, frames: Sequence[str], targets: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    text, coding = unit.paragraph, unit.coding
    present = [name for name in frames if coding.frames.get(name)]
    row: dict[str, Any] = {"id": text.id, "article": text.article, "source": text.source}
    row |= {"date": text.date, "kind": text.kind, "frames": ";".join(present) or "[]"}
    row |= {f"p:{name}": _mark(coding.frames.get(name)) for name in frames}
    for target, values in targets.items():
        given = coding.stance.get(target)
        row[f"stance:{target}"] = given
        row |= {f"p:{target}:{v}": _mark(None if given is None else given == v) for v in values}
    return row


def _mark(coded: bool | None) -> float:
    return float("nan") if coded is None else float(coded)


def name_outlets(table: pd.DataFrame) -> pd.DataFrame:
    """Put an outlet's folder, the beginning of its articles' ids, in the place of its name.

    Raises
    ------
    InputError
        If articles have no such ids.
    """
    names = table["article"].astype(str).str.rpartition("/")[0]
    if not names.str.len().all():
        raise InputError("articles without a folder in their ids", fix="predict the seeds' folder")
    return table.assign(source=names)


def gather_outlets(table: pd.DataFrame) -> Archive:
    """Sum a table of units, outlets named, by article."""
    labels = find_labels([str(name) for name in table.columns])
    table = table[table["kind"] != "boilerplate"]
    shares = read_shares(table, labels)
    held = np.isfinite(shares).astype(np.float64)
    keys = [table[name].to_numpy(dtype=object) for name in ("source", "date", "article")]
    wide = pd.DataFrame(np.hstack([np.nan_to_num(shares), held])).groupby(keys, sort=True).sum()
    outlets = {}
    for name, own in wide.groupby(level=0):
        sums, units = np.hsplit(own.to_numpy(), 2)
        dates = tuple(str(date) for date in own.index.get_level_values(1))
        outlets[str(name)] = Outlet(str(name), dates, sums, units)
    scales = measure_scales([(outlet.sums, outlet.units) for outlet in outlets.values()])
    return Archive(outlets, tuple(label.name for label in labels), scales)


def pool_outlets(groups: Mapping[str, Sequence[Outlet]]) -> CorrectedSums:
    """Lay out groups of outlets by year, one source a group."""
    rows = [
        ((group, date[:4]), outlet, at)
        for group, members in groups.items()
        for outlet in members
        for at, date in enumerate(outlet.dates)
    ]
    rows.sort(key=lambda row: row[0])
    keys = tuple(dict.fromkeys(key for key, _, _ in rows))
    number = {key: at for at, key in enumerate(keys)}
    sums = np.array([outlet.sums[at] for _, outlet, at in rows])
    units = np.array([outlet.units[at] for _, outlet, at in rows])
    k = sums.shape[1]
    return CorrectedSums(
        keys=keys,
        cells=np.array([number[key] for key, _, _ in rows]),
        articles=np.arange(len(rows)),
        n_articles=len(rows),
        sums=sums,
        units=units,
        gradients=np.zeros((len(keys), k, 2)),
        covariances=np.zeros((k, 2, 2)),
        usable=np.ones((len(keys), k), dtype=np.bool_),
    )
