"""Rows of CSV, one at a time, as spreadsheets and people write them."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Any, BinaryIO, cast

from framing.records.cells import replace_surrogates
from framing.records.decoding import detect_encoding
from framing.records.rows import Row, begin, normalise_column
from framing.schema import InputError, Problem, ProblemSink

_DELIMITERS = ",;\t|"
SAMPLE = 1 << 18
"""Bytes that the encoding is told from."""
CLOSING = '"'
"""As a last line a record of its own, unless it closes a quote that was left open."""
UNREAD = {"surrogateescape": re.compile("[\udc80-\udcff]"), "replace": re.compile("\ufffd")}
"""What each way of decoding leaves in the place of a byte that cannot be read."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What a CSV file's header tells: its columns, also as they stand there, and its delimiter."""

    names: tuple[str, ...]
    header: tuple[str, ...]
    delimiter: str

    @classmethod
    def read(cls, line: str, lines: Iterable[str], *, where: str) -> tuple[Layout, Iterator[Any]]:
        """Read the header, which opens with a line; the records that follow it come with it.

        Raises
        ------
        InputError
            If it names no columns, or two alike.
        """
        csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
        delimiter = _find_delimiter(line)
        records = csv.reader(chain([line], lines), delimiter=delimiter)
        header = next(records)
        return cls(tuple(_name_columns(header, where)), tuple(header), delimiter), records


def read_csv_rows(stream: BinaryIO, where: str, report: ProblemSink) -> Generator[Row, None, None]:
    """Yield the rows of a CSV file of any encoding, told from its beginning."""
    with _decode_stream(stream, where) as text:
        first = text.readline().removeprefix("\ufeff")
        layout, records = Layout.read(first, chain(text, [CLOSING]), where=where)
        unread = UNREAD[cast(str, text.errors)]
        yield from read_records(records, layout, where, report, unread=unread)


@contextmanager
def _decode_stream(stream: BinaryIO, where: str) -> Iterator[io.TextIOWrapper]:
    """Wrap a stream, which need not be seekable and stays open; its beginning tells the encoding.

    In what begins as UTF-8, a U+FFFD of its own is told apart from bytes that cannot be read.
    """
    buffered = io.BufferedReader(cast(Any, stream), SAMPLE)
    try:
        encoding = tell_encoding(buffered.peek(SAMPLE), where=where)
        errors = "surrogateescape" if encoding == "utf-8" else "replace"
        text = io.TextIOWrapper(buffered, encoding=encoding, errors=errors, newline="")
        try:
            yield text
        finally:
            text.detach()
    finally:
        buffered.detach()


def read_records(
    records: Iterable[Sequence[str]],
    layout: Layout,
    where: str,
    report: ProblemSink,
    *,
    unread: re.Pattern[str],
    first: int = 2,
) -> Iterator[Row]:
    """Yield the rows that records hold, the last of which comes of the closing quote.

    Parameters
    ----------
    records : iterable of sequence of str
    layout : Layout
    where : str
    report : callable
    unread : pattern
        What stands in the place of a byte that could not be read.
    first : int
        Number of the first row.
    """
    cells: Sequence[str] = list(layout.header)
    number, width = first - 1, len(layout.names)
    for number, cells in enumerate(records, start=first):
        place = f"{where}, row {number}"
        if not any(cells):
            continue
        if len(cells) != width:
            reason = f"{len(cells)} cells where the header has {width}"
            report(Problem(place, reason, begin(" ".join(cells))))
            continue
        n_unread = sum(len(unread.findall(cell)) for cell in cells if not cell.isascii())
        if n_unread:
            reason = f"{n_unread} bytes could not be read (kept as U+FFFD)"
            report(Problem(place, reason, begin(" ".join(cells)), lost=False))
            cells = [replace_surrogates(cell) for cell in cells]  # noqa: PLW2901
        yield Row(number, dict(zip(layout.names, cells, strict=True)))
    if cells != [""]:
        reason = "a quote is opened and never closed, so all that follows was read as one cell"
        report(Problem(f"{where}, row {number}", reason, begin(" ".join(cells)), lost=False))


def tell_encoding(data: bytes, *, where: str) -> str:
    """Tell the encoding from the first bytes of a file, up to the last whole line among them.

    Raises
    ------
    InputError
        If the bytes are not text.
    """
    sample = data[:SAMPLE]
    return detect_encoding(sample[: sample.rfind(b"\n") + 1] or sample, where=where)


def _find_delimiter(header: str) -> str:
    """Count delimiters outside quotes in the header: spreadsheets also write ``;`` and tabs."""
    unquoted = "".join(header.split('"')[0::2])
    return max(_DELIMITERS, key=unquoted.count)


def _name_columns(cells: Sequence[str], where: str) -> list[str]:
    names = [normalise_column(replace_surrogates(cell)) for cell in cells]
    if not any(names):
        raise InputError("empty table", where=where, fix="the first line must name the columns")
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise InputError(f"two columns are named '{twice[0]}'", where=where, fix="rename one")
    return names
