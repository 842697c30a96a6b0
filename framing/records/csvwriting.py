"""Rows onto a stream of CSV, with what every reader needs quoted (RFC 4180)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, BinaryIO

from framing.records.cells import format_list, neutralise_formula


class CsvWriter:
    """Writes a header at once, and rows as they come.

    Parameters
    ----------
    stream : binary stream
        Stays open.
    columns : sequence of str
    raw : bool
        Write cells that open like a formula as they are.
    mark : bool
        Open with a byte-order mark.
    """

    def __init__(
        self, stream: BinaryIO, columns: Sequence[str], *, raw: bool = False, mark: bool = False
    ) -> None:
        self._text = io.TextIOWrapper(
            stream, encoding="utf-8-sig" if mark else "utf-8", errors="replace", newline=""
        )
        self._rows = csv.writer(_Newlines(self._text), lineterminator="\r\n")
        self._columns = columns
        self._raw = raw
        self._rows.writerow(self._cell(column) for column in columns)

    def write(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Append rows."""
        columns, cell = self._columns, self._cell
        self._rows.writerows([cell(row.get(column)) for column in columns] for row in rows)

    def close(self) -> None:
        """Write what is still held back."""
        try:
            self._text.flush()
        finally:
            self._text.detach()  # or the stream would be closed with it

    def _cell(self, value: Any) -> Any:
        cell = format_list(value) if isinstance(value, list | tuple) else value
        return neutralise_formula(cell) if isinstance(cell, str) and not self._raw else cell


class _Newlines:
    """Ends rows with a newline; the csv writer quotes only those line ends that it is told of."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text

    def write(self, row: str) -> int:
        return self._text.write(row[:-2] + "\n")
