"""Lines of JSON into columns, where nothing about them is remarkable."""

from __future__ import annotations

import json
from collections.abc import Collection, KeysView, Mapping
from contextlib import suppress
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.json as pj

from framing.records.arrays import find_byte
from framing.records.jsonkeys import has_odd_keys
from framing.records.rows import normalise_column

_OPEN, _CLOSE, _END, _RETURN = b"{}\n\r"
_TYPES = {str: pa.string(), int: pa.int64(), type(None): pa.string()}


def parse_lines(block: bytes, names: Collection[str]) -> pa.RecordBatch | None:
    """Return the columns of some names as text, one row a line, or None.

    None stands for lines that are better read one by one: blank or broken ones, those that are not
    UTF-8, keys in various spellings, values of various types, numbers with a point. What is
    returned is what reading them one by one gives.

    Parameters
    ----------
    block : bytes
        Whole lines.
    names : collection of str
        Columns, all of text; one that no line has is null.
    """
    n_lines = _count_objects(block)
    first = _read_first(block) if n_lines else None
    types = _find_types(first, names) if first else None
    if first is None or types is None:
        return None
    table = _read(block, types, first.keys(), names)
    if table is None or len(table) != n_lines:
        return None
    [batch] = table.to_batches()  # one block was read, so each column is in one piece
    columns = {normalise_column(name): batch[name].cast(pa.string()) for name in types}
    return pa.RecordBatch.from_arrays([columns[name] for name in names], names=list(names))


def _read(
    block: bytes, types: Mapping[str, pa.DataType], keys: KeysView[str], names: Collection[str]
) -> pa.Table | None:
    """Let Arrow read keys of some types, where the first line has the given ones.

    Where all keys of a block are wanted, none can be odd.
    """
    try:
        _check_encoding(block)
        if keys <= types.keys():
            with suppress(pa.ArrowInvalid):
                return _parse(block, types, others="error")
        return None if has_odd_keys(block, types, names) else _parse(block, types, others="ignore")
    except (pa.ArrowException, UnicodeError):
        return None


def _parse(block: bytes, types: Mapping[str, pa.DataType], *, others: str) -> pa.Table:
    options = pj.ParseOptions(
        explicit_schema=pa.schema(list(types.items())), unexpected_field_behavior=others
    )
    reading = pj.ReadOptions(use_threads=False, block_size=len(block) + 1)
    return pj.read_json(pa.BufferReader(block), reading, options)


def _count_objects(block: bytes) -> int:
    """Count lines, or return 0 where one does not open and close with braces.

    Between objects that follow each other directly stands nothing but the line's end, and no line
    can end within an object this way, so as many objects as lines are one object a line.
    """
    end = len(block) - (2 if block.endswith(b"\r\n") else block.endswith(b"\n"))
    held = np.frombuffer(block, dtype=np.uint8, count=end)
    if len(held) < 2 or held[0] != _OPEN or held[-1] != _CLOSE:
        return 0
    ends = find_byte(held, _END)
    before = held[ends - 1]
    closed = np.where(before == _RETURN, held[ends - 2], before) == _CLOSE
    whole = closed.all() and (held[ends + 1] == _OPEN).all()
    return len(ends) + 1 if whole else 0


def _read_first(block: bytes) -> Mapping[str, Any] | None:
    try:
        first = json.loads(block[: block.find(b"\n") + 1] or block)
    except (ValueError, RecursionError):
        return None
    return first if isinstance(first, dict) else None


def _find_types(first: Mapping[str, Any], names: Collection[str]) -> dict[str, pa.DataType] | None:
    """Map keys to types, by the first line; names that it lacks are keys as they are."""
    known = {key: normalise_column(key) for key in first}
    wanted = {key: name for key, name in known.items() if name in names}
    if len(set(wanted.values())) < len(wanted) or "text" not in wanted.values():
        return None
    if any(type(first[key]) not in _TYPES for key in wanted):
        return None
    types = {key: _TYPES[type(first[key])] for key in wanted}
    return types | {name: pa.string() for name in names if name not in wanted.values()}


def _check_encoding(block: bytes) -> None:
    bounds = pa.py_buffer(np.array([0, len(block)], dtype=np.int32))
    pa.StringArray.from_buffers(1, bounds, pa.py_buffer(block)).validate(full=True)
