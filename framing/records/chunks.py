"""Tables in chunks of columns, a few megabytes at a time, of the columns that are wanted alone."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from framing.records.jsonchunks import parse_lines
from framing.records.packing import explain_damage, open_binary
from framing.records.tables import (
    Row,
    TableFormat,
    find_format,
    iterate_json,
    opens_array,
    read_json_rows,
    read_rows,
)
from framing.schema import ProblemSink

BLOCK = 2 << 20
"""Bytes that are read at a time; longer lines are read whole."""


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


def read_chunks(
    source: Path | BinaryIO,
    wanted: Sequence[str],
    *,
    format: TableFormat | None = None,  # noqa: A002  as `read_rows` has it
    report: ProblemSink,
    name: str,
) -> Iterator[Chunk]:
    """Yield a table chunk by chunk; the parameters are those of `read_rows`.

    Parameters
    ----------
    source : Path or binary stream
    wanted : sequence of str
        Columns that are needed.
    format : {"csv", "jsonl", "parquet"}, optional
    report : callable
        Receives a Problem for each row lost.
    name : str
        What to call the table in messages.

    Raises
    ------
    InputError
        If the file cannot be opened, is damaged, or is of no known format.
    """
    kind = format or (find_format(source) if isinstance(source, Path) else None)
    if kind != "jsonl":
        yield Chunk(None, 1, read_rows(source, format=format, report=report, name=name))
        return
    path = source if isinstance(source, Path) else None
    with open_binary(source) as stream, explain_damage(name, path):
        yield from _chunk_lines(stream, wanted, name, report)


def _chunk_lines(
    stream: BinaryIO, wanted: Sequence[str], name: str, report: ProblemSink
) -> Iterator[Chunk]:
    """Parse block by block; a file that is one array is read by rows as a whole."""
    number, opened = 1, False
    blocks = cut_lines(stream)
    for block in blocks:
        if not opened and opens_array(block):
            items = iterate_json(io.BytesIO(b"".join([block, *blocks])), name)
            yield Chunk(None, number, read_json_rows(items, name, report))
            return
        lines = io.BytesIO(block)
        rows = read_json_rows(
            lines if opened else iterate_json(lines, name), name, report, first=number
        )
        columns = parse_lines(block.removeprefix(codecs.BOM_UTF8), wanted)
        yield Chunk(columns, number, rows)
        opened = opened or bool(block.removeprefix(codecs.BOM_UTF8).strip())
        number += block.count(b"\n")


def cut_lines(stream: BinaryIO, size: int = BLOCK) -> Iterator[bytes]:
    r"""Yield the bytes of a stream in blocks that end where lines end.

    Examples
    --------
    >>> list(cut_lines(io.BytesIO(b"one\ntwo\nthree"), size=5))
    [b'one\n', b'two\n', b'three']
    """
    held: list[bytes] = []
    while piece := stream.read(size):
        end = piece.rfind(b"\n") + 1
        if end:
            yield b"".join([*held, piece[:end]])
            held = []
        held.append(piece[end:])
    if any(held):
        yield b"".join(held)
