"""Arrays of a safetensors file, mapped into memory: read from disk as they are used, and shared.

The header is checked by the safetensors library (lengths, types, offsets without gap or overlap)
before anything is built from it.
"""

from __future__ import annotations

import json
import math
import mmap
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]

_LENGTH = struct.Struct("<Q")
_TYPES = {
    "BOOL": "?",
    **{f"F{8 * size}": f"<f{size}" for size in (2, 4, 8)},
    **{f"{kind}{8 * size}": f"<{kind.lower()}{size}" for kind in "IU" for size in (1, 2, 4, 8)},
}


def map_tensors(path: Path) -> tuple[Arrays, dict[str, str]]:
    """Return the arrays of a file, read-only, and its metadata.

    The file may be replaced by another of its name while the arrays are in use, but must not be
    written into.

    Raises
    ------
    OSError
        If the file cannot be read.
    SafetensorError, KeyError, TypeError, ValueError
        If it is no safetensors file, or holds arrays that NumPy has no type for.
    """
    from safetensors import safe_open

    with safe_open(path, framework="numpy"), path.open("rb") as stream:
        memory = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    (length,) = _LENGTH.unpack_from(memory)
    start = _LENGTH.size + length
    header = json.loads(memory[_LENGTH.size : start])
    metadata = header.pop("__metadata__", None) or {}
    return {name: _view(memory, start, entry) for name, entry in header.items()}, metadata


def _view(memory: mmap.mmap, start: int, entry: Mapping[str, Any]) -> NDArray[Any]:
    kind, shape = np.dtype(_TYPES[entry["dtype"]]), tuple(entry["shape"])
    count = math.prod(shape)
    if not count:
        return np.empty(shape, kind)
    place = start + entry["data_offsets"][0]
    return np.frombuffer(memory, kind, count, place).reshape(shape)
