"""What a worker makes of a piece: its units' predictions, by a model that it reads once."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from framing.engines.pieces import Piece, Source
from framing.engines.reading import read_piece
from framing.engines.renaming import PlannedIds
from framing.records.tables import TableFormat
from framing.schema import MismatchError, Problem
from framing.scoring.model import Model
from framing.scoring.modelfile import load_once
from framing.scoring.outputs import find_schema, write_predictions
from framing.scoring.predicting import predict_batch

LINES = pa.schema([("value", pa.string())])
"""Output that is text: each row one line or more, without the last line end."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of the workers.

    Attributes
    ----------
    locate : callable
        Finds the model file in the worker.
    model : str
        Hash of the model.
    format : {"csv", "jsonl", "parquet"}
        Of the output.
    evidence : bool
        Whether to look for the terms that drove each label.
    raw : bool
        Write CSV cells that open like a formula as they are.
    n_units : sequence of int
        How many units each piece has.
    renamed : mapping
        New names of units: number of the piece to place in it to name.
    """

    locate: Callable[[], Path]
    model: str
    format: TableFormat
    evidence: bool = True
    raw: bool = False
    n_units: Sequence[int] = ()
    renamed: Mapping[int, Mapping[int, str]] = field(default_factory=dict)


def choose_schema(model: Model, kind: TableFormat) -> pa.Schema:
    """Return the schema of the batches that `predict_piece` yields."""
    return find_schema(model) if kind == "parquet" else LINES


def predict_piece(piece: Piece, source: Source, *, order: Order) -> Iterator[pa.RecordBatch]:
    """Yield the predictions of a piece's units: flat batches, or lines of text.

    Raises
    ------
    MismatchError
        If the worker has another model, or the piece other units than when it was surveyed.
    """
    model = load_once(order.locate(), order.model)
    predicted = _predict(model, piece, source, order)
    if order.format == "parquet":
        for flat, _ in predicted:
            yield flat
        return
    stream = io.BytesIO()
    with write_predictions(stream, model, order.format, raw=order.raw) as writer:
        for flat, targets in predicted:
            writer.write(flat, targets)
            yield _take_lines(stream)
    if stream.tell():  # no units, so nothing but a header
        yield _take_lines(stream)


def _predict(
    model: Model, piece: Piece, source: Source, order: Order
) -> Iterator[tuple[pa.RecordBatch, pa.Array]]:
    seen = PlannedIds(order.renamed.get(piece.number, {}))
    n_units = 0
    for units in read_piece(piece, source, report=_ignore, seen=seen):
        n_units += len(units)
        yield predict_batch(model, units, evidence=order.evidence), units["target"]
    if n_units != order.n_units[piece.number]:
        raise MismatchError(
            f"had {order.n_units[piece.number]} units at first and {n_units} now",
            where=piece.name,
            fix="leave the files alone while they are read",
        )


def _ignore(problem: Problem) -> None:
    """Say nothing: the survey said it."""


def _take_lines(stream: io.BytesIO) -> pa.RecordBatch:
    """Return what was written to a stream as one row, and empty the stream."""
    text = stream.getvalue().removesuffix(b"\n")
    stream.seek(0)
    stream.truncate()
    return pa.RecordBatch.from_arrays([pa.array([text]).cast(pa.string())], schema=LINES)
