"""Rows out of CSV, JSONL and Parquet files, plain or packed, one at a time in bounded memory."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
import sys
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast

from framing.records.cells import replace_surrogates
from framing.records.decoding import detect_encoding
from framing.records.packing import explain_damage, open_binary, strip_packing
from framing.schema import InputError, Problem, ProblemSink

TableFormat = Literal["csv", "jsonl", "parquet"]

STANDARD_COLUMNS = frozenset(
    {"id", "article", "source", "date", "title", "kind", "text", "weight"}
    | {"frames", "stance", "target", "coder", "coded", "note", "reason", "excerpt"}
    | {"evidence", "model", "codebook"}
)
"""Columns that are recognised in any case, ``Text`` and ``TEXT`` alike; others stay as they are."""

_FORMATS: dict[str, TableFormat] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".parquet": "parquet",
}
TABLE_SUFFIXES = tuple(_FORMATS)
_DELIMITERS = ",;\t|"
_SAMPLE = 1 << 18
_UNREAD = {"surrogateescape": re.compile("[\udc80-\udcff]"), "replace": re.compile("\ufffd")}
"""What each way of decoding leaves in the place of a byte that cannot be read."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row and the number under which a person finds it: a spreadsheet's, or a JSONL line's."""

    number: int
    values: dict[str, Any]


def find_format(path: Path) -> TableFormat | None:
    """Name the format that a file's suffix stands for, packing aside; None where it is no table.

    >>> find_format(Path("a.csv.gz")), find_format(Path("a.txt"))
    ('csv', None)
    """
    return _FORMATS.get(strip_packing(path).suffix.lower())


def read_rows(
    source: Path | BinaryIO,
    *,
    format: TableFormat | None = None,  # noqa: A002  the name that pandas and pyarrow use
    report: ProblemSink | None = None,
    name: str | None = None,
) -> Iterator[Row]:
    """Yield the rows of a table; a row that cannot be read goes to `report` and is passed over.

    Parameters
    ----------
    source : Path or binary stream
    format : {"csv", "jsonl", "parquet"}, optional
        Taken from the suffix where it is not given.
    report : callable, optional
        Receives a Problem for each row lost.
    name : str, optional
        What to call a stream in messages.

    Raises
    ------
    InputError
        If the file cannot be opened, is damaged, or is of no known format.
    """
    where = name or (str(source) if isinstance(source, Path) else "standard input")
    kind = format or (find_format(source) if isinstance(source, Path) else None)
    if kind is None:
        raise InputError("not a table", where=where, fix=f"use one of {', '.join(TABLE_SUFFIXES)}")
    sink = report or _ignore_problem
    readers = {"csv": _read_csv, "jsonl": _read_jsonl, "parquet": _read_parquet}
    with (
        open_binary(source) as stream,
        explain_damage(where, source if isinstance(source, Path) else None),
        closing(readers[kind](stream, where, sink)) as rows,
    ):
        yield from rows


def _ignore_problem(problem: Problem) -> None:
    """Stand in for a sink where the caller wants none."""


def _read_csv(stream: BinaryIO, where: str, report: ProblemSink) -> Generator[Row, None, None]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    with _decode_stream(stream, where) as text:
        yield from _read_lines(text, where, report)


@contextmanager
def _decode_stream(stream: BinaryIO, where: str) -> Iterator[io.TextIOWrapper]:
    """Wrap a stream, which need not be seekable and stays open; its beginning tells the encoding.

    In what begins as UTF-8, a U+FFFD of its own is told apart from bytes that cannot be read.
    """
    buffered = io.BufferedReader(cast(Any, stream), _SAMPLE)
    try:
        sample = buffered.peek(_SAMPLE)[:_SAMPLE]
        encoding = detect_encoding(sample[: sample.rfind(b"\n") + 1] or sample, where=where)
        errors = "surrogateescape" if encoding == "utf-8" else "replace"
        text = io.TextIOWrapper(buffered, encoding=encoding, errors=errors, newline="")
        try:
            yield text
        finally:
            text.detach()
    finally:
        buffered.detach()


def _read_lines(text: io.TextIOWrapper, where: str, report: ProblemSink) -> Iterator[Row]:
    first = text.readline().removeprefix("\ufeff")
    # A last line of one quote is a record of its own, unless it closes a quote that was left open.
    lines = csv.reader(chain([first], text, ['"']), delimiter=_find_delimiter(first))
    number, cells = 1, next(lines)
    header, mark = _read_header(cells, where), _UNREAD[cast(str, text.errors)]
    for number, cells in enumerate(lines, start=2):
        place = f"{where}, row {number}"
        if not any(cells):
            continue
        if len(cells) != len(header):
            reason = f"{len(cells)} cells where the header has {len(header)}"
            report(Problem(place, reason, _begin(" ".join(cells))))
            continue
        unread = sum(len(mark.findall(cell)) for cell in cells if not cell.isascii())
        if unread:
            reason = f"{unread} bytes could not be read (kept as U+FFFD)"
            report(Problem(place, reason, _begin(" ".join(cells)), lost=False))
            cells = [replace_surrogates(cell) for cell in cells]  # noqa: PLW2901
        yield Row(number, dict(zip(header, cells, strict=True)))
    if cells != [""]:
        reason = "a quote is opened and never closed, so all that follows was read as one cell"
        report(Problem(f"{where}, row {number}", reason, _begin(" ".join(cells)), lost=False))


