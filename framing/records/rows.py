"""What a row of a table is, or a run of rows, and how its columns are named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from framing.records.cells import replace_surrogates
from framing.schema import InputError

if TYPE_CHECKING:
    import pyarrow as pa

STANDARD_COLUMNS = frozenset(
    {"id", "article", "source", "date", "title", "kind", "text", "weight"}
    | {"frames", "stance", "target", "coder", "coded", "note", "reason", "excerpt"}
    | {"evidence", "model", "codebook"}
)
"""Columns that are recognised in any case, ``Text`` and ``TEXT`` alike; others stay as they are."""


BLOCK = 2 << 20
"""Bytes that are read at a time; a longer line is read whole."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row and the number under which a person finds it: a spreadsheet's, or a JSONL line's."""

    number: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of rows.

    Attributes
    ----------
    columns : Arrow record batch or None
        The wanted columns as text, each cell as it stands in the file; None where the rows must be
        read one by one.
    first : int
        Number of the first row; the others follow without a gap.
    rows : iterator of Row
        The same rows one by one, with all problems that they have; nothing is done until it is
        drawn from.
    """

    columns: pa.RecordBatch | None
    first: int
    rows: Iterator[Row]


def normalise_column(name: str) -> str:
    """Strip a column's name, and lower-case it if it is one of the standard ones."""
    stripped = name.strip()
    return stripped.lower() if stripped.lower() in STANDARD_COLUMNS else stripped


def require_column(
    name: str, columns: Iterable[object], *, where: str, fix: str | None = None
) -> None:
    """Refuse a table that lacks a column.

    Parameters
    ----------
    name : str
        One word for what each of its cells is.
    columns : iterable
        Names of those that are there.
    where : str
        What the table is called.
    fix : str, optional
        What to do about it; to rename a column, where nothing is given.

    Raises
    ------
    InputError
    """
    there = list(columns)
    if name not in there:
        listed = ", ".join(f"'{column}'" for column in there)
        raise InputError(
            f"no column '{name}' among {listed}",
            where=where,
            fix=fix or f"name the column of the {name}s '{name}'",
        )


def begin(text: str) -> str:
    """Return the beginning of a piece of input, as a Problem shows it."""
    return replace_surrogates(" ".join(text[:400].split())[:200])
