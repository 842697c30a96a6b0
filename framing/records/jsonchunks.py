"""Lines of JSON into columns, where nothing about them is remarkable."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.json as pj

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
    if types is None or has_odd_keys(block, types, names):
        return None
    options = pj.ParseOptions(
        explicit_schema=pa.schema(list(types.items())), unexpected_field_behavior="ignore"
    )
    reading = pj.ReadOptions(use_threads=False, block_size=len(block) + 1)
    try:
        _check_encoding(block)
        table = pj.read_json(pa.BufferReader(block), reading, options)
    except (pa.ArrowException, UnicodeError):
        return None
    if len(table) != n_lines:
        return None
    columns = {normalise_column(name): table[name].cast(pa.string()) for name in types}
    arrays = [columns[name].combine_chunks() for name in names]
    return pa.RecordBatch.from_arrays(arrays, names=list(names))


def _count_objects(block: bytes) -> int:
    """Count lines, or return 0 where one does not open and close with braces.

    Between objects that follow each other directly stands nothing but the line's end, and no line
    can end within an object this way, so as many objects as lines are one object a line.
    """
    end = len(block) - (2 if block.endswith(b"\r\n") else block.endswith(b"\n"))
    held = np.frombuffer(block, dtype=np.uint8, count=end)
    if len(held) < 2 or held[0] != _OPEN or held[-1] != _CLOSE:
        return 0
    ends = np.flatnonzero(held == _END)
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
