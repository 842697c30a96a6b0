"""Lines become the bytes that they were."""

from __future__ import annotations

import io

import pyarrow as pa
import pytest

from framing.engines.linestreams import LineStream


@pytest.mark.parametrize("sizes", [[], [0], [3], [1, 0, 2], [2, 1]])
def test_lines_become_the_bytes_that_they_were(sizes):
    lines = [f"line {number}\r".encode() for number in range(sum(sizes))]
    held, batches = list(lines), []
    for size in sizes:
        batches.append(pa.RecordBatch.from_arrays([pa.array(held[:size], pa.binary())], ["value"]))
        held = held[size:]
    stream = io.BufferedReader(LineStream(batches), 4)
    assert stream.read() == b"\n".join(lines)
