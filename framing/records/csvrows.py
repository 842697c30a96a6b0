"""Rows of CSV, one at a time, as spreadsheets and people write them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any, BinaryIO, cast

from framing.records.cells import replace_surrogates
from framing.records.decoding import detect_encoding
from framing.records.rows import Row, begin, normalise_column
from framing.schema import InputError, Problem, ProblemSink

_DELIMITERS = ",;\t|"
SAMPLE = 1 << 18
"""Bytes that the encoding is told from."""
LONGEST_CELL = 1 << 26
"""Characters; what goes on for longer is a quote that was never closed."""
CLOSING = '"'
"""As a last line a record of its own, unless it closes a quote that was left open."""
UNREAD = {"surrogateescape": re.compile("[\udc80-\udcff]"), "replace": re.compile("\ufffd")}
"""What each way of decoding leaves in the place of a byte that cannot be read."""
_LINE_END = re.compile(r"\r\n?|\n")


class Records:
    """Records of a CSV file, as ``csv.reader`` yields them, and the lines of the last one."""

    def __init__(self, lines: Iterable[str], *, delimiter: str) -> None:
        self._lines: list[str] = []
        self._delimiter = delimiter
        self._reader = csv.reader(self._hold(lines), delimiter=delimiter)

    def _hold(self, lines: Iterable[str]) -> Iterator[str]:
        for line in lines:
            self._lines.append(line)
            yield line

    def __iter__(self) -> Iterator[list[str]]:
        """Return themselves."""
        return self

    def __next__(self) -> list[str]:
        """Return the next record."""
        self._lines.clear()
        return next(self._reader)

    @property
    def line_num(self) -> int:
        """Number of lines that were read."""
        return self._reader.line_num

    def find_torn_lines(self) -> tuple[int, int] | None:
        """Return the first and last line of the last record where quotes out of place join them.

        A quote that is left open joins a row to those after it, up to the next quote: which is
        seen where that does not close a cell.
        """
        if len(self._lines) < 2:
            return None
        try:
            for _ in csv.reader(self._lines, delimiter=self._delimiter, strict=True):
                """Nothing is wanted of it."""
        except csv.Error:
            return self.line_num - len(self._lines) + 1, self.line_num
        return None


@dataclass(frozen=True, slots=True)
class Layout:
    """What a CSV file's header tells: its columns, also as they stand there, and its delimiter."""

    names: tuple[str, ...]
    header: tuple[str, ...]
    delimiter: str

    @classmethod
    def read(cls, line: str, lines: Iterable[str], *, where: str) -> tuple[Layout, Records]:
        """Read the header, which opens with a line; the records that follow it come with it.

        Raises
        ------
        InputError
            If it names no columns, or two alike.
        """
        csv.field_size_limit(LONGEST_CELL)
        delimiter = _find_delimiter(line)
        records = Records(chain([line], lines), delimiter=delimiter)
        try:
            header = next(records)
        except csv.Error as error:
            reason = "a quote in the header is never closed"
            raise InputError(reason, where=where, fix="close it") from error
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
    records: Records,
    layout: Layout,
    where: str,
    report: ProblemSink,
    *,
    unread: re.Pattern[str],
    first: int = 2,
    n_lines: int = 0,
) -> Iterator[Row]:
    """Yield the rows that records hold, the last of which comes of the closing quote.

    Where that closes a quote left open, all lines after the quote stand in its cell. They are
    lost, and told; a cell that stays within its line is kept.

    Parameters
    ----------
    records : Records
    layout : Layout
    where : str
    report : callable
    unread : pattern
        What stands in the place of a byte that could not be read.
    first : int
        Number of the first row.
    n_lines : int
        Lines of the file before those of the records.
    """
    read: Callable[[list[str], int, tuple[int, int] | None], Row | None] = partial(
        _read_record, layout=layout, where=where, report=report, unread=unread, n_lines=n_lines
    )
    number, cells, torn = first - 1, list[str](), None
    try:
        for number, following in enumerate(records, start=first):
            row = read(cells, number - 1, torn) if cells else None
            if row:
                yield row
            cells, torn = following, records.find_torn_lines()
    except csv.Error:
        row = read(cells, number, torn) if cells else None
        if row:
            yield row
        reason = f"a cell is longer than {LONGEST_CELL:,} characters; all from its row on is lost"
        report(Problem(f"{where}, row {number + 1}", reason))
        return
    if cells == [""]:
        return
    held = cells or list(layout.header)  # which swallowed all, where no record came
    n_after = _count_lines(held[-1]) - 1
    lost = not cells or n_after > 0 or len(held) != len(layout.names)
    reason = _explain_open_quote(n_lines + records.line_num - 1, n_after, lost=lost)
    report(Problem(f"{where}, row {number}", reason, begin(" ".join(held)), lost=lost))
    row = None if lost else read(held, number, None)
    if row:
        yield row


def _read_record(
    cells: list[str],
    number: int,
    torn: tuple[int, int] | None,
    *,
    layout: Layout,
    where: str,
    report: ProblemSink,
    unread: re.Pattern[str],
    n_lines: int,
) -> Row | None:
    """Read the row of a record; None where it is blank, torn, or its width is another."""
    if not any(cells):
        return None
    if torn:
        lines = " to ".join(str(n_lines + line) for line in torn)
        reason = f"a quote out of place joins lines {lines}, so they are lost"
        report(Problem(f"{where}, row {number}", reason, begin(" ".join(cells))))
        return None
    width = len(layout.names)
    if len(cells) != width:
        reason = f"{len(cells)} cells where the header has {width}"
        report(Problem(f"{where}, row {number}", reason, begin(" ".join(cells))))
        return None
    n_unread = sum(len(unread.findall(cell)) for cell in cells if not cell.isascii())
    if n_unread:
        reason = f"{n_unread} byte{'s' * (n_unread > 1)} could not be read (kept as U+FFFD)"
        report(Problem(f"{where}, row {number}", reason, begin(" ".join(cells)), lost=False))
        cells = [replace_surrogates(cell) for cell in cells]
    return Row(number, dict(zip(layout.names, cells, strict=True)))


def _explain_open_quote(last: int, n_after: int, *, lost: bool) -> str:
    """Say what becomes of a cell that runs on to the last line, `n_after` after its first."""
    opened = f"a quote opens in line {last - n_after} and is never closed"
    if not lost:
        return f"{opened}; its cell ends with the file"
    more = f" and {n_after} more line{'s' * (n_after > 1)} are" if n_after else " is"
    return f"{opened}, so its row{more} lost"


def _count_lines(text: str) -> int:
    """Count the lines that a text touches; one that is empty touches the line it stands in."""
    return len(_LINE_END.findall(text)) + (text[-1:] not in ("\n", "\r"))


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
