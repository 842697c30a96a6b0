"""Predictions onto disk or standard output: CSV and Parquet flat, JSONL nested."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from framing.records.arrays import read_texts
from framing.records.batchwriting import open_batches
from framing.records.tables import TableFormat
from framing.records.writing import open_output
from framing.scoring.model import Model
from framing.scoring.nesting import nest_batch
from framing.scoring.rows import list_columns

WritePredictions = Callable[[pa.RecordBatch, pa.Array | None], None]
"""Appends a batch of flat predictions; the units' targets, where they have some, beside it."""

_TYPES = {"text": pa.string(), "number": pa.float64()}


@contextmanager
def open_predictions(
    path: str | Path, model: Model, *, stdout: BinaryIO | None = None, raw: bool = False
) -> Iterator[WritePredictions]:
    """Open a file for predictions, in the format of its suffix; ``-`` is JSONL on `stdout`.

    Parameters
    ----------
    path : str or Path
    model : Model
        The one that predicts.
    stdout : binary stream, optional
    raw : bool
        Write CSV cells that open like a formula as they are.

    Yields
    ------
    WritePredictions

    Raises
    ------
    InputError
        If the suffix stands for no format.
    OutputError
        If nothing can be written there.
    """
    with (
        open_output(path, stdout=stdout) as (stream, kind),
        write_predictions(stream, model, kind, raw=raw) as write,
    ):
        yield write


@contextmanager
def write_predictions(
    stream: BinaryIO, model: Model, kind: TableFormat, *, raw: bool = False
) -> Iterator[WritePredictions]:
    """Write predictions to a stream that is open, as `open_predictions` does to a file."""
    if kind == "jsonl":
        yield lambda flat, targets: _write_lines(stream, nest_batch(model, flat, targets))
        return
    with open_batches(stream, find_schema(model), kind, raw=raw) as writer:
        yield lambda flat, _targets: writer.write(flat)


def find_schema(model: Model) -> pa.Schema:
    """Return the Arrow schema of a model's flat predictions."""
    return pa.schema([(name, _TYPES[held]) for name, held in list_columns(model).items()])


def _write_lines(stream: BinaryIO, lines: pa.Array) -> None:
    _, data = read_texts(lines)
    stream.write(data.data)  # the lines lie one after another
