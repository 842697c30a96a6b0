"""Results onto disk: a table or text stands under its final name whole, or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Literal, Protocol

from framing.records.cells import replace_surrogates
from framing.records.csvwriting import CsvWriter
from framing.records.packing import pack
from framing.records.tables import TableFormat, find_format
from framing.schema import InputError, OutputError

ColumnType = Literal["text", "number", "list", "flag"]

STANDARD_STREAM = "-"


class TableWriter(Protocol):
    """Takes rows of one shape, as often as is wanted."""

    def write(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Append rows."""

    def close(self) -> None:
        """Write what is still held back; the stream stays open."""


@contextmanager
def write_atomically(path: Path) -> Iterator[BinaryIO]:
    """Open a hidden neighbour of `path` and give it the final name once the block has ended well.

    When the block raises, Ctrl-C included, the neighbour is removed and what stood under the name
    before stays. A device or pipe (``/dev/stdout``) is written to directly, and a link stays one.

    Raises
    ------
    OutputError
        If nothing can be written there.
    """
    with explain_failure(path):
        if path.is_dir():
            raise OutputError("this is a folder", where=str(path), fix="name a file")
        if path.exists() and not path.is_file():
            with path.open("wb") as stream:
                yield stream
            return
        target = Path(os.path.realpath(path))
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            with part.open("wb") as stream:
                yield stream
            part.replace(target)
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)


@contextmanager
def explain_failure(path: Path) -> Iterator[None]:
    """Turn what the system says of a place that cannot be written to into an OutputError.

    A pipe that nobody reads any more is passed on.

    Raises
    ------
    OutputError
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        reason = f"cannot be written ({(error.strerror or str(error)).lower()})"
        raise OutputError(reason, where=str(path), fix="choose another place") from error


def write_text(path: Path, text: str) -> None:
    """Write a text file, whole or not at all."""
    with write_atomically(path) as stream:
        stream.write(text.encode("utf-8", errors="replace"))


@contextmanager
def open_table(
    path: str | Path,
    columns: Mapping[str, ColumnType],
    *,
    stdout: BinaryIO | None = None,
    format: TableFormat | None = None,  # noqa: A002  the name that pandas and pyarrow use
    raw: bool = False,
    mark: bool = False,
) -> Iterator[TableWriter]:
    """Open a table for writing, in the format of its suffix; ``-`` writes to `stdout`.

    Parameters
    ----------
    path : str or Path
        ``.csv``, ``.jsonl`` or ``.parquet``, the first two with ``.gz`` or ``.zst`` if it is to be
        packed.
    columns : mapping of str to {"text", "number", "list", "flag"}
        Columns of CSV and Parquet, in order; JSONL takes each row as it is.
    stdout : binary stream, optional
        Where ``-`` goes.
    format : {"csv", "jsonl", "parquet"}, optional
        Taken from the suffix where it is not given; JSONL on `stdout`.
    raw : bool
        Write CSV cells that open like a formula as they are.
    mark : bool
        Open a CSV with a byte-order mark, so that Excel reads it as UTF-8.

    Raises
    ------
    InputError
        If the suffix stands for no format.
    OutputError
        If nothing can be written there.
    """
    with (
        open_output(path, stdout=stdout, format=format) as (stream, kind),
        _open_writer(stream, columns, format=kind, raw=raw, mark=mark) as writer,
    ):
        yield writer


@contextmanager
def open_output(
    path: str | Path,
    *,
    stdout: BinaryIO | None = None,
    format: TableFormat | None = None,  # noqa: A002
) -> Iterator[tuple[BinaryIO, TableFormat]]:
    """Open what a table is written to, packed as its suffix says, with its format.

    Raises
    ------
    InputError
        If the suffix stands for no format.
    OutputError
        If nothing can be written there.
    """
    if str(path) == STANDARD_STREAM and stdout is not None:
        yield stdout, format or "jsonl"
        stdout.flush()
        return
    path = Path(path)
    kind = format or find_format(path)
    if kind is None:
        raise InputError(
            "the suffix names no table format", where=str(path), fix="use .csv, .jsonl or .parquet"
        )
    with write_atomically(path) as stream, pack(stream, path) as packed:
        yield packed, kind


@contextmanager
def _open_writer(
    stream: BinaryIO,
    columns: Mapping[str, ColumnType],
    *,
    format: TableFormat,  # noqa: A002
    raw: bool,
    mark: bool,
) -> Iterator[TableWriter]:
    writer: TableWriter
    if format == "csv":
        writer = CsvWriter(stream, list(columns), raw=raw, mark=mark)
    elif format == "jsonl":
        writer = _JsonlWriter(stream)
    else:
        writer = _ParquetWriter(stream, columns)
    try:
        yield writer
        writer.close()
    except BaseException:
        with suppress(Exception):  # the first error is the one to tell
            writer.close()
        raise


class _JsonlWriter:
    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, rows: Iterable[Mapping[str, Any]]) -> None:
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        self._stream.write(lines.encode("utf-8", errors="replace"))

    def close(self) -> None:
        """Nothing is held back."""


class _ParquetWriter:
    """Lays rows out in columns, and hands them to what writes such batches."""

    def __init__(self, stream: BinaryIO, columns: Mapping[str, ColumnType]) -> None:
        import pyarrow as pa

        from framing.records.batchwriting import ParquetBatches

        types = {
            "text": pa.string(),
            "number": pa.float64(),
            "list": pa.list_(pa.string()),
            "flag": pa.bool_(),
        }
        self._schema = pa.schema([(name, types[kind]) for name, kind in columns.items()])
        self._batches = ParquetBatches(stream, self._schema)
        self._lay_out = partial(pa.RecordBatch.from_pylist, schema=self._schema)

    def write(self, rows: Iterable[Mapping[str, Any]]) -> None:
        held = list(rows)
        try:
            batch = self._lay_out(held)
        except UnicodeEncodeError:
            mended = [{key: _mend_cell(value) for key, value in row.items()} for row in held]
            batch = self._lay_out(mended)
        self._batches.write(batch)

    def close(self) -> None:
        self._batches.close()


def _mend_cell(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_mend_cell(item) for item in value]
    return replace_surrogates(value) if isinstance(value, str) else value
