"""A table of predictions read column by column: labels, probabilities, decisions.

Columns are those of the prediction files: ``p:FRAME``, ``p:TARGET:VALUE``, ``frames``,
``stance:TARGET``, ``id``, ``article``, ``kind``, ``date``, ``model``, ``codebook``.
Shapes: n rows, K labels (frames, then stance values, in the order of the columns).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from framing.measuring.arrays import Bools
from framing.measuring.intervals import Floats
from framing.records.cells import parse_list, parse_text
from framing.schema import InputError

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")

REMEDY = "give the output of framing predict"
NO_GROUPING = frozenset({"id", "text", "frames", "uncertain", "evidence", "model", "codebook"})
"""Columns that never name a source."""


@dataclass(frozen=True, slots=True)
class Label:
    """A frame, or one value of a stance, and the column of its probabilities."""

    name: str
    kind: str
    column: str
    target: str = ""
    value: str = ""

    @property
    def decided_in(self) -> str:
        """Name the column that holds the decision."""
        return f"stance:{self.target}" if self.kind == "stance" else "frames"


def find_labels(columns: Sequence[str]) -> tuple[Label, ...]:
    """Read the labels off the names of the probability columns, frames first.

    >>> [label.name for label in find_labels(["p:china:favor", "p:lag", "text"])]
    ['lag', 'china=favor']
    """
    frames, values = [], []
    for column in columns:
        prefix, _, rest = column.partition(":")
        target, colon, value = rest.partition(":")
        if prefix == "p" and colon:
            values.append(Label(f"{target}={value}", "stance", column, target, value))
        elif prefix == "p" and rest:
            frames.append(Label(rest, "frame", column))
    return (*frames, *values)


def check_columns(table: pd.DataFrame, *, by: str, over: str | None) -> tuple[Label, ...]:
    """Refuse a table without rows or without a needed column; give the labels that it has.

    Raises
    ------
    InputError
        Naming what is missing and, for `by`, what could be used.

    Examples
    --------
    >>> import pandas as pd
    >>> check_columns(pd.DataFrame({"text": ["a"]}), by="source", over=None)
    Traceback (most recent call last):
    framing.schema.InputError: no probability columns (p:FRAME); give the output of framing predict
    """
    names = [str(name) for name in table.columns]
    labels = find_labels(names)
    if not len(table):
        raise InputError("no rows", fix=REMEDY)
    if not labels:
        raise InputError("no probability columns (p:FRAME)", fix=REMEDY)
    needed = ["id", "article", "kind", "model", "codebook", *(label.decided_in for label in labels)]
    lacking = [name for name in dict.fromkeys(needed) if name not in names]
    if lacking:
        raise InputError(f"no column {', '.join(map(repr, lacking))}", fix=REMEDY)
    if by not in names:
        others = [name for name in names if ":" not in name and name not in NO_GROUPING]
        raise InputError(f"no column {by!r} to group by", fix=f"use one of {', '.join(others)}")
    if over is not None and "date" not in names:
        raise InputError("no column 'date' to see change over time", fix="leave the period out")
    return labels


def map_cells(column: pd.Series[Any], read: Callable[[Any], T]) -> list[T]:
    """Read every cell, each distinct one once: dates and lists repeat by the thousand.

    Whatever pandas holds to be missing reaches `read` as None, and a list as a tuple.

    >>> import pandas as pd
    >>> map_cells(pd.Series(["a", None, "a"]), lambda cell: (cell or "").upper())
    ['A', '', 'A']
    """
    import pandas as pd

    if isinstance(column.dtype, pd.StringDtype):
        codes, distinct = column.factorize()
        found = [read(cell) for cell in distinct.tolist()]
        found += [read(None)] if (codes < 0).any() else []  # whose code is -1: the last
        return [found[code] for code in codes.tolist()]
    raw = column.astype(object).tolist()
    cells = [tuple(c) if isinstance(c, list | np.ndarray) else c for c in raw]
    missing = column.isna().tolist()
    cells = [None if gone else cell for cell, gone in zip(cells, missing, strict=True)]
    answers = {cell: read(cell) for cell in dict.fromkeys(cells)}
    return [answers[cell] for cell in cells]


def read_name(cell: Any) -> str | None:
    """Read a source; whole numbers are floats wherever their column has a gap.

    >>> read_name(7.0), read_name(" Post "), read_name(None)
    ('7', 'Post', None)
    """
    whole = isinstance(cell, float) and cell.is_integer()
    return parse_text(int(cell) if whole else cell)


def read_shares(table: pd.DataFrame, labels: Sequence[Label]) -> Floats:
    """Read the probabilities (n, K); a blank cell is NaN.

    Raises
    ------
    InputError
        If a cell is neither blank nor a number from 0 to 1, naming the column and the unit.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"id": ["a:1", "a:2"], "p:lag": ["0.5", ""]})
    >>> read_shares(table, find_labels(["p:lag"])).tolist()
    [[0.5], [nan]]
    """
    return np.stack([_read_share(table, label.column) for label in labels], axis=1)


def _read_share(table: pd.DataFrame, name: str) -> Floats:
    import pandas as pd

    column = table[name]
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    suspects = np.flatnonzero(~((numbers >= 0) & (numbers <= 1)))
    given = map_cells(column.iloc[suspects], parse_text)
    wrong = [row for row, text in zip(suspects, given, strict=True) if text is not None]
    if wrong:
        raise InputError(
            f"{name} is {column.iloc[wrong[0]]}, not a probability from 0 to 1",
            where=f"unit {table['id'].iloc[wrong[0]]}",
            fix=REMEDY,
        )
    return np.asarray(numbers, dtype=np.float64)


def read_choices(table: pd.DataFrame, labels: Sequence[Label]) -> Bools:
    """Read the decisions (n, K) off the columns ``frames`` and ``stance:TARGET``.

    >>> import pandas as pd
    >>> table = pd.DataFrame({"frames": ["lag;risk", "[]"], "stance:china": ["favor", None]})
    >>> labels = find_labels(["p:lag", "p:china:favor"])
    >>> read_choices(table, labels).tolist()
    [[True, True], [False, False]]
    """
    columns = [_read_choice(table[label.decided_in], label) for label in labels]
    return np.array(columns, dtype=np.bool_).T


def _read_choice(column: pd.Series[Any], label: Label) -> list[bool]:
    if label.kind == "stance":
        return map_cells(column, lambda cell: parse_text(cell) == label.value)
    return map_cells(column, lambda cell: label.name in (parse_list(cell) or ()))
