"""Tables that an engine is to read, checked before it is started."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from framing.records.packing import explain_damage, find_packing, open_binary
from framing.records.rows import normalise_column, require_column
from framing.records.tables import (
    TableFormat,
    find_format,
    opens_array,
    read_rows,
)
from framing.schema import InputError
from framing.text.paths import find_files
from framing.text.tablerows import describe_table, require_texts
from framing.text.tableunits import WANTED

if TYPE_CHECKING:
    import pyarrow as pa

PACKED = ".gz"
"""The one packing that both engines read and write by themselves."""

_STDIN = "-"
_OPENING = 1 << 16


@dataclass(frozen=True, slots=True)
class InputTable:
    """A file with rows.

    Attributes
    ----------
    path : Path
        Absolute, so that workers find it.
    name, stem : str
        What it is called in messages, and in ids.
    format : {"csv", "jsonl", "parquet"}
    columns : tuple of str
        Of Parquet: the columns to read, as the file spells them.
    types : tuple of str
        Of Parquet: their types.
    """

    path: Path
    name: str
    stem: str
    format: TableFormat
    columns: tuple[str, ...] = ()
    types: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether it must be one piece: quotes in CSV may span lines, and gzip has no middle."""
        return self.format == "csv" or find_packing(self.path) is not None


def list_tables(paths: Sequence[str | Path]) -> Iterator[InputTable]:
    """Yield the tables that some paths stand for, in the order in which they are read.

    Parameters
    ----------
    paths : sequence of str or Path
        Tables, folders and globs of them, where every worker sees them under the same path.

    Raises
    ------
    InputError
        If a path is missing, is not a table, cannot be read, or cannot be read in pieces.
    """
    if any(str(path) == _STDIN for path in paths):
        raise InputError(
            "standard input cannot be shared out", where=_STDIN, fix="name files, or --engine local"
        )
    for found in find_files(paths):
        yield _describe(found.path)


def _describe(path: Path) -> InputTable:
    kind = find_format(path)
    if kind is None:
        raise InputError(
            "no table by its suffix, which is what engines go by",
            where=str(path),
            fix="rename it, or use --engine local",
        )
    table = describe_table(path)
    if find_packing(path) not in {None, PACKED}:
        raise InputError(
            f"engines read {PACKED} or plain files", where=table.name, fix="unpack it first"
        )
    where = path.resolve()
    if kind == "parquet":
        schema = _read_schema(path, table.name)
        columns = _find_columns(schema.names, table.name)
        types = tuple(str(schema.field(name).type) for name in columns)
        return InputTable(where, table.name, table.stem, kind, columns, types)
    if kind == "jsonl":
        _refuse_array(path, table.name)
    else:
        next(require_texts(read_rows(path), table.name), None)
    return InputTable(where, table.name, table.stem, kind)


def _read_schema(path: Path, name: str) -> pa.Schema:
    import pyarrow.parquet as pq

    from framing.records.parquetchunks import explain_parquet

    with explain_damage(name, path), explain_parquet(name):
        return pq.read_schema(path)


def _find_columns(names: Sequence[str], where: str) -> tuple[str, ...]:
    require_column("text", map(normalise_column, names), where=where)
    return tuple(name for name in names if normalise_column(name) in WANTED)


def _refuse_array(path: Path, name: str) -> None:
    with open_binary(path) as stream, explain_damage(name, path):
        if opens_array(stream.read(_OPENING)):
            raise InputError(
                "one JSON array cannot be read in pieces",
                where=name,
                fix="write one JSON object a line, or use --engine local",
            )
