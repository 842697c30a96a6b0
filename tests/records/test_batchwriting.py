"""Record batches as CSV and Parquet."""

from __future__ import annotations

import csv
import errno
import gc
import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.records import batchwriting
from framing.records.batchwriting import open_batches
from framing.records.cells import neutralise_formula

SCHEMA = pa.schema([("a", pa.string()), ("p", pa.float64())])


def write(kind, *batches, schema=SCHEMA, **options):
    stream = io.BytesIO()
    with open_batches(stream, schema, kind, **options) as writer:
        for columns in batches:
            writer.write(pa.RecordBatch.from_pydict(columns, schema=schema))
    assert not stream.closed
    return stream.getvalue()


def test_csv_by_hand():
    batches = {"a": ['x "y"\nz', None, ""], "p": [0.25, 1.0, None]}, {"a": ["é"], "p": [1e-05]}
    assert write("csv", *batches).decode() == ('a,p\n"x ""y""\nz",0.25\n,1\n"",\n"é",0.00001\n')


def test_the_header_is_quoted_and_neutralised_where_need_be():
    schema = pa.schema([("=a,b", pa.string())])
    assert write("csv", schema=schema) == b'"\'=a,b"\n'
    assert write("csv", schema=schema, raw=True) == b'"=a,b"\n'
    assert write("csv", schema=pa.schema([("a\rb", pa.string())])) == b'"a\rb"\n'


CELL = st.lists(st.sampled_from([*"=+-@'\t\r\n,\" a", "é"]), max_size=4).map("".join)


@settings(deadline=None)
@given(st.lists(CELL, min_size=1, max_size=6), st.booleans())
def test_any_cells_are_read_back_neutralised_unless_raw(cells, raw):
    data = write("csv", {"a": cells, "p": [1.5] * len(cells)}, raw=raw)
    rows = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
    expected = cells if raw else [neutralise_formula(cell) for cell in cells]
    assert [row["a"] for row in rows] == expected


def test_a_null_cell_may_stand_over_bytes_that_open_a_formula():
    buffers = [pa.py_buffer(b"\2"), pa.py_buffer(b"\0\0\0\0\2\0\0\0\3\0\0\0"), pa.py_buffer(b"=ab")]
    cells = pa.Array.from_buffers(pa.string(), 2, buffers)
    stream = io.BytesIO()
    with open_batches(stream, pa.schema([("a", pa.string())]), "csv") as writer:
        writer.write(pa.RecordBatch.from_arrays([cells], names=["a"]))
    assert stream.getvalue() == b'a\n\n"b"\n'


def test_slices_are_written_as_they_are():
    batch = pa.RecordBatch.from_pydict({"a": ["=x", "y", "=z", "w"], "p": [1.0] * 4}, schema=SCHEMA)
    stream = io.BytesIO()
    with open_batches(stream, SCHEMA, "csv") as writer:
        writer.write(batch.slice(1, 2))
    assert stream.getvalue().decode() == 'a,p\n"y",1\n"\'=z",1\n'


@pytest.mark.parametrize("size", [1, 1 << 20])
def test_parquet_gathers_batches_into_groups(monkeypatch, size):
    monkeypatch.setattr(batchwriting, "_BYTES_IN_GROUP", size)
    batches = [{"a": [str(n), None], "p": [n / 2, None]} for n in range(5)]
    found = pq.ParquetFile(io.BytesIO(write("parquet", *batches)))
    assert found.num_row_groups == (5 if size == 1 else 1)
    assert found.schema_arrow == SCHEMA
    assert found.read()["a"].to_pylist() == [cell for n in range(5) for cell in (str(n), None)]


def test_parquet_without_rows():
    found = pq.read_table(io.BytesIO(write("parquet")))
    assert (found.schema, len(found)) == (SCHEMA, 0)


class FullDisk(io.BytesIO):
    """Has room for some bytes; counts what is asked of it after that."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room
        self.refused = 0

    def write(self, data) -> int:
        if self.refused or self.tell() + len(data) > self.room:
            self.refused += 1
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(data)


@pytest.mark.parametrize("size", [1, 1 << 20])
@pytest.mark.parametrize("room", [0, 30, 200])
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_full_disk_is_told_once_and_left_alone(monkeypatch, kind, room, size):
    monkeypatch.setattr(batchwriting, "_BYTES_IN_GROUP", size)
    batch = pa.RecordBatch.from_pydict(
        {"a": [str(n) for n in range(300)], "p": [n / 7 for n in range(300)]}, schema=SCHEMA
    )
    stream = FullDisk(room)

    def fill():
        with open_batches(stream, SCHEMA, kind) as writer:
            for _ in range(3):
                writer.write(batch)

    with pytest.raises(OSError, match="No space left") as error:
        fill()
    assert error.value.errno == errno.ENOSPC
    del error
    gc.collect()
    assert stream.refused == 1
    assert not stream.closed


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_after_an_error_of_the_caller_nothing_is_written(kind):
    stream = io.BytesIO()
    batch = pa.RecordBatch.from_pydict({"a": ["x"], "p": [1.0]}, schema=SCHEMA)

    def fail():
        with open_batches(stream, SCHEMA, kind) as writer:
            writer.write(batch)
            sizes.append(stream.tell())
            raise KeyError("first")

    sizes: list[int] = []
    with pytest.raises(KeyError, match="first"):
        fail()
    gc.collect()
    assert [stream.tell()] == sizes
