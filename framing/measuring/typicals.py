"""The unit that is most typical of every share: decided to carry the label, and the surest of it.

n units, K labels.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from framing.measuring.eligibility import CountableUnits
from framing.measuring.intervals import Codes, index_articles
from framing.measuring.predictions import map_cells
from framing.records.cells import parse_text

if TYPE_CHECKING:
    import pandas as pd

TYPICALS = (
    *("label", "source", "period"),
    *("id", "article", "unit_source", "date", "probability", "text"),
)

_Cell = tuple[str | None, str | None]


def find_typicals(predictions: pd.DataFrame, units: CountableUnits) -> pd.DataFrame:
    """Find a unit for each label in each source and period that some unit is decided to carry.

    Parameters
    ----------
    predictions : pandas.DataFrame
        Without a column ``text`` there are none.
    units : CountableUnits

    Returns
    -------
    pandas.DataFrame
        Columns `TYPICALS`; `source` is None where all are pooled, `period` where time is. Of units
        that are equally sure the first by its id is taken.
    """
    import pandas as pd

    if "text" not in predictions:
        return pd.DataFrame(columns=list(TYPICALS))
    kept = predictions.iloc[units.rows]
    ranks = pd.factorize(kept["id"].astype(object), sort=True)[0]
    found = [
        (k, cell, place) for k in range(len(units.labels)) for cell, place in _pick(units, k, ranks)
    ]
    places = np.array([place for _, _, place in found], np.intp)
    quoted = kept.iloc[places]
    blank: list[str | None] = [None] * len(found)
    columns = {
        name: map_cells(quoted[name], parse_text) if name in quoted else blank
        for name in ("id", "article", "date", "text")
    }
    rows = {
        "label": [units.labels[k].name for k, _, _ in found],
        "source": [source for _, (source, _), _ in found],
        "period": [period for _, (_, period), _ in found],
        **columns,
        "unit_source": [units.sources[place] for place in places.tolist()],
        "probability": [float(units.probabilities[place, k]) for k, _, place in found],
    }
    return pd.DataFrame({name: pd.Series(rows[name], dtype=object) for name in TYPICALS})


def _pick(units: CountableUnits, k: int, ranks: Codes) -> Iterator[tuple[_Cell, int]]:
    """Pick the unit of each cell that carries label k most surely."""
    shares = units.probabilities[:, k]
    carried = np.flatnonzero(units.decisions[:, k] & ~np.isnan(shares))
    ordered = carried[np.lexsort((ranks[carried], -shares[carried]))]
    for keys in _list_keys(units, ordered):
        codes, _ = index_articles(keys)
        firsts = np.unique(codes, return_index=True)[1]
        yield from ((keys[first], int(ordered[first])) for first in firsts.tolist())


def _list_keys(units: CountableUnits, places: Codes) -> Iterator[list[_Cell]]:
    """List the cells of some units: all together, by source, by period, and by both."""
    sources: list[str | None] = [units.sources[place] for place in places.tolist()]
    periods = [units.periods[place] for place in places.tolist()]
    nothing: list[str | None] = [None] * len(places)
    timed = any(period is not None for period in periods)
    for first, second in (
        (nothing, nothing),
        (sources, nothing),
        *(((nothing, periods), (sources, periods)) if timed else ()),
    ):
        yield list(zip(first, second, strict=True))
