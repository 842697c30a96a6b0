"""The rows of a piece as batches of units, read as one process reads the whole table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from typing import TYPE_CHECKING, BinaryIO, cast

from framing.engines.pieces import Piece, Source
from framing.records.chunks import read_chunks
from framing.records.parquetchunks import chunk_batches, explain_parquet
from framing.records.rows import Chunk
from framing.schema import ProblemSink
from framing.text.tableunits import WANTED, build_chunk_units
from framing.text.takenids import TakenIds

if TYPE_CHECKING:
    import pyarrow as pa


def read_piece(
    piece: Piece, source: Source, *, report: ProblemSink, seen: TakenIds
) -> Iterator[pa.RecordBatch]:
    """Yield the units of a piece.

    Parameters
    ----------
    piece : Piece
    source : stream or iterable of Arrow record batch
    report : callable
        Receives a Problem for each flaw.
    seen : TakenIds
        Gives the ids.

    Raises
    ------
    InputError
        If the table cannot be read, or there is no column ``text``.
    """
    with explain_parquet(piece.name) if piece.format == "parquet" else nullcontext():
        yield from build_chunk_units(
            _read_chunks(piece, source, report),
            name=piece.name,
            stem=piece.stem,
            report=report,
            seen=seen,
            checked=piece.first > 1,
        )


def _read_chunks(piece: Piece, source: Source, report: ProblemSink) -> Iterator[Chunk]:
    if piece.format == "parquet":
        batches = cast("Iterable[pa.RecordBatch]", source)
        return chunk_batches(batches, WANTED, first=piece.first)
    return read_chunks(
        cast(BinaryIO, source),
        WANTED,
        format=piece.format,
        report=report,
        name=piece.name,
        first=piece.first,
    )
