"""Clean files of predictions read column by column, many times as fast as row by row.

A file is clean if it has the columns and types that ``framing predict`` writes and nothing that
needs looking at; any other is left to `framing.scoring.predictionfiles`, which reads both alike.
Numbers are parsed as numbers, by several threads: text out of `framing.records.csvchunks`, which
has to know where each record ends, takes longer.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.records.cells import FORMULA
from framing.records.csvrows import SAMPLE, tell_encoding
from framing.schema import FramingError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_NAMES = frozenset(
    {"id", "article", "source", "date", "title", "kind", "text", "target", "frames", "uncertain"}
    | {"evidence", "model", "codebook"}
)
_BLOCK = 1 << 24
_QUOTED_FORMULA = f"^'({FORMULA.pattern})"


def read_columns(path: Path, *, without: Collection[str] = ()) -> pd.DataFrame | None:
    """Read a clean CSV or Parquet file of predictions; None where it is something else.

    Parameters
    ----------
    path : Path
    without : collection of str
        Columns that are passed over.

    Returns
    -------
    pandas.DataFrame or None
        Text, with what is blank missing, and probabilities as numbers.
    """
    import pyarrow as pa

    readers = {".csv": _read_csv, ".parquet": _read_parquet}
    read = readers.get(path.suffix) if path.is_file() else None  # a pipe cannot be read twice
    try:
        table = read(path, without) if read else None
    except (OSError, ValueError, FramingError, pa.ArrowException):
        return None
    if table is None or not len(table) or table["id"].null_count:
        return None
    frame: pd.DataFrame = table.to_pandas(ignore_metadata=True)
    return frame


def _read_parquet(path: Path, without: Collection[str]) -> pa.Table | None:
    import pyarrow.parquet as pq

    names = {field.name: str(field.type) for field in pq.read_schema(path)}
    sound = all(kind in _list_types(name) for name, kind in names.items())
    if not sound or not _are_known(list(names)):
        return None
    return pq.read_table(path, columns=[name for name in names if name not in without])


def _list_types(name: str) -> Collection[str]:
    return {"double"} if name.startswith("p:") else {"string", "large_string"}


def _are_known(names: Sequence[str]) -> bool:
    """Tell whether these are columns of predictions, each of them once."""
    known = all(name in _NAMES or name.startswith(("p:", "stance:")) for name in names)
    return known and "id" in names and len(set(names)) == len(names)


def _read_csv(path: Path, without: Collection[str]) -> pa.Table | None:
    import pyarrow as pa
    import pyarrow.csv as pacsv

    from framing.records.csvchunks import has_sound_quotes

    with path.open("rb") as stream:
        part = sample = stream.read(SAMPLE)
        n_quotes = n_ends = 0
        while part:
            n_quotes += part.count(b'"')
            n_ends += part.count(b"\n") + part.count(b"\r")
            part = stream.read(_BLOCK)
    first, end, _ = sample.partition(b"\n")
    if not end or tell_encoding(sample, where=str(path)) != "utf-8":
        return None
    names = next(csv.reader([first.decode().removesuffix("\r")]))
    if not _are_known(names) or n_quotes % 2:  # one that is never closed is to be told
        return None
    kept = [name for name in names if name not in without]
    table = pacsv.read_csv(
        path,
        read_options=pacsv.ReadOptions(block_size=_BLOCK),
        parse_options=pacsv.ParseOptions(newlines_in_values=True),
        convert_options=pacsv.ConvertOptions(
            column_types={name: _find_type(name) for name in names},
            include_columns=kept,
            null_values=[""],
            strings_can_be_null=True,
        ),
    )
    if n_ends != len(table) + 1 and not has_sound_quotes(np.memmap(path, np.uint8, "r")):
        return None  # cells hold lines, and one may be those of several rows
    columns = [_mend(table[name]) for name in kept]
    if any(column is None for column in columns) or _runs_on(table, names[-1]):
        return None
    return pa.table(dict(zip(kept, columns, strict=True)))


def _runs_on(table: pa.Table, last: str) -> bool:
    """Tell whether the last cell holds lines, as after a quote that is never closed."""
    cell = table[last][-1].as_py() if last in table.column_names and len(table) else None
    return isinstance(cell, str) and not {"\n", "\r"}.isdisjoint(cell)


def _find_type(name: str) -> pa.DataType:
    import pyarrow as pa

    return pa.float64() if name.startswith("p:") else pa.string()


def _mend(column: Any) -> Any:
    """Take the quotes from before formulas; None where a number is ``nan``, which is none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_floating(column.type):
        return None if pc.any(pc.is_nan(column)).as_py() else column
    quoted = pc.any(pc.starts_with(column, "'")).as_py()
    return pc.replace_substring_regex(column, _QUOTED_FORMULA, r"\1") if quoted else column
