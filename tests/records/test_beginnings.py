"""Formats told by how a file or stream begins."""

from __future__ import annotations

import gzip
import io
import os
import threading

import pytest

from framing.records.beginnings import split_head, tell_file_format, tell_format


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"", None),
        (b"Ore rose.\n", None),
        (b"Ore, tin and lead rose.\n", None),
        (b"text\n", None),
        (b"id,texts\n", None),
        (b"text,text\n", None),
        (b"Ore rose,\rtin and lead,\ntext\n", None),
        (b"id,text\r1,Ore\r", "csv"),
        (b"%PDF-1.7,text\n", None),
        (b"{\\rtf1 text}", None),
        (b"id,text\n", "csv"),
        (b"id,text", "csv"),
        (b'"ID";"Text"\r\n', "csv"),
        (b"\xef\xbb\xbfid\ttext\n", "csv"),
        ("id\ttext\n".encode("utf-16")[:-1], "csv"),
        ("n\u00e4he,text\n".encode("latin-1"), "csv"),
        (b'{"text": "a"}\n', "jsonl"),
        (b'\xef\xbb\xbf\n { "text": "a"}\n', "jsonl"),
        (b"{}", "jsonl"),
        (b"\n{\n", "jsonl"),
        (b"PAR1\x15\x04", "parquet"),
    ],
)
def test_a_beginning_tells_the_format_where_it_is_plain(tmp_path, head, kind):
    assert tell_format(head) == kind
    path = tmp_path / "a.dat"
    path.write_bytes(head)
    assert tell_file_format(path) == kind


def test_one_column_may_do():
    assert tell_format(b"text\n", fewest=1) == "csv"
    assert tell_format(b"Ore rose.\n", fewest=1) is None


def test_packed_files_are_looked_into(tmp_path):
    path = tmp_path / "a.dat.gz"
    path.write_bytes(gzip.compress(b"id,text\n1,a\n"))
    assert tell_file_format(path) == "csv"
    for damaged in (b"id,text\n1,a\n", gzip.compress(b"id,text\n" * 99)[:-40], b"\x1f\x8b\x08" * 9):
        path.write_bytes(damaged)
        assert tell_file_format(path) is None
    assert tell_file_format(tmp_path / "none.dat") is None


def test_nothing_is_taken_from_a_pipe(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    assert tell_file_format(path) is None


@pytest.mark.parametrize(
    ("data", "head"),
    [
        (b"", b""),
        (b"\n \n", b"\n \n"),
        (b"\n \nid,text\n1,a\n2,b", b"\n \nid,text\n"),
        (b"a" * 200_000, b"a" * (1 << 16)),
    ],
)
def test_a_stream_is_whole_after_its_head_was_read(data, head):
    found, stream = split_head(io.BytesIO(data))
    assert (found, stream.read()) == (head, data)


def test_a_head_may_come_bit_by_bit():
    reading, writing = os.pipe()

    def write():
        with os.fdopen(writing, "wb", buffering=0) as pipe:
            for part in (b"i", b"d,te", b"xt\n1", b",a\n"):
                pipe.write(part)

    writer = threading.Thread(target=write)
    with os.fdopen(reading, "rb") as pipe:
        writer.start()
        head, stream = split_head(pipe)
        assert head == b"id,text\n"
        assert stream.readlines() == [b"id,text\n", b"1,a\n"]
        writer.join()
