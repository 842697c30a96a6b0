"""Whole columns of cells at once: what ``framing.records.cells`` does to single ones."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from framing.records.arrays import pack_flags, pack_numbers, pack_texts, read_texts
from framing.records.cells import is_missing, parse_date, parse_text

_EDGES = np.ones(256, dtype=np.bool_)
_EDGES[0x21:0x80] = False
"""Bytes that may belong to white space: controls, the blank, and all beyond ASCII."""
_KNOWN_DATES = 1 << 16

_parse_date = lru_cache(_KNOWN_DATES)(parse_date)


def strip_texts(cells: pa.Array) -> pa.Array:
    """Strip n cells of surrounding white space as `parse_text` does; blank ones become null.

    Examples
    --------
    >>> strip_texts(pa.array([" Reuters ", "AP", "  ", None])).to_pylist()
    ['Reuters', 'AP', None, None]
    """
    if cells.null_count == len(cells):
        return cells
    offsets, data = read_texts(cells)
    suspects = offsets[1:] == offsets[:-1]
    filled = np.flatnonzero(~suspects)
    suspects[filled] = _EDGES[data[offsets[filled]]] | _EDGES[data[offsets[filled + 1] - 1]]
    if not suspects.any():
        return cells
    marked = pack_flags(suspects)
    stripped = [parse_text(cell) for cell in cells.filter(marked).to_pylist()]
    return pc.replace_with_mask(cells, marked, pack_texts(stripped))


def has_missing(cells: pa.Array) -> bool:
    """Tell whether any of n cells is null or blank.

    Examples
    --------
    >>> [has_missing(pa.array(cells)) for cells in (["a", " b"], ["a", "\u3000"], ["a", None])]
    [False, True, True]
    """
    if cells.null_count:
        return True
    offsets, data = read_texts(cells)
    if (offsets[1:] == offsets[:-1]).any():
        return True
    suspects = np.flatnonzero(_EDGES[data[offsets[:-1]]])
    return any(is_missing(cell) for cell in cells.take(pack_numbers(suspects)).to_pylist())


def parse_dates(cells: pa.Array) -> pa.Array:
    """Return n dates in ISO 8601 as `parse_date` does, each distinct one read once.

    Raises
    ------
    ValueError
        If a cell holds something that is not a date, or one that can be read in two ways.

    Examples
    --------
    >>> parse_dates(pa.array(["4 April 2025", None, "2025-4"])).to_pylist()
    ['2025-04-04', None, '2025-04']
    """
    if cells.null_count == len(cells):
        return cells
    encoded = cells.dictionary_encode()
    parsed = [_parse_date(cell) for cell in encoded.dictionary.to_pylist()]
    return pack_texts(parsed).take(encoded.indices)
