"""Rows of a table as units in columns, row by row only where something is remarkable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from framing.records.arrays import literal, pack_numbers, repeat_text
from framing.records.chunks import read_chunks
from framing.records.columncells import has_missing, parse_dates, strip_texts
from framing.records.rows import Chunk
from framing.schema import ProblemSink
from framing.text.tablerows import Table, build_units, require_texts
from framing.text.takenids import TakenIds
from framing.text.unitbatches import UNIT_COLUMNS, UNIT_SCHEMA, pack_units

WANTED = tuple(name for name in UNIT_COLUMNS if name != "kind")
_UNITS_PER_BATCH = 4096


def read_table_units(
    table: Table, *, report: ProblemSink, seen: TakenIds | None = None
) -> Iterator[pa.RecordBatch]:
    """Yield each row as one unit, its text untouched, under its ``id`` or ``stem:row``.

    The column ``target``, where there is one, names whom the text is asked about.

    Parameters
    ----------
    table : Table
    report : callable
        Receives a Problem for each row without text, date left out, or id that comes again.
    seen : TakenIds, optional
        Ids that are taken already; it is added to.

    Raises
    ------
    InputError
        If the table cannot be read, or there is no column ``text``.
    """
    chunks = read_chunks(table.source, WANTED, format=table.format, report=report, name=table.name)
    yield from build_chunk_units(
        chunks, name=table.name, stem=table.stem, report=report, seen=seen or TakenIds()
    )


def build_chunk_units(
    chunks: Iterable[Chunk],
    *,
    name: str,
    stem: str,
    report: ProblemSink,
    seen: TakenIds,
    checked: bool = False,
) -> Iterator[pa.RecordBatch]:
    """Make units of chunks as `read_table_units` does, of a table by that name and stem.

    `checked` says that the table is known to have a column ``text``.
    """
    for chunk in chunks:
        batch = _build_batch(chunk, stem, seen)
        if batch is not None:
            checked = True
            yield batch
            continue
        rows = chunk.rows if checked else require_texts(chunk.rows, name)
        first = next(rows, None)
        checked = checked or first is not None
        rows = chain(() if first is None else (first,), rows)
        units = build_units(rows, name=name, stem=stem, report=report, seen=seen)
        while some := list(islice(units, _UNITS_PER_BATCH)):
            yield pack_units(some)


def _build_batch(chunk: Chunk, stem: str, seen: TakenIds) -> pa.RecordBatch | None:
    """Build units as `build_units` does, or None where it would report something."""
    columns = chunk.columns
    if columns is None or has_missing(columns["text"]):
        return None
    try:
        dates = parse_dates(columns["date"])
    except ValueError:
        return None
    ids = strip_texts(columns["id"])
    if ids.null_count:
        numbers = pack_numbers(np.arange(chunk.first, chunk.first + len(columns)))
        ids = pc.coalesce(ids, _number(stem, numbers))
    if not seen.add_new(ids):
        return None
    built = {name: strip_texts(columns[name]) for name in ("article", "source", "title", "target")}
    built |= {"id": ids, "article": pc.coalesce(built["article"], ids), "date": dates}
    built |= {"text": columns["text"], "kind": repeat_text("paragraph", len(columns))}
    return pa.RecordBatch.from_arrays([built[n] for n in UNIT_COLUMNS], schema=UNIT_SCHEMA)


def _number(stem: str, numbers: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(literal(f"{stem}:"), numbers.cast(pa.string()), literal(""))
