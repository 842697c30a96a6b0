"""The bytes of a file again, out of Arrow batches of its lines."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc


class LineStream(io.RawIOBase):
    r"""Reads batches of one column of lines as a stream; the last line end is not known.

    Examples
    --------
    >>> lines = pa.array([b"one", b"two"], pa.binary())
    >>> LineStream([pa.RecordBatch.from_arrays([lines], ["value"])]).read()
    b'one\ntwo'
    """

    def __init__(self, batches: Iterable[pa.RecordBatch]) -> None:
        self._joined = _join_lines(batches)
        self._held = memoryview(b"")

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with what comes next, and return how many bytes that was."""
        while not self._held:
            following = next(self._joined, None)
            if following is None:
                return 0
            self._held = following
        n_bytes = min(len(buffer), len(self._held))
        buffer[:n_bytes] = self._held[:n_bytes]
        self._held = self._held[n_bytes:]
        return n_bytes


def _join_lines(batches: Iterable[pa.RecordBatch]) -> Iterator[memoryview]:
    for number, batch in enumerate(filter(len, batches)):
        if number:
            yield memoryview(b"\n")
        lines = pa.ListArray.from_arrays(pa.array([0, len(batch)], pa.int32()), batch.column(0))
        yield memoryview(pc.binary_join(lines, b"\n")[0].as_buffer()).cast("B")
