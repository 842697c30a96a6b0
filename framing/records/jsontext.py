"""Columns spelled as JSON, as ``json.dumps`` spells single values (RFC 8259), array by array."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

_FIRST_PRINTED = 0x20
_SMALLEST_PLAIN = 1e-3
"""Below it, a number may be spelled with an exponent."""


def escape_texts(texts: pa.Array) -> pa.Array:
    r"""Escape n strings as they stand between the quotes of a JSON string; nulls stay.

    Examples
    --------
    >>> print(escape_texts(pa.array(['say "é"\n', None])).to_pylist()[0])
    say \"é\"\n
    """
    if not len(texts):
        return texts
    offsets, data = read_buffers(texts)
    marked = data[(data < _FIRST_PRINTED) | (data == ord('"')) | (data == ord("\\"))]
    if not len(marked):
        return texts
    kinds = sorted(set(marked.tolist()), key=lambda byte: byte != ord("\\"))  # backslashes first
    escaped = data.tobytes()
    growth = np.zeros(256, dtype=np.int64)
    for byte in kinds:
        spelled = json.dumps(chr(byte))[1:-1].encode()
        escaped = escaped.replace(bytes([byte]), spelled)
        growth[byte] = len(spelled) - 1
    places = np.flatnonzero((data < _FIRST_PRINTED) | (data == ord('"')) | (data == ord("\\")))
    grown = np.concatenate([[0], np.cumsum(growth[marked])])
    moved = offsets + grown[np.searchsorted(places, offsets)]
    return build_texts(moved, escaped, missing=texts)


def read_buffers(texts: pa.Array) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Return the offsets (n + 1,) and the bytes of n strings, from 0."""
    _, offsets, data = texts.buffers()
    held = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    start, end = int(held[0]), int(held[-1])
    content = (
        np.frombuffer(data, np.uint8)[start:end] if data is not None else np.empty(0, np.uint8)
    )
    return held.astype(np.int64) - start, content


def build_texts(
    offsets: NDArray[np.int64], data: bytes | NDArray[np.uint8], *, missing: pa.Array | None = None
) -> pa.Array:
    """Return n strings by their offsets (n + 1,) and bytes; null where those of `missing` are.

    Raises
    ------
    OverflowError
        If an array cannot hold so many bytes.
    """
    if offsets[-1] > np.iinfo(np.int32).max:
        raise OverflowError("more than 2 GB of text in one batch")
    bounds = pa.py_buffer(offsets.astype(np.int32))
    texts = pa.StringArray.from_buffers(len(offsets) - 1, bounds, pa.py_buffer(data))
    if missing is None or not missing.null_count:
        return texts
    return pc.if_else(missing.is_null(), pa.scalar(None, pa.string()), texts)


def quote_texts(texts: pa.Array) -> pa.Array:
    """Return n strings as JSON strings, and nulls as ``null``.

    Examples
    --------
    >>> quote_texts(pa.array(["a", None])).to_pylist()
    ['"a"', 'null']
    """
    quoted = pc.binary_join_element_wise('"', escape_texts(texts), '"', "")
    return quoted.fill_null("null") if quoted.null_count else quoted


def spell_numbers(numbers: NDArray[np.float64]) -> pa.Array:
    """Return n finite numbers as Python and JSON spell them.

    Examples
    --------
    >>> spell_numbers(np.array([0.25, 1.0, 0.00001])).to_pylist()
    ['0.25', '1.0', '1e-05']
    """
    spelled = pa.array(numbers).cast(pa.string())
    odd = (np.abs(numbers) < _SMALLEST_PLAIN) | (numbers == np.rint(numbers))
    if not odd.any():
        return spelled
    values, which = np.unique(numbers[odd], return_inverse=True)
    known = pa.array([repr(value) for value in values.tolist()])
    return pc.replace_with_mask(spelled, pa.array(odd), known.take(pa.array(which)))


def spell_list(items: Sequence[str]) -> str:
    """Return strings as one JSON list."""
    return json.dumps(list(items), ensure_ascii=False)
