"""Predictions onto disk or standard output: CSV and Parquet flat, JSONL nested."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, TypeAlias

import pyarrow as pa

from framing.records.arrays import read_texts
from framing.records.batchwriting import open_batches
from framing.records.tables import TableFormat
from framing.records.writing import open_output
from framing.scoring.model import Model
from framing.scoring.nesting import nest_batch
from framing.scoring.rows import list_columns

Encoded: TypeAlias = "pa.Buffer | pa.RecordBatch | pa.Array"

_TYPES = {"text": pa.string(), "number": pa.float64()}


@dataclass(frozen=True, slots=True)
class PredictionWriter:
    """Appends batches of flat predictions to a file.

    Attributes
    ----------
    encode : callable
        Makes a batch ready, which any thread may do; it takes the units' targets, where they have
        some, beside it.
    append : callable
        Appends a batch that is encoded.
    """

    encode: Callable[[pa.RecordBatch, pa.Array | None], Encoded]
    append: Callable[[Encoded], None]

    def write(self, flat: pa.RecordBatch, targets: pa.Array | None = None) -> None:
        """Append a batch."""
        self.append(self.encode(flat, targets))


@contextmanager
def open_predictions(
    path: str | Path, model: Model, *, stdout: BinaryIO | None = None, raw: bool = False
) -> Iterator[PredictionWriter]:
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
    PredictionWriter

    Raises
    ------
    InputError
        If the suffix stands for no format.
    OutputError
        If nothing can be written there.
    """
    with (
        open_output(path, stdout=stdout) as (stream, kind),
        write_predictions(stream, model, kind, raw=raw) as writer,
    ):
        yield writer


@contextmanager
def write_predictions(
    stream: BinaryIO, model: Model, kind: TableFormat, *, raw: bool = False
) -> Iterator[PredictionWriter]:
    """Write predictions to a stream that is open, as `open_predictions` does to a file."""
    if kind == "jsonl":
        yield PredictionWriter(partial(nest_batch, model), partial(_write_lines, stream))
        return
    with open_batches(stream, find_schema(model), kind, raw=raw) as batches:
        yield PredictionWriter(lambda flat, _targets: batches.encode(flat), batches.append)


def find_schema(model: Model) -> pa.Schema:
    """Return the Arrow schema of a model's flat predictions."""
    return pa.schema([(name, _TYPES[held]) for name, held in list_columns(model).items()])


def _write_lines(stream: BinaryIO, lines: pa.Array) -> None:
    _, data = read_texts(lines)
    stream.write(data.data)  # the lines lie one after another
