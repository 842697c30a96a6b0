"""Tables in chunks of columns, a few megabytes at a time, of the columns that are wanted alone."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from framing.records.packing import explain_damage, open_binary
from framing.records.rows import BLOCK, Chunk, Row
from framing.records.tables import (
    TableFormat,
    find_format,
    iterate_json,
    opens_array,
    read_json_rows,
    read_rows,
)
from framing.schema import ProblemSink

_Reader = Callable[[BinaryIO, Sequence[str], str, ProblemSink], Iterator[Chunk]]


def read_chunks(
    source: Path | BinaryIO,
    wanted: Sequence[str],
    *,
    format: TableFormat | None = None,  # noqa: A002  as `read_rows` has it
    report: ProblemSink,
    name: str,
    first: int = 1,
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
    first : int
        Of JSONL: number of the first line, where a later part of a file is read.

    Raises
    ------
    InputError
        If the file cannot be opened, is damaged, or is of no known format.
    """
    kind = format or (find_format(source) if isinstance(source, Path) else None)
    if kind is None:
        yield Chunk(None, 1, read_rows(source, report=report, name=name))
        return
    read = _find_reader(kind, first)
    path = source if isinstance(source, Path) else None
    with open_binary(source) as stream, explain_damage(name, path):
        for chunk in read(stream, wanted, name, report):
            yield replace(chunk, rows=_explain_rows(chunk.rows, kind, name, path))


def _explain_rows(
    rows: Iterator[Row], kind: TableFormat, name: str, path: Path | None
) -> Iterator[Row]:
    """Yield rows; what is damaged is found where they are drawn, and told there."""
    with ExitStack() as stack:
        stack.enter_context(explain_damage(name, path))
        if kind == "parquet":
            from framing.records.parquetchunks import explain_parquet

            stack.enter_context(explain_parquet(name))
        yield from rows


def _find_reader(kind: TableFormat, first: int) -> _Reader:
    """Return the reader of a format; Arrow's part for one is not loaded for another."""
    if kind == "jsonl":
        return partial(_chunk_lines, first=first)
    if kind == "csv":
        from framing.records.csvchunks import chunk_records

        return chunk_records
    from framing.records.parquetchunks import chunk_groups

    return chunk_groups


def _chunk_lines(
    stream: BinaryIO, wanted: Sequence[str], name: str, report: ProblemSink, *, first: int
) -> Iterator[Chunk]:
    """Parse block by block; a file that is one array is read by rows as a whole."""
    from framing.records.jsonchunks import parse_lines

    number, opened = first, first > 1
    blocks = _cut_lines(stream)
    for block in blocks:
        if not opened and opens_array(block):
            items = iterate_json(io.BytesIO(b"".join([block, *blocks])), name)
            yield Chunk(None, number, read_json_rows(items, name, report, first=number))
            return
        lines = io.BytesIO(block)
        rows = read_json_rows(
            lines if opened else iterate_json(lines, name), name, report, first=number
        )
        held = block if opened else block.removeprefix(codecs.BOM_UTF8)
        columns = parse_lines(held, wanted)
        yield Chunk(columns, number, rows)
        opened = opened or bool(held.strip())
        number += block.count(b"\n") if columns is None else len(columns)


def _cut_lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the bytes of a stream in blocks that end where lines end."""
    while block := stream.read(BLOCK):
        yield block if block.endswith(b"\n") else block + stream.readline()
