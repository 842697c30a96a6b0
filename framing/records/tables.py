"""Rows out of CSV, JSONL and Parquet files, plain or packed, one at a time in bounded memory."""

from __future__ import annotations

import codecs
import json
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast

from framing.records.cells import replace_surrogates
from framing.records.csvrows import read_csv_rows
from framing.records.packing import explain_damage, open_binary, strip_packing
from framing.records.rows import Row, begin, normalise_column
from framing.schema import InputError, Problem, ProblemSink

TableFormat = Literal["csv", "jsonl", "parquet"]

_FORMATS: dict[str, TableFormat] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".parquet": "parquet",
}
TABLE_SUFFIXES = tuple(_FORMATS)


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
    readers = {"csv": read_csv_rows, "jsonl": _read_jsonl, "parquet": _read_parquet}
    with (
        open_binary(source) as stream,
        explain_damage(where, source if isinstance(source, Path) else None),
        closing(readers[kind](stream, where, sink)) as rows,
    ):
        yield from rows


def _ignore_problem(problem: Problem) -> None:
    """Stand in for a sink where the caller wants none."""


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
            report(Problem(place, f"not JSON ({error})", begin(_show(line))))
            continue
        if not isinstance(values, dict):
            report(Problem(place, "not a JSON object", begin(_show(line))))
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
        report(Problem(place, reason, begin(text), lost=False))
    return json.loads(text)


def _show(line: Any) -> str:
    return line.decode("utf-8", errors="replace") if isinstance(line, bytes) else str(line)


def _read_parquet(stream: BinaryIO, where: str, _report: ProblemSink) -> Generator[Row, None, None]:
    from framing.records.parquetchunks import explain_parquet, read_parquet_rows

    with explain_parquet(where):
        yield from read_parquet_rows(stream, where)


def _mend_text(value: Any) -> Any:
    if isinstance(value, str):
        return replace_surrogates(value)
    if isinstance(value, list):
        return [_mend_text(item) for item in value]
    if isinstance(value, dict):
        return {_mend_text(key): _mend_text(item) for key, item in value.items()}
    return value
