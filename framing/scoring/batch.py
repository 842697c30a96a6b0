"""Prediction of many documents: in input order, in bounded memory, by several processes."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Thread

import pyarrow as pa

from framing.records.arrays import pack_texts
from framing.schema import Article, FramingError, Problem
from framing.scoring.model import Model
from framing.scoring.modelfile import load_once
from framing.scoring.outputs import Encoded
from framing.scoring.predicting import predict_batch
from framing.text.paths import measure
from framing.text.reading import Document, open_document
from framing.text.tablerows import name_apart
from framing.text.unitbatches import pack_units

_DOCUMENTS_PER_BATCH = 512
_CHARACTERS_PER_BATCH = 400_000


@dataclass(frozen=True, slots=True)
class Batch:
    """What a run of documents, or of units, gave.

    Attributes
    ----------
    rows : Arrow record batch
        Flat predictions, one a unit.
    n_items : int
        Documents, or units that came as they are.
    problems : list of Problem
    targets : Arrow array, or None
        The units' targets, where they may have some.
    encoded : Encoded, or None
        The rows as a `PredictionWriter` appends them, where that was asked for.
    articles : list of (str, int)
        For each document that gave units, in order: the article's id, and how many are its.
    repairs : Counter
        What cleaning mended: name of the repair to number of places.
    """

    rows: pa.RecordBatch
    n_items: int
    problems: list[Problem] = field(default_factory=list)
    targets: pa.Array | None = None
    encoded: Encoded | None = None
    articles: list[tuple[str, int]] = field(default_factory=list)
    repairs: Counter[str] = field(default_factory=Counter)


def predict_documents(
    model: Model,
    documents: Iterable[Document],
    *,
    path: Path,
    evidence: bool = True,
    workers: int = 1,
) -> Iterator[Batch]:
    """Predict documents a batch at a time, in input order.

    Parameters
    ----------
    model : Model
    documents : iterable of FileDocument or Article
        Drawn only as fast as batches are taken.
    path : Path
        Where other processes find the model; each reads it once.
    evidence : bool
        Whether to look for the terms that drove each label.
    workers : int
        Processes; with 1 the work is done in this one.

    Raises
    ------
    MismatchError
        If another process finds another model.
    ModelFileError
        If it finds none.
    FramingError
        If a worker process is ended from outside.
    """
    batches = _cut_batches(documents)
    if workers == 1:
        found = (predict_together(model, batch, evidence=evidence) for batch in batches)
        return _name_apart(found)
    order = _Order(path, model.hash, evidence)
    return _name_apart(_predict_in_processes(order, batches, workers=workers))


def _name_apart(batches: Iterable[Batch]) -> Iterator[Batch]:
    """Rename articles whose id came before: front matter is read by workers, one by one."""
    seen: Counter[str] = Counter()
    for batch in batches:
        names = [
            name_apart(article, seen, place=article, report=batch.problems.append)
            for article, _ in batch.articles
        ]
        old = [article for article, _ in batch.articles]
        yield batch if names == old else replace(batch, rows=_rename(batch, names))


def _rename(batch: Batch, names: Sequence[str]) -> pa.RecordBatch:
    """Put new names of articles, one each, into the ids of their units."""
    rows, ids = batch.rows, batch.rows["id"].to_pylist()
    articles: list[str] = []
    for name, (old, n_units) in zip(names, batch.articles, strict=True):
        start = len(articles)
        articles += [name] * n_units
        ids[start : start + n_units] = [
            name + unit.removeprefix(old) for unit in ids[start : start + n_units]
        ]
    for column, cells in (("article", articles), ("id", ids)):
        place = rows.schema.get_field_index(column)
        rows = rows.set_column(place, column, pack_texts(cells))
    return rows


def predict_together(
    model: Model, documents: Sequence[Document], *, evidence: bool = True
) -> Batch:
    """Predict a few documents; what cannot be read is passed over and told of."""
    from framing.text.segmentation import segment

    problems: list[Problem] = []
    repairs: Counter[str] = Counter()
    opened = [
        open_document(document, report=problems.append, repairs=repairs) for document in documents
    ]
    cut = [segment(article) for article in opened if article]
    units = [unit for found in cut for unit in found]
    articles = [(found[0].article, len(found)) for found in cut if found]
    rows = predict_batch(model, pack_units(units), evidence=evidence)
    return Batch(rows, len(documents), problems, articles=articles, repairs=repairs)


def _cut_batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    size = 0
    for document in documents:
        batch.append(document)
        size += len(document.text) if isinstance(document, Article) else measure(document.path)
        if size >= _CHARACTERS_PER_BATCH or len(batch) >= _DOCUMENTS_PER_BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


@dataclass(frozen=True, slots=True)
class _Order:
    """What a worker process has to know: where the model lies, its hash, and what is wanted."""

    path: Path
    hash: str
    evidence: bool


def _predict_in_processes(
    order: _Order, batches: Iterator[list[Document]], *, workers: int
) -> Iterator[Batch]:
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    from framing.scoring.pools import map_in_order

    pool = ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_start_worker, initargs=(order,)
    )
    try:
        yield from map_in_order(pool, _work, batches, workers=workers)
    except BrokenProcessPool as error:
        raise FramingError(
            "a worker process was ended from outside, perhaps for want of memory",
            fix="use fewer workers",
        ) from error


class _Worker:
    """What a worker process holds on to."""

    order: _Order


def _start_worker(order: _Order) -> None:
    from multiprocessing import parent_process

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends its workers
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # a parent that ignores it hands that on
    parent = parent_process()
    if parent is not None:
        Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()
    _Worker.order = order


def _end_after(sentinel: int) -> None:
    """End this process once its parent is gone, which a signal may have ended at once."""
    from multiprocessing.connection import wait

    wait([sentinel])
    signal.raise_signal(signal.SIGTERM)


def _work(batch: list[Document]) -> Batch:
    order = _Worker.order
    model = load_once(order.path, order.hash)
    return predict_together(model, batch, evidence=order.evidence)
