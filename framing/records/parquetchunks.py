"""Parquet in chunks of the columns that are wanted; others are never read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from framing.records.rows import Chunk, Row, normalise_column
from framing.schema import InputError, ProblemSink

_ROWS, _BYTES = 4096, 16 << 20
"""What is taken at a time at most."""
_BUFFER = 1 << 20


def chunk_groups(
    stream: BinaryIO, wanted: Sequence[str], name: str, _report: ProblemSink
) -> Iterator[Chunk]:
    """Yield a Parquet file chunk by chunk.

    Raises
    ------
    InputError
        If it is not a readable Parquet file.
    """
    with explain_parquet(name):
        source = _open(stream, name)
        names = [str(field) for field in source.schema_arrow.names]
        places = {normalise_column(field): field for field in names}
        if "text" not in places or len(places) < len(names):
            yield Chunk(None, 1, read_parquet_rows(stream, name))
            return
        held = [field for column, field in places.items() if column in wanted]
        yield from chunk_batches(_iterate_batches(source, held), wanted)


def chunk_batches(
    batches: Iterable[pa.RecordBatch], wanted: Sequence[str], *, first: int = 1
) -> Iterator[Chunk]:
    """Yield batches of a Parquet file as chunks; `first` is the number of the first row."""
    for batch in batches:
        places = {normalise_column(field): field for field in batch.schema.names}
        yield Chunk(_read_columns(batch, places, wanted), first, _list_rows(batch, first))
        first += len(batch)


def read_parquet_rows(stream: BinaryIO, where: str) -> Iterator[Row]:
    """Yield the rows of a Parquet file one by one, with all their columns.

    Raises
    ------
    InputError
        If the stream can only be read from its beginning on.
    """
    number = 1
    for batch in _iterate_batches(_open(stream, where)):
        yield from _list_rows(batch, number)
        number += len(batch)


def _open(stream: BinaryIO, where: str) -> pq.ParquetFile:
    """Open a file whose pages are read when needed; what is read ahead would stay in memory."""
    if not stream.seekable():
        raise InputError(
            "Parquet is read from its end, which a pipe or a .zst file does not give",
            where=where,
            fix="name a plain file",
        )
    return pq.ParquetFile(stream, buffer_size=_BUFFER, pre_buffer=False)


def _iterate_batches(
    source: pq.ParquetFile, columns: Sequence[str] | None = None
) -> Iterator[pa.RecordBatch]:
    """Yield batches of rows; of a file without row groups pyarrow 19 would ask for one."""
    if source.num_row_groups:
        yield from source.iter_batches(_count_rows(source), columns=columns)


def _count_rows(source: pq.ParquetFile) -> int:
    """Return how many rows to take at a time: fewer where they are long."""
    groups = [source.metadata.row_group(number) for number in range(source.num_row_groups)]
    longest = max(group.total_byte_size / max(group.num_rows, 1) for group in groups)
    return max(1, min(_ROWS, int(_BYTES / max(longest, 1))))


def _list_rows(batch: pa.RecordBatch, first: int) -> Iterator[Row]:
    for number, values in enumerate(batch.to_pylist(), start=first):
        yield Row(number, {normalise_column(k): _decode_cell(v) for k, v in values.items()})


def _decode_cell(value: Any) -> Any:
    """Decode bytes: some programs write text without saying that it is text."""
    return value.decode("utf-8", errors="replace") if isinstance(value, bytes) else value


@contextmanager
def explain_parquet(where: str) -> Iterator[None]:
    """Turn what pyarrow says of a file that it cannot read into an InputError.

    Raises
    ------
    InputError
    """
    try:
        yield
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, UnicodeDecodeError, OSError) as error:
        if isinstance(error, OSError) and (error.errno or type(error) is not OSError):
            raise  # not pyarrow's: the system's, or of a damaged packing
        reason = f"not a readable Parquet file ({str(error).splitlines()[0].rstrip('.')})"
        raise InputError(reason, where=where, fix="write it again") from error


def _read_columns(
    batch: pa.RecordBatch, places: dict[str, str], wanted: Sequence[str]
) -> pa.RecordBatch | None:
    """Return the wanted columns as text, or None where one is of a type that rows must tell."""
    columns = []
    for name in wanted:
        column = batch[places[name]] if name in places else pa.nulls(len(batch), pa.string())
        if not _is_plain(column.type):
            return None
        text = column.cast(pa.string())
        text.validate(full=True)
        columns.append(text)
    return pa.RecordBatch.from_arrays(columns, names=list(wanted))


def _is_plain(kind: pa.DataType) -> bool:
    """Tell types whose text is that of their Python values: text, whole numbers, days."""
    if pa.types.is_dictionary(kind):
        return bool(pa.types.is_string(kind.value_type))
    known = (
        *(pa.types.is_string, pa.types.is_large_string, pa.types.is_integer),
        *(pa.types.is_date32, pa.types.is_null),
    )
    return any(is_known(kind) for is_known in known)
