"""Prediction of units that come in batches: in order, in bounded memory, by several threads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TypeAlias

import pyarrow as pa

from framing.scoring.batch import Batch
from framing.scoring.model import Model
from framing.scoring.outputs import Encoded
from framing.scoring.predicting import predict_batch
from framing.text.unitbatches import require_units

Encode: TypeAlias = Callable[[pa.RecordBatch, "pa.Array | None"], Encoded]

UNITS_PER_BATCH = 4096


def predict_units(
    model: Model,
    batches: Iterable[pa.RecordBatch],
    *,
    evidence: bool = True,
    workers: int = 1,
    encode: Encode | None = None,
) -> Iterator[Batch]:
    """Predict units batch by batch, in input order.

    Parameters
    ----------
    model : Model
    batches : iterable of Arrow record batch
        As `predict_batch` takes them; drawn only as fast as predictions are taken.
    evidence : bool
        Whether to look for the terms that drove each label.
    workers : int
        Threads; with 1 the work is done in this one.
    encode : callable, optional
        What makes rows and targets ready to be written; called where they were predicted.
    """
    parts = _cut_batches(batches)
    work = partial(_predict, model, evidence=evidence, encode=encode)
    if workers == 1:
        yield from map(work, parts)
        return
    from concurrent.futures import ThreadPoolExecutor

    from framing.scoring.pools import map_in_order

    yield from map_in_order(ThreadPoolExecutor(workers), work, parts, workers=workers)


def _predict(
    model: Model, units: pa.RecordBatch, *, evidence: bool, encode: Encode | None
) -> Batch:
    units = require_units(units)  # its targets are needed here, too
    rows, targets = predict_batch(model, units, evidence=evidence), units["target"]
    encoded = encode(rows, targets) if encode else None
    return Batch(rows, len(units), targets=targets, encoded=encoded)


def _cut_batches(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for units in batches:
        for start in range(0, len(units), UNITS_PER_BATCH):
            yield units.slice(start, UNITS_PER_BATCH)
