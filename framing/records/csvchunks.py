"""CSV in chunks of columns, where its quotes are sound (RFC 4180) and nothing is remarkable.

Readers of CSV differ only in what they make of quotes out of place. Where every quote opens a
cell, closes one or is doubled within one, they agree, and records can be told apart by counting.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import chain
from typing import Any, BinaryIO, cast

import numpy as np
import pyarrow as pa
import pyarrow.csv as pcsv
from numpy.typing import NDArray

from framing.records.arrays import find_byte
from framing.records.csvrows import (
    CLOSING,
    LONGEST_CELL,
    SAMPLE,
    UNREAD,
    Layout,
    Records,
    read_csv_rows,
    read_records,
    tell_encoding,
)
from framing.records.packing import JoinedStream
from framing.records.rows import BLOCK, Chunk, Row
from framing.schema import ProblemSink

Bytes = NDArray[np.uint8]
_QUOTE, _END, _RETURN = b'"\n\r'
_MARK = b"\xef\xbb\xbf"
_ERRORS = "surrogateescape"


def chunk_records(
    stream: BinaryIO, wanted: Sequence[str], name: str, report: ProblemSink
) -> Iterator[Chunk]:
    """Yield a CSV file chunk by chunk; from a quote out of place on, all the rest is read by rows.

    Raises
    ------
    InputError
        If the bytes are not text, or the header names no columns or two alike.
    """
    buffered = io.BufferedReader(cast(Any, stream), SAMPLE)
    try:
        if tell_encoding(buffered.peek(SAMPLE), where=name) == "utf-8":
            yield from _chunk_text(buffered, wanted, name, report)
        else:
            with closing(read_csv_rows(cast(BinaryIO, buffered), name, report)) as rows:
                yield Chunk(None, 2, rows)
    finally:
        buffered.detach()


def _chunk_text(
    stream: io.BufferedReader, wanted: Sequence[str], name: str, report: ProblemSink
) -> Iterator[Chunk]:
    data = stream.read(BLOCK)
    text = data.removeprefix(_MARK)
    header = text[: text.find(b"\n") + 1]
    if not header or header.count(b'"') % 2 or b"\r" in header[:-2]:
        whole = cast(BinaryIO, JoinedStream(data, stream))
        yield Chunk(None, 2, read_csv_rows(whole, name, report))
        return
    layout, _ = Layout.read(header.decode(errors=_ERRORS), (), where=name)
    number, n_lines, held = 2, 1, text[len(header) :]
    while True:
        piece = stream.read(BLOCK)
        found = _count_records(np.frombuffer(held, np.uint8), layout.delimiter, last=not piece)
        if found is None or (not found[2] and len(held) > LONGEST_CELL):
            rest = JoinedStream(held + piece, stream)
            rows = _read_on(rest, layout, name, report, first=number, n_lines=n_lines)
            yield Chunk(None, number, rows)
            return
        n_records, n_ends, end = found
        if end:
            block = held[:end]
            rows = _read_block(block, layout, name, report, first=number)
            yield Chunk(_parse_records(block, layout, wanted, n_records), number, rows)
        if not piece:
            return
        number, n_lines = number + n_records, n_lines + n_ends
        held = held[end:] + piece


def _count_records(data: Bytes, delimiter: str, *, last: bool) -> tuple[int, int, int] | None:
    """Count the whole records in some bytes, and their lines, and say where they end.

    None if quotes are not sound.

    The bytes begin with a record. What is last need not end its line.
    """
    quotes = np.flatnonzero(data == _QUOTE)
    if not _is_sound(data, quotes, delimiter) or (last and len(quotes) % 2):
        return None
    all_ends = np.flatnonzero(data == _END)
    ends = all_ends[_is_outside(all_ends, quotes)]
    returns = np.flatnonzero(data[:-1] == _RETURN)
    alone = returns[data[returns + 1] != _END]
    if _is_outside(alone, quotes).any():  # ends a record, too, where old programs wrote it
        return None
    end = int(ends[-1]) + 1 if len(ends) else 0
    open_ended = last and end < len(data)
    n_lines = int(np.searchsorted(all_ends, end) + np.searchsorted(alone, end))
    return len(ends) + open_ended, n_lines, len(data) if last else end


def has_sound_quotes(data: Bytes, *, delimiter: str = ",") -> bool:
    """Tell whether in bytes of whole records no quote is out of place."""
    quotes = find_byte(data, _QUOTE)
    return len(quotes) % 2 == 0 and _is_sound(data, quotes, delimiter)


def _is_outside(places: NDArray[np.intp], quotes: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Tell which places are not within quotes: an even number of quotes stands before them."""
    return np.asarray(np.searchsorted(quotes, places) % 2 == 0)


def _is_sound(data: Bytes, quotes: NDArray[np.intp], delimiter: str) -> bool:
    """Tell whether every quote opens a cell, closes one, or is one half of a doubled one."""
    edge = np.zeros(256, dtype=np.bool_)
    edge[list(f'{delimiter}\n\r"'.encode())] = True
    opening, closing = quotes[0::2], quotes[1::2]
    before, after = opening[opening > 0] - 1, closing[closing + 1 < len(data)] + 1
    return bool(edge[data[before]].all() and edge[data[after]].all())


def _parse_records(
    block: bytes, layout: Layout, wanted: Sequence[str], n_records: int
) -> pa.RecordBatch | None:
    """Return the wanted columns of whole records, or None where something is remarkable."""
    if "text" not in layout.names or b"\0" in block or block.startswith(_MARK):
        return None  # a byte-order mark belongs to the cell here, and Arrow would leave it out
    names = [str(place) for place in range(len(layout.names))]
    places = {name: str(layout.names.index(name)) for name in wanted if name in layout.names}
    reading = pcsv.ReadOptions(use_threads=False, block_size=len(block) + 1, column_names=names)
    parsing = pcsv.ParseOptions(
        delimiter=layout.delimiter, newlines_in_values=True, ignore_empty_lines=False
    )
    converting = pcsv.ConvertOptions(
        include_columns=list(places.values()), column_types=dict.fromkeys(names, pa.string())
    )
    try:
        table = pcsv.read_csv(pa.BufferReader(block), reading, parsing, converting)
    except (pa.ArrowException, UnicodeError):
        return None
    if len(table) != n_records:
        return None
    [batch] = table.to_batches()  # one block was read, so each column is in one piece
    absent = pa.nulls(n_records, pa.string())
    columns = [batch[places[name]] if name in places else absent for name in wanted]
    return pa.RecordBatch.from_arrays(columns, names=list(wanted))


def _read_block(
    block: bytes, layout: Layout, name: str, report: ProblemSink, *, first: int
) -> Iterator[Row]:
    lines = io.StringIO(block.decode(errors=_ERRORS), newline="")
    records = Records(chain(lines, [CLOSING]), delimiter=layout.delimiter)
    yield from read_records(records, layout, name, report, unread=UNREAD[_ERRORS], first=first)


def _read_on(
    stream: io.RawIOBase,
    layout: Layout,
    name: str,
    report: ProblemSink,
    *,
    first: int,
    n_lines: int,
) -> Iterator[Row]:
    buffered = io.BufferedReader(stream, SAMPLE)
    lines = io.TextIOWrapper(buffered, encoding="utf-8", errors=_ERRORS, newline="")
    records = Records(chain(lines, [CLOSING]), delimiter=layout.delimiter)
    unread = UNREAD[_ERRORS]
    yield from read_records(
        records, layout, name, report, unread=unread, first=first, n_lines=n_lines
    )
