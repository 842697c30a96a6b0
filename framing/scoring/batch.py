"""Prediction of many documents: in input order, in bounded memory, by several processes."""

from __future__ import annotations

import signal
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from framing.schema import Article, FramingError, Paragraph, Prediction, Problem
from framing.scoring.model import Model
from framing.scoring.modelfile import load_model
from framing.scoring.rows import flatten, nest
from framing.text.reading import Document, open_document
from framing.text.tablerows import name_apart

Layout = Literal["flat", "nested"]
Item = Document | Paragraph
"""What can be predicted: a file or an article, cut into paragraphs, or one unit as it is."""

_ITEMS_PER_BATCH = 512
_CHARACTERS_PER_BATCH = 400_000
_FILES_PER_BATCH = 16
_BATCHES_AHEAD = 2
_LAYOUTS: dict[Layout, Callable[[Prediction], dict[str, Any]]] = {"flat": flatten, "nested": nest}


@dataclass(frozen=True, slots=True)
class Options:
    """How rows are made.

    Attributes
    ----------
    layout : {"flat", "nested"}
        Flat rows for CSV and Parquet, nested ones for JSONL.
    evidence : bool
        Whether to look for the terms that drove each label.
    """

    layout: Layout = "flat"
    evidence: bool = True


@dataclass(frozen=True, slots=True)
class Batch:
    """What a run of items gave.

    Attributes
    ----------
    rows : list of dict
    problems : list of Problem
    n_items : int
    articles : list of (str or None, int)
        For each item that gave rows, in order: the article's id (None for a unit on its own), and
        how many rows are its.
    repairs : Counter
        What cleaning mended: name of the repair to number of places.
    """

    rows: list[dict[str, Any]]
    problems: list[Problem]
    n_items: int
    articles: list[tuple[str | None, int]] = field(default_factory=list)
    repairs: Counter[str] = field(default_factory=Counter)


def predict_batches(
    model: Path, items: Iterable[Item], *, options: Options, workers: int = 1
) -> Iterator[Batch]:
    """Predict items a batch at a time, in input order.

    Parameters
    ----------
    model : Path
        Each process reads it once.
    items : iterable of FileDocument, Article or Paragraph
        Drawn only as fast as batches are taken.
    options : Options
    workers : int
        Processes; with 1 the work is done in this one.

    Raises
    ------
    ModelFileError
        If the model cannot be read.
    FramingError
        If a worker process is ended from outside.
    """
    batches = _cut_batches(items)
    if workers == 1:
        loaded = load_model(model)
        return _name_apart(predict_items(loaded, batch, options) for batch in batches)
    return _name_apart(_predict_in_processes(model, batches, options=options, workers=workers))


def _name_apart(batches: Iterable[Batch]) -> Iterator[Batch]:
    """Rename articles whose id came before: front matter is read by workers, one by one."""
    seen: Counter[str] = Counter()
    for batch in batches:
        start = 0
        for article, n_rows in batch.articles:
            rows = batch.rows[start : start + n_rows]
            start += n_rows
            if article is None:
                continue
            name = name_apart(article, seen, place=article, report=batch.problems.append)
            for row in rows if name != article else ():
                row["article"], row["id"] = name, name + row["id"].removeprefix(article)
        yield batch


def predict_items(model: Model, items: Sequence[Item], options: Options) -> Batch:
    """Predict a few items; what cannot be read is passed over and told of."""
    problems: list[Problem] = []
    repairs: Counter[str] = Counter()
    opened = [_open_item(item, problems.append, repairs) for item in items]
    paragraphs = [unit for units in opened for unit in units]
    articles = [
        (None if isinstance(item, Paragraph) else units[0].article, len(units))
        for item, units in zip(items, opened, strict=True)
        if units
    ]
    make_row = _LAYOUTS[options.layout]
    predictions = model.predict_paragraphs(paragraphs, evidence=options.evidence)
    rows = [make_row(prediction) for prediction in predictions]
    return Batch(rows, problems, len(items), articles, repairs)


def _open_item(
    item: Item, report: Callable[[Problem], None], repairs: Counter[str]
) -> Sequence[Paragraph]:
    if isinstance(item, Paragraph):
        return [item]
    from framing.text.segmentation import segment

    article = open_document(item, report=report, repairs=repairs)
    return segment(article) if article else []


def _cut_batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    batch: list[Item] = []
    size = 0
    for item in items:
        batch.append(item)
        known = isinstance(item, Article | Paragraph)
        size += len(item.text) if known else _CHARACTERS_PER_BATCH // _FILES_PER_BATCH  # type: ignore[union-attr]
        if size >= _CHARACTERS_PER_BATCH or len(batch) >= _ITEMS_PER_BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _predict_in_processes(
    model: Path, batches: Iterator[list[Item]], *, options: Options, workers: int
) -> Iterator[Batch]:
    """Keep a few batches a worker in flight, and hand them on in order."""
    from concurrent.futures import Future, ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    load_model(model)  # here, so that a bad file is one clear error and not one a worker
    waiting: deque[Future[Batch]] = deque()
    pool = ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_start_worker, initargs=(model,)
    )
    try:
        for batch in batches:
            waiting.append(pool.submit(_work, batch, options))
            if len(waiting) >= workers * _BATCHES_AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise FramingError(
            "a worker process was ended from outside, perhaps for want of memory",
            fix="use fewer workers",
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


class _Worker:
    """What a worker process holds on to."""

    model: Model


def _start_worker(model: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends its workers
    _Worker.model = load_model(model)


def _work(batch: list[Item], options: Options) -> Batch:
    return predict_items(_Worker.model, batch, options)
