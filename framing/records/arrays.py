"""Arrow arrays to and from NumPy and Python through their buffers.

``pyarrow.array``, ``pyarrow.scalar`` and ``Array.to_numpy`` first import pandas where it is
installed, which takes longer than all that a short command has to do. The layout of the buffers is
that of the Arrow columnar format, version 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from framing.records.cells import replace_surrogates

Mask = NDArray[np.bool_]
_Integer = TypeVar("_Integer", bound=np.integer[Any])
_PIECE = 1 << 18
MOST_BYTES = np.iinfo(np.int32).max
"""Of the texts of one array."""


def pack_texts(texts: Sequence[str | None]) -> pa.Array:
    """Return n texts as an array; lone surrogates, which Arrow cannot hold, are replaced.

    >>> pack_texts(["a", None, ""]).to_pylist()
    ['a', None, '']
    """
    encoded = [b"" if text is None else _encode(text) for text in texts]
    offsets = np.zeros(len(encoded) + 1, dtype=np.int64)
    np.cumsum([len(text) for text in encoded], out=offsets[1:])
    missing = np.fromiter((text is None for text in texts), np.bool_, len(encoded))
    return build_texts(offsets, b"".join(encoded), missing=missing)


def _encode(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        return replace_surrogates(text).encode()


def build_texts(
    offsets: NDArray[np.int64], data: bytes | NDArray[np.uint8], *, missing: Mask | None = None
) -> pa.Array:
    """Return n texts by their offsets (n + 1,) and their bytes of UTF-8; null where missing.

    Raises
    ------
    OverflowError
        If an array cannot hold so many bytes.
    """
    if offsets[-1] > MOST_BYTES:
        raise OverflowError("more than 2 GB of text in one batch")
    buffers = [pa.py_buffer(offsets.astype(np.int32)), pa.py_buffer(data)]
    return pa.Array.from_buffers(pa.string(), len(offsets) - 1, [_pack_valid(missing), *buffers])


def read_texts(texts: pa.Array) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Return the offsets (n + 1,), from 0, and the bytes of n texts."""
    _, offsets, data = texts.buffers()
    if not len(texts) or data is None:
        return np.zeros(len(texts) + 1, dtype=np.int64), np.empty(0, dtype=np.uint8)
    held = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    return held - np.int64(held[0]), np.frombuffer(data, np.uint8)[held[0] : held[-1]]


@lru_cache(256)
def literal(text: str | None) -> pa.Scalar:
    """Return a text, or null, as Arrow's functions take it beside arrays."""
    return pack_texts([text])[0]


def repeat_text(text: str, n: int) -> pa.Array:
    """Return the same text n times."""
    encoded = text.encode()
    return build_texts(np.arange(n + 1, dtype=np.int64) * len(encoded), encoded * n)


def pack_numbers(numbers: NDArray[np.generic], *, missing: Mask | None = None) -> pa.Array:
    """Return n numbers as an array of their own type, null where they are missing.

    >>> pack_numbers(np.array([0.5, 0.0]), missing=np.array([False, True])).to_pylist()
    [0.5, None]
    """
    buffers = [_pack_valid(missing), pa.py_buffer(np.ascontiguousarray(numbers))]
    return pa.Array.from_buffers(pa.from_numpy_dtype(numbers.dtype), len(numbers), buffers)


def read_numbers(numbers: pa.Array) -> NDArray[np.float64]:
    """Return n floating-point numbers, NaN where they are null."""
    held = np.frombuffer(numbers.buffers()[1], np.float64)
    held = held[numbers.offset : numbers.offset + len(numbers)]
    return np.where(read_flags(numbers.is_valid()), held, np.nan) if numbers.null_count else held


def sort_distinct(numbers: NDArray[_Integer]) -> NDArray[_Integer]:
    """Return the distinct numbers in order; ``np.unique`` alone loads NumPy's masked arrays.

    >>> sort_distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    distinct: NDArray[_Integer] = np.unique(numbers, return_counts=True)[0]
    return distinct


def find_byte(data: NDArray[np.uint8], value: int) -> NDArray[np.intp]:
    """Find where a byte stands among n, in pieces that stay in the processor's cache.

    >>> find_byte(np.frombuffer(b"a,b,", np.uint8), ord(",")).tolist()
    [1, 3]
    """
    pieces = range(0, len(data), _PIECE)
    found = [np.flatnonzero(data[start : start + _PIECE] == value) + start for start in pieces]
    return np.concatenate(found) if found else np.array([], dtype=np.intp)


def pack_flags(flags: Mask) -> pa.Array:
    """Return n truth values as an array."""
    return pa.Array.from_buffers(pa.bool_(), len(flags), [None, _pack_bits(flags)])


def read_flags(flags: pa.Array) -> Mask:
    """Return n truth values, none of which is null.

    >>> read_flags(pack_flags(np.array([True, False, True])).slice(1)).tolist()
    [False, True]
    """
    bits = np.frombuffer(flags.buffers()[1], np.uint8)
    held = np.unpackbits(bits, count=flags.offset + len(flags), bitorder="little")
    return held[flags.offset :].view(np.bool_)


def _pack_valid(missing: Mask | None) -> pa.Buffer | None:
    return None if missing is None or not missing.any() else _pack_bits(~missing)


def _pack_bits(flags: Mask) -> pa.Buffer:
    return pa.py_buffer(np.packbits(flags, bitorder="little"))
