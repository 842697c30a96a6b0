"""Arrow record batches onto a stream of CSV or Parquet."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import BinaryIO, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from framing.records.arrays import pack_flags, pack_numbers, pack_texts, read_flags, read_texts
from framing.records.cells import neutralise_formula
from framing.records.csvwriting import CsvWriter
from framing.records.tables import TableFormat

_OPENERS = np.zeros(256, dtype=np.bool_)
_OPENERS[list(b"=+-@\t\r'")] = True
"""Bytes that a cell with a formula may open with; an apostrophe may hide one."""
_BYTES_IN_GROUP = 64 << 20


Encoded: TypeAlias = pa.Buffer | pa.RecordBatch


class BatchWriter(ABC):
    """Takes record batches of one schema: columns of text and of numbers."""

    @abstractmethod
    def encode(self, batch: pa.RecordBatch) -> Encoded:
        """Make a batch ready for `append`: most of the work, which any thread may do."""

    @abstractmethod
    def append(self, encoded: Encoded) -> None:
        """Append a batch that is encoded."""

    def write(self, batch: pa.RecordBatch) -> None:
        """Append a batch."""
        self.append(self.encode(batch))

    @abstractmethod
    def close(self) -> None:
        """Write what is still held back; the stream stays open."""

    @abstractmethod
    def abandon(self) -> None:
        """Write nothing more: after an error, what is held back would make no sound file."""


@contextmanager
def open_batches(
    stream: BinaryIO, schema: pa.Schema, kind: TableFormat, *, raw: bool = False
) -> Iterator[BatchWriter]:
    """Open a stream for batches of a schema; after an error nothing more is written to it.

    Parameters
    ----------
    stream : binary stream
    schema : Arrow schema
    kind : {"csv", "parquet"}
    raw : bool
        Write CSV cells that open like a formula as they are.
    """
    writer: BatchWriter
    if kind == "csv":
        writer = _CsvBatches(stream, schema.names, raw=raw)
    else:
        writer = ParquetBatches(stream, schema)
    try:
        yield writer
        writer.close()
    except BaseException:
        writer.abandon()
        raise


class _CsvBatches(BatchWriter):
    """Quotes all text, so that a blank cell and a text without characters differ."""

    def __init__(self, stream: BinaryIO, names: Sequence[str], *, raw: bool) -> None:
        self._stream = stream
        self._raw = raw
        CsvWriter(stream, names, raw=raw).close()  # no rows: it leaves the header

    def encode(self, batch: pa.RecordBatch) -> Encoded:
        import pyarrow.csv as pcsv

        held = batch if self._raw else _neutralise_formulas(batch)
        encoded = pa.BufferOutputStream()
        options = pcsv.WriteOptions(include_header=False, batch_size=max(len(held), 1))
        pcsv.write_csv(held, encoded, options)
        return encoded.getvalue()

    def append(self, encoded: Encoded) -> None:
        self._stream.write(encoded)

    def close(self) -> None:
        """Nothing is held back."""

    def abandon(self) -> None:
        """Nothing is held back."""


def _neutralise_formulas(batch: pa.RecordBatch) -> pa.RecordBatch:
    columns = [
        _neutralise(column) if pa.types.is_string(column.type) else column
        for column in batch.columns
    ]
    return pa.RecordBatch.from_arrays(columns, schema=batch.schema)


def _neutralise(cells: pa.Array) -> pa.Array:
    """Look closer only at cells whose first byte may open a formula; few are one."""
    if cells.null_count == len(cells):
        return cells
    offsets, data = read_texts(cells)
    filled = np.flatnonzero((offsets[1:] > offsets[:-1]) & read_flags(cells.is_valid()))
    suspects = filled[_OPENERS[data[offsets[filled]]]]
    texts = cells.take(pack_numbers(suspects)).to_pylist() if len(suspects) else []
    mended = {
        place: neutralised
        for place, text in zip(suspects.tolist(), texts, strict=True)
        if (neutralised := neutralise_formula(text)) != text
    }
    if not mended:
        return cells
    marked = np.zeros(len(cells), dtype=np.bool_)
    marked[list(mended)] = True
    return pc.replace_with_mask(cells, pack_flags(marked), pack_texts(list(mended.values())))


class ParquetBatches(BatchWriter):
    """Gathers batches into row groups that are worth reading by themselves."""

    def __init__(self, stream: BinaryIO, schema: pa.Schema) -> None:
        import pyarrow.parquet as pq

        self._sink = _Sink(stream)
        self._writer = pq.ParquetWriter(self._sink, schema, compression="zstd")
        self._held: list[pa.RecordBatch] = []
        self._size = 0

    def encode(self, batch: pa.RecordBatch) -> Encoded:
        """Return the batch: the format is made of whole groups."""
        return batch

    def append(self, encoded: Encoded) -> None:
        """Keep a batch until there are enough for a group."""
        self._held.append(encoded)
        self._size += encoded.nbytes
        if self._size >= _BYTES_IN_GROUP:
            self._write_group()

    def close(self) -> None:
        """Write the last group and the footer; the stream stays open."""
        self._write_group()
        self._writer.close()

    def abandon(self) -> None:
        """Close pyarrow's writer, which would write a footer once it is forgotten, onto nothing."""
        self._sink.stream = None
        with suppress(pa.ArrowException, OSError):  # one that failed before may fail again
            self._writer.close()

    def _write_group(self) -> None:
        if self._held:
            self._writer.write_table(pa.Table.from_batches(self._held))
            self._held, self._size = [], 0


class _Sink:
    """What pyarrow writes to: a stream until that fails or is taken away, and then nothing."""

    closed = False

    def __init__(self, stream: BinaryIO) -> None:
        self.stream: BinaryIO | None = stream

    def write(self, data: bytes) -> int:
        if self.stream is None:
            return len(data)
        try:
            return self.stream.write(data)
        except BaseException:
            self.stream = None
            raise

    def flush(self) -> None:
        if self.stream is not None:
            self.stream.flush()
