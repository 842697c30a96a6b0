"""Ids that come again: copies of a unit, or other units that bear the same id.

Shapes: n rows, K labels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.measuring.arrays import Bools
from framing.measuring.intervals import Codes, Floats
from framing.measuring.predictions import Label, map_cells, read_name
from framing.measuring.spellings import fold_name
from framing.records.cells import parse_date, parse_text
from framing.schema import InputError

if TYPE_CHECKING:
    import pandas as pd

TOLERANCE = 1e-6
"""Probabilities as far apart are the same: files round them."""

FIX = (
    "predict all files in one run, which tells such ids apart, or give ids that differ, such as "
    "the file's name before the number"
)


def pair_repeats(table: pd.DataFrame, *, among: Bools) -> tuple[Codes, Codes]:
    """Find the rows whose id an earlier row bears, and the first row that bears it.

    Parameters
    ----------
    table : pandas.DataFrame
    among : array (n,) of bool
        Rows that are looked at.

    Returns
    -------
    rows, firsts : arrays (r,)
        Places in the table, `rows` ascending. A row without an id is in neither.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"id": ["a:1", "a:2", "a:1", None, None]})
    >>> rows, firsts = pair_repeats(table, among=np.ones(5, dtype=bool))
    >>> rows.tolist(), firsts.tolist()
    ([2], [0])
    """
    import pandas as pd

    places = np.flatnonzero(among & table["id"].notna().to_numpy(dtype=np.bool_))
    codes, _ = pd.factorize(table["id"].iloc[places])
    _, heads = np.unique(codes, return_index=True)
    firsts = places[heads[codes]]
    again = firsts != places
    return places[again], firsts[again]


def refuse_namesakes(
    table: pd.DataFrame, labels: Sequence[Label], shares: Floats, rows: Codes, firsts: Codes
) -> None:
    """Refuse ids that stand for units that differ; those that come again with copies may.

    Copies have the same source (however spelled), article, date, text and probabilities.

    Parameters
    ----------
    table : pandas.DataFrame
    labels : sequence of K Label
    shares : array (n, K)
        Probabilities; NaN where a label was not scored.
    rows, firsts : arrays (r,)
        As `pair_repeats` gives them.

    Raises
    ------
    InputError
        Naming one such id, how its units differ, and how many more there are.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"id": ["1", "1"], "source": ["Post", "Herald"]})
    >>> refuse_namesakes(table, [], np.empty((2, 0)), np.array([1]), np.array([0]))
    Traceback (most recent call last):
    framing.schema.InputError: the id '1' stands for units that differ: source 'Post' and \
'Herald'; predict all files in one run, which tells such ids apart, or give ids that differ, such \
as the file's name before the number
    """
    if not len(rows):
        return
    different = np.zeros(len(rows), dtype=np.bool_)
    told = ""
    for name, unlike, values in _compare(table, labels, shares, rows, firsts):
        if not told and unlike.any():
            at = int(unlike.argmax())
            told = (
                f"the id {_show(table['id'].iloc[rows[at]])} stands for units that differ: "
                f"{name} {_show(values[firsts[at]])} and {_show(values[rows[at]])}"
            )
        different |= unlike
    if told:
        others = len(np.unique(firsts[different])) - 1
        raise InputError(f"{told} ({others} more do)" if others else told, fix=FIX)


def _compare(
    table: pd.DataFrame, labels: Sequence[Label], shares: Floats, rows: Codes, firsts: Codes
) -> Iterator[tuple[str, Bools, Any]]:
    """Give each thing that units can differ by, where they do, and its values row by row."""
    for name, read in _READERS.items():
        if name in table:
            column = table[name]
            ours, theirs = (
                np.array(map_cells(column.iloc[places], read), dtype=object)
                for places in (rows, firsts)
            )
            yield name, np.asarray(ours != theirs, dtype=np.bool_), column.array
    for label, column in zip(labels, shares.T, strict=True):
        alike = np.isclose(column[rows], column[firsts], rtol=0, atol=TOLERANCE, equal_nan=True)
        yield label.column, ~alike, column


def _fold_source(cell: Any) -> str | None:
    name = read_name(cell)
    return name and fold_name(name)


def _read_date(cell: Any) -> str | None:
    with suppress(ValueError):
        return parse_date(cell)
    return parse_text(cell)


_READERS: dict[str, Callable[[Any], str | None]] = {
    "source": _fold_source,
    "article": read_name,
    "date": _read_date,
    "text": parse_text,
}


def _show(cell: Any) -> str:
    """Quote the beginning of a cell."""
    if isinstance(cell, float) and not cell.is_integer():
        return "none" if np.isnan(cell) else f"{cell:.7g}"
    text = parse_text(cell)
    return "none" if text is None else repr(text if len(text) <= 40 else f"{text[:39]}…")
