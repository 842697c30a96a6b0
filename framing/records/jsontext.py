"""Columns spelled as JSON, as ``json.dumps`` spells single values (RFC 8259), array by array."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from framing.records.arrays import (
    build_texts,
    literal,
    pack_flags,
    pack_numbers,
    pack_texts,
    read_flags,
    read_texts,
)

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
    offsets, data = read_texts(texts)
    places = np.flatnonzero((data < _FIRST_PRINTED) | (data == ord('"')) | (data == ord("\\")))
    if not len(places):
        return texts
    marked = data[places]
    kinds = sorted(set(marked.tolist()), key=lambda byte: byte != ord("\\"))  # backslashes first
    escaped = data.tobytes()
    growth = np.zeros(256, dtype=np.int64)
    for byte in kinds:
        spelled = json.dumps(chr(byte))[1:-1].encode()
        escaped = escaped.replace(bytes([byte]), spelled)
        growth[byte] = len(spelled) - 1
    grown = np.concatenate([[0], np.cumsum(growth[marked])])
    moved = offsets + grown[np.searchsorted(places, offsets)]
    missing = read_flags(texts.is_null()) if texts.null_count else None
    return build_texts(moved, escaped, missing=missing)


def quote_texts(texts: pa.Array) -> pa.Array:
    """Return n strings as JSON strings, and nulls as ``null``.

    Examples
    --------
    >>> quote_texts(pa.array(["a", None])).to_pylist()
    ['"a"', 'null']
    """
    mark = literal('"')
    quoted = pc.binary_join_element_wise(mark, escape_texts(texts), mark, literal(""))
    return pc.fill_null(quoted, literal("null")) if quoted.null_count else quoted


def spell_numbers(numbers: NDArray[np.float64]) -> pa.Array:
    """Return n finite numbers as Python and JSON spell them.

    Examples
    --------
    >>> spell_numbers(np.array([0.25, 1.0, 0.00001])).to_pylist()
    ['0.25', '1.0', '1e-05']
    """
    spelled = pack_numbers(numbers).cast(pa.string())
    odd = (np.abs(numbers) < _SMALLEST_PLAIN) | (numbers == np.rint(numbers))
    if not odd.any():
        return spelled
    values, which = np.unique(numbers[odd], return_inverse=True)
    known = pack_texts([repr(value) for value in values.tolist()])
    return pc.replace_with_mask(spelled, pack_flags(odd), known.take(pack_numbers(which)))


def spell_list(items: Sequence[str]) -> str:
    """Return strings as one JSON list."""
    return json.dumps(list(items), ensure_ascii=False)
