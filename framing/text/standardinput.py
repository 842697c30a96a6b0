"""Standard input: a text, a web page or a table, told by its beginning."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import BinaryIO

from framing.records.beginnings import split_head, tell_format
from framing.records.tables import TableFormat, opens_array
from framing.schema import Article, InputError, ProblemSink
from framing.text.tablerows import Table, read_row_articles

STDIN = "-"
_NAME = "standard input"


def read_stdin(stdin: BinaryIO | None, *, report: ProblemSink) -> Iterator[Article]:
    """Yield the raw articles of standard input: one a row of a table, or the one that it is.

    Raises
    ------
    InputError
        If there is none, or it is a Parquet file.
    """
    from framing.text.extraction import looks_like_html
    from framing.text.files import decode, interpret

    head, stream = split_head(_require(stdin))
    kind = tell_format(head)
    if kind:
        yield from read_row_articles(_describe(stream, kind), report=report)
        return
    data = stream.read()
    text = decode(data, _NAME, report=report)
    if text is not None:
        name = f"stdin-{hashlib.blake2b(data, digest_size=4).hexdigest()}"
        yield interpret(text, name, is_page=looks_like_html(text), report=report)


def describe_stdin(stdin: BinaryIO | None) -> Table:
    """Return standard input, which must be JSONL or CSV, as a table.

    Raises
    ------
    InputError
        If there is none, or it is of another kind.
    """
    head, stream = split_head(_require(stdin))
    kind = tell_format(head, fewest=1)
    if opens_array(head) or not head.strip():
        kind = "jsonl"
    if kind is None:
        raise InputError(
            "neither JSONL nor CSV with a column 'text'",
            where=_NAME,
            fix="name the column of the texts 'text', or use --unit paragraph",
        )
    return _describe(stream, kind)


def _describe(stream: BinaryIO, kind: TableFormat) -> Table:
    if kind == "parquet":
        raise InputError("Parquet needs a file", where=_NAME, fix="name the file instead of -")
    return Table(stream, _NAME, "stdin", kind)


def _require(stdin: BinaryIO | None) -> BinaryIO:
    if stdin is None:
        raise InputError("no standard input to read", where=STDIN, fix="pipe a text into it")
    return stdin