def _find_delimiter(header: str) -> str:
    """Count delimiters outside quotes in the header: spreadsheets also write ``;`` and tabs."""
    unquoted = "".join(header.split('"')[0::2])
    return max(_DELIMITERS, key=unquoted.count)


def _read_header(cells: Sequence[str], where: str) -> list[str]:
    names = [normalise_column(replace_surrogates(cell)) for cell in cells]
    if not any(names):
        raise InputError("empty table", where=where, fix="the first line must name the columns")
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise InputError(f"two columns are named '{twice[0]}'", where=where, fix="rename one")
    return names


def normalise_column(name: str) -> str:
    """Strip a column's name, and lower-case it if it is one of the standard ones."""
    stripped = name.strip()
    return stripped.lower() if stripped.lower() in STANDARD_COLUMNS else stripped


def _read_jsonl(stream: BinaryIO, where: str, report: ProblemSink) -> Generator[Row, None, None]:
    yield from read_json_rows(iterate_json(stream, where), where, report)


def read_json_rows(
    lines: Iterable[Any], where: str, report: ProblemSink, *, first: int = 1
) -> Iterator[Row]:
    """Yield the rows that lines of bytes, or items of an array, hold; the first has a number."""
    for number, line in enumerate(lines, start=first):
        if isinstance(line, bytes) and not line.strip():
            continue
        place = f"{where}, line {number}"
        try:
            values = _parse_json(line, place, report) if isinstance(line, bytes) else line
            values = _mend_text(values)
        except (ValueError, RecursionError) as error:
            report(Problem(place, f"not JSON ({error})", _begin(_show(line))))
            continue
        if not isinstance(values, dict):
            report(Problem(place, "not a JSON object", _begin(_show(line))))
            continue
        yield Row(number, {normalise_column(str(key)): value for key, value in values.items()})


def iterate_json(stream: BinaryIO, where: str) -> Iterator[Any]:
    """Yield lines, or the items of the one array that the whole file is."""
    first = True
    for line in stream:
        if first and opens_array(line):
            yield from _read_array(line + stream.read(), where)
            return
        yield line.removeprefix(codecs.BOM_UTF8) if first else line
        first = first and not line.strip()


def opens_array(data: bytes) -> bool:
    """Tell whether the first bytes of a file that are not blank open an array."""
    return data.lstrip(codecs.BOM_UTF8 + b" \t\r\n").startswith(b"[")


def _read_array(data: bytes, where: str) -> list[Any]:
    try:
        items = json.loads(data.decode("utf-8-sig", errors="replace"))
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"not JSON ({error})", where=where, fix="write one JSON object a line"
        ) from error
    return cast(list[Any], items)


def _parse_json(line: bytes, place: str, report: ProblemSink) -> Any:
    text = line.decode("utf-8", errors="replace")
    if "\ufffd" in text and b"\xef\xbf\xbd" not in line:
        reason = f"{text.count(chr(0xFFFD))} bytes are not UTF-8 (kept as U+FFFD)"
        report(Problem(place, reason, _begin(text), lost=False))
    return json.loads(text)


def _show(line: Any) -> str:
    return line.decode("utf-8", errors="replace") if isinstance(line, bytes) else str(line)


def _read_parquet(stream: BinaryIO, where: str, _report: ProblemSink) -> Generator[Row, None, None]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        batches = pq.ParquetFile(stream).iter_batches(batch_size=4096)
        number = 0
        for batch in batches:
            for values in batch.to_pylist():
                number += 1
                cells = {key: _decode_cell(value) for key, value in values.items()}
                yield Row(number, {normalise_column(key): v for key, v in cells.items()})
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, UnicodeDecodeError) as error:
        reason = f"not a readable Parquet file ({str(error).splitlines()[0].rstrip('.')})"
        raise InputError(reason, where=where, fix="write it again") from error


def _decode_cell(value: Any) -> Any:
    """Decode bytes: some programs write text without saying that it is text."""
    return value.decode("utf-8", errors="replace") if isinstance(value, bytes) else value


def _begin(text: str) -> str:
    return replace_surrogates(" ".join(text[:400].split())[:200])


def _mend_text(value: Any) -> Any:
    if isinstance(value, str):
        return replace_surrogates(value)
    if isinstance(value, list):
        return [_mend_text(item) for item in value]
    if isinstance(value, dict):
        return {_mend_text(key): _mend_text(item) for key, item in value.items()}
    return value
