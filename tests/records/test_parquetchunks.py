"""Parquet in chunks of wanted columns."""

from __future__ import annotations

import datetime as dt
import io
import os
import random
import subprocess
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from framing.records import parquetchunks
from framing.records.parquetchunks import chunk_batches, chunk_groups, read_parquet_rows
from framing.schema import InputError

WANTED = ("id", "text", "date")


def write(**columns):
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream)
    return stream


def read(stream):
    return list(chunk_groups(stream, WANTED, "t", pytest.fail))


def test_a_file_without_row_groups_has_no_rows():
    stream = io.BytesIO()
    pq.ParquetWriter(stream, pa.schema([("text", pa.string())])).close()
    assert pq.ParquetFile(stream).num_row_groups == 0
    assert read(stream) == []
    assert list(read_parquet_rows(stream, "t")) == []


def test_a_pipe_is_refused():
    reading, writing = os.pipe()
    os.close(writing)
    with (
        os.fdopen(reading, "rb") as pipe,
        pytest.raises(InputError, match=r"t: Parquet is read from its end, .*; name a plain file"),
    ):
        read(pipe)


def test_long_rows_are_taken_a_few_at_a_time(monkeypatch):
    monkeypatch.setattr(parquetchunks, "_BYTES", 80_000)
    short = read(write(text=[f"{n} ban" for n in range(9000)]))
    assert len(short[0].columns) == 4096
    long = read(write(text=[f"{n} {'ban ' * 1000}" for n in range(50)]))
    assert max(len(chunk.columns) for chunk in long) == 19
    assert [chunk.first for chunk in long][:3] == [1, 20, 39]
    huge = read(write(text=["ban " * 30_000 + str(n) for n in range(3)]))
    assert [len(chunk.columns) for chunk in huge] == [1, 1, 1]


def test_text_that_is_not_utf8_is_told_without_a_column_s_number():
    offsets = pa.py_buffer(b"\0\0\0\0\1\0\0\0")
    bad = pa.Array.from_buffers(pa.string(), 1, [None, offsets, pa.py_buffer(b"\xff")])
    with pytest.raises(InputError, match=r"Parquet file \(Invalid UTF8"):
        read(write(text=bad))


def test_plain_columns():
    days = pa.array([dt.date(2025, 4, 4), None], pa.date32())
    texts = pa.array(["a", "b"], pa.large_string()).dictionary_encode()
    for text in (["a", "b"], texts.cast(pa.dictionary(pa.int32(), pa.string()))):
        [chunk] = read(write(id=[1, None], Text=text, date=days, other=[0.5, 1.5]))
        assert chunk.columns.to_pylist() == [
            {"id": "1", "text": "a", "date": "2025-04-04"},
            {"id": None, "text": "b", "date": None},
        ]
        assert [row.values for row in chunk.rows] == [
            {"id": 1, "text": "a", "date": dt.date(2025, 4, 4)},
            {"id": None, "text": "b", "date": None},
        ]


def test_other_columns_are_never_read():
    stream = write(text=["word " * 99] * 500, other=[f"{n} other" * 99 for n in range(500)])
    data = bytearray(stream.getvalue())
    place = data.index(b"other" * 1, len(data) // 3)
    data[place - 2000 : place + 2000] = bytes(4000)
    [chunk] = read(io.BytesIO(bytes(data)))
    assert chunk.columns.column("text").to_pylist() == ["word " * 99] * 500


def test_chunks_go_on_counting():
    chunks = read(write(text=[str(number) for number in range(1, 9001)]))
    assert len(chunks) == 3
    for chunk in chunks:
        assert chunk.columns["text"][0].as_py() == str(chunk.first)
        assert next(chunk.rows).number == chunk.first


@pytest.mark.parametrize(
    "column",
    [
        pa.array([1.5, 2.5]),
        pa.array([b"a", b"\xe9"]),
        pa.array([["a"], ["b"]]),
        pa.array([dt.datetime(2025, 4, 4), None]),  # noqa: DTZ001
        pa.array([True, False]),
    ],
)
def test_types_that_have_no_one_text_are_left_to_rows(column):
    [chunk] = read(write(text=["a", "b"], date=column))
    assert chunk.columns is None
    assert [row.values["text"] for row in chunk.rows] == ["a", "b"]


def test_a_table_without_texts_comes_by_rows_with_all_its_columns():
    for columns in ({"body": ["a"]}, {"Text": ["a"], "text": ["b"]}):
        [chunk] = read(write(**columns))
        assert chunk.columns is None
        assert set(next(chunk.rows).values) == {name.lower() for name in columns}


def test_what_is_not_utf8_is_refused():
    with pytest.raises(InputError, match=r"^t: not a readable Parquet file \(.*\); write it again"):
        read(write(text=pa.array([b"\xe9"], pa.binary()).view(pa.string())))


def test_batches_are_numbered_on():
    batches = pa.table({"text": ["a", "b", "c"], "Id": [1, 2, 3]}).to_batches(max_chunksize=2)
    chunks = list(chunk_batches(batches, WANTED, first=7))
    assert [chunk.first for chunk in chunks] == [7, 9]
    assert [chunk.columns["id"].to_pylist() for chunk in chunks] == [["1", "2"], ["3"]]
    assert [row.number for chunk in chunks for row in chunk.rows] == [7, 8, 9]


def test_what_was_read_does_not_stay_in_memory(tmp_path):
    """A process that reads 200 MB in row groups of 2 MB needs a fraction of that."""
    path = tmp_path / "large.parquet"
    texts = pa.array([random.Random(0).randbytes(1000).hex()] * 1000)
    plain = {"use_dictionary": False, "compression": "none"}
    with pq.ParquetWriter(path, pa.schema({"text": pa.string()}), **plain) as writer:
        for _ in range(100):
            writer.write_table(pa.table({"text": texts}), row_group_size=1000)
    script = (
        "import resource, sys\n"
        "from framing.records.parquetchunks import chunk_groups\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "with open(sys.argv[1], 'rb') as stream:\n"
        "    chunks = chunk_groups(stream, ('text',), 'large', print)\n"
        "    next(chunks)\n"
        "    before = peak()\n"
        "    n = sum(len(chunk.columns) for chunk in chunks)\n"
        "print(n, (peak() - before) // 1024)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, path], capture_output=True, check=True)
    n_rows, megabytes = map(int, done.stdout.split())
    assert 90_000 < n_rows < 100_000
    assert megabytes < 60
