"""What a file or stream whose suffix says nothing holds, told by its beginning."""

from __future__ import annotations

import codecs
import csv
import io
import re
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from framing.records.csvrows import Layout, tell_encoding
from framing.records.packing import JoinedStream, explain_damage, open_binary
from framing.records.tables import TableFormat
from framing.schema import InputError

_LONGEST = 1 << 16
_OBJECT = re.compile(rb'\{\s*(?:["}]|$)')
_PARQUET = b"PAR1"


def tell_format(head: bytes, *, fewest: int = 2) -> TableFormat | None:
    r"""Name the format of a table that begins so; None where it may as well be a text.

    JSONL opens an object; the first line of CSV names columns, no fewer than `fewest`, and ``text``
    is among them.

    >>> tell_format(b'{"text": "a"}'), tell_format(b"id,text\n"), tell_format(b"Prices rose.")
    ('jsonl', 'csv', None)
    """
    if head.startswith(_PARQUET):
        return "parquet"
    if _OBJECT.match(head.removeprefix(codecs.BOM_UTF8).lstrip()):
        return "jsonl"
    return "csv" if _names_texts(head, fewest) else None


def _names_texts(head: bytes, fewest: int) -> bool:
    with suppress(InputError, csv.Error):  # bytes that are no text, a line that names nothing
        text = head.decode(tell_encoding(head, where=""), errors="ignore")
        line = io.StringIO(text.removeprefix("\ufeff"), newline="").readline()
        layout, _ = Layout.read(line, (), where="")
        return "text" in layout.names and len(layout.names) >= fewest
    return False


def tell_file_format(path: Path) -> TableFormat | None:
    """Name the format of a file by its beginning; None where it cannot be opened, either.

    Only a file that can be read again is looked into.
    """
    if path.is_file():
        where = str(path)
        with suppress(InputError), open_binary(path) as stream, explain_damage(where, path):
            return tell_format(_read_head(stream))
    return None


def split_head(stream: BinaryIO) -> tuple[bytes, BinaryIO]:
    """Return a stream's first line that is not blank, with those before it, and the whole stream.

    The stream need not be seekable; of a line without end, only the beginning is returned.
    """
    head = _read_head(stream)
    return head, io.BufferedReader(JoinedStream(head, stream))


def _read_head(stream: BinaryIO) -> bytes:
    head = b""
    while not head.removeprefix(codecs.BOM_UTF8).strip() and len(head) < _LONGEST:
        line = stream.readline(_LONGEST)
        if not line:
            break
        head += line
    return head
